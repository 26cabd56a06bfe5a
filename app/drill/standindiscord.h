#pragma once
#include <QDateTime>
#include <QJsonObject>
#include <QVector>

#include "drill/discordlimits.h"
#include "drill/discordmood.h"
#include "drill/standinserver.h"
#include "sdk/message.h"

namespace tocsin::drill {

/// What was posted, and whom Discord would have notified.
struct PostedMessage {
    QString id;
    QString channel;  ///< as given to addWebhook() or addBot()
    QString content;
    QJsonObject body;  ///< as sent
    QVector<Attachment> files;
    QStringList pingedRoles, pingedUsers;  ///< ids
    bool pingsEveryone = false;
    bool silent = false;
    int edits = 0;
    QDateTime at;    ///< UTC
    QString thread;  ///< id of the message whose thread it is in; empty: in the channel itself
    QString nonce;   ///< of a bot's message
    bool isDeleted = false;
};

/// A Discord of our own on 127.0.0.1: executes webhooks and serves bots by Discord's documented
/// rules (limits, allowed_mentions, enforced nonces, threads, error codes), keeps what was posted
/// and shows it as a page at `/`. Commanded by the functions below, or by POST /control with
/// {"mood": "rate_limited", "times": 2, "retry_after": 1.5}, {"limit": 5, "seconds": 2} or
/// {"delete": "ID"}. Source: Discord's developer documentation, API v10.
class StandInDiscord : public StandInServer {
    Q_OBJECT
public:
    struct Bot {
        QString token;      ///< a credential as on the real Discord
        QString channelId;  ///< the channel it is in
    };

    explicit StandInDiscord(QObject* parent = nullptr);

    /// The webhook's address, with its token: a credential as on the real Discord.
    QString addWebhook(const QString& channel);
    Bot addBot(const QString& channel);
    /// The next `times` posts, edits and threads go that way; for ever when negative.
    void misbehave(DiscordMood mood, int times = -1, double retryAfterSeconds = 1.5);
    DiscordLimits& limits() { return m_limits; }
    /// Somebody over there deletes a message, or changes its text.
    void deleteByHand(const QString& id);
    /// Every webhook and every bot's token is gone, as when somebody tidied up over there.
    void revokeByHand() { m_webhooks.clear(), m_bots.clear(); }
    void deleteThreadByHand(const QString& starter) { m_threads.removeAll(starter); }
    void editByHand(const QString& id, const QString& content);
    /// Threads can be opened here; they can by default.
    void allowThreads(bool allowed) { m_threadsAllowed = allowed; }

    const QVector<PostedMessage>& posted() const { return m_posted; }
    /// Path, with query, of every request of a webhook or bot so far, also of those refused.
    const QStringList& requests() const { return m_requests; }
    int repeatsRecognised() const { return m_repeats; }  ///< by their nonce

signals:
    /// One of a webhook or bot has come in; nothing was done with it yet.
    void requestReceived();
    void messagePosted(const tocsin::drill::PostedMessage& message);

protected:
    StandInAnswer answer(const StandInRequest& request) override;

private:
    struct Webhook {
        QString id, token, channel;
    };
    /// A request that was let in: where it wants to.
    struct Visit {
        QString channel;
        QString self;  ///< id of the webhook, or of the channel the bot is in
        QString thread, messageId;
        bool opensThread = false;
        bool isBot = false;
    };

    Result<Visit> admitWebhook(const StandInRequest& request, StandInAnswer& refusal) const;
    Result<Visit> admitBot(const StandInRequest& request, StandInAnswer& refusal) const;
    StandInAnswer served(const StandInRequest& request, const Visit& visit);
    StandInAnswer changed(const StandInRequest& request, const Visit& visit);
    StandInAnswer post(const StandInRequest& request, const Visit& visit);
    StandInAnswer accept(PostedMessage message, const Visit& visit);
    StandInAnswer edit(const StandInRequest& request, const Visit& visit);
    StandInAnswer openThread(const Visit& visit);
    StandInAnswer shown(const Visit& visit);
    StandInAnswer control(const StandInRequest& request);
    PostedMessage* find(const Visit& visit);
    void countMood();
    QString nextId();
    QString makeToken() const;

    QVector<Webhook> m_webhooks;
    QVector<QPair<Bot, QString>> m_bots;  // and the channel's name
    QVector<PostedMessage> m_posted;
    QStringList m_threads;  // ids of the messages they began at
    QStringList m_requests;
    DiscordLimits m_limits;
    DiscordMood m_mood = DiscordMood::Well;
    int m_moodLeft = 0;
    double m_retryAfter = 1.5;
    bool m_threadsAllowed = true;
    int m_repeats = 0;
    quint64 m_lastId = 0;
};

}  // namespace tocsin::drill
