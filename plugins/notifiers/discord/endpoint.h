#pragma once
#include "plugins/notifiers/discord/webhook.h"
#include "sdk/http.h"
#include "sdk/notifier.h"
#include "sdk/settings.h"

namespace tocsin::discord {

/// Where the requests of one channel go, and what proves them: its webhook, or a bot that is in the
/// channel. Source of the paths: Discord's API documentation, v10, "Webhook", "Message", "Channel".
class Endpoint {
public:
    /// From `webhook`, or from `bot` and `channel_id`; `base` is Discord's address.
    /// Errors: Config, when it is both, neither, or not what Discord knows; never the secret.
    static Result<Endpoint> parse(const Settings& settings, const QUrl& base);

    bool isBot() const { return !m_channelId.isEmpty(); }
    /// POST a message here; with a `starter`, into its thread (bots only).
    QUrl posting(const QString& starter = {}) const;
    /// GET, PATCH one message here.
    QUrl message(const RemoteMessage& target) const;
    /// POST here to open the thread of a message (bots only).
    QUrl threads(const QString& starter) const;
    /// GET describes the webhook or the channel, to whoever may post there; posts nothing.
    QUrl self() const;
    /// `Authorization` for bots; a webhook's address is its own credential.
    HttpHeaders headers() const;

private:
    QUrl at(const QString& path) const;

    Webhook m_webhook;
    QUrl m_base;
    QString m_channelId;
    Secret m_token;
};

}  // namespace tocsin::discord
