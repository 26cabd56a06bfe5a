#include "sdk/notifier.h"

#include <QPromise>

namespace tocsin {
namespace {

template <typename T>
QFuture<Result<T>> atOnce(const Result<T>& result) {
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(result);
    promise.finish();
    return promise.future();
}

template <typename T>
QFuture<Result<T>> refusedAtOnce(const QString& why) {
    return atOnce<T>(fail(ErrorCode::Refused, why));
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

QFuture<Result<void>> Notifier::reach() {
    return atOnce<void>({});
}

bool Notifier::outcomeUnknown(const Error& error) {
    // A refused connection is reported as Unavailable by the HTTP client; Network means the
    // connection broke while a request was under way. TooLarge is an answer that nobody read.
    return error.code == ErrorCode::Timeout || error.code == ErrorCode::Network ||
           error.code == ErrorCode::Protocol || error.code == ErrorCode::TooLarge;
}

}  // namespace tocsin
