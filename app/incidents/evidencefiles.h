#pragma once
#include <QJsonObject>
#include <QString>

#include "sdk/error.h"

namespace tocsin::incidents {

/// A file that was kept as evidence, as its event tells of it.
struct KeptFile {
    QString name;    ///< as it was called, without its folder
    QString sha256;  ///< hex, of its content; also where it lies
    QString type;    ///< MIME
    qint64 bytes = 0;

    QJsonObject toJson() const;
    /// An empty name when the object tells of none.
    static KeptFile fromJson(const QJsonObject& object);
    bool isImage() const { return type.startsWith(QLatin1String("image/")); }
};

/// Files dropped into a timeline. They lie beside the database, each under the SHA-256 of its
/// content: the same file is kept once, and a file that was altered is found out. Nothing is ever
/// replaced. Blocks on the disk: call it on a pool thread. Holds no state but the folder.
class EvidenceFiles {
public:
    static constexpr qint64 kLargest = 25LL * 1024 * 1024;  ///< bytes

    /// `database` is the store's file; the folder is made with the first file.
    explicit EvidenceFiles(const QString& database);

    /// Copies a file in. Errors: NotFound, TooLarge, Disk.
    Result<KeptFile> keepFile(const QString& path) const;
    Result<KeptFile> keep(const QByteArray& content, const QString& name) const;
    /// The content, checked against its name. Errors: NotFound, Disk (also when it was altered).
    Result<QByteArray> read(const QString& sha256) const;

private:
    QString pathOf(const QString& sha256) const;
    QString m_folder;
};

}  // namespace tocsin::incidents
