#include "incidents/evidencefiles.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QMimeDatabase>
#include <QRegularExpression>
#include <QSaveFile>

#include "sdk/figures.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

QString hashOf(const QByteArray& content) {
    return QString::fromLatin1(
        QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex());
}

tl::unexpected<Error> tooLarge(const QString& name, qint64 bytes) {
    return fail(ErrorCode::TooLarge,
                u"%1 has %2; at most %3 are kept. Keep the part that matters, or note where the "
                "file lies."_s.arg(name, sizeText(bytes), sizeText(EvidenceFiles::kLargest)));
}

/// Without its folder, and without what would make a line of the timeline two.
QString plainName(const QString& name) {
    const QString last = QFileInfo(name).fileName().simplified();
    return last.isEmpty() ? u"file"_s : last.left(120);
}

}  // namespace

QJsonObject KeptFile::toJson() const {
    return {{u"name"_s, name}, {u"sha256"_s, sha256}, {u"type"_s, type}, {u"bytes"_s, bytes}};
}

KeptFile KeptFile::fromJson(const QJsonObject& object) {
    return {object[u"name"_s].toString(), object[u"sha256"_s].toString(),
            object[u"type"_s].toString(), object[u"bytes"_s].toInteger()};
}

EvidenceFiles::EvidenceFiles(const QString& database)
    : m_folder(QFileInfo(database).absoluteDir().filePath(u"evidence"_s)) {
}

QString EvidenceFiles::pathOf(const QString& sha256) const {
    return u"%1/%2/%3"_s.arg(m_folder, sha256.left(2), sha256);
}

Result<KeptFile> EvidenceFiles::keepFile(const QString& path) const {
    const QFileInfo info(path);
    if (!info.isFile())
        return fail(ErrorCode::NotFound, u"%1 is not a file that can be kept."_s.arg(path));
    if (info.size() > kLargest) return tooLarge(info.fileName(), info.size());
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Disk, u"%1 cannot be read: %2."_s.arg(path, file.errorString()));
    return keep(file.read(kLargest + 1), info.fileName());
}

Result<KeptFile> EvidenceFiles::keep(const QByteArray& content, const QString& name) const {
    const QString plain = plainName(name);
    if (content.size() > kLargest) return tooLarge(plain, content.size());
    const KeptFile kept{plain, hashOf(content),
                        QMimeDatabase().mimeTypeForFileNameAndData(plain, content).name(),
                        content.size()};
    const QString path = pathOf(kept.sha256);
    if (QFileInfo::exists(path)) return kept;
    QSaveFile file(path);
    if (!QDir().mkpath(QFileInfo(path).absolutePath()) || !file.open(QIODevice::WriteOnly) ||
        !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) ||
        file.write(content) != content.size() || !file.commit())
        return fail(ErrorCode::Disk, u"%1 cannot be kept in %2: %3. Nothing was recorded."_s.arg(
                                         plain, m_folder, file.errorString()));
    return kept;
}

Result<QByteArray> EvidenceFiles::read(const QString& sha256) const {
    static const QRegularExpression hex(u"\\A[0-9a-f]{64}\\z"_s);
    if (!hex.match(sha256).hasMatch())
        return fail(ErrorCode::Parse, u"“%1” is not the name of a kept file."_s.arg(sha256));
    QFile file(pathOf(sha256));
    if (!file.open(QIODevice::ReadOnly))
        return fail(
            ErrorCode::NotFound,
            u"The file is not in %1 any more. Bring it back from a copy of that folder."_s.arg(
                m_folder));
    const QByteArray content = file.read(kLargest + 1);
    if (hashOf(content) != sha256)
        return fail(ErrorCode::Disk,
                    u"%1 was altered since it was kept: it is no evidence any more."_s.arg(
                        file.fileName()));
    return content;
}

}  // namespace tocsin::incidents
