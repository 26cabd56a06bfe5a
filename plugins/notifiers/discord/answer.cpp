#include "plugins/notifiers/discord/answer.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <cmath>

#include "sdk/secret.h"

namespace tocsin::discord {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kDefaultPause{5000};
constexpr milliseconds kShortestPause{100};  // "0" must not become a busy loop
constexpr milliseconds kLongestPause{24LL * 3600 * 1000};
constexpr qsizetype kMostFormErrors = 5;
constexpr qsizetype kDetail = 1000;
constexpr int kNotTheAuthor = 50005;  // "Cannot edit a message authored by another user"

struct Words {
    int code = 0;  ///< Discord's own, 0 when it gave none
    QString message;
    QJsonObject body;
    QString detail;
};

Words wordsOf(const HttpReply& reply) {
    Words words;
    words.body = QJsonDocument::fromJson(reply.body).object();
    words.code = words.body[u"code"].toInt();
    words.message = redact(words.body[u"message"].toString()).left(200);
    words.detail = redact(QStringLiteral("HTTP %1 %2")
                              .arg(reply.status)
                              .arg(QString::fromUtf8(reply.body.left(4 * kDetail))))
                       .left(kDetail);
    return words;
}

std::optional<milliseconds> secondsToPause(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0) return std::nullopt;
    const double capped = std::min(seconds * 1000.0, static_cast<double>(kLongestPause.count()));
    return milliseconds(static_cast<qint64>(std::ceil(capped)));
}

milliseconds pauseOf(const HttpReply& reply, const Words& words) {
    const QJsonValue inBody = words.body[u"retry_after"];
    if (inBody.isDouble())
        if (const auto pause = secondsToPause(inBody.toDouble())) return *pause;
    if (const auto pause = reply.retryAfter()) return std::min(*pause, kLongestPause);
    bool isNumber = false;
    const double reset = reply.header("x-ratelimit-reset-after").toDouble(&isNumber);
    if (isNumber)
        if (const auto pause = secondsToPause(reset)) return *pause;
    return kDefaultPause;
}

bool isGlobal(const HttpReply& reply, const Words& words) {
    return words.body[u"global"].toBool() || reply.header("x-ratelimit-global") == "true" ||
           reply.header("x-ratelimit-scope") == "global";
}

/// Limits that come with a status of their own: slow mode, the channel's write limit, too many
/// edits of a message older than an hour.
bool isPace(int code) {
    return code == 20016 || code == 20028 || code == 30046;
}

Error rateLimited(const QString& channel, const HttpReply& reply, const Words& words) {
    const milliseconds pause = pauseOf(reply, words);
    const bool global = isGlobal(reply, words);
    Error error{ErrorCode::RateLimited,
                QStringLiteral("Discord asks %1 to wait %2 s; it is sent then by itself.")
                    .arg(global ? QStringLiteral("everything that posts from here, channel %1 too,")
                                      .arg(channel)
                                : QStringLiteral("channel %1").arg(channel))
                    .arg(static_cast<double>(pause.count()) / 1000.0, 0, 'f', 1),
                words.detail};
    error.retryAfter = std::max(pause, kShortestPause);
    return error;
}

Error refused(const QString& channel, int status, const Words& words) {
    if (words.code == 40005 || words.code == 50045 || status == 413)
        return {ErrorCode::Refused,
                QStringLiteral("The files are too large for channel %1; attach less.").arg(channel),
                words.detail};
    if (words.code == 50006)
        return {
            ErrorCode::Refused,
            QStringLiteral("Discord does not take an empty message in channel %1; write something.")
                .arg(channel),
            words.detail};
    QString why = formErrors(words.body[u"errors"].toObject());
    if (why.isEmpty()) why = words.message;
    if (why.isEmpty()) why = QStringLiteral("HTTP %1").arg(status);
    return {ErrorCode::Refused,
            QStringLiteral(
                "Discord refuses this message in channel %1 (%2); change it and send it again.")
                .arg(channel, why),
            words.detail};
}

Error lostAccess(const QString& channel, const Words& words) {
    if (words.code == 50014)
        return {ErrorCode::Auth,
                QStringLiteral("Discord does not know the bot token of channel %1; make a new one "
                               "in Discord's developer portal and store it under the secret that "
                               "the channel names.")
                    .arg(channel),
                words.detail};
    if (words.code == 50027 || words.code == 0 || words.code == 40001)
        return {ErrorCode::Auth,
                QStringLiteral(
                    "Discord does not know the token of channel %1; copy the "
                    "webhook's address (or the bot's token) from Discord again and store it under "
                    "the secret that the channel names.")
                    .arg(channel),
                words.detail};
    return {ErrorCode::Auth,
            QStringLiteral(
                "Discord does not allow posts to channel %1 (%2, code %3); check the webhook "
                "or the bot and the channel's permissions.")
                .arg(channel, words.message)
                .arg(words.code),
            words.detail};
}

Error gone(const QString& channel, const Words& words) {
    if (words.code == 10003)
        return {ErrorCode::NotFound,
                QStringLiteral("Discord knows no channel with the id of channel %1, or the bot is "
                               "not in it; correct “channel_id” or invite the bot.")
                    .arg(channel),
                words.detail};
    return {
        ErrorCode::NotFound,
        QStringLiteral("The webhook of channel %1 no longer exists; make a new one in Discord and "
                       "store its address under the secret that the channel names.")
            .arg(channel),
        words.detail};
}

