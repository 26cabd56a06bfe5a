#include "drill/standindiscord.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QRegularExpression>

#include "drill/discordpage.h"
#include "drill/discordrules.h"

namespace tocsin::drill {
namespace {

// How long the real one remembers a nonce: "the past few minutes".
constexpr qint64 kNonceSeconds = 180;

tl::unexpected<Error> refuse(StandInAnswer& refusal, const StandInAnswer& with) {
    refusal = with;
    return fail(ErrorCode::Refused, QStringLiteral("not let in"));
}

QJsonObject asDiscord(const PostedMessage& message) {
    QJsonObject body = message.body;
    body[u"id"] = message.id;
    body[u"content"] = message.content;
    body[u"channel_id"] = message.thread.isEmpty() ? QStringLiteral("900") : message.thread;
    body[u"timestamp"] = message.at.toString(Qt::ISODateWithMs);
    body[u"edited_timestamp"] = QJsonValue::Null;
    return body;
}

}  // namespace

StandInDiscord::StandInDiscord(QObject* parent) : StandInServer(parent) {
}

QString StandInDiscord::nextId() {
    // A snowflake: milliseconds since 2015 above 22 bits. Always growing.
    const auto since = static_cast<quint64>(QDateTime::currentMSecsSinceEpoch()) - 1420070400000ULL;
    m_lastId = std::max(m_lastId + 1, since << 22);
    return QString::number(m_lastId);
}

QString StandInDiscord::makeToken() const {
    QString token;
    for (int i = 0; i < 5; ++i)
        token += QString::number(QRandomGenerator::system()->generate64() | (1ULL << 63), 36);
    return token;
}

QString StandInDiscord::addWebhook(const QString& channel) {
    const Webhook webhook{nextId(), makeToken(), channel};
    m_webhooks.push_back(webhook);
    return url(QStringLiteral("/api/webhooks/%1/%2").arg(webhook.id, webhook.token)).toString();
}

StandInDiscord::Bot StandInDiscord::addBot(const QString& channel) {
    const Bot bot{makeToken(), nextId()};
    m_bots.push_back({bot, channel});
    return bot;
}

void StandInDiscord::misbehave(DiscordMood mood, int times, double retryAfterSeconds) {
    m_mood = times == 0 ? DiscordMood::Well : mood;
    m_moodLeft = times;
    m_retryAfter = retryAfterSeconds;
}

void StandInDiscord::deleteByHand(const QString& id) {
    for (PostedMessage& message : m_posted)
        if (message.id == id) message.isDeleted = true;
}

void StandInDiscord::editByHand(const QString& id, const QString& content) {
    for (PostedMessage& message : m_posted)
        if (message.id == id) message.content = content;
}

void StandInDiscord::countMood() {
    if (m_moodLeft > 0 && --m_moodLeft == 0) m_mood = DiscordMood::Well;
}

StandInAnswer StandInDiscord::answer(const StandInRequest& request) {
    if (request.path == QStringLiteral("/"))
        return {200, "text/html; charset=utf-8", discordPage(m_posted)};
    if (request.path.startsWith(QStringLiteral("/control"))) return control(request);
    if (!request.path.startsWith(QStringLiteral("/api/")))
        return codeAnswer(404, 0, QStringLiteral("404: Not Found"));
    m_requests << request.path + u'?' + request.query.toString();
    emit requestReceived();
    // The edge blocks what does not name itself in Discord's form, where it writes.
    if (request.method != "GET" && !request.header("user-agent").startsWith("DiscordBot ("))
        return codeAnswer(403, 40333, QStringLiteral("internal network error"));
    StandInAnswer refusal;
    const bool isBot = request.path.contains(QStringLiteral("/channels/"));
    const auto visit = isBot ? admitBot(request, refusal) : admitWebhook(request, refusal);
    if (!visit) return refusal;
    const QString bucket = QString::fromLatin1(request.method) + visit->channel + visit->thread;
    if (const auto limited = m_limits.refusal(bucket)) return *limited;
    StandInAnswer out = served(request, *visit);
    m_limits.describe(bucket, out);
    return out;
}

Result<StandInDiscord::Visit> StandInDiscord::admitWebhook(const StandInRequest& request,
                                                           StandInAnswer& refusal) const {
    static const QRegularExpression path(
        QStringLiteral("^/api(?:/v\\d+)?/webhooks/(\\d+)/([^/]+)(?:/messages/(\\d+))?$"));
    const auto match = path.match(request.path);
    if (!match.hasMatch())
        return refuse(refusal, codeAnswer(404, 0, QStringLiteral("404: Not Found")));
    const auto webhook =
        std::find_if(m_webhooks.begin(), m_webhooks.end(),
                     [&](const Webhook& known) { return known.id == match.captured(1); });
    if (webhook == m_webhooks.end())
        return refuse(refusal, codeAnswer(404, 10015, QStringLiteral("Unknown Webhook")));
    if (webhook->token != match.captured(2))
        return refuse(refusal, codeAnswer(401, 50027, QStringLiteral("Invalid Webhook Token")));
    return Visit{webhook->channel, webhook->id, {}, match.captured(3)};
}

Result<StandInDiscord::Visit> StandInDiscord::admitBot(const StandInRequest& request,
                                                       StandInAnswer& refusal) const {
    static const QRegularExpression path(
        QStringLiteral("^/api/v10/channels/(\\d+)(?:/messages(?:/(\\d+)(/threads)?)?)?$"));
    const auto match = path.match(request.path);
    if (!match.hasMatch())
        return refuse(refusal, codeAnswer(404, 0, QStringLiteral("404: Not Found")));
    const auto bot = std::find_if(m_bots.begin(), m_bots.end(), [&](const auto& known) {
        return request.header("authorization") == "Bot " + known.first.token.toLatin1();
    });
    if (bot == m_bots.end())
        return refuse(refusal, codeAnswer(401, 50014, QStringLiteral("401: Unauthorized")));
    const QString place = match.captured(1);
    const bool inThread = m_threads.contains(place);
    if (place != bot->first.channelId && !inThread)
        return refuse(refusal, codeAnswer(404, 10003, QStringLiteral("Unknown Channel")));
    return Visit{bot->second,
                 bot->first.channelId,
                 inThread ? place : QString(),
                 match.captured(2),
                 !match.captured(3).isEmpty(),
                 true};
}

StandInAnswer StandInDiscord::served(const StandInRequest& request, const Visit& visit) {
    if (request.method == "GET") return shown(visit);
    if (request.method != "POST" && request.method != "PATCH")
        return codeAnswer(405, 0, QStringLiteral("405: Method Not Allowed"));
    if (const auto refused = refusalBy(m_mood, m_retryAfter)) {
        countMood();
        return *refused;
    }
    return changed(request, visit);
}

StandInAnswer StandInDiscord::changed(const StandInRequest& request, const Visit& visit) {
    if (visit.opensThread) return openThread(visit);
    return request.method == "PATCH" ? edit(request, visit) : post(request, visit);
}

PostedMessage* StandInDiscord::find(const Visit& visit) {
    const auto known =
        std::find_if(m_posted.begin(), m_posted.end(), [&](const PostedMessage& message) {
            return message.id == visit.messageId && message.channel == visit.channel &&
                   message.thread == visit.thread && !message.isDeleted;
        });
    return known == m_posted.end() ? nullptr : &*known;
}

StandInAnswer StandInDiscord::shown(const Visit& visit) {
    if (visit.messageId.isEmpty())
        return jsonAnswer({{QStringLiteral("id"), visit.self},
                           {QStringLiteral("type"), visit.isBot ? 0 : 1},
                           {QStringLiteral("name"), visit.channel}});
    const PostedMessage* known = find(visit);
    if (!known) return codeAnswer(404, 10008, QStringLiteral("Unknown Message"));
    return jsonAnswer(asDiscord(*known));
}

StandInAnswer StandInDiscord::post(const StandInRequest& request, const Visit& visit) {
    auto message = readPost(request);
    if (!message && message.error().code == ErrorCode::Parse)
        return codeAnswer(400, 50109, QStringLiteral("The request body contains invalid JSON."));
    if (!message) return codeAnswer(400, 50035, QStringLiteral("Invalid Form Body"));
    if (const auto refused = refusalOf(*message))
        return jsonAnswer(*refused, refused->value(u"code").toInt() == 40005 ? 413 : 400);
    resolvePings(*message);
    message->channel = visit.channel;
    message->thread = visit.thread;
    message->at = QDateTime::currentDateTimeUtc();
    if (visit.isBot) {
        message->nonce = message->body[u"nonce"].toVariant().toString();
        return accept(*message, visit);
    }
    const bool waits =
        request.query.queryItemValue(QStringLiteral("wait")) == QStringLiteral("true");
    const StandInAnswer answer = accept(*message, visit);
    return waits ? answer : StandInAnswer{204, {}, {}};
}

StandInAnswer StandInDiscord::accept(PostedMessage message, const Visit& visit) {
    const DiscordMood mood = m_mood;
    countMood();
    if (!message.nonce.isEmpty() && message.body[u"enforce_nonce"].toBool())
        for (const PostedMessage& known : std::as_const(m_posted))
            if (known.nonce == message.nonce && known.channel == message.channel &&
                known.at.secsTo(message.at) < kNonceSeconds) {
                ++m_repeats;
                return inMood(jsonAnswer(asDiscord(known)), mood);
            }
    message.id = nextId();
    m_posted.push_back(message);
    emit messagePosted(message);
    QJsonObject body = asDiscord(message);
    if (!visit.isBot) body[u"webhook_id"] = visit.self;
    return inMood(jsonAnswer(body), mood);
}

StandInAnswer StandInDiscord::edit(const StandInRequest& request, const Visit& visit) {
    PostedMessage* known = find(visit);
    if (!known) return codeAnswer(404, 10008, QStringLiteral("Unknown Message"));
    auto edited = readPost(request);
    if (!edited) return codeAnswer(400, 50035, QStringLiteral("Invalid Form Body"));
    if (const auto refused = refusalOf(*edited)) return jsonAnswer(*refused, 400);
    // What the body does not name stays as it was.
    for (const QString& key : known->body.keys())
        if (!edited->body.contains(key)) edited->body[key] = known->body[key];
    if (!edited->body.contains(u"attachments")) edited->files = known->files + edited->files;
    resolvePings(*edited);
    edited->id = known->id;
    edited->channel = known->channel;
    edited->thread = known->thread;
    edited->nonce = known->nonce;
    edited->at = known->at;
    edited->edits = known->edits + 1;
    *known = *edited;
    const DiscordMood mood = m_mood;
    countMood();
    return inMood(jsonAnswer(asDiscord(*known)), mood);
}

StandInAnswer StandInDiscord::openThread(const Visit& visit) {
    if (!m_threadsAllowed) return codeAnswer(403, 50013, QStringLiteral("Missing Permissions"));
    if (!find(visit)) return codeAnswer(404, 10008, QStringLiteral("Unknown Message"));
    if (m_threads.contains(visit.messageId))
        return codeAnswer(400, 160004,
                          QStringLiteral("A thread has already been created for this message"));
    m_threads << visit.messageId;
    const DiscordMood mood = m_mood;
    countMood();
    return inMood(
        jsonAnswer({{QStringLiteral("id"), visit.messageId}, {QStringLiteral("type"), 11}}, 201),
        mood);
}

StandInAnswer StandInDiscord::control(const StandInRequest& request) {
    if (request.path == QStringLiteral("/control/posted")) {
        QJsonArray all;
        for (const PostedMessage& message : std::as_const(m_posted))
            all.append(described(message));
        return jsonAnswer({{QStringLiteral("messages"), all}});
    }
    const QJsonObject wish = QJsonDocument::fromJson(request.body).object();
    if (wish.contains(u"delete")) {
        deleteByHand(wish[u"delete"].toString());
        return jsonAnswer({});
    }
    if (wish.contains(u"limit")) {
        m_limits.setBucket(wish[u"limit"].toInt(), wish[u"seconds"].toDouble(2));
        return jsonAnswer({});
    }
    const auto mood = moodFromName(wish[u"mood"].toString());
    if (!mood)
        return jsonAnswer({{QStringLiteral("message"), QStringLiteral("unknown mood")}}, 400);
    misbehave(*mood, wish[u"times"].toInt(-1), wish[u"retry_after"].toDouble(1.5));
    return jsonAnswer({{QStringLiteral("mood"), wish[u"mood"]}});
}

}  // namespace tocsin::drill
