#pragma once
#include <QDateTime>
#include <QObject>
#include <chrono>
#include <functional>

#include "sdk/export.h"

namespace tocsin {

/// Time, injected. Nothing in the program calls QDateTime::currentDateTime or QTimer directly for
/// a decision that matters; it asks its Clock, so that tests and drills can move time.
class TOCSIN_SDK_EXPORT Clock : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Wall clock, UTC, millisecond resolution. May jump either way. Thread-safe.
    virtual QDateTime now() const = 0;
    /// Monotonic time since an arbitrary start; never goes back. Thread-safe.
    virtual std::chrono::milliseconds elapsed() const = 0;
    /// Like elapsed(), but goes on while the machine sleeps (CLOCK_BOOTTIME): the time that really
    /// passed, whatever the wall clock was set to. Thread-safe.
    virtual std::chrono::milliseconds lasted() const { return elapsed(); }
    /// What lasted() counts from, the same in every process until the machine starts again; empty
    /// when another process's lasted() cannot be compared with this one's. Thread-safe.
    virtual QString epoch() const { return {}; }
    /// Calls `what` once on `context`'s thread after `delay` of monotonic time; never earlier than
    /// the next turn of the event loop. Forgotten when `context` dies first. Call it from
    /// `context`'s own thread.
    virtual void callAfter(std::chrono::milliseconds delay, QObject* context,
                           std::function<void()> what) = 0;

signals:
    /// The wall clock was seen to move against the monotonic one (positive: forward), as after a
    /// suspend or a manual change. Deadlines are absolute UTC: re-read them.
    void jumped(std::chrono::milliseconds by);
};

/// The machine's clocks. `speed` > 1 makes both run faster, for drills.
class TOCSIN_SDK_EXPORT SystemClock : public Clock {
    Q_OBJECT
public:
    explicit SystemClock(double speed = 1.0, QObject* parent = nullptr);

    QDateTime now() const override;
    std::chrono::milliseconds elapsed() const override;
    std::chrono::milliseconds lasted() const override;
    QString epoch() const override { return m_epoch; }
    void callAfter(std::chrono::milliseconds delay, QObject* context,
                   std::function<void()> what) override;

private:
    void watchForJumps();

    double m_speed;
    qint64 m_startedAtMs;
    std::chrono::steady_clock::time_point m_started;
    QString m_epoch;
    qint64 m_lastDriftMs = 0;
};

/// A clock that stands still until it is told to move; for tests. Single-threaded.
class TOCSIN_SDK_EXPORT TestClock : public Clock {
    Q_OBJECT
public:
    explicit TestClock(const QDateTime& start = QDateTime(QDate(2026, 1, 1), QTime(12, 0), Qt::UTC),
                       QObject* parent = nullptr);

    QDateTime now() const override { return m_now; }
    std::chrono::milliseconds elapsed() const override { return m_elapsed; }
    std::chrono::milliseconds lasted() const override { return m_elapsed + m_slept; }
    QString epoch() const override { return QString::number(m_starts); }
    void callAfter(std::chrono::milliseconds delay, QObject* context,
                   std::function<void()> what) override;

    /// Moves both clocks forward and runs everything that falls due, in order of its due time.
    void advance(std::chrono::milliseconds by);
    /// Moves only the wall clock and emits jumped(): an NTP step, a wrong battery, a person.
    void jump(std::chrono::milliseconds by);
    /// The machine sleeps: the wall clock and lasted() move, elapsed() does not, nothing falls due
    /// meanwhile. Emits jumped() on waking.
    void suspend(std::chrono::milliseconds length);
    /// The machine starts again: nothing that lasted before can be compared any more.
    void restartMachine() { ++m_starts; }
    /// What a jump is before anybody noticed it: the wall clock moves in silence.
    void jumpUnnoticed(std::chrono::milliseconds by) { m_now = m_now.addMSecs(by.count()); }

private:
    struct Pending;
    QDateTime m_now;
    std::chrono::milliseconds m_elapsed{0};
    std::chrono::milliseconds m_slept{0};
    int m_starts = 0;
    std::vector<std::shared_ptr<Pending>> m_pending;
};

}  // namespace tocsin
