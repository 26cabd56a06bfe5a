#include "plugins/sources/alertmanager/alertmanagersource.h"

#include "plugins/sources/alertmanager/address.h"
#include "plugins/sources/alertmanager/alertsjson.h"
#include "plugins/sources/alertmanager/silences.h"
#include "plugins/sources/alertmanager/silencing.h"
#include "sdk/async.h"

namespace tocsin::alertmanager {
namespace {

constexpr int kOk = 200;

QString expected() {
    return QStringLiteral("Alertmanager's alerts (API v2)");
}

}  // namespace

AlertmanagerSource::AlertmanagerSource(const Settings& settings, Clock& clock)
    : PolledSource(settings.name, settings.duration(QStringLiteral("every")), clock),
      m_settings(settings) {
}

void AlertmanagerSource::look() {
    whenDone(m_http.send(apiRequest(m_settings, QStringLiteral("alerts"))), this,
             [this](const Result<HttpReply>& reply) { alertsFetched(reply); });
}

void AlertmanagerSource::alertsFetched(const Result<HttpReply>& reply) {
    if (!reply) return giveUp(reply.error());
    if (reply->status != kOk) return giveUp(unexpectedAnswer(*reply, expected()));
    runOnPool(
        this, [body = reply->body] { return alertsFromJson(body); },
        [this, answer = *reply](Result<QVector<Alert>> alerts) {
            alertsRead(answer, std::move(alerts));
        });
}

void AlertmanagerSource::alertsRead(const HttpReply& reply, Result<QVector<Alert>> alerts) {
    if (!alerts) return giveUp(unreadableBody(reply, expected(), alerts.error().message));
    if (!namesSilences(*alerts)) return deliver(std::move(*alerts));
    fetchSilences(std::move(*alerts));
}

void AlertmanagerSource::fetchSilences(QVector<Alert> alerts) {
    whenDone(m_http.send(apiRequest(m_settings, QStringLiteral("silences"))), this,
             [this, alerts = std::move(alerts)](const Result<HttpReply>& reply) mutable {
                 if (!reply || reply->status != kOk) return deliver(std::move(alerts));
                 runOnPool(
                     this,
                     [alerts = std::move(alerts), body = reply->body]() mutable {
                         if (const auto silences = silencesFromJson(body))
                             fillIn(alerts, *silences);
                         return std::move(alerts);
                     },
                     [this](QVector<Alert> filled) { deliver(std::move(filled)); });
             });
}

QFuture<Result<QString>> AlertmanagerSource::silence(const SilenceRequest& request) {
    HttpRequest post = apiRequest(m_settings, QStringLiteral("silences"));
    post.method = "POST";
    post.headers.emplaceBack("Content-Type", "application/json");
    post.body = silenceBody(request);
    return chained(
        m_http.send(post), this, [this](const Result<HttpReply>& reply) -> Result<QString> {
            const QString what = QStringLiteral("a new silence (API v2)");
            if (!reply) return tl::unexpected<Error>(reply.error());
            // Grafana's own answers 201 or 202.
            if (reply->status / 100 != 2)
                return tl::unexpected<Error>(unexpectedAnswer(*reply, what));
            auto id = silenceIdFromJson(reply->body);
            if (!id) return tl::unexpected<Error>(unreadableBody(*reply, what, id.error().message));
            refresh();
            return id;
        });
}

QFuture<Result<void>> AlertmanagerSource::expireSilence(const QString& id) {
    HttpRequest request = apiRequest(m_settings, QStringLiteral("silence/") + id);
    request.method = "DELETE";
    return chained(
        m_http.send(request), this, [this](const Result<HttpReply>& reply) -> Result<void> {
            if (!reply) return tl::unexpected<Error>(reply.error());
            // Alertmanager up to 0.25 says it as an internal error.
            if (reply->status == 500 && reply->body.contains("not found"))
                return fail(ErrorCode::NotFound,
                            QStringLiteral("The silence is not there any more."));
            if (reply->status / 100 != 2)
                return tl::unexpected<Error>(
                    unexpectedAnswer(*reply, QStringLiteral("the end of a silence (API v2)")));
            refresh();
            return {};
        });
}

}  // namespace tocsin::alertmanager
