#include "store/rescue.h"

#include <sys/stat.h>

#include <QDateTime>
#include <QFile>
#include <QSqlQuery>

namespace tocsin::store {

Rescue::Rescue(const QString& file) : m_file(file) {
    struct stat found = {};
    if (::stat(QFile::encodeName(file).constData(), &found) != 0) return;
    m_device = found.st_dev;
    m_inode = found.st_ino;
}

bool Rescue::isThere() const {
    struct stat found = {};
    return ::stat(QFile::encodeName(m_file).constData(), &found) == 0 && found.st_dev == m_device &&
           found.st_ino == m_inode;
}

Result<void> Rescue::check(QSqlDatabase& db) {
    if (m_inode == 0 || isThere()) return {};
    return tl::unexpected<Error>(rescued(db));
}

Error Rescue::rescued(QSqlDatabase& db) {
    if (m_copy.isEmpty()) {
        const QString copy =
            QStringLiteral("%1.rescued-%2")
                .arg(m_file,
                     QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmss")));
        QSqlQuery query(db);
        query.prepare(QStringLiteral("VACUUM INTO ?"));
        query.addBindValue(copy);
        if (query.exec()) m_copy = copy;
    }
    const QString kept =
        m_copy.isEmpty()
            ? QStringLiteral("Its content could not be copied")
            : QStringLiteral("All that was in it is in %1: end Tocsin, put that in its place")
                  .arg(m_copy);
    return {ErrorCode::Disk,
            QStringLiteral("%1 was removed or replaced while Tocsin has it open. Nothing more is "
                           "recorded or sent. %2, and start it again.")
                .arg(m_file, kept),
            {}};
}

}  // namespace tocsin::store
