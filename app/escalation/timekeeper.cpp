#include "escalation/timekeeper.h"

namespace tocsin::escalation {
namespace {

using std::chrono::milliseconds;

// The readings of one look are not simultaneous, and a second may be leapt.
constexpr milliseconds kNoise{1500};

milliseconds unlessNoise(milliseconds moved) {
    return abs(moved) < kNoise ? milliseconds(0) : moved;
}

}  // namespace

ClockMove& ClockMove::operator+=(const ClockMove& more) {
    step += more.step;
    slept += more.slept;
    return *this;
}

ClockReading ClockReading::of(const Clock& clock) {
    return {clock.epoch(), clock.lasted(), clock.now()};
}

ClockMove ClockReading::since(const ClockReading& earlier) const {
    if (epoch.isEmpty() || epoch != earlier.epoch) return {};
    const milliseconds onTheWall(earlier.wall.msecsTo(wall));
    return {unlessNoise(onTheWall - (lasted - earlier.lasted)), milliseconds(0)};
}

Timekeeper::Timekeeper(const Clock& clock) : m_clock(clock) {
    (void)look();
}

ClockMove Timekeeper::look() {
    const QDateTime wall = m_clock.now();
    const milliseconds elapsed = m_clock.elapsed(), lasted = m_clock.lasted();
    const bool first = !m_wall.isValid();
    const milliseconds onTheWall(first ? 0 : m_wall.msecsTo(wall));
    const milliseconds passed = lasted - m_lasted, awake = elapsed - m_elapsed;
    m_wall = wall;
    m_elapsed = elapsed;
    m_lasted = lasted;
    if (first) return {};
    return {unlessNoise(onTheWall - passed), unlessNoise(passed - awake)};
}

}  // namespace tocsin::escalation
