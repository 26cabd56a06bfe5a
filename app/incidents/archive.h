#pragma once
#include "incidents/evidencefiles.h"
#include "incidents/record.h"

namespace tocsin::incidents {

/// A file that goes with an archive.
struct ArchivedFile {
    KeptFile file;
    QByteArray content;
};

/// A whole incident on its way to another machine.
struct Archive {
    QString id;            ///< as it was called where it was exported
    QDateTime exportedAt;  ///< UTC
    QVector<Event> events;
    QVector<delivery::Entry> messages;
    QVector<ArchivedFile> files;
};

constexpr qint64 kLargestArchive = 512LL * 1024 * 1024;  ///< bytes

/// One JSON document with all that is known: {format, version, exported_at, incident, timeline,
/// messages, files}; docs/postmortem.md describes it. A kept file that is not there any more, or
/// was altered, is left out; its event stays. Blocks on the disk.
QByteArray archived(const Record& record, const EvidenceFiles& files, const QDateTime& now);

/// Reads and checks everything before anything is written. Errors: Parse with the place (such as
/// “timeline[12].at”) and what was expected; TooLarge. Pure.
Result<Archive> readArchive(const QByteArray& json);

/// Writes it as a new incident with the next free number: a copy to read, not one to work on. What
/// was open is closed as of the export, nothing is sent, and it is marked as imported. Its kept
/// files must lie in `files` before (keepFiles). Errors: Refused when the same incident was
/// imported already, or was declared here.
Result<Record> importArchive(store::Transaction& tx, const Archive& archive, const QString& by,
                             const QDateTime& now);
/// Errors: Disk. Blocks.
Result<void> keepFiles(const Archive& archive, const EvidenceFiles& files);

/// Reads the file, checks, keeps and imports. Reads on a pool thread, writes on the store's.
QFuture<Result<Record>> importIncident(store::Database& db, const QString& path, const QString& by,
                                       const QDateTime& now);

}  // namespace tocsin::incidents
