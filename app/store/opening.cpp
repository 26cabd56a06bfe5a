#include "store/opening.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlError>
#include <QSqlQuery>

#include "store/openinglock.h"
#include "store/schema.h"
#include "store/trouble.h"

namespace tocsin::store {
namespace {

constexpr int kBusyTimeoutMs = 5000;
constexpr std::chrono::milliseconds kOpeningPatience{10000};
constexpr auto kOnlyOwnersFolder =
    QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner;
constexpr auto kOthers = QFileDevice::ReadOther | QFileDevice::WriteOther | QFileDevice::ExeOther;

/// Runs each statement; the first failure ends it.
QSqlError execAll(QSqlDatabase& db, const QStringList& statements) {
    for (const QString& sql : statements) {
        QSqlQuery query(db);
        if (!query.exec(sql)) return query.lastError();
    }
    return {};
}

/// Invalid when sound. quick_check's findings come as rows, not as an error.
struct Soundness {
    bool corrupt = false;
    QSqlError error;
};
Soundness check(QSqlDatabase& db) {
    QSqlQuery query(db);
    if (!query.exec(QStringLiteral("PRAGMA quick_check(1)")) || !query.next())
        return {isCorruption(query.lastError()), query.lastError()};
    return {query.value(0).toString() != QLatin1String("ok"), {}};
}

/// Moves the file and its companions to a dated name that nothing has yet; empty when it could not.
QString setAside(const QString& file) {
    const QString stamp =
        QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmss"));
    QString target = QStringLiteral("%1.corrupt-%2").arg(file, stamp);
    for (int n = 2; QFile::exists(target); ++n)
        target = QStringLiteral("%1.corrupt-%2-%3").arg(file, stamp).arg(n);
    if (!QFile::rename(file, target)) return {};
    for (const QString& companion : {QStringLiteral("-wal"), QStringLiteral("-shm")})
        if (QFile::exists(file + companion)) QFile::rename(file + companion, target + companion);
    return target;
}

void forget(QSqlDatabase& db, const QString& name) {
    db.close();
    db = QSqlDatabase();
    QSqlDatabase::removeDatabase(name);
}

Result<void> prepare(QSqlDatabase& db, const QString& file) {
    if (auto migrated = migrate(db, file); !migrated) return migrated;
    const QSqlError error = execAll(db, {QStringLiteral("PRAGMA journal_mode = WAL"),
                                         QStringLiteral("PRAGMA synchronous = FULL"),
                                         QStringLiteral("PRAGMA foreign_keys = ON")});
    if (error.isValid()) return tl::unexpected<Error>(trouble(error, file));
    return {};
}

/// Made before SQLite makes it, for the umask would let everybody read; its journals get the
/// permissions of the file. One that is there is closed to others. What fails here fails, with a
/// sentence, when it is opened.
void keepPrivate(const QString& file) {
    // Never one that is there: closing it would end the locks this process holds on it.
    const int descriptor = ::open(QFile::encodeName(file).constData(),
                                  O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor >= 0) ::close(descriptor);
    for (const char* suffix : {"", "-wal", "-shm"}) {
        const QString each = file + QLatin1String(suffix);
        const QFileDevice::Permissions now = QFile::permissions(each);
        if (now.testAnyFlags(kOthers)) QFile::setPermissions(each, now & ~kOthers);
    }
}

Result<QSqlDatabase> openSound(const QString& file, const QString& name, bool& corrupt) {
    keepPrivate(file);
    QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
    db.setDatabaseName(file);
    db.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(kBusyTimeoutMs));
    QSqlError error;
    if (!db.open()) {
        error = db.lastError();
        corrupt = isCorruption(error);
    } else {
        const Soundness found = check(db);
        corrupt = found.corrupt;
        error = found.error;
    }
    if (!corrupt && !error.isValid()) {
        if (auto ready = prepare(db, file); !ready) {
            forget(db, name);
            return tl::unexpected<Error>(ready.error());
        }
        return db;
    }
    forget(db, name);
    return tl::unexpected<Error>(trouble(error, file));
}

}  // namespace

Result<QSqlDatabase> openFile(const QString& file, const QString& name, QString& note) {
    const QString folder = QFileInfo(file).absolutePath();
    const bool isNew = !QFileInfo::exists(folder);
    if (!QDir().mkpath(folder) || (isNew && !QFile::setPermissions(folder, kOnlyOwnersFolder)))
        return fail(ErrorCode::Disk,
                    QStringLiteral("The folder %1 cannot be made. Choose another with --data.")
                        .arg(folder));
    OpeningLock opening(file + QStringLiteral(".opening"));
    if (!opening.lock(kOpeningPatience))
        return fail(ErrorCode::Disk,
                    QStringLiteral("%1 cannot be opened: its folder is not writable, or another "
                                   "program is opening it. Make the folder writable, or choose "
                                   "another with --data.")
                        .arg(file));
    bool corrupt = false;
    auto db = openSound(file, name, corrupt);
    if (db || !corrupt) return db;
    const QString aside = setAside(file);
    if (aside.isEmpty())
        return fail(ErrorCode::Disk,
                    QStringLiteral("%1 is damaged and cannot be moved aside. Move it "
                                   "away yourself, then start again.")
                        .arg(file));
    note = QStringLiteral(
               "The store was damaged. It was set aside as %1, untouched; a new one was "
               "begun. Incidents declared before are in the set-aside file.")
               .arg(aside);
    return openSound(file, name, corrupt);
}

}  // namespace tocsin::store
