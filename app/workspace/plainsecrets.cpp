// Secrets from the environment and from files.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QFile>

#include "workspace/secrets.h"

namespace tocsin::workspace {
namespace {

constexpr qint64 kLargestSecret = 64 * 1024;

Result<Secret> secretFromText(QByteArray text, const QString& where) {
    if (text.endsWith('\r')) text.chop(1);
    if (text.isEmpty())
        return fail(ErrorCode::NotFound,
                    QStringLiteral("%1 is empty. Put the secret into it.").arg(where));
    return Secret(QString::fromUtf8(text));
}

/// Checked on the open descriptor, so that the file cannot be changed for another in between.
std::optional<Error> exposure(int descriptor, const QString& path) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        return Error{
            ErrorCode::Refused,
            QStringLiteral("%1 is not a plain file. Name a file with the secret.").arg(path),
            {}};
    if (status.st_uid != ::geteuid() && status.st_uid != 0)
        return Error{ErrorCode::Refused,
                     QStringLiteral("%1 belongs to somebody else, who could change the secret. "
                                    "Run `chown $USER %1`.")
                         .arg(path),
                     {}};
    if ((status.st_mode & 077) != 0)
        return Error{ErrorCode::Refused,
                     QStringLiteral("%1 can be read by others (mode 0%2). Run `chmod 600 %1`.")
                         .arg(path, QString::number(status.st_mode & 0777, 8)),
                     {}};
    return std::nullopt;
}

}  // namespace

Result<Secret> secretFromEnvironment(const QString& name) {
    const QByteArray variable = name.toLocal8Bit();
    if (!qEnvironmentVariableIsSet(variable.constData()))
        return fail(
            ErrorCode::NotFound,
            QStringLiteral("The environment has no variable %1. Set it before you start the "
                           "console, or use keychain:NAME.")
                .arg(name));
    QByteArray text = qgetenv(variable.constData());
    if (text.endsWith('\n')) text.chop(1);
    return secretFromText(text, QStringLiteral("Environment variable ") + name);
}

Result<Secret> secretFromFile(const QString& path) {
    // Non-blocking, so that a pipe in its place cannot hang us; it is refused right after.
    const int descriptor =
        ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return fail(errno == EACCES ? ErrorCode::Refused : ErrorCode::NotFound,
                    QStringLiteral("The secret file %1 cannot be opened: %2.")
                        .arg(path, qt_error_string(errno)));
    QFile file;
    if (!file.open(descriptor, QIODevice::ReadOnly, QFile::AutoCloseHandle)) {
        ::close(descriptor);
        return fail(ErrorCode::Disk,
                    QStringLiteral("The secret file %1 cannot be read.").arg(path));
    }
    if (const auto exposed = exposure(descriptor, path)) return tl::make_unexpected(*exposed);
    if (file.size() > kLargestSecret)
        return fail(ErrorCode::TooLarge,
                    QStringLiteral("%1 has more than 64 kB; that is no secret.").arg(path));
    QByteArray text = file.readAll();
    if (const auto end = text.indexOf('\n'); end >= 0) text.truncate(end);  // the first line
    return secretFromText(text, path);
}

}  // namespace tocsin::workspace
