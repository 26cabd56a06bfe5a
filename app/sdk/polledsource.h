#pragma once
#include <chrono>

#include "sdk/alertsource.h"
#include "sdk/clock.h"
#include "sdk/http.h"

namespace tocsin {

/// The rhythm of a source that must be asked: one look at a time, the next one `every` after the
/// last ended, later when looks keep failing (doubling, at most a minute) or when the other side
/// asked for a pause. A subclass only implements look(). Same thread rules as AlertSource.
class TOCSIN_SDK_EXPORT PolledSource : public AlertSource {
    Q_OBJECT
public:
    /// `clock` must outlive the source. `every` below one second is taken as one second.
    PolledSource(QString name, std::chrono::milliseconds every, Clock& clock);

    void start() override;
    void stop() override;
    void refresh() override;

protected:
    /// Begins one look without blocking. It must end, on this thread, with exactly one deliver() or
    /// giveUp().
    virtual void look() = 0;
    /// Ends the look: emits snapshotReceived. Fills in the source's name and the time.
    void deliver(QVector<Alert> alerts);
    /// Ends the look: emits failed with the time of the next try.
    void giveUp(const Error& error);

    const QString& name() const { return m_name; }
    Clock& clock() const { return m_clock; }

private:
    void schedule(std::chrono::milliseconds delay);
    std::chrono::milliseconds pauseAfter(const Error& error) const;

    QString m_name;
    std::chrono::milliseconds m_every;
    Clock& m_clock;
    bool m_running = false;
    bool m_looking = false;
    int m_failures = 0;
    quint64 m_schedule = 0;  // a timer of an older number is stale
};

/// What an HTTP answer means that is not the one a source expected: Auth for 401 and 403, NotFound
/// for 404 and 410, RateLimited for 429, Unavailable for 5xx, else Protocol. `expected` names what
/// should have come ("Alertmanager's alerts"). The sentence says what to do.
TOCSIN_SDK_EXPORT Error unexpectedAnswer(const HttpReply& reply, const QString& expected);
/// What a body that cannot be read means: an HTML page, a cut JSON, nothing. Code Parse.
TOCSIN_SDK_EXPORT Error unreadableBody(const HttpReply& reply, const QString& expected,
                                       const QString& reason = {});

}  // namespace tocsin
