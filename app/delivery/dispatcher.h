#pragma once
#include <QHash>
#include <QObject>
#include <QStringList>
#include <memory>

#include "delivery/ledger.h"
#include "delivery/refusalbudget.h"
#include "sdk/clock.h"
#include "sdk/notifier.h"
#include "store/changewatch.h"

namespace tocsin::delivery {

class Lane;

/// Sends what the ledger says, one message at a time per channel, in order. Obeys retryAfter,
/// backs off with jitter, stops a channel on Auth or NotFound. On start it settles what a crash
/// left in Sending: where repeats are safe it sends again under the same event, else it sends
/// again marked "possible repeat". GUI thread. docs/delivery.md states the guarantee.
///
/// Add every channel first, then start() in the one process that has store::Ownership. Without
/// start() nothing is ever sent. Must die before the Database it was given.
class Dispatcher : public QObject {
    Q_OBJECT
public:
    Dispatcher(store::Database& db, Clock& clock, QObject* parent = nullptr);
    ~Dispatcher() override;

    void addChannel(const QString& name, std::unique_ptr<Notifier> notifier);
    /// A channel that could not be made: its messages wait, and `problem` is shown.
    void addBrokenChannel(const QString& name, const Error& problem);
    /// While `channel` is stopped, what waits for it goes to `fallback`, unless that is stopped
    /// too.
    void setFallback(const QString& channel, const QString& fallback);
    QStringList channels() const;
    /// Why a channel takes no messages, where it does not.
    std::optional<Error> problem(const QString& channel) const;
    Notifier* notifier(const QString& channel) const;  ///< null for a broken or unknown channel
    /// Cuts a message as its channel needs; alone and unchanged where the channel is unknown.
    QVector<Message> split(const QString& channel, const Message& message) const;

    /// Settles what a crash left behind and begins to send. → how many messages are unfinished; an
    /// error when the store refused: it is tried again every two seconds until stop().
    /// Also watches for intents that other processes write.
    /// All that it writes is covered by `fence`; when that is lost it stops by itself.
    QFuture<Result<int>> start(const store::Fence& fence = {});
    /// Takes nothing new; what is on its way is finished. stopped() says when.
    void stop();
    /// New intents are in the store: look.
    void wake();
    /// A person called something of this channel back: what stands behind it need not wait for it.
    void lookAgain(const QString& channel);
    /// A person sent something of this channel again: its pause is over.
    void hurry(const QString& channel);
    /// Lets a stopped channel try again (its webhook was mended).
    void resume(const QString& channel);
    /// True while something is unfinished that could still be sent.
    bool isBusy() const;

signals:
    void entryChanged(const tocsin::delivery::Entry& entry);
    void channelStopped(const QString& channel, const tocsin::Error& why);
    void idle();
    /// After stop(): nothing is on its way any more.
    void stopped();
    /// The store refused; what was about to be recorded is tried again.
    void storeFailed(const tocsin::Error& error);

private:
    QFuture<Result<int>> begin();
    Result<int> started(const Result<QVector<Entry>>& unfinished);
    void lookForUnknownChannels(const QStringList& waiting);
    Lane* addLane(const QString& name);
    void reportIdle();
    void laneIdle();
    void laneIdleSoon();
    void restEverything(std::chrono::milliseconds pause);

    store::Database& m_db;
    Clock& m_clock;
    store::ChangeWatch m_watch;
    RefusalBudget m_budget;
    QHash<QString, Lane*> m_lanes;  // children
    bool m_started = false;
    bool m_stopping = false;
    store::Fence m_fence;
    int m_beginning = 0;  // which start() is the present one; stop() ends it
    int m_looking = 0;    // questions to the ledger that are under way
};

}  // namespace tocsin::delivery
