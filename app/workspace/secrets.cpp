#include "workspace/secrets.h"

#include <qt6keychain/keychain.h>

#include <QPromise>
#include <QtConcurrent>

#include "sdk/async.h"

namespace tocsin::workspace {
namespace {

using namespace std::chrono_literals;

const QString kService = QStringLiteral("tocsin");
// Unlocking asks a person for a password; longer than this nobody is sitting there.
constexpr auto kPatience = 60s;

const QString kOtherWays =
    QStringLiteral("write env:NAME or file:PATH in tocsin.yaml instead of keychain:");

Error keychainError(const QKeychain::Job& job, const QString& name) {
    const QString detail = redact(job.errorString());
    switch (job.error()) {
        case QKeychain::EntryNotFound:
            // A locked keyring that cannot ask for its password answers the same.
            return {
                ErrorCode::NotFound,
                QStringLiteral("The keyring shows no entry “%1”. Store it with `tocsin secret set "
                               "%1`; if it is there, the keyring is locked: unlock it, or %2.")
                    .arg(name, kOtherWays),
                detail};
        case QKeychain::AccessDenied:
        case QKeychain::AccessDeniedByUser:
        case QKeychain::CouldNotDeleteEntry:
            return {ErrorCode::Refused,
                    QStringLiteral("The keyring did not open for “%1”: it is locked, or access was "
                                   "denied. Unlock it and try again, or %2.")
                        .arg(name, kOtherWays),
                    detail};
        default:
            return {ErrorCode::Unavailable,
                    QStringLiteral(
                        "The keyring cannot be used for “%1”: no Secret Service answers in this "
                        "session. Start one (gnome-keyring, KWallet, KeePassXC), or %2.")
                        .arg(name, kOtherWays),
                    detail};
    }
}

/// Runs one keychain job, which deletes itself, and ends its future exactly once: with the job, or
/// when patience runs out.
template <typename T>
QFuture<Result<T>> run(QKeychain::Job* job, const QString& name, Clock& clock,
                       std::function<Result<T>()> result) {
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    const auto finish = [promise](Result<T> value) {
        if (promise->future().isFinished()) return;
        promise->addResult(std::move(value));
        promise->finish();
    };
    job->setAutoDelete(true);
    job->setInsecureFallback(false);
    job->setKey(name);
    QObject::connect(job, &QKeychain::Job::finished, job,
                     [name, finish, result](QKeychain::Job* done) {
                         finish(done->error() == QKeychain::NoError
                                    ? result()
                                    : Result<T>(tl::make_unexpected(keychainError(*done, name))));
                     });
    clock.callAfter(kPatience, job, [name, finish] {
        finish(fail(
            ErrorCode::Timeout,
            QStringLiteral("The keyring did not answer for “%1” within a minute. Unlock it and try "
                           "again, or %2.")
                .arg(name, kOtherWays)));
    });
    job->start();
    return promise->future();
}

/// An entry whose secrets arrive one by one.
struct Gathering {
    Settings settings;
    QPromise<Result<Settings>> promise;
    qsizetype waiting = 0;
    std::optional<Error> error;

    void take(const QString& field, const Result<Secret>& secret) {
        if (secret) {
            settings.secrets.insert(field, *secret);
        } else if (!error) {
            error = secret.error();
            error->message =
                QStringLiteral("%1 of “%2”: %3").arg(field, settings.name, error->message);
        }
        if (--waiting == 0) finish();
    }

    void finish() {
        promise.addResult(error ? Result<Settings>(tl::make_unexpected(*error))
                                : Result<Settings>(settings));
        promise.finish();
    }
};

}  // namespace

Secrets::Secrets(Clock& clock, QObject* parent) : QObject(parent), m_clock(clock) {
}

QFuture<Result<Secret>> Secrets::resolve(const SecretReference& reference) {
    switch (reference.where) {
        case SecretReference::Where::Keychain:
            return fromKeychain(reference.name);
        case SecretReference::Where::File:
            return QtConcurrent::run([path = reference.name] { return secretFromFile(path); });
        case SecretReference::Where::Environment:
            break;
    }
    return QtFuture::makeReadyFuture(secretFromEnvironment(reference.name));
}

QFuture<Result<Settings>> Secrets::resolveAll(const Entry& entry) {
    auto gathering = std::make_shared<Gathering>();
    gathering->settings = entry.settings;
    gathering->waiting = entry.secrets.size();
    gathering->promise.start();
    if (entry.secrets.isEmpty()) gathering->finish();
    for (auto it = entry.secrets.begin(); it != entry.secrets.end(); ++it)
        whenDone(resolve(it.value()), this,
                 [gathering, field = it.key()](const Result<Secret>& secret) {
                     gathering->take(field, secret);
                 });
    return gathering->promise.future();
}

QFuture<Result<Secret>> Secrets::fromKeychain(const QString& name) {
    auto* job = new QKeychain::ReadPasswordJob(kService);
    return run<Secret>(job, name, m_clock,
                       [job]() -> Result<Secret> { return Secret(job->textData()); });
}

QFuture<Result<void>> Secrets::store(const QString& name, const Secret& value) {
    auto* job = new QKeychain::WritePasswordJob(kService);
    job->setTextData(value.reveal());
    return run<void>(job, name, m_clock, []() -> Result<void> { return {}; });
}

QFuture<Result<void>> Secrets::remove(const QString& name) {
    auto* job = new QKeychain::DeletePasswordJob(kService);
    return run<void>(job, name, m_clock, []() -> Result<void> { return {}; });
}

}  // namespace tocsin::workspace
