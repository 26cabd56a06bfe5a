#pragma once
#include <QFuture>
#include <QObject>

#include "sdk/clock.h"
#include "sdk/error.h"
#include "workspace/workspace.h"

namespace tocsin::workspace {

/// Where secrets come from and go to: the desktop's keyring (Secret Service, through QtKeychain,
/// service "tocsin"), the environment, or a file that only its owner can read. Lives on the thread
/// that made it, which needs an event loop; never blocks it.
class Secrets : public QObject {
    Q_OBJECT
public:
    explicit Secrets(Clock& clock, QObject* parent = nullptr);

    /// Errors, each with a sentence that says what to do: NotFound (no such entry, variable or
    /// file), Refused (the file is open to others, the keyring stayed locked), Unavailable (no
    /// keyring service runs), Timeout (the keyring did not answer in time).
    QFuture<Result<Secret>> resolve(const SecretReference& reference);
    /// All secrets of an entry, put into its settings. The first error wins; it names the field.
    QFuture<Result<Settings>> resolveAll(const Entry& entry);

    /// Writes the keychain entry `name`, replacing what was there.
    QFuture<Result<void>> store(const QString& name, const Secret& value);
    /// Removes it; also succeeds when there is none.
    QFuture<Result<void>> remove(const QString& name);

private:
    QFuture<Result<Secret>> fromKeychain(const QString& name);

    Clock& m_clock;
};

/// The secret in the environment variable `name`. Any thread.
Result<Secret> secretFromEnvironment(const QString& name);
/// The first line of the file at `path`, which must be owned by this user (or root) and closed to
/// everyone else. Reads the disk.
Result<Secret> secretFromFile(const QString& path);

}  // namespace tocsin::workspace
