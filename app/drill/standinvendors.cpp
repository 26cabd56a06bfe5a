#include "drill/standinvendors.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QStringEncoder>

namespace tocsin::drill {
namespace {

QString now() {
    return QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs);
}

QString componentStatus(const QString& indicator) {
    if (indicator == QStringLiteral("none")) return QStringLiteral("operational");
    if (indicator == QStringLiteral("minor")) return QStringLiteral("degraded_performance");
    if (indicator == QStringLiteral("major")) return QStringLiteral("partial_outage");
    return QStringLiteral("major_outage");
}

QJsonObject component(const QString& name, const QString& status) {
    return {{QStringLiteral("id"), name.toLower().remove(u' ')},
            {QStringLiteral("name"), name},
            {QStringLiteral("status"), status},
            {QStringLiteral("group"), false},
            {QStringLiteral("group_id"), QJsonValue::Null},
            {QStringLiteral("updated_at"), now()}};
}

QJsonObject openIncident(const QString& page, const QString& indicator) {
    const QJsonObject update{
        {QStringLiteral("id"), QStringLiteral("u1")},
        {QStringLiteral("status"), QStringLiteral("investigating")},
        {QStringLiteral("body"), QStringLiteral("We look into higher latency.")},
        {QStringLiteral("created_at"), now()},
        {QStringLiteral("affected_components"), QJsonValue::Null}};
    return {{QStringLiteral("id"), QStringLiteral("i1")},
            {QStringLiteral("name"), page + QStringLiteral(": higher latency")},
            {QStringLiteral("status"), QStringLiteral("investigating")},
            {QStringLiteral("impact"), indicator},
            {QStringLiteral("shortlink"), QStringLiteral("https://status.example/i1")},
            {QStringLiteral("created_at"), now()},
            {QStringLiteral("started_at"), now()},
            {QStringLiteral("incident_updates"), QJsonArray{update}}};
}

StandInAnswer statuspage(const QString& page, const QUrl& url, const QStringList& components,
                         const QString& indicator) {
    const bool well = indicator == QStringLiteral("none");
    QJsonArray parts;
    for (qsizetype i = 0; i < components.size(); ++i)
        parts.append(component(
            components[i], i == 0 ? componentStatus(indicator) : QStringLiteral("operational")));
    return jsonAnswer({{QStringLiteral("page"), QJsonObject{{QStringLiteral("id"), page.toLower()},
                                                            {QStringLiteral("name"), page},
                                                            {QStringLiteral("url"), url.toString()},
                                                            {QStringLiteral("updated_at"), now()}}},
                       {QStringLiteral("status"),
                        QJsonObject{{QStringLiteral("indicator"), indicator},
                                    {QStringLiteral("description"),
                                     well ? QStringLiteral("All Systems Operational")
                                          : QStringLiteral("Partially Degraded Service")}}},
                       {QStringLiteral("components"), parts},
                       {QStringLiteral("incidents"),
                        well ? QJsonArray() : QJsonArray{openIncident(page, indicator)}},
                       {QStringLiteral("scheduled_maintenances"), QJsonArray()}});
}

}  // namespace

StandInVendors::StandInVendors(QObject* parent) : StandInServer(parent) {
}

StandInAnswer StandInVendors::answer(const StandInRequest& request) {
    if (request.path == QStringLiteral("/mux/api/v2/summary.json"))
        return statuspage(QStringLiteral("Mux"), url(QStringLiteral("/mux")),
                          {QStringLiteral("API"), QStringLiteral("Video Delivery"),
                           QStringLiteral("Live Streaming")},
                          m_mux);
    if (request.path == QStringLiteral("/cloudflare/api/v2/summary.json"))
        return statuspage(
            QStringLiteral("Cloudflare"), url(QStringLiteral("/cloudflare")),
            {QStringLiteral("CDN/Cache"), QStringLiteral("R2"), QStringLiteral("Stream")},
            QStringLiteral("none"));
    if (request.path == QStringLiteral("/stripe/current")) return stripe();
    if (request.path == QStringLiteral("/aws/public/currentevents")) return aws();
    return {404, "text/html", "<html><h1>Not found</h1></html>"};
}

StandInAnswer StandInVendors::stripe() const {
    const bool well = m_stripe == QStringLiteral("up");
    const QString up = QStringLiteral("up");
    return jsonAnswer(
        {{QStringLiteral("largestatus"), m_stripe},
         {QStringLiteral("message"), well ? QStringLiteral("All services are online.")
                                          : QStringLiteral("Some API requests fail.")},
         {QStringLiteral("time"), now()},
         {QStringLiteral("statuses"),
          QJsonObject{{QStringLiteral("api"), m_stripe},
                      {QStringLiteral("dashboard"), up},
                      {QStringLiteral("stripejs"), up},
                      {QStringLiteral("checkoutjs"), well ? up : m_stripe}}}});
}

StandInAnswer StandInVendors::aws() const {
    const qint64 since = QDateTime::currentSecsSinceEpoch() - 900;
    const auto event = [since](const QString& region, const QString& service, const QString& name) {
        const QString summary = QStringLiteral("Increased error rates");
        return QJsonObject{
            {QStringLiteral("arn"), QStringLiteral("arn:aws:health:%1::event/E1").arg(region)},
            {QStringLiteral("date"), QString::number(since)},
            {QStringLiteral("region_name"), region},
            {QStringLiteral("status"), QStringLiteral("1")},
            {QStringLiteral("service"), service + u'-' + region},
            {QStringLiteral("service_name"), name},
            {QStringLiteral("summary"), summary},
            {QStringLiteral("event_log"),
             QJsonArray{
                 QJsonObject{{QStringLiteral("summary"), summary},
                             {QStringLiteral("message"), QStringLiteral("We are investigating.")},
                             {QStringLiteral("status"), 1},
                             {QStringLiteral("timestamp"), since}}}},
            {QStringLiteral("impacted_services"), QJsonObject()}};
    };
    QJsonArray events;
    if (m_awsEvent)
        events.append(event(QStringLiteral("us-east-1"), QStringLiteral("s3"),
                            QStringLiteral("Amazon S3 (N. Virginia)")));
    QStringEncoder encoder(QStringConverter::Utf16BE, QStringConverter::Flag::WriteBom);
    const QByteArray bytes = encoder(QString::fromUtf8(QJsonDocument(events).toJson()));
    return {200, "application/json;charset=utf-16", bytes};
}

}  // namespace tocsin::drill
