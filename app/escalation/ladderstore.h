#pragma once
#include "escalation/ladder.h"
#include "store/database.h"

namespace tocsin::escalation {

/// The `ladders` and `rungs` tables.
Result<Ladder> loadLadder(store::Transaction& tx, const QString& incident);  ///< NotFound when none
Result<QVector<Ladder>> loadOpenLadders(store::Transaction& tx);
/// Open ones whose next deadline has come, the oldest deadline first, at most `limit`.
Result<QVector<Ladder>> loadDueLadders(store::Transaction& tx, const QDateTime& now, int limit);
struct LadderMove {
    Ladder after;
    Ladder before{};  ///< what the store has; empty: nothing yet
};

/// Writes what differs, with few statements.
Result<void> saveLadders(store::Transaction& tx, const QVector<LadderMove>& moves);
/// Writes what differs from `before`, which is what the store has; everything when that is empty.
Result<void> saveLadder(store::Transaction& tx, const Ladder& ladder, const Ladder& before = {});

}  // namespace tocsin::escalation
