#pragma once
#include "escalation/planner.h"

namespace tocsin::escalation {

/// Something that a ladder does by itself when its moment has come. Pure, like the planner: the
/// engine writes it into the store, the simulation only tells it.
struct Turn {
    enum class Kind {
        HoldEnds,    ///< its time is over
        Silence,     ///< acknowledged, but nobody did anything since: the ladder goes on
        Page,        ///< `page`
        Postpone,    ///< `level` is in its quiet hours: at their end, `until`
        Skip,        ///< `level` is in its quiet hours and others are there
        PageInstead  ///< `level` is in its quiet hours: another one, `page`
    };
    Kind kind = Kind::Page;
    Page page{};
    int level = 0;
    QDateTime until{};  ///< UTC
};

/// Somebody is told: `page` counts.
inline bool pages(const Turn& turn) {
    return turn.kind == Turn::Kind::Page || turn.kind == Turn::Kind::PageInstead;
}

/// The first thing to do at `now`; nothing when the ladder waits. Take it, then ask again.
std::optional<Turn> nextTurn(const Ladder& ladder, const QDateTime& now);
/// The ladder after that turn; `event` is the ledger's name of the page, where there is one.
Ladder taken(Ladder ladder, const Turn& turn, const QString& event, const QDateTime& now);

}  // namespace tocsin::escalation
