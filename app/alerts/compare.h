#pragma once
#include "alerts/board.h"

namespace tocsin::alerts {

/// A new state of the board together with what made it differ from the old one.
struct Comparison {
    QHash<AlertId, Alert> alerts;
    BoardDiff diff;
};

/// Replaces the alerts of `snapshot.source`. Of two alerts with one fingerprint the later counts.
/// Pure; any thread; linear in the size of both.
Comparison replaced(QHash<AlertId, Alert> before, const AlertSnapshot& snapshot);

/// Marks every alert of `source` as AlertState::Unknown. Pure; any thread.
Comparison markedUnknown(QHash<AlertId, Alert> before, const QString& source);

}  // namespace tocsin::alerts
