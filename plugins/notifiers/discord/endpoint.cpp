#include "plugins/notifiers/discord/endpoint.h"

#include <QRegularExpression>
#include <QUrlQuery>

namespace tocsin::discord {
namespace {

Result<Secret> tokenFrom(const Settings& settings) {
    // Pasted with or without the word that goes before it in the header.
    QString token = settings.secret(QStringLiteral("bot")).reveal().trimmed();
    if (token.startsWith(QStringLiteral("Bot "), Qt::CaseInsensitive))
        token = token.mid(4).trimmed();
    static const QRegularExpression form(QStringLiteral("^[A-Za-z0-9_.-]{20,200}$"));
    if (!form.match(token).hasMatch())
        return fail(ErrorCode::Config,
                    QStringLiteral("What is stored as the bot token of channel %1 is none; copy it "
                                   "from Discord's developer portal (Bot, Reset Token) and store "
                                   "it again.")
                        .arg(settings.name));
    return Secret(token);
}

}  // namespace

Result<Endpoint> Endpoint::parse(const Settings& settings, const QUrl& base) {
    const QString channelId = settings.text(QStringLiteral("channel_id")).trimmed();
    const bool hasBot = !settings.secret(QStringLiteral("bot")).isEmpty() || !channelId.isEmpty();
    const bool hasWebhook = !settings.secret(QStringLiteral("webhook")).isEmpty();
    if (hasBot && hasWebhook)
        return fail(ErrorCode::Config,
                    QStringLiteral("Channel %1 has a webhook and a bot; keep one of them.")
                        .arg(settings.name));
    Endpoint endpoint;
    if (!hasBot) {
        auto webhook =
            Webhook::parse(settings.name, settings.secret(QStringLiteral("webhook")), base);
        if (!webhook) return tl::unexpected<Error>(webhook.error());
        endpoint.m_webhook = *webhook;
        return endpoint;
    }
    static const QRegularExpression snowflake(QStringLiteral("^\\d{1,20}$"));
    if (!snowflake.match(channelId).hasMatch())
        return fail(ErrorCode::Config,
                    QStringLiteral("“channel_id” of channel %1 is “%2”, not an id; in Discord's "
                                   "developer mode choose Copy Channel ID and write it in quotes.")
                        .arg(settings.name, channelId.left(40)));
    if (auto safe = checkBase(settings.name, base); !safe)
        return tl::unexpected<Error>(safe.error());
    auto token = tokenFrom(settings);
    if (!token) return tl::unexpected<Error>(token.error());
    endpoint.m_token = *token;
    endpoint.m_base = base;
    endpoint.m_channelId = channelId;
    return endpoint;
}

QUrl Endpoint::at(const QString& path) const {
    QUrl url;
    url.setScheme(m_base.scheme());
    url.setHost(m_base.host());
    url.setPort(m_base.port());
    url.setPath(QStringLiteral("/api/v10") + path);
    return url;
}

QUrl Endpoint::posting(const QString& starter) const {
    if (!isBot()) return m_webhook.executeUrl();
    // A thread that began at a message has that message's id.
    return at(
        QStringLiteral("/channels/%1/messages").arg(starter.isEmpty() ? m_channelId : starter));
}

QUrl Endpoint::message(const RemoteMessage& target) const {
    if (!isBot()) return m_webhook.messageUrl(target.id);
    return at(QStringLiteral("/channels/%1/messages/%2")
                  .arg(target.starter.isEmpty() ? m_channelId : target.starter, target.id));
}

QUrl Endpoint::threads(const QString& starter) const {
    return at(QStringLiteral("/channels/%1/messages/%2/threads").arg(m_channelId, starter));
}

QUrl Endpoint::self() const {
    return isBot() ? at(QStringLiteral("/channels/") + m_channelId) : m_webhook.selfUrl();
}

HttpHeaders Endpoint::headers() const {
    if (!isBot()) return {};
    return {{"Authorization", "Bot " + m_token.reveal().toLatin1()}};
}

}  // namespace tocsin::discord
