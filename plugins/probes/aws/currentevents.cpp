#include "plugins/probes/aws/currentevents.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringDecoder>
#include <algorithm>

#include "sdk/httpprobe.h"

namespace tocsin::aws {
namespace {

constexpr qsizetype kLatestLimit = 600;

/// "us-east-1" from "arn:aws:health:us-east-1::event/…"; empty when it names none.
QString regionOf(const QJsonObject& event) {
    const QStringList arn = event[u"arn"].toString().split(QLatin1Char(':'));
    if (arn.size() > 3 && !arn[3].isEmpty())
        return arn[3] == QLatin1String("global") ? QString() : arn[3];
    const QStringList parts = event[u"service"].toString().split(QLatin1Char('-'));
    // "<service>-us-east-1": the last three words
    return parts.size() >= 4 ? parts.mid(parts.size() - 3).join(QLatin1Char('-')) : QString();
}

bool isWantedService(const QJsonObject& event, const QStringList& services) {
    if (services.isEmpty()) return true;
    QStringList named = event[u"impacted_services"].toObject().keys();
    named << event[u"service"].toString();
    return std::any_of(services.begin(), services.end(), [&](const QString& service) {
        return std::any_of(named.begin(), named.end(), [&](const QString& name) {
            return name == service ||
                   name.startsWith(service + QLatin1Char('-'), Qt::CaseInsensitive);
        });
    });
}

/// What every event of the page has; a list of anything else says nothing about AWS.
bool isEvent(const QJsonObject& event) {
    const QJsonValue status = event[u"status"];
    return (status.isString() || status.isDouble()) && !status.toVariant().toString().isEmpty() &&
           (event[u"service"].isString() || event[u"arn"].isString());
}

ProbeLevel levelOf(const QString& status) {
    return status == QLatin1String("3") ? ProbeLevel::Outage : ProbeLevel::Degraded;
}

QString latestOf(const QJsonObject& event) {
    QString text;
    qint64 newest = -1;
    for (const QJsonValue& entry : event[u"event_log"].toArray()) {
        const qint64 at = entry[u"timestamp"].toInteger();
        if (at < newest) continue;
        newest = at;
        text = entry[u"message"].toString();
    }
    return text.simplified().left(kLatestLimit);
}

ProbeNotice noticeFrom(const QJsonObject& event, const QString& status) {
    const qint64 seconds = event[u"date"].toVariant().toLongLong();
    return {QStringLiteral("%1: %2").arg(event[u"service_name"].toString(),
                                         event[u"summary"].toString().simplified()),
            QStringLiteral("status %1").arg(status),
            levelOf(status),
            seconds > 0 ? QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC) : QDateTime(),
            latestOf(event),
            {}};
}

QString scopeText(const QStringList& regions) {
    return regions.isEmpty() ? QStringLiteral("any region") : regions.join(QStringLiteral(", "));
}

}  // namespace

QByteArray utf8From(const QByteArray& bytes) {
    const auto encoding = QStringConverter::encodingForData(bytes);
    if (!encoding || *encoding == QStringConverter::Utf8)
        return bytes.startsWith("\xEF\xBB\xBF") ? bytes.mid(3) : bytes;
    QStringDecoder decoder(*encoding);
    const QString text = decoder.decode(bytes);
    return text.toUtf8();
}

ProbeReport reportFromEvents(const HttpReply& reply, const QStringList& regions,
                             const QStringList& services) {
    if (reply.status != 200) return unexpectedStatus(reply);
    QJsonParseError problem;
    const QByteArray json = utf8From(reply.body);
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (!document.isArray())
        return unknownReport(
            QStringLiteral("%1 sent no list of events (%2); open the page to see for "
                           "yourself.")
                .arg(reply.url.host(), problem.errorString()),
            QString::fromUtf8(json.left(1000)));
    ProbeReport report;
    report.level = ProbeLevel::Ok;
    for (const QJsonValue& value : document.array()) {
        const QJsonObject event = value.toObject();
        if (!isEvent(event))
            return unknownReport(
                QStringLiteral("%1 sent no list of events in the known shape; open the page to "
                               "see for yourself.")
                    .arg(reply.url.host()),
                QString::fromUtf8(json.left(1000)));
        const QString status = event[u"status"].toVariant().toString();
        const QString region = regionOf(event);
        const bool isHere = regions.isEmpty() || region.isEmpty() || regions.contains(region);
        if (status == QLatin1String("0") || !isHere || !isWantedService(event, services)) continue;
        report.notices.append(noticeFrom(event, status));
        report.level = worse(report.level, levelOf(status));
    }
    report.summary = report.notices.isEmpty()
                         ? QStringLiteral("No open event in %1").arg(scopeText(regions))
                         : QStringLiteral("%1 open in %2: %3")
                               .arg(report.notices.size())
                               .arg(scopeText(regions), report.notices.first().title);
    return report;
}

}  // namespace tocsin::aws
