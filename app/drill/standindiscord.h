#pragma once
#include <QDateTime>
#include <QJsonObject>
#include <QVector>

#include "drill/standinserver.h"
#include "sdk/message.h"

namespace tocsin::drill {

/// What was posted, and whom Discord would have notified.
struct PostedMessage {
    QString id;
    QString channel;  ///< as given to addWebhook()
    QString content;
    QJsonObject body;  ///< as sent
    QVector<Attachment> files;
    QStringList pingedRoles, pingedUsers;  ///< ids
    bool pingsEveryone = false;
    bool silent = false;
    int edits = 0;
    QDateTime at;  ///< UTC
};

/// How the stand-in behaves. "Before" and "after" are about accepting the message.
enum class DiscordMood {
    Well,
    RateLimited,      ///< 429 with retry_after in body and header
    RateLimitedBare,  ///< 429 with an HTML body, as from the edge: only the header says how long
    GlobalLimit,      ///< 429, scope global
    ServerError,      ///< 500
    BadGateway,       ///< 502 with HTML
    Overloaded,       ///< 503 with code 130000
    UnknownWebhook,   ///< 404, code 10015
    BadToken,         ///< 401, code 50027
    Forbidden,        ///< 403, code 50013
    StallBefore,
    StallAfter,
    CutBefore,
    CutAfter,
    HalfAnswer,  ///< accepted; the answer breaks off
    Garbage,     ///< 200 with HTML, as from a captive portal; nothing accepted
    NoContent,   ///< 204 although wait=true was asked; accepted
};

/// A Discord of our own on 127.0.0.1: executes webhooks by Discord's documented rules (limits,
/// allowed_mentions, error codes), keeps what was posted and shows it as a page at `/`. Commanded
/// by misbehave(), or by POST /control {"mood": "rate_limited", "times": 2, "retry_after": 1.5}.
/// Source: Discord's developer documentation, API v10.
class StandInDiscord : public StandInServer {
    Q_OBJECT
public:
    explicit StandInDiscord(QObject* parent = nullptr);

    /// The webhook's address, with its token: a credential as on the real Discord.
    QString addWebhook(const QString& channel);
    /// The next `times` executions go that way; for ever when negative.
    void misbehave(DiscordMood mood, int times = -1, double retryAfterSeconds = 1.5);
    const QVector<PostedMessage>& posted() const { return m_posted; }
    /// Path, with query, of every webhook request so far, also of those refused.
    const QStringList& requests() const { return m_requests; }

signals:
    void messagePosted(const tocsin::drill::PostedMessage& message);

protected:
    StandInAnswer answer(const StandInRequest& request) override;

private:
    struct Webhook {
        QString id, token, channel;
    };

    StandInAnswer webhookAnswer(const StandInRequest& request, const QStringList& parts);
    StandInAnswer execute(const StandInRequest& request, const Webhook& webhook);
    StandInAnswer accept(const PostedMessage& message, bool wait, const Webhook& webhook);
    StandInAnswer edit(const StandInRequest& request, const QString& messageId,
                       const Webhook& webhook);
    StandInAnswer control(const StandInRequest& request);
    std::optional<StandInAnswer> refusalByMood() const;
    void countMood();
    QByteArray page() const;
    QString nextId();

    QVector<Webhook> m_webhooks;
    QVector<PostedMessage> m_posted;
    QStringList m_requests;
    DiscordMood m_mood = DiscordMood::Well;
    int m_moodLeft = 0;
    double m_retryAfter = 1.5;
    quint64 m_lastId = 0;
};

}  // namespace tocsin::drill
