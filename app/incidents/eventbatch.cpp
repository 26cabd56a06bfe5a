#include "incidents/eventbatch.h"

#include <QJsonDocument>

#include "incidents/projection.h"
#include "incidents/redaction.h"
#include "sdk/secret.h"
#include "store/rows.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {

Result<QVector<Event>> appendAll(store::Transaction& tx, QVector<Event> events) {
    auto last = tx.run(u"SELECT seq FROM sqlite_sequence WHERE name = 'incident_events'"_s);
    if (!last) return tl::unexpected<Error>(last.error());
    qint64 seq = last->next() ? last->value(0).toLongLong() : 0;
    QVector<QVariantList> rows;
    rows.reserve(events.size());
    for (Event& event : events) {
        event.seq = ++seq;
        event.text = redact(event.text);
        event.detail = redacted(event.detail);
        rows.append(
            {event.seq, event.incident, event.at.toMSecsSinceEpoch(), event.actor + u""_s,
             event.kind, event.text + u""_s,
             QString::fromUtf8(QJsonDocument(event.detail).toJson(QJsonDocument::Compact))});
    }
    auto written = store::insertRows(
        tx, u"INSERT INTO incident_events(seq, incident, at, actor, kind, text, detail)"_s, rows);
    if (!written) return tl::unexpected<Error>(written.error());
    return events;
}

Result<QHash<QString, Incident>> findAll(store::Transaction& tx, const QStringList& ids) {
    constexpr qsizetype kAtOnce = 500;
    QHash<QString, Incident> found;
    for (qsizetype at = 0; at < ids.size(); at += kAtOnce) {
        auto incidents = Projection::among(tx, ids.mid(at, kAtOnce));
        if (!incidents) return tl::unexpected<Error>(incidents.error());
        for (const Incident& incident : std::as_const(*incidents))
            found.insert(incident.id, incident);
    }
    return found;
}

}  // namespace tocsin::incidents
