#pragma once
#include "plugins/notifiers/discord/mentions.h"
#include "plugins/notifiers/discord/webhook.h"
#include "sdk/clock.h"
#include "sdk/http.h"
#include "sdk/notifier.h"
#include "sdk/settings.h"

namespace tocsin::discord {

/// Posts to one Discord channel through its webhook. Webhooks have no nonce, so that a repeat
/// can double a message: repeatsAreSafe() is false.
class DiscordNotifier : public Notifier {
    Q_OBJECT
public:
    /// Errors: Config, when the webhook, the base or a mention is not what Discord knows.
    static Result<std::unique_ptr<Notifier>> create(const Settings& settings, Clock& clock);

    QVector<Message> split(const Message& message) const override;
    QFuture<Result<Delivery>> post(const Message& part) override;
    QByteArray preview(const Message& part) const override;
    bool repeatsAreSafe() const override { return false; }

private:
    DiscordNotifier(const Settings& settings, Webhook webhook, Mentions mentions, Clock& clock);

    QString m_channel;
    std::chrono::milliseconds m_timeout;
    Webhook m_webhook;
    Mentions m_mentions;
    Clock& m_clock;
    HttpClient* m_http;
};

}  // namespace tocsin::discord
