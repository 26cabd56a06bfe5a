// An imported incident: a copy to read. See archive.h.
#include <QCryptographicHash>
#include <QFile>
#include <QHash>
#include <QtConcurrent>

#include "delivery/ledger.h"
#include "incidents/archive.h"
#include "incidents/eventbatch.h"
#include "incidents/incidentjson.h"
#include "incidents/projection.h"
#include "sdk/figures.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

/// The same for the same incident, whatever it is called here: its first events.
QString fingerprintOf(const Archive& archive) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const Event& first = archive.events.first();
    for (const QString& part : {archive.id, isoText(first.at), first.actor, first.text})
        hash.addData((part + u'\n').toUtf8());
    return QString::fromLatin1(hash.result().toHex().left(32));
}

Result<void> refuseKnown(store::Transaction& tx, const Archive& archive, const QString& print) {
    auto found = tx.run(
        u"SELECT incident FROM incident_events WHERE (kind = 'imported' AND detail LIKE ?) OR "
        "(kind = 'declared' AND incident = ? AND at = ? AND actor = ? AND text = ?) LIMIT 1"_s,
        {u"%\"fingerprint\":\"%1\"%"_s.arg(print), archive.id,
         archive.events.first().at.toMSecsSinceEpoch(), archive.events.first().actor,
         archive.events.first().text});
    if (!found) return tl::unexpected<Error>(found.error());
    if (!found->next()) return {};
    return fail(ErrorCode::Refused,
                u"%1 is here already, as %2."_s.arg(archive.id, found->value(0).toString()));
}

Event importedEvent(const Archive& archive, const QString& id, const QString& print, bool wasOpen,
                    const QString& by, const QDateTime& now) {
    const QString text = u"imported from %1, exported %2 UTC%3"_s.arg(
        archive.id, archive.exportedAt.toString(u"yyyy-MM-dd HH:mm"_s),
        wasOpen ? u"; it was still open there, here it is a copy to read"_s : QString());
    return {0,
            id,
            now,
            by,
            u"imported"_s,
            text,
            {{u"from"_s, archive.id},
             {u"exported_at"_s, isoText(archive.exportedAt)},
             {u"was_open"_s, wasOpen},
             {u"fingerprint"_s, print}}};
}

/// Corrections point at positions, which are others here.
void pointAnew(QVector<Event>& events, const QHash<qint64, qint64>& places) {
    for (Event& event : events)
        if (event.kind == u"corrected" && event.detail.contains(u"corrects"_s))
            event.detail[u"corrects"_s] = places.value(event.detail[u"corrects"_s].toInteger(), 0);
}

Result<qint64> lastSeq(store::Transaction& tx) {
    auto last = tx.run(u"SELECT seq FROM sqlite_sequence WHERE name = 'incident_events'"_s);
    if (!last) return tl::unexpected<Error>(last.error());
    return last->next() ? last->value(0).toLongLong() : 0;
}

Result<QByteArray> contentOf(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Disk, u"%1 cannot be read: %2."_s.arg(path, file.errorString()));
    if (file.size() > kLargestArchive)
        return fail(ErrorCode::TooLarge,
                    u"%1 has %2; an incident has at most %3."_s.arg(path, sizeText(file.size()),
                                                                    sizeText(kLargestArchive)));
    return file.readAll();
}

Result<Archive> readAndKeep(const QString& path, const EvidenceFiles& files) {
    auto content = contentOf(path);
    if (!content) return tl::unexpected<Error>(content.error());
    auto archive = readArchive(*content);
    if (!archive) return archive;
    if (auto kept = keepFiles(*archive, files); !kept) return tl::unexpected<Error>(kept.error());
    return archive;
}

}  // namespace

Result<Record> importArchive(store::Transaction& tx, const Archive& archive, const QString& by,
                             const QDateTime& now) {
    const QString print = fingerprintOf(archive);
    if (auto fresh = refuseKnown(tx, archive, print); !fresh)
        return tl::unexpected<Error>(fresh.error());
    auto id = Projection::nextId(tx);
    if (!id) return tl::unexpected<Error>(id.error());
    auto last = lastSeq(tx);
    if (!last) return tl::unexpected<Error>(last.error());
    QVector<Event> events = archive.events;
    QHash<qint64, qint64> places;
    Incident incident;
    for (Event& event : events) {
        places.insert(event.seq, ++*last);
        event.incident = *id;
        fold(incident, event);
    }
    pointAnew(events, places);
    events.append(importedEvent(archive, *id, print, incident.isOpen(), by, now));
    fold(incident, events.last());
    auto written = appendAll(tx, events);
    if (!written) return tl::unexpected<Error>(written.error());
    if (auto saved = Projection::save(tx, incident); !saved)
        return tl::unexpected<Error>(saved.error());
    auto messages = delivery::Ledger::imported(tx, *id, archive.messages);
    if (!messages) return tl::unexpected<Error>(messages.error());
    return Record{incident, *written, *messages};
}

QFuture<Result<Record>> importIncident(store::Database& db, const QString& path, const QString& by,
                                       const QDateTime& now) {
    return QtConcurrent::run(readAndKeep, path, EvidenceFiles(db.file()))
        .then([&db, by, now](const Result<Archive>& archive) -> QFuture<Result<Record>> {
            return db.write<Record>([archive, by, now](store::Transaction& tx) -> Result<Record> {
                if (!archive) return tl::unexpected<Error>(archive.error());
                return importArchive(tx, *archive, by, now);
            });
        })
        .unwrap();
}

}  // namespace tocsin::incidents
