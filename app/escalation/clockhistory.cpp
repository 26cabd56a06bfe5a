#include "escalation/clockhistory.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace tocsin::escalation {

using std::chrono::milliseconds;

namespace {

/// By how much the wall clock was set since that event of the incident, as its timeline says: what
/// the event calls 14:00 may be called 15:00 now.
Result<milliseconds> setSince(store::Transaction& tx, const QString& incident, qint64 seq) {
    auto query = tx.run(
        u"SELECT detail FROM incident_events WHERE incident = ? AND kind = 'clock' AND seq > ?"_s,
        {incident, seq});
    if (!query) return tl::unexpected<Error>(query.error());
    milliseconds sum{0};
    while (query->next())
        sum += milliseconds(QJsonDocument::fromJson(query->value(0).toString().toUtf8())
                                .object()[u"step_ms"_s]
                                .toInteger());
    return sum;
}

}  // namespace

Result<QDateTime> lastWorkedOn(store::Transaction& tx, const QString& incident) {
    auto query = tx.run(
        u"SELECT seq, at FROM incident_events WHERE incident = ? AND actor <> ? "
        "ORDER BY seq DESC LIMIT 1"_s,
        {incident, u"Tocsin"_s});
    if (!query) return tl::unexpected<Error>(query.error());
    if (!query->next()) return QDateTime();
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(query->value(1).toLongLong(), Qt::UTC);
    auto moved = setSince(tx, incident, query->value(0).toLongLong());
    if (!moved) return tl::unexpected<Error>(moved.error());
    return at.addMSecs(moved->count());
}

Result<std::optional<ClockReading>> lastReading(store::Transaction& tx) {
    auto query = tx.run(u"SELECT epoch, lasted_ms, wall_ms FROM clock_reading"_s);
    if (!query) return tl::unexpected<Error>(query.error());
    if (!query->next()) return std::optional<ClockReading>();
    return std::optional<ClockReading>(
        {query->value(0).toString(), milliseconds(query->value(1).toLongLong()),
         QDateTime::fromMSecsSinceEpoch(query->value(2).toLongLong(), Qt::UTC)});
}

Result<void> keepReading(store::Transaction& tx, const ClockReading& reading) {
    auto kept = tx.run(
        u"INSERT OR REPLACE INTO clock_reading VALUES(1, ?, ?, ?)"_s,
        {reading.epoch + u""_s, qint64{reading.lasted.count()}, reading.wall.toMSecsSinceEpoch()});
    if (!kept) return tl::unexpected<Error>(kept.error());
    return {};
}

}  // namespace tocsin::escalation
