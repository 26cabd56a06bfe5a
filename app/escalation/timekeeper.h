#pragma once
#include "sdk/clock.h"

namespace tocsin::escalation {

/// What the clocks did beyond the passing of time.
struct ClockMove {
    std::chrono::milliseconds step{0};   ///< the wall clock was set; positive: forward
    std::chrono::milliseconds slept{0};  ///< the machine slept: time passed, nothing ran

    bool any() const { return step.count() != 0 || slept.count() != 0; }
    ClockMove& operator+=(const ClockMove& more);
};

/// All clocks at one moment.
struct ClockReading {
    QString epoch;  ///< Clock::epoch()
    std::chrono::milliseconds lasted{0};
    QDateTime wall;

    static ClockReading of(const Clock& clock);
    /// How the wall clock was set since an earlier reading, of this process or another; zero when
    /// the two cannot be compared.
    ClockMove since(const ClockReading& earlier) const;
};

/// Compares the wall clock with the time that really passed. Each look counts from the one before,
/// so that a clock that is slowly corrected (or a leap second) is no jump.
class Timekeeper {
public:
    explicit Timekeeper(const Clock& clock);
    /// What happened since the last look; nothing below one and a half seconds.
    ClockMove look();

private:
    const Clock& m_clock;
    QDateTime m_wall;
    std::chrono::milliseconds m_elapsed{0};
    std::chrono::milliseconds m_lasted{0};
};

}  // namespace tocsin::escalation
