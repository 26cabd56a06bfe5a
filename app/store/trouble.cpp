#include "store/trouble.h"

#include <QDir>

namespace tocsin::store {
namespace {

// Primary result codes of SQLite; an extended code carries one of them in its low byte.
enum SqliteCode {
    Busy = 5,
    Locked = 6,
    ReadOnly = 8,
    IoError = 10,
    Corrupt = 11,
    Full = 13,
    CannotOpen = 14,
    Constraint = 19,
    NotADatabase = 26,
};

int primaryCode(const QSqlError& error) {
    return error.nativeErrorCode().toInt() & 0xff;
}

}  // namespace

bool isCorruption(const QSqlError& error) {
    const int code = primaryCode(error);
    return code == Corrupt || code == NotADatabase;
}

Error trouble(const QSqlError& error, const QString& file) {
    const QString name = QDir::toNativeSeparators(file);
    const auto disk = [&](const QString& message) {
        return Error{ErrorCode::Disk, message.arg(name), error.databaseText()};
    };
    switch (primaryCode(error)) {
        case Busy:
        case Locked:
            return {
                ErrorCode::Unavailable,
                QStringLiteral("Another program keeps %1 locked. Close it, or wait; nothing was "
                               "recorded.")
                    .arg(name),
                error.databaseText()};
        case ReadOnly:
            return disk(
                QStringLiteral("%1 cannot be written. Make the file and its folder writable, "
                               "or choose another folder with --data."));
        case IoError:
            return disk(
                QStringLiteral("Reading or writing %1 failed. Check the disk; nothing was "
                               "recorded."));
        case Corrupt:
        case NotADatabase:
            return disk(
                QStringLiteral("%1 is damaged. Restart Tocsin: it sets the file aside and "
                               "begins a new one."));
        case Full:
            return disk(
                QStringLiteral("The disk that holds %1 is full. Free some space; nothing was "
                               "recorded."));
        case CannotOpen:
            return disk(
                QStringLiteral("%1 cannot be opened. Make its folder writable, or choose "
                               "another with --data."));
        case Constraint:
            return {ErrorCode::Refused,
                    QStringLiteral("The store refused a change: %1.").arg(error.databaseText()),
                    error.databaseText()};
        default:
            return {ErrorCode::Internal,
                    QStringLiteral("The store could not do what was asked of it: %1.")
                        .arg(error.databaseText()),
                    error.text()};
    }
}

}  // namespace tocsin::store
