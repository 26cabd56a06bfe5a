#include "drill/standinapplication.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>

namespace tocsin::drill {
namespace {

struct Metric {
    const char* name;
    const char* help;
    double value;
};

QVector<Metric> metricsOf(const Vitals& vitals) {
    return {
        {"error_rate", "Requests that failed, percent", vitals.errorRate},
        {"response_time_p95", "95th percentile of response time, seconds", vitals.responseTimeP95},
        {"database_connections", "Pool of database connections in use, percent",
         vitals.poolUsage()},
        {"queue_processing_time", "95th percentile of the time jobs wait, seconds",
         vitals.queueProcessingTime},
        {"queue_depth", "Jobs that wait", static_cast<double>(vitals.queueDepth)},
        {"disk_usage", "Disk in use, percent", vitals.diskUsage},
        {"memory_usage", "Memory in use, percent", vitals.memoryUsage}};
}

bool databaseIsWell(const Vitals& vitals) {
    return vitals.poolUsage() < 95;
}

QJsonObject service(bool well, const QString& message) {
    QJsonObject object{
        {QStringLiteral("status"), well ? QStringLiteral("healthy") : QStringLiteral("unhealthy")}};
    if (!message.isEmpty()) object[u"message"] = message;
    return object;
}

QJsonObject servicesOf(const Vitals& vitals) {
    const QString pool =
        QStringLiteral("%1 of %2 connections in use").arg(vitals.poolInUse).arg(vitals.poolSize);
    const bool queueWell = vitals.queueProcessingTime < 300;
    return {
        {QStringLiteral("database"), service(databaseIsWell(vitals), pool)},
        {QStringLiteral("redis"), service(true, {})},
        {QStringLiteral("queue"),
         service(queueWell, QStringLiteral("%1 jobs wait").arg(vitals.queueDepth))},
        {QStringLiteral("payments"),
         service(vitals.paymentsWork,
                 vitals.paymentsWork ? QString() : QStringLiteral("api.stripe.com answers 503"))}};
}

}  // namespace

StandInApplication::StandInApplication(QObject* parent) : StandInServer(parent) {
}

StandInAnswer StandInApplication::answer(const StandInRequest& request) {
    if (request.path == QStringLiteral("/api/health")) return health(false);
    if (request.path == QStringLiteral("/health/detailed")) return health(true);
    if (request.path == QStringLiteral("/api/metrics")) return metrics(request);
    if (request.path == QStringLiteral("/health/ready")) {
        const bool ready = databaseIsWell(m_vitals);
        return jsonAnswer({{QStringLiteral("status"),
                            ready ? QStringLiteral("ready") : QStringLiteral("not ready")}},
                          ready ? 200 : 503);
    }
    return jsonAnswer({{QStringLiteral("error"), QStringLiteral("no such page")}}, 404);
}

StandInAnswer StandInApplication::health(bool detailed) const {
    const bool works = databaseIsWell(m_vitals);
    const bool well = works && m_vitals.paymentsWork && m_vitals.queueProcessingTime < 300;
    QJsonObject body{
        {QStringLiteral("status"), !works ? QStringLiteral("unhealthy")
                                   : well ? QStringLiteral("healthy")
                                          : QStringLiteral("degraded")},
        {QStringLiteral("timestamp"), QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)},
        {QStringLiteral("database_connection_pool_usage"), m_vitals.poolUsage()},
        {QStringLiteral("services"), servicesOf(m_vitals)}};
    if (detailed) {
        QJsonObject numbers;
        for (const Metric& metric : metricsOf(m_vitals))
            numbers[QLatin1String(metric.name)] = metric.value;
        body[u"metrics"] = numbers;
        body[u"version"] = QStringLiteral("2026.11.3");
    }
    return jsonAnswer(body, works ? 200 : 503);
}

StandInAnswer StandInApplication::metrics(const StandInRequest& request) const {
    const QByteArray accept = request.header("accept");
    const bool wantsText = accept.contains("text/plain") || accept.contains("openmetrics");
    QJsonObject json;
    QByteArray text;
    for (const Metric& metric : metricsOf(m_vitals)) {
        json[QLatin1String(metric.name)] = metric.value;
        const QByteArray name(metric.name);
        text += "# HELP " + name + ' ' + metric.help + "\n# TYPE " + name + " gauge\n" + name +
                ' ' + QByteArray::number(metric.value) + '\n';
    }
    if (wantsText && !accept.contains("application/json"))
        return {200, "text/plain; version=0.0.4; charset=utf-8", text};
    return jsonAnswer(json);
}

}  // namespace tocsin::drill
