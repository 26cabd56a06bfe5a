#include "plugins/sources/metrics/metricssource.h"

#include "plugins/sources/metrics/jsonmetrics.h"
#include "plugins/sources/metrics/prometheustext.h"
#include "sdk/async.h"

namespace tocsin::metrics {
namespace {

QString expected() {
    return QStringLiteral("metrics (JSON or Prometheus text)");
}

HttpRequest requestFor(const Settings& settings) {
    HttpRequest request;
    request.url = settings.url(QStringLiteral("url"));
    request.headers.emplaceBack("Accept",
                                "application/json, text/plain;version=0.0.4;q=0.9, */*;q=0.1");
    const QMap<QString, QString> headers = settings.map(QStringLiteral("headers"));
    for (auto it = headers.begin(); it != headers.end(); ++it)
        request.headers.emplaceBack(it.key().toUtf8(), it.value().toUtf8());
    if (const Secret token = settings.secret(QStringLiteral("token")); !token.isEmpty())
        request.headers.emplaceBack("Authorization", "Bearer " + token.reveal().toUtf8());
    if (const auto timeout = settings.duration(QStringLiteral("timeout")); timeout.count() > 0)
        request.timeout = timeout;
    return request;
}

/// Only the runbooks' own thresholds apply, and none finds its number.
Error nothingJudged(const QStringList& metrics) {
    constexpr qsizetype kNamed = 5;
    const QString more = metrics.size() > kNamed ? QStringLiteral(", …") : QString();
    return {ErrorCode::Config,
            QStringLiteral("It answers, but with no number that a threshold is for (%1%2), so "
                           "nothing can be judged; write `rules` for the numbers it has.")
                .arg(metrics.mid(0, kNamed).join(QStringLiteral(", ")), more),
            {}};
}

}  // namespace

Result<Samples> samplesFromAnswer(const QByteArray& contentType, const QByteArray& body) {
    const QByteArray start = body.left(256).trimmed();
    const bool looksLikeJson = start.startsWith('{') || start.startsWith('[');
    if (contentType.contains("json") || looksLikeJson) {
        Result<Samples> samples = samplesFromJson(body);
        // Prometheus' UTF-8 names start with {" too; JSON that ends well is never that.
        if (samples || contentType.contains("json")) return samples;
        const Result<Samples> text = samplesFromPrometheusText(body);
        return text ? text : samples;
    }
    if (start.startsWith('<')) return fail(ErrorCode::Parse, QStringLiteral("a page, not metrics"));
    return samplesFromPrometheusText(body);
}

MetricsSource::MetricsSource(const Settings& settings, QVector<Rule> rules, Clock& clock)
    : PolledSource(settings.name, settings.duration(QStringLiteral("every")), clock),
      m_request(requestFor(settings)),
      m_evaluator(std::move(rules), settings.map(QStringLiteral("labels"))) {
}

void MetricsSource::look() {
    whenDone(m_http.send(m_request), this,
             [this](const Result<HttpReply>& reply) { fetched(reply); });
}

void MetricsSource::fetched(const Result<HttpReply>& reply) {
    if (!reply) return giveUp(reply.error());
    if (reply->status / 100 != 2) return giveUp(unexpectedAnswer(*reply, expected()));
    runOnPool(
        this,
        [type = reply->header("content-type"), body = reply->body] {
            return samplesFromAnswer(type, body);
        },
        [this, answer = *reply](const Result<Samples>& samples) {
            if (!samples)
                return giveUp(unreadableBody(answer, expected(), samples.error().message));
            const auto alerts = m_evaluator.evaluate(*samples, clock().now(), clock().elapsed());
            if (m_evaluator.judgesNothing()) return giveUp(nothingJudged(m_evaluator.metrics()));
            deliver(alerts);
        });
}

}  // namespace tocsin::metrics
