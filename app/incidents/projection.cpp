#include "incidents/projection.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QMap>

#include "incidents/events.h"
#include "incidents/incidentjson.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

const QString kColumns =
    u"id, title, priority, phase, commander, channel, runbook, declared_at, acknowledged_at, "
    "resolved_at, last_update_at, alerts, keys, more"_s;

QVariant stored(const QDateTime& at) {
    return at.isValid() ? QVariant(at.toMSecsSinceEpoch())
                        : QVariant(QMetaType::fromType<qint64>());
}

QDateTime time(const QVariant& ms) {
    return ms.isNull() ? QDateTime() : QDateTime::fromMSecsSinceEpoch(ms.toLongLong(), Qt::UTC);
}

QString stored(const QStringList& list) {
    return QString::fromUtf8(
        QJsonDocument(QJsonArray::fromStringList(list)).toJson(QJsonDocument::Compact));
}

QStringList list(const QVariant& json) {
    const QJsonArray array = QJsonDocument::fromJson(json.toString().toUtf8()).array();
    return textsOf(array);
}

Incident incidentFrom(const QSqlQuery& row) {
    Incident incident;
    incident.id = row.value(0).toString();
    incident.title = row.value(1).toString();
    incident.priority = static_cast<Priority>(row.value(2).toInt());
    incident.phase = phaseFromText(row.value(3).toString()).value_or(Phase::Acknowledge);
    incident.commander = row.value(4).toString();
    incident.channel = row.value(5).toString();
    incident.runbook = row.value(6).toString();
    incident.declaredAt = time(row.value(7));
    incident.acknowledgedAt = time(row.value(8));
    incident.resolvedAt = time(row.value(9));
    incident.lastUpdateAt = time(row.value(10));
    incident.alerts = list(row.value(11));
    incident.keys = list(row.value(12));
    readMore(incident, QJsonDocument::fromJson(row.value(13).toString().toUtf8()).object());
    return incident;
}

Result<QVector<Incident>> selectIncidents(store::Transaction& tx, const QString& rest,
                                          const QVariantList& values) {
    auto query = tx.run(u"SELECT %1 FROM incidents %2"_s.arg(kColumns, rest), values);
    if (!query) return tl::unexpected<Error>(query.error());
    QVector<Incident> incidents;
    while (query->next())
        incidents.append(incidentFrom(*query));
    return incidents;
}

}  // namespace

Result<std::optional<Incident>> Projection::find(store::Transaction& tx, const QString& id) {
    auto found = selectIncidents(tx, u"WHERE id = ?"_s, {id});
    if (!found) return tl::unexpected<Error>(found.error());
    if (found->isEmpty()) return std::optional<Incident>();
    return std::optional<Incident>(found->first());
}

Result<QVector<Incident>> Projection::among(store::Transaction& tx, const QStringList& ids) {
    if (ids.isEmpty()) return QVector<Incident>();
    const QString places = QStringList(ids.size(), u"?"_s).join(u',');
    return selectIncidents(tx, u"WHERE id IN (%1)"_s.arg(places),
                           QVariantList(ids.cbegin(), ids.cend()));
}

Result<QVector<Incident>> Projection::list(store::Transaction& tx, int recent) {
    return selectIncidents(
        tx,
        u"WHERE resolved_at IS NULL OR number IN (SELECT number FROM incidents WHERE "
        "resolved_at IS NOT NULL ORDER BY resolved_at DESC LIMIT ?) ORDER BY number"_s,
        {recent});
}

Result<void> Projection::save(store::Transaction& tx, const Incident& incident) {
    const qint64 number = incident.id.mid(4).toLongLong();
    QVariantList values{
        number,
        incident.id,
        incident.title + u""_s,
        static_cast<int>(incident.priority),
        nameOf(incident.phase),
        incident.commander + u""_s,
        incident.channel + u""_s,
        incident.runbook + u""_s,
        stored(incident.declaredAt),
        stored(incident.acknowledgedAt),
        stored(incident.resolvedAt),
        stored(incident.lastUpdateAt),
        stored(incident.alerts),
        stored(incident.keys),
        QString::fromUtf8(QJsonDocument(moreToJson(incident)).toJson(QJsonDocument::Compact))};
    auto query = tx.run(
        u"INSERT OR REPLACE INTO incidents(number, %1) VALUES "
        "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s.arg(kColumns),
        values);
    if (!query) return tl::unexpected<Error>(query.error());
    return {};
}

Result<QString> Projection::nextId(store::Transaction& tx) {
    auto query = tx.run(u"SELECT COALESCE(MAX(number), 0) + 1 FROM incidents"_s);
    if (!query) return tl::unexpected<Error>(query.error());
    query->next();
    return u"INC-%1"_s.arg(query->value(0).toLongLong());
}

Result<int> Projection::rebuild(store::Transaction& tx) {
    auto cleared = tx.run(u"DELETE FROM incidents"_s);
    if (!cleared) return tl::unexpected<Error>(cleared.error());
    auto events = eventsAfter(tx, 0);
    if (!events) return tl::unexpected<Error>(events.error());
    QMap<QString, Incident> incidents;
    for (const Event& event : *events)
        fold(incidents[event.incident], event);
    for (const Incident& incident : std::as_const(incidents))
        if (auto saved = save(tx, incident); !saved) return tl::unexpected<Error>(saved.error());
    return static_cast<int>(incidents.size());
}

}  // namespace tocsin::incidents
