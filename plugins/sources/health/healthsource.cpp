#include "plugins/sources/health/healthsource.h"

#include "sdk/async.h"
namespace tocsin::health {
namespace {

constexpr qint64 kSizeLimit = 4LL * 1024 * 1024;

QString expected() {
    return QStringLiteral("a health report (JSON)");
}

HttpRequest requestFor(const Settings& settings) {
    HttpRequest request;
    request.url = settings.url(QStringLiteral("url"));
    request.sizeLimit = kSizeLimit;
    request.headers.emplaceBack("Accept", "application/json, */*;q=0.1");
    const QMap<QString, QString> headers = settings.map(QStringLiteral("headers"));
    for (auto it = headers.begin(); it != headers.end(); ++it)
        request.headers.emplaceBack(it.key().toUtf8(), it.value().toUtf8());
    if (const Secret token = settings.secret(QStringLiteral("token")); !token.isEmpty())
        request.headers.emplaceBack("Authorization", "Bearer " + token.reveal().toUtf8());
    if (const auto timeout = settings.duration(QStringLiteral("timeout")); timeout.count() > 0)
        request.timeout = timeout;
    return request;
}

/// Answers that speak of the request rather than of the application's health.
bool isAboutTheRequest(int status) {
    return status == 401 || status == 403 || status == 404 || status == 405 || status == 410 ||
           status == 429;
}

}  // namespace

HealthSource::HealthSource(const Settings& settings, Clock& clock)
    : PolledSource(settings.name, settings.duration(QStringLiteral("every")), clock),
      m_request(requestFor(settings)),
      m_alerts(settings.map(QStringLiteral("labels"))) {
}

void HealthSource::look() {
    whenDone(m_http.send(m_request), this,
             [this](const Result<HttpReply>& reply) { fetched(reply); });
}

void HealthSource::fetched(const Result<HttpReply>& reply) {
    if (!reply) return giveUp(reply.error());
    if (isAboutTheRequest(reply->status)) return giveUp(unexpectedAnswer(*reply, expected()));
    runOnPool(
        this,
        [status = reply->status, body = reply->body] { return healthFromAnswer(status, body); },
        [this, answer = *reply](const Result<HealthReport>& report) {
            if (report) return deliver(m_alerts.alertsFor(*report, clock().now()));
            if (answer.status / 100 != 2) return giveUp(unexpectedAnswer(answer, expected()));
            giveUp(unreadableBody(answer, expected(), report.error().message));
        });
}

}  // namespace tocsin::health
