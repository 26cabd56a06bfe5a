#pragma once
#include <QObject>
#include <memory>
#include <optional>

#include "delivery/backoff.h"
#include "delivery/ledger.h"
#include "sdk/clock.h"
#include "sdk/notifier.h"

namespace tocsin::delivery {

/// One channel's way out: takes the oldest unfinished entry from the ledger, sends it, records the
/// outcome, takes the next. One is in flight at a time. The ledger is asked anew for every step, so
/// that nothing is remembered here that a crash could lose. GUI thread; made by the Dispatcher.
class Lane : public QObject {
    Q_OBJECT
public:
    Lane(const QString& name, store::Database& db, Clock& clock, QObject* parent);

    ~Lane() override;

    void setNotifier(std::unique_ptr<Notifier> notifier);
    Notifier* notifier() const { return m_notifier.get(); }

    void start(const store::Fence& fence = {});  ///< from now on it sends
    /// Takes nothing more, once what is on its way is recorded.
    void pause();
    void wake();    ///< the ledger may have something new
    void resume();  ///< a stopped lane with a notifier tries again
    void stop(const Error& why);
    bool isBusy() const;

signals:
    void entryChanged(const tocsin::delivery::Entry& entry);
    void stopped(const QString& channel, const tocsin::Error& why);
    void storeFailed(const tocsin::Error& error);
    void idle();

private:
    enum class Phase { Resting, Taking, Waiting, Posting, Recording, Closing };
    using Change = std::function<Result<Entry>(store::Transaction&)>;

    void take();
    void took(const Result<std::optional<Entry>>& taken);
    void post(const Entry& entry);
    void postIfStillOurs(const Entry& entry);
    void giveWay();
    void answered(const Entry& entry, const Result<Delivery>& answer);
    void refused(const Entry& entry, const Error& error);
    void record(const Change& change);
    void waitFor(std::chrono::milliseconds pause, qint64 entry = 0);
    void rest();
    void sayWhyWaiting();

    QString m_name;
    store::Database& m_db;
    Clock& m_clock;
    std::unique_ptr<Notifier> m_notifier;
    Backoff m_backoff;
    Phase m_phase = Phase::Resting;
    store::Fence m_fence;       // of the present ownership
    store::Fence m_takenUnder;  // of the one that took what is on its way
    std::chrono::milliseconds m_askedAt{0};  // monotonic; when the store was last asked to send
    bool m_started = false;
    bool m_again = false;  // woken while taking: look once more before resting
    qint64 m_ripe = 0;  // the entry whose pause was waited out here, whatever the wall clock says
    int m_wait = 0;     // which waiting is the present one; older timers are ignored
    std::optional<Error> m_stopped;
};

}  // namespace tocsin::delivery
