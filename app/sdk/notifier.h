#pragma once
#include <QFuture>
#include <QObject>

#include "sdk/error.h"
#include "sdk/message.h"

namespace tocsin {

/// A message that is over there already.
struct RemoteMessage {
    QString id;       ///< its Delivery::remoteId
    QString starter;  ///< remote id of the message whose thread it stands in; empty: in the channel
};

/// What became of a message after it was confirmed.
enum class Sighting {
    AsSent,
    Changed,  ///< somebody edited it, or hid its cards
    Gone,     ///< somebody deleted it, or its thread
};

/// A place to post. Lives on the thread that made it; never blocks it. Keeps no queue: order,
/// retries and durability are the dispatcher's. One post is one request.
class TOCSIN_SDK_EXPORT Notifier : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Cuts a message into the posts this channel's limits need, in order, each with its own event
    /// id ("…#2"). A message that fits comes back alone and unchanged. Pure.
    virtual QVector<Message> split(const Message& message) const = 0;
    /// Posts one part. Errors: RateLimited (with retryAfter), Unavailable, Network, Timeout may be
    /// tried again by the rules of the ledger; Auth and NotFound mean the channel is broken and
    /// must be stopped; Refused means this message can never be sent as it is. A Timeout, or a
    /// Network error after the request left, leaves the outcome unknown: see outcomeUnknown().
    virtual QFuture<Result<Delivery>> post(const Message& part) = 0;
    /// Posts into the thread of the message `starter` (its remote id), which is opened where it is
    /// missing. Errors as of post(). A channel without threads posts beside it.
    virtual QFuture<Result<Delivery>> postInThread(const Message& part, const QString& starter);
    /// Whether edit() works here. Where not, what would be edited is posted anew.
    virtual bool canEdit() const { return false; }
    /// Makes a message of this channel into `part`; what that does not name goes. Notifies nobody.
    /// Saying it twice is harmless. Errors as of post(), but Refused also when `target` is gone
    /// over there: the part is then posted anew.
    virtual QFuture<Result<Delivery>> edit(const Message& part, const RemoteMessage& target);
    /// Looks whether `part`, confirmed earlier, still stands over there as it was sent. One cheap
    /// request that changes nothing. Errors as of post(); Refused where a channel cannot look.
    virtual QFuture<Result<Sighting>> look(const Message& part, const RemoteMessage& target);
    /// Asks the other side whether the channel is there and lets this sender in; posts nothing.
    /// Errors as of post(). A channel that cannot be asked is taken to be there.
    virtual QFuture<Result<void>> reach();
    /// The exact body that post() would send, for preview and evidence. No secret in it.
    virtual QByteArray preview(const Message& part) const = 0;
    /// True when sending the same event again cannot double it (a bot channel with an enforced
    /// nonce).
    virtual bool repeatsAreSafe() const = 0;

    /// After this error the message may or may not exist over there.
    static bool outcomeUnknown(const Error& error);

signals:
    /// The other side wants everything that asks it from here to rest, not this channel alone.
    void everythingMustRest(std::chrono::milliseconds pause);
};

}  // namespace tocsin