Error serverError(const QString& channel, int status, const Words& words) {
    const bool inFront = status == 502 || status == 504 || (status >= 520 && status < 530);
    if (inFront)
        return {ErrorCode::Network,
                QStringLiteral(
                    "Discord's gateway failed (HTTP %1) on a post to channel %2; it may have "
                    "arrived all the same.")
                    .arg(status)
                    .arg(channel),
                words.detail};
    return {ErrorCode::Unavailable,
            QStringLiteral(
                "Discord cannot take posts to channel %1 now (HTTP %2); that passes by itself.")
                .arg(channel)
                .arg(status),
            words.detail};
}

void collect(const QJsonObject& node, const QString& path, QStringList& out) {
    for (auto it = node.begin(); it != node.end(); ++it) {
        if (it.key() != QStringLiteral("_errors")) {
            collect(it->toObject(), path.isEmpty() ? it.key() : path + u'.' + it.key(), out);
            continue;
        }
        for (const QJsonValue& leaf : it->toArray())
            out << (path.isEmpty() ? QString() : path + QStringLiteral(": ")) +
                       leaf[u"message"].toString();
    }
}

Error deleted(const QString& channel, const Words& words) {
    return {ErrorCode::Refused,
            QStringLiteral("The message was deleted in Discord's channel %1; it is posted anew.")
                .arg(channel),
            words.detail};
}

/// The channel went over from a webhook to a bot, or to another bot.
Error anothers(const QString& channel, const Words& words) {
    return {ErrorCode::Refused,
            QStringLiteral("The message in Discord's channel %1 belongs to another author, whom "
                           "this channel posted as before; it is posted anew.")
                .arg(channel),
            words.detail};
}

/// Answers that are not Discord's verdict: something in between, or a request that came too slowly.
bool isNoVerdict(int status) {
    return status < 400 || status == 408 || status == 425;
}

Error unanswered(const QString& channel, int status, const Words& words) {
    return {ErrorCode::Network,
            QStringLiteral(
                "The answer for channel %1 (HTTP %2) says nothing about the message; a proxy or a "
                "login page may stand between.")
                .arg(channel)
                .arg(status),
            words.detail};
}

Error unsaid(const QString& channel, int status, const Words& words) {
    return {
        ErrorCode::Unavailable,
        QStringLiteral("Nobody says whether channel %1 is there (HTTP %2): Discord is ill, or a "
                       "proxy or a login page stands between. Ask again in a while.")
            .arg(channel)
            .arg(status),
        words.detail};
}

Error errorOf(const QString& channel, const HttpReply& reply, const Words& words, Asked asked) {
    if (reply.status == 429 || isPace(words.code)) return rateLimited(channel, reply, words);
    if (asked == Asked::Self && (reply.status >= 500 || isNoVerdict(reply.status)))
        return unsaid(channel, reply.status, words);
    if (reply.status >= 500) return serverError(channel, reply.status, words);
    // 10008 is an unknown message, 10003 an unknown channel: the thread it was in.
    if (asked == Asked::Edit && reply.status == 404 && (words.code == 10008 || words.code == 10003))
        return deleted(channel, words);
    if (asked == Asked::Edit && words.code == kNotTheAuthor) return anothers(channel, words);
    if (isNoVerdict(reply.status)) return unanswered(channel, reply.status, words);
    if (reply.status == 401 || reply.status == 403) return lostAccess(channel, words);
    if (reply.status == 404 || reply.status == 410) return gone(channel, words);
    return refused(channel, reply.status, words);
}

}  // namespace

std::chrono::milliseconds restOf(const HttpReply& reply) {
    bool isNumber = false;
    const double seconds = reply.header("x-ratelimit-reset-after").toDouble(&isNumber);
    if (!isNumber || reply.header("x-ratelimit-remaining").trimmed() != "0") return milliseconds(0);
    return secondsToPause(seconds).value_or(milliseconds(0));
}

bool isGlobalLimit(const HttpReply& reply) {
    return reply.status == 429 && isGlobal(reply, wordsOf(reply));
}

int codeOf(const HttpReply& reply) {
    return wordsOf(reply).code;
}

QString formErrors(const QJsonObject& errors) {
    QStringList lines;
    collect(errors, {}, lines);
    const qsizetype more = lines.size() - kMostFormErrors;
    if (more > 0) lines = lines.mid(0, kMostFormErrors) << QStringLiteral("and %1 more").arg(more);
    return redact(lines.join(QStringLiteral("; "))).left(600);
}

Result<Delivery> deliveryOf(const QString& channel, const HttpReply& reply, const QDateTime& now,
                            Asked asked) {
    const Words words = wordsOf(reply);
    if (reply.status >= 200 && reply.status < 300) {
        const QString id = words.body[u"id"].toString();
        if (!id.isEmpty()) return Delivery{id, now, restOf(reply)};
        if (asked == Asked::Self)
            return tl::unexpected<Error>(unsaid(channel, reply.status, words));
        return fail(ErrorCode::Protocol,
                    QStringLiteral(
                        "The answer for channel %1 is not Discord's; a proxy or a login page may "
                        "stand between. Whether the message arrived is unknown.")
                        .arg(channel),
                    words.detail);
    }
    return tl::unexpected<Error>(errorOf(channel, reply, words, asked));
}

}  // namespace tocsin::discord
