#include "plugins/sources/alertmanager/silencing.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace tocsin::alertmanager {

QByteArray silenceBody(const SilenceRequest& request) {
    QJsonArray matchers;
    for (auto it = request.labels.begin(); it != request.labels.end(); ++it)
        if (!it->isEmpty())
            matchers.append(QJsonObject{{QStringLiteral("name"), it.key()},
                                        {QStringLiteral("value"), *it},
                                        {QStringLiteral("isRegex"), false},
                                        {QStringLiteral("isEqual"), true}});
    const QJsonObject body{
        {QStringLiteral("matchers"), matchers},
        {QStringLiteral("startsAt"), request.from.toUTC().toString(Qt::ISODateWithMs)},
        {QStringLiteral("endsAt"), request.until.toUTC().toString(Qt::ISODateWithMs)},
        {QStringLiteral("createdBy"), request.author},
        {QStringLiteral("comment"), request.comment}};
    return QJsonDocument(body).toJson(QJsonDocument::Compact);
}

Result<QString> silenceIdFromJson(const QByteArray& json) {
    const QString id =
        QJsonDocument::fromJson(json).object()[QStringLiteral("silenceID")].toString();
    if (id.isEmpty())
        return fail(ErrorCode::Parse, QStringLiteral("the answer names no silenceID"));
    return id;
}

}  // namespace tocsin::alertmanager
