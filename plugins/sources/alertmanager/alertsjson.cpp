#include "plugins/sources/alertmanager/alertsjson.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "plugins/sources/alertmanager/timestamp.h"

namespace tocsin::alertmanager {
namespace {

QMap<QString, QString> texts(const QJsonObject& object) {
    QMap<QString, QString> map;
    // A JSON object is sorted already, so every insertion is at the end.
    for (auto it = object.begin(); it != object.end(); ++it)
        map.insert(map.cend(), it.key(),
                   it->isString() ? it->toString() : it->toVariant().toString());
    return map;
}

QString firstOf(const QMap<QString, QString>& map, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (const QString text = map.value(QLatin1String(name)); !text.isEmpty()) return text;
    return {};
}

QString hashOf(const QMap<QString, QString>& labels) {
    QCryptographicHash hash(QCryptographicHash::Sha1);
    for (auto it = labels.begin(); it != labels.end(); ++it) {
        hash.addData(it.key().toUtf8() + '\0');
        hash.addData(it.value().toUtf8() + '\0');
    }
    return QString::fromLatin1(hash.result().toHex().left(16));
}

AlertState stateOf(const QJsonObject& status, QVector<Suppression>& suppressions) {
    const QJsonArray silences = status[u"silencedBy"].toArray();
    const QJsonArray inhibitors = status[u"inhibitedBy"].toArray();
    const QJsonArray mutes = status[u"mutedBy"].toArray();
    for (const QJsonValue& id : silences)
        suppressions.append({id.toString(), {}, {}, {}});
    for (const QJsonValue& id : inhibitors)
        suppressions.append({id.toString(), {}, {}, {}});
    for (const QJsonValue& id : mutes)
        suppressions.append({id.toString(), {}, QStringLiteral("muted by time interval"), {}});
    if (!silences.isEmpty() || !mutes.isEmpty()) return AlertState::Silenced;
    if (!inhibitors.isEmpty()) return AlertState::Inhibited;
    // "suppressed" without a reason: someone keeps it quiet all the same.
    if (status[u"state"].toString() == QLatin1String("suppressed")) return AlertState::Silenced;
    return AlertState::Firing;  // "active", "unprocessed", and words of later versions
}

Alert alertFrom(const QJsonObject& object) {
    Alert alert;
    alert.labels = texts(object[u"labels"].toObject());
    alert.annotations = texts(object[u"annotations"].toObject());
    alert.fingerprint = object[u"fingerprint"].toString();
    if (alert.fingerprint.isEmpty()) alert.fingerprint = hashOf(alert.labels);
    alert.key = keyOf(alert.labels);
    alert.severity = severityFromText(firstOf(alert.labels, {"severity", "priority", "level"}));
    alert.state = stateOf(object[u"status"].toObject(), alert.suppressions);
    alert.startsAt = timeFromText(object[u"startsAt"].toString());
    alert.updatedAt = timeFromText(object[u"updatedAt"].toString());
    alert.summary = firstOf(alert.annotations, {"summary", "message", "description"});
    alert.generatorUrl = QUrl(object[u"generatorURL"].toString());
    return alert;
}

}  // namespace

QString keyOf(const QMap<QString, QString>& labels) {
    const QString key = firstOf(labels, {"alert_key", "alertname"});
    return key.isEmpty() ? QStringLiteral("unnamed") : key;
}

Result<QVector<Alert>> alertsFromJson(const QByteArray& json) {
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (problem.error != QJsonParseError::NoError)
        return fail(ErrorCode::Parse, QStringLiteral("%1 at byte %2 of %3")
                                          .arg(problem.errorString())
                                          .arg(problem.offset)
                                          .arg(json.size()));
    if (!document.isArray())
        return fail(ErrorCode::Parse, QStringLiteral("JSON, but not a list of alerts"));
    const QJsonArray array = document.array();
    QVector<Alert> alerts;
    alerts.reserve(array.size());
    for (const QJsonValue& value : array)
        if (value.isObject()) alerts.append(alertFrom(value.toObject()));
    return alerts;
}

}  // namespace tocsin::alertmanager
