#pragma once
#include "alerts/board.h"

namespace tocsin::alerts {

/// More than ten new alerts in ten minutes is more than one person can take in (the flood line of
/// ISA-18.2 per operator): then the board folds by key and says so.
inline constexpr qsizetype kFloodLine = 10;
inline constexpr std::chrono::minutes kFloodWindow{10};

struct Flood {
    qsizetype count = 0;  ///< firing alerts that started within the window
    qsizetype keys = 0;   ///< different keys among them
    bool isFlood() const { return count > kFloodLine; }

    bool operator==(const Flood&) const = default;
};

/// Counts by the alerts' own start, so that opening the console on old alerts is no flood. Pure.
Flood floodAt(const QHash<AlertId, Alert>& alerts, const QDateTime& now);

}  // namespace tocsin::alerts
