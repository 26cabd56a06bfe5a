#pragma once
#include <QSet>

#include "plugins/notifiers/discord/answer.h"
#include "plugins/notifiers/discord/endpoint.h"
#include "plugins/notifiers/discord/mentions.h"
#include "plugins/notifiers/discord/payload.h"
#include "sdk/clock.h"

namespace tocsin::discord {

/// Posts to one Discord channel, through its webhook or as a bot. A bot's posts carry an enforced
/// nonce, so that a repeat creates nothing, and can go to threads; webhooks have neither: a repeat
/// can double a message there, and what belongs to a thread goes to the channel.
class DiscordNotifier : public Notifier {
    Q_OBJECT
public:
    /// Errors: Config, when the webhook, the bot or the base is not what Discord knows.
    static Result<std::unique_ptr<Notifier>> create(const Settings& settings, Clock& clock);

    QVector<Message> split(const Message& message) const override;
    QFuture<Result<Delivery>> post(const Message& part) override;
    /// The first post of a thread takes one request more, which opens it. Where no thread can be
    /// opened (no permission, its message deleted) the part goes to the channel.
    QFuture<Result<Delivery>> postInThread(const Message& part, const QString& starter) override;
    bool canEdit() const override { return true; }
    QFuture<Result<Delivery>> edit(const Message& part, const RemoteMessage& target) override;
    QFuture<Result<Sighting>> look(const Message& part, const RemoteMessage& target) override;
    QFuture<Result<void>> reach() override;
    QByteArray preview(const Message& part) const override;
    bool repeatsAreSafe() const override { return m_endpoint.isBot(); }

private:
    using Reply = Result<HttpReply>;

    DiscordNotifier(const Settings& settings, Endpoint endpoint, Mentions mentions, Clock& clock);

    Payload bodyOf(const Message& part, bool edit) const;
    QFuture<Reply> exchange(const QByteArray& method, const QUrl& url, const Payload& payload);
    QFuture<Result<Delivery>> send(const QByteArray& method, const QUrl& url, const Message& part,
                                   Asked asked);
    QFuture<Result<Delivery>> postToThread(const Message& part, const QString& starter);
    QFuture<Reply> openThread(const Message& part, const QString& starter);
    Result<void> opened(const QString& starter, const Reply& reply);
    void noticeLimit(const HttpReply& reply);

    QString m_channel;
    std::chrono::milliseconds m_timeout;
    Endpoint m_endpoint;
    Mentions m_mentions;
    Clock& m_clock;
    HttpClient* m_http;
    QSet<QString> m_threads;     ///< starters whose thread is known to be open
    QSet<QString> m_threadless;  ///< starters that can have none
};

}  // namespace tocsin::discord
