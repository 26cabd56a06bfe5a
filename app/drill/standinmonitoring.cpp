#include "drill/standinmonitoring.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace tocsin::drill {
namespace {

const QString kSilence = QStringLiteral("5c1e0f3a-0000-4000-8000-000000000001");

QString text(const QDateTime& at) {
    return at.toString(Qt::ISODateWithMs);
}

QJsonObject alert(const QString& key, const QString& instance, const QString& severity,
                  const QString& summary, const QDateTime& since, const QStringList& silencedBy) {
    const QDateTime now = QDateTime::currentDateTimeUtc();
    return {
        {QStringLiteral("fingerprint"),
         QString::number(qHash(key + instance, 7) | (1ULL << 63), 16).right(16)},
        {QStringLiteral("labels"), QJsonObject{{QStringLiteral("alertname"), key},
                                               {QStringLiteral("instance"), instance},
                                               {QStringLiteral("severity"), severity}}},
        {QStringLiteral("annotations"), QJsonObject{{QStringLiteral("summary"), summary}}},
        {QStringLiteral("startsAt"), text(since)},
        {QStringLiteral("updatedAt"), text(now)},
        {QStringLiteral("endsAt"), text(now.addSecs(240))},
        {QStringLiteral("generatorURL"), QStringLiteral("http://127.0.0.1/graph")},
        {QStringLiteral("receivers"),
         QJsonArray{QJsonObject{{QStringLiteral("name"), QStringLiteral("team")}}}},
        {QStringLiteral("status"),
         QJsonObject{{QStringLiteral("state"), silencedBy.isEmpty() ? QStringLiteral("active")
                                                                    : QStringLiteral("suppressed")},
                     {QStringLiteral("silencedBy"), QJsonArray::fromStringList(silencedBy)},
                     {QStringLiteral("inhibitedBy"), QJsonArray()}}}};
}

QJsonObject silence(const QDateTime& since) {
    return {{QStringLiteral("id"), kSilence},
            {QStringLiteral("createdBy"), QStringLiteral("scribe")},
            {QStringLiteral("comment"), QStringLiteral("resize planned")},
            {QStringLiteral("startsAt"), text(since)},
            {QStringLiteral("endsAt"), text(since.addSecs(6 * 3600))},
            {QStringLiteral("updatedAt"), text(since)},
            {QStringLiteral("status"),
             QJsonObject{{QStringLiteral("state"), QStringLiteral("active")}}},
            {QStringLiteral("matchers"),
             QJsonArray{QJsonObject{{QStringLiteral("name"), QStringLiteral("alertname")},
                                    {QStringLiteral("value"), QStringLiteral("memory_usage")},
                                    {QStringLiteral("isRegex"), false},
                                    {QStringLiteral("isEqual"), true}}}}};
}

}  // namespace

StandInMonitoring::StandInMonitoring(QObject* parent)
    : StandInServer(parent), m_since(QDateTime::currentDateTimeUtc().addSecs(-4929)) {
}

StandInAnswer StandInMonitoring::answer(const StandInRequest& request) {
    QJsonArray list;
    if (request.path.endsWith(QStringLiteral("/api/v2/silences"))) {
        list.append(silence(m_since));
    } else if (request.path.endsWith(QStringLiteral("/api/v2/alerts"))) {
        for (const int worker : {2, 3, 5})
            list.append(
                alert(QStringLiteral("disk_usage"), QStringLiteral("worker-%1").arg(worker),
                      QStringLiteral("warning"),
                      QStringLiteral("Disk of worker-%1 at %2 %").arg(worker).arg(79 + worker),
                      m_since.addSecs(worker * 61), {}));
        list.append(alert(QStringLiteral("memory_usage"), QStringLiteral("worker-1"),
                          QStringLiteral("warning"), QStringLiteral("Memory of worker-1 at 83 %"),
                          m_since, {kSilence}));
    } else {
        return jsonAnswer({{QStringLiteral("code"), 404}}, 404);
    }
    return {200, "application/json", QJsonDocument(list).toJson(QJsonDocument::Compact)};
}

}  // namespace tocsin::drill
