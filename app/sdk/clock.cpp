#include "sdk/clock.h"

#include <QFile>
#include <QPointer>
#include <QTimer>
#include <algorithm>
#include <cmath>
#include <ctime>
#include <memory>
#include <vector>

namespace tocsin {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kJumpCheckEvery{1000};
// Below this a difference is scheduling noise or NTP slewing, not a jump.
constexpr qint64 kJumpThresholdMs = 1500;

/// Since the machine started, sleep included. Linux: clock_gettime(2).
milliseconds sinceBoot() {
    timespec at{};
    if (clock_gettime(CLOCK_BOOTTIME, &at) != 0)
        return std::chrono::duration_cast<milliseconds>(steady_clock::now().time_since_epoch());
    return std::chrono::duration_cast<milliseconds>(std::chrono::seconds(at.tv_sec) +
                                                    std::chrono::nanoseconds(at.tv_nsec));
}

/// One random name per start of the machine. Linux: random(4).
QString bootId() {
    QFile file(QStringLiteral("/proc/sys/kernel/random/boot_id"));
    return file.open(QIODevice::ReadOnly) ? QString::fromLatin1(file.readAll()).trimmed()
                                          : QString();
}

}  // namespace

SystemClock::SystemClock(double speed, QObject* parent)
    : Clock(parent),
      m_speed(speed),
      m_startedAtMs(QDateTime::currentMSecsSinceEpoch()),
      m_started(steady_clock::now()),
      m_epoch(speed == 1.0 ? bootId() : QString()) {
    if (speed != 1.0) return;  // a drill's time is derived from the monotonic clock and cannot jump
    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &SystemClock::watchForJumps);
    timer->start(kJumpCheckEvery);
}

QDateTime SystemClock::now() const {
    if (m_speed == 1.0) return QDateTime::currentDateTimeUtc();
    return QDateTime::fromMSecsSinceEpoch(m_startedAtMs + elapsed().count(), Qt::UTC);
}

milliseconds SystemClock::elapsed() const {
    const auto real = std::chrono::duration<double, std::milli>(steady_clock::now() - m_started);
    return milliseconds(static_cast<qint64>(real.count() * m_speed));
}

milliseconds SystemClock::lasted() const {
    // A drill's time knows no sleep.
    return m_speed == 1.0 ? sinceBoot() : elapsed();
}

void SystemClock::callAfter(milliseconds delay, QObject* context, std::function<void()> what) {
    const auto real =
        milliseconds(static_cast<qint64>(std::ceil(static_cast<double>(delay.count()) / m_speed)));
    QTimer::singleShot(std::max(real, milliseconds(0)), Qt::PreciseTimer, context, std::move(what));
}

void SystemClock::watchForJumps() {
    const qint64 drift = QDateTime::currentMSecsSinceEpoch() - m_startedAtMs - elapsed().count();
    const qint64 moved = drift - m_lastDriftMs;
    if (std::abs(moved) < kJumpThresholdMs) return;
    m_lastDriftMs = drift;
    emit jumped(milliseconds(moved));
}

struct TestClock::Pending {
    milliseconds due;
    QPointer<QObject> context;
    std::function<void()> what;
};

TestClock::TestClock(const QDateTime& start, QObject* parent)
    : Clock(parent), m_now(start.toUTC()) {
}

void TestClock::callAfter(milliseconds delay, QObject* context, std::function<void()> what) {
    m_pending.push_back(std::make_shared<Pending>(
        Pending{m_elapsed + std::max(delay, milliseconds(1)), context, std::move(what)}));
}

void TestClock::advance(milliseconds by) {
    const milliseconds target = m_elapsed + by;
    const auto earlier = [](const auto& a, const auto& b) { return a->due < b->due; };
    for (;;) {
        const auto next = std::min_element(m_pending.begin(), m_pending.end(), earlier);
        if (next == m_pending.end() || (*next)->due > target) break;
        const std::shared_ptr<Pending> call = *next;
        m_pending.erase(next);
        m_now = m_now.addMSecs((call->due - m_elapsed).count());
        m_elapsed = call->due;
        if (call->context) call->what();
    }
    m_now = m_now.addMSecs((target - m_elapsed).count());
    m_elapsed = target;
}

void TestClock::jump(milliseconds by) {
    m_now = m_now.addMSecs(by.count());
    emit jumped(by);
}

void TestClock::suspend(milliseconds length) {
    m_now = m_now.addMSecs(length.count());
    m_slept += length;
    emit jumped(length);
}

}  // namespace tocsin
