#pragma once
#include "escalation/ladder.h"
#include "store/database.h"

namespace tocsin::escalation {

/// The `ladders` and `rungs` tables.
Result<Ladder> loadLadder(store::Transaction& tx, const QString& incident);  ///< NotFound when none
Result<QVector<Ladder>> loadOpenLadders(store::Transaction& tx);
Result<void> saveLadder(store::Transaction& tx, const Ladder& ladder);

}  // namespace tocsin::escalation
