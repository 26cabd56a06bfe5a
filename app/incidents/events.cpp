#include "incidents/events.h"

#include <QJsonDocument>

#include "incidents/projection.h"
#include "incidents/redaction.h"
#include "sdk/secret.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
Result<QVector<Event>> eventsWith(store::Transaction& tx, const QString& condition,
                                  const QVariantList& values) {
    auto query = tx.run(
        u"SELECT seq, incident, at, actor, kind, text, detail FROM incident_events WHERE %1 ORDER BY seq"_s
            .arg(condition),
        values);
    if (!query) return tl::unexpected<Error>(query.error());
    QVector<Event> events;
    while (query->next())
        events.append({query->value(0).toLongLong(), query->value(1).toString(),
                       QDateTime::fromMSecsSinceEpoch(query->value(2).toLongLong(), Qt::UTC),
                       query->value(3).toString(), query->value(4).toString(),
                       query->value(5).toString(),
                       QJsonDocument::fromJson(query->value(6).toString().toUtf8()).object()});
    return events;
}

Result<Event> appendEvent(store::Transaction& tx, const Event& event) {
    auto known = Projection::find(tx, event.incident);
    if (!known) return tl::unexpected<Error>(known.error());
    if (!*known && event.kind != u"declared")
        return fail(ErrorCode::NotFound,
                    u"There is no incident %1. `tocsin incident list` names those there are."_s.arg(
                        event.incident));
    Event written = event;
    written.text = redact(event.text);
    written.detail = redacted(event.detail);
    auto inserted = tx.run(
        u"INSERT INTO incident_events(incident, at, actor, kind, text, detail) VALUES (?, ?, ?, ?, ?, ?)"_s,
        {event.incident, event.at.toMSecsSinceEpoch(), event.actor + u""_s, event.kind,
         written.text + u""_s,
         QString::fromUtf8(QJsonDocument(written.detail).toJson(QJsonDocument::Compact))});
    if (!inserted) return tl::unexpected<Error>(inserted.error());
    written.seq = tx.lastInsertId();
    Incident incident = known->value_or(Incident());
    fold(incident, written);
    if (auto saved = Projection::save(tx, incident); !saved)
        return tl::unexpected<Error>(saved.error());
    return written;
}

Result<QVector<Event>> eventsOf(store::Transaction& tx, const QString& incident) {
    return eventsWith(tx, u"incident = ?"_s, {incident});
}

Result<std::optional<Event>> lastEventOf(store::Transaction& tx, const QString& incident,
                                         const QString& kind) {
    auto found = eventsWith(
        tx, u"seq = (SELECT max(seq) FROM incident_events WHERE incident = ? AND kind = ?)"_s,
        {incident, kind});
    if (!found) return tl::unexpected<Error>(found.error());
    if (found->isEmpty()) return std::optional<Event>();
    return std::optional<Event>(found->first());
}

Result<QVector<Event>> eventsAfter(store::Transaction& tx, qint64 seq) {
    return eventsWith(tx, u"seq > ?"_s, {seq});
}

}  // namespace tocsin::incidents
