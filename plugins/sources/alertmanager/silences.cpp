#include "plugins/sources/alertmanager/silences.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

#include "plugins/sources/alertmanager/timestamp.h"

namespace tocsin::alertmanager {

Result<Silences> silencesFromJson(const QByteArray& json) {
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (problem.error != QJsonParseError::NoError || !document.isArray())
        return fail(ErrorCode::Parse,
                    QStringLiteral("The silences cannot be read: %1.").arg(problem.errorString()));
    Silences silences;
    for (const QJsonValue& value : document.array()) {
        const QJsonObject object = value.toObject();
        const QString id = object[u"id"].toString();
        silences.insert(id, {id, object[u"createdBy"].toString(), object[u"comment"].toString(),
                             timeFromText(object[u"endsAt"].toString())});
    }
    return silences;
}

void fillIn(QVector<Alert>& alerts, const Silences& silences) {
    for (Alert& alert : alerts)
        for (Suppression& suppression : alert.suppressions)
            if (const auto it = silences.constFind(suppression.id); it != silences.constEnd())
                suppression = *it;
}

bool namesSilences(const QVector<Alert>& alerts) {
    return std::any_of(alerts.begin(), alerts.end(), [](const Alert& alert) {
        return alert.state == AlertState::Silenced && !alert.suppressions.isEmpty();
    });
}

}  // namespace tocsin::alertmanager
