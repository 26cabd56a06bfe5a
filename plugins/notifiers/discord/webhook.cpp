#include "plugins/notifiers/discord/webhook.h"

#include <QHostAddress>
#include <QRegularExpression>
#include <QUrlQuery>

namespace tocsin::discord {
namespace {

bool isLoopback(const QUrl& url) {
    return url.host() == QStringLiteral("localhost") || QHostAddress(url.host()).isLoopback();
}

bool isDiscord(const QUrl& url) {
    static const QRegularExpression hosts(
        QStringLiteral("^(?:(?:ptb|canary)\\.)?discord(?:app)?\\.com$"));
    return url.scheme() == QStringLiteral("https") && hosts.match(url.host()).hasMatch();
}

bool isSafe(const QUrl& base) {
    return base.isValid() && !base.host().isEmpty() &&
           (base.scheme() == QStringLiteral("https") ||
            (base.scheme() == QStringLiteral("http") && isLoopback(base)));
}

}  // namespace

Result<Webhook> Webhook::parse(const QString& channel, const Secret& address, const QUrl& base) {
    static const QRegularExpression path(
        QStringLiteral("^/api(?:/v\\d+)?/webhooks/(\\d{1,20})/([A-Za-z0-9_.-]+)/?$"));
    const QUrl url(address.reveal().trimmed());
    const auto match = path.match(url.path());
    const bool local = isLoopback(url) && (url.scheme() == QStringLiteral("http") ||
                                           url.scheme() == QStringLiteral("https"));
    if (!match.hasMatch() || !(local || isDiscord(url)))
        return fail(
            ErrorCode::Config,
            QStringLiteral("The webhook stored for channel %1 is not a Discord webhook address "
                           "(https://discord.com/api/webhooks/…); copy it from Discord's channel "
                           "settings and store it again.")
                .arg(channel));
    if (auto safe = checkBase(channel, base); !safe) return tl::unexpected<Error>(safe.error());
    Webhook webhook;
    webhook.m_base = local ? url : base;
    webhook.m_id = match.captured(1);
    webhook.m_token = Secret(match.captured(2));
    return webhook;
}

QUrl Webhook::at(const QString& below) const {
    QUrl url;
    url.setScheme(m_base.scheme());
    url.setHost(m_base.host());
    url.setPort(m_base.port());
    url.setPath(QStringLiteral("/api/v10/webhooks/%1/%2%3").arg(m_id, m_token.reveal(), below));
    return url;
}

QUrl Webhook::executeUrl() const {
    QUrl url = at({});
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("wait"), QStringLiteral("true"));
    url.setQuery(query);
    return url;
}

QUrl Webhook::messageUrl(const QString& id) const {
    return at(QStringLiteral("/messages/") + id);
}

Result<void> checkBase(const QString& channel, const QUrl& base) {
    if (isSafe(base)) return {};
    return fail(ErrorCode::Config,
                QStringLiteral("“base” of channel %1 must be an https address; leave it out to use "
                               "https://discord.com.")
                    .arg(channel));
}

}  // namespace tocsin::discord
