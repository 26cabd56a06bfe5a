#include "sdk/notifier.h"

#include <QPromise>

namespace tocsin {
namespace {

template <typename T>
QFuture<Result<T>> refusedAtOnce(const QString& why) {
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(Result<T>(fail(ErrorCode::Refused, why)));
    promise.finish();
    return promise.future();
}

}  // namespace

QFuture<Result<Delivery>> Notifier::postInThread(const Message& part, const QString&) {
    return post(part);
}

QFuture<Result<Delivery>> Notifier::edit(const Message&, const RemoteMessage&) {
    return refusedAtOnce<Delivery>(QStringLiteral("This channel cannot edit what it posted."));
}

QFuture<Result<Sighting>> Notifier::look(const Message&, const RemoteMessage&) {
    return refusedAtOnce<Sighting>(QStringLiteral("This channel cannot look at what it posted."));
}

bool Notifier::outcomeUnknown(const Error& error) {
    // A refused connection is reported as Unavailable by the HTTP client; Network means the
    // connection broke while a request was under way. TooLarge is an answer that nobody read.
    return error.code == ErrorCode::Timeout || error.code == ErrorCode::Network ||
           error.code == ErrorCode::Protocol || error.code == ErrorCode::TooLarge;
}

}  // namespace tocsin
