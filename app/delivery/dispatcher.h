#pragma once
#include <QHash>
#include <QObject>

#include "delivery/ledger.h"
#include "sdk/clock.h"
#include "sdk/notifier.h"

namespace tocsin::delivery {

/// Sends what the ledger says, one message at a time per channel, in order. Obeys retryAfter,
/// backs off with jitter, stops a channel on Auth or NotFound. On start it settles what a crash
/// left in Sending: where repeats are safe it sends again under the same event, else it sends
/// again marked "possible repeat". GUI thread.
class Dispatcher : public QObject {
    Q_OBJECT
public:
    Dispatcher(store::Database& db, Clock& clock, QObject* parent = nullptr);

    void addChannel(const QString& name, std::unique_ptr<Notifier> notifier);
    /// A channel that could not be made: its messages wait, and `problem` is shown.
    void addBrokenChannel(const QString& name, const Error& problem);
    QStringList channels() const;
    Notifier* notifier(const QString& channel) const;

    QFuture<Result<int>> start();
    /// New intents are in the store: look.
    void wake();
    /// True while something is unfinished that could still be sent.
    bool isBusy() const;

signals:
    void entryChanged(const tocsin::delivery::Entry& entry);
    void channelStopped(const QString& channel, const tocsin::Error& why);
    void idle();
};

}  // namespace tocsin::delivery
