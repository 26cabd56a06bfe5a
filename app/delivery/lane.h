#pragma once
#include <QObject>
#include <memory>
#include <optional>

#include "delivery/backoff.h"
#include "delivery/pace.h"
#include "delivery/refusalbudget.h"
#include "delivery/taking.h"
#include "sdk/clock.h"
#include "sdk/notifier.h"

namespace tocsin::delivery {

/// After the store refused.
inline constexpr std::chrono::seconds kStoreRetry{2};

/// One channel's way out: takes the oldest unfinished entry from the ledger, sends it, records the
/// outcome, takes the next. One is in flight at a time. The ledger is asked anew for every step, so
/// that nothing is remembered here that a crash could lose. GUI thread; made by the Dispatcher.
class Lane : public QObject {
    Q_OBJECT
public:
    /// `budget` is shared by all lanes and outlives them.
    Lane(const QString& name, store::Database& db, Clock& clock, RefusalBudget& budget,
         QObject* parent);

    ~Lane() override;

    void setNotifier(std::unique_ptr<Notifier> notifier);
    Notifier* notifier() const { return m_notifier.get(); }

    void start(const store::Fence& fence = {});  ///< from now on it sends
    /// Takes nothing more, once what is on its way is recorded.
    void pause();
    void wake();       ///< the ledger may have something new
    void lookAgain();  ///< the head may be another, that need not wait
    void hurry();      ///< a person wants it sent now, whatever the limits are
    void resume();     ///< a stopped lane with a notifier tries again
    void stop(const Error& why);
    bool isBusy() const;
    bool isStopped() const { return m_stopped.has_value(); }
    const std::optional<Error>& problem() const { return m_stopped; }
    /// The other side wants everything that asks it to rest.
    void rest(std::chrono::milliseconds pause) { m_pace.restAll(pause); }
    /// Says which channel takes this one's messages while it is stopped; empty: none can.
    void setFallback(std::function<QString()> fallback) { m_fallback = std::move(fallback); }

signals:
    void entryChanged(const tocsin::delivery::Entry& entry);
    void stopped(const QString& channel, const tocsin::Error& why);
    void storeFailed(const tocsin::Error& error);
    void everythingMustRest(std::chrono::milliseconds pause);
    void diverted();  ///< messages went over to another channel
    void idle();

private:
    enum class Phase { Resting, Taking, Waiting, Posting, Recording, Closing };
    using Change = std::function<Result<Entry>(store::Transaction&)>;

    /// Of the message whose outcome was last unknown.
    struct Doubt {
        qint64 entry;
        std::chrono::milliseconds since;  ///< Clock::lasted()
    };

    bool repeatsAreSafe() const;
    void take();
    void took(const Result<Taken>& taken);
    void post(const Taken& taken);
    QFuture<Result<Delivery>> dispatched(const Taken& taken);
    void postIfStillOurs(const Taken& taken);
    void giveWay();
    void answered(const Entry& entry, const Result<Delivery>& answer);
    void refused(const Entry& entry, const Error& error);
    void record(const Change& change);
    void waitFor(std::chrono::milliseconds pause, qint64 entry = 0);
    void goIdle();
    void handOver();
    void sayWhyWaiting();
    void divertTo(const QString& fallback);
    void handedOver(const Result<QVector<Entry>>& changed);
    void notePace(const Entry& entry, const Result<Delivery>& answer);

    QString m_name;
    store::Database& m_db;
    Clock& m_clock;
    std::unique_ptr<Notifier> m_notifier;
    RefusalBudget& m_budget;
    Pace m_pace;
    Backoff m_backoff;
    std::function<QString()> m_fallback;
    Phase m_phase = Phase::Resting;
    store::Fence m_fence;                    // of the present ownership
    store::Fence m_takenUnder;               // of the one that took what is on its way
    std::chrono::milliseconds m_askedAt{0};  // monotonic; when the store was last asked to send
    bool m_started = false;
    int m_handingOver = 0;  // writings about a stopped channel that are under way
    bool m_again = false;   // woken while taking: look once more before resting
    qint64 m_ripe = 0;  // the entry whose pause was waited out here, whatever the wall clock says
    int m_wait = 0;     // which waiting is the present one; older timers are ignored
    std::optional<Error> m_stopped;
    std::optional<Doubt> m_doubted;
};

}  // namespace tocsin::delivery
