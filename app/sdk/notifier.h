#pragma once
#include <QFuture>
#include <QObject>

#include "sdk/error.h"
#include "sdk/message.h"

namespace tocsin {

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
    /// The exact body that post() would send, for preview and evidence. No secret in it.
    virtual QByteArray preview(const Message& part) const = 0;
    /// True when sending the same event again cannot double it (a bot channel with an enforced
    /// nonce).
    virtual bool repeatsAreSafe() const = 0;

    /// After this error the message may or may not exist over there.
    static bool outcomeUnknown(const Error& error);
};

}  // namespace tocsin
