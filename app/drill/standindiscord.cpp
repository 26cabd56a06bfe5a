#include "drill/standindiscord.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QRegularExpression>

#include "drill/discordrules.h"

namespace tocsin::drill {
namespace {

struct MoodName {
    const char* name;
    DiscordMood mood;
};

constexpr MoodName kMoods[] = {
    {"well", DiscordMood::Well},
    {"rate_limited", DiscordMood::RateLimited},
    {"rate_limited_bare", DiscordMood::RateLimitedBare},
    {"global_limit", DiscordMood::GlobalLimit},
    {"server_error", DiscordMood::ServerError},
    {"bad_gateway", DiscordMood::BadGateway},
    {"overloaded", DiscordMood::Overloaded},
    {"unknown_webhook", DiscordMood::UnknownWebhook},
    {"bad_token", DiscordMood::BadToken},
    {"forbidden", DiscordMood::Forbidden},
    {"stall_before", DiscordMood::StallBefore},
    {"stall_after", DiscordMood::StallAfter},
    {"cut_before", DiscordMood::CutBefore},
    {"cut_after", DiscordMood::CutAfter},
    {"half_answer", DiscordMood::HalfAnswer},
    {"garbage", DiscordMood::Garbage},
    {"no_content", DiscordMood::NoContent},
};

StandInAnswer codeAnswer(int status, int code, const QString& message) {
    return jsonAnswer({{QStringLiteral("code"), code}, {QStringLiteral("message"), message}},
                      status);
}

StandInAnswer limitAnswer(double seconds, bool global) {
    StandInAnswer answer =
        jsonAnswer({{QStringLiteral("message"), QStringLiteral("You are being rate limited.")},
                    {QStringLiteral("retry_after"), seconds},
                    {QStringLiteral("global"), global}},
                   429);
    // The header rounds up; the body has the decimals.
    answer.headers = {{"Retry-After", QByteArray::number(static_cast<int>(seconds) + 1)},
                      {"X-RateLimit-Scope", global ? "global" : "shared"},
                      {"X-RateLimit-Remaining", "0"}};
    if (global) answer.headers.push_back({"X-RateLimit-Global", "true"});
    return answer;
}

StandInAnswer inManner(StandInAnswer answer, StandInAnswer::Manner manner) {
    answer.manner = manner;
    return answer;
}

QJsonObject described(const PostedMessage& message) {
    QJsonArray files;
    for (const Attachment& file : message.files)
        files.append(QJsonObject{{QStringLiteral("filename"), file.filename},
                                 {QStringLiteral("size"), file.content.size()}});
    return {{QStringLiteral("id"), message.id},
            {QStringLiteral("channel"), message.channel},
            {QStringLiteral("content"), message.content},
            {QStringLiteral("embeds"), message.body[u"embeds"].toArray()},
            {QStringLiteral("pinged_roles"), QJsonArray::fromStringList(message.pingedRoles)},
            {QStringLiteral("pinged_users"), QJsonArray::fromStringList(message.pingedUsers)},
            {QStringLiteral("pings_everyone"), message.pingsEveryone},
            {QStringLiteral("silent"), message.silent},
            {QStringLiteral("edits"), message.edits},
            {QStringLiteral("files"), files},
            {QStringLiteral("at"), message.at.toString(Qt::ISODateWithMs)}};
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

QString StandInDiscord::addWebhook(const QString& channel) {
    QString token;
    for (int i = 0; i < 5; ++i)
        token += QString::number(QRandomGenerator::system()->generate64() | (1ULL << 63), 36);
    const Webhook webhook{nextId(), token, channel};
    m_webhooks.push_back(webhook);
    return url(QStringLiteral("/api/webhooks/%1/%2").arg(webhook.id, webhook.token)).toString();
}

void StandInDiscord::misbehave(DiscordMood mood, int times, double retryAfterSeconds) {
    m_mood = times == 0 ? DiscordMood::Well : mood;
    m_moodLeft = times;
    m_retryAfter = retryAfterSeconds;
}

void StandInDiscord::countMood() {
    if (m_moodLeft > 0 && --m_moodLeft == 0) m_mood = DiscordMood::Well;
}

StandInAnswer StandInDiscord::answer(const StandInRequest& request) {
    if (request.path == QStringLiteral("/")) return {200, "text/html; charset=utf-8", page()};
    if (request.path.startsWith(QStringLiteral("/control"))) return control(request);
    static const QRegularExpression path(
        QStringLiteral("^/api(?:/v(\\d+))?/webhooks/(\\d+)/([^/]+)(?:/messages/(\\d+))?$"));
    const auto match = path.match(request.path);
    if (!match.hasMatch()) return codeAnswer(404, 0, QStringLiteral("404: Not Found"));
    m_requests << request.path + u'?' + request.query.toString();
    return webhookAnswer(request, match.capturedTexts());
}

StandInAnswer StandInDiscord::webhookAnswer(const StandInRequest& request,
                                            const QStringList& parts) {
    // The edge blocks what does not name itself in Discord's form, where it writes.
    if (request.method != "GET" && !request.header("user-agent").startsWith("DiscordBot ("))
        return codeAnswer(403, 40333, QStringLiteral("internal network error"));
    const auto webhook = std::find_if(m_webhooks.begin(), m_webhooks.end(),
                                      [&](const Webhook& known) { return known.id == parts[2]; });
    if (webhook == m_webhooks.end())
        return codeAnswer(404, 10015, QStringLiteral("Unknown Webhook"));
    if (webhook->token != parts[3])
        return codeAnswer(401, 50027, QStringLiteral("Invalid Webhook Token"));
    if (request.method == "GET")
        return jsonAnswer({{QStringLiteral("id"), webhook->id},
                           {QStringLiteral("type"), 1},
                           {QStringLiteral("name"), webhook->channel},
                           {QStringLiteral("channel_id"), QStringLiteral("900")},
                           {QStringLiteral("token"), webhook->token}});
    if (request.method == "PATCH") return edit(request, parts.value(4), *webhook);
    if (request.method == "POST") return execute(request, *webhook);
    return codeAnswer(405, 0, QStringLiteral("405: Method Not Allowed"));
}

std::optional<StandInAnswer> StandInDiscord::refusalByMood() const {
    switch (m_mood) {
        case DiscordMood::RateLimited:
            return limitAnswer(m_retryAfter, false);
        case DiscordMood::GlobalLimit:
            return limitAnswer(m_retryAfter, true);
        case DiscordMood::RateLimitedBare:
            return StandInAnswer{429,
                                 "text/html",
                                 "<h1>error code: 1015</h1>",
                                 {{"Retry-After", QByteArray::number(m_retryAfter)}}};
        case DiscordMood::ServerError:
            return codeAnswer(500, 0, QStringLiteral("500: Internal Server Error"));
        case DiscordMood::BadGateway:
            return StandInAnswer{502, "text/html", "<html><h1>502 Bad Gateway</h1></html>"};
        case DiscordMood::Overloaded:
            return codeAnswer(503, 130000, QStringLiteral("API resource is currently overloaded."));
        case DiscordMood::UnknownWebhook:
            return codeAnswer(404, 10015, QStringLiteral("Unknown Webhook"));
        case DiscordMood::BadToken:
            return codeAnswer(401, 50027, QStringLiteral("Invalid Webhook Token"));
        case DiscordMood::Forbidden:
            return codeAnswer(403, 50013, QStringLiteral("Missing Permissions"));
        case DiscordMood::StallBefore:
            return inManner({}, StandInAnswer::Manner::Stalled);
        case DiscordMood::CutBefore:
            return inManner({}, StandInAnswer::Manner::Cut);
        case DiscordMood::Garbage:
            return StandInAnswer{200, "text/html",
                                 "<html><body>Please log in to this network</body></html>"};
        default:
            return std::nullopt;
    }
}

StandInAnswer StandInDiscord::execute(const StandInRequest& request, const Webhook& webhook) {
    if (const auto refused = refusalByMood()) {
        countMood();
        return *refused;
    }
    auto message = readPost(request);
    if (!message && message.error().code == ErrorCode::Parse)
        return codeAnswer(400, 50109, QStringLiteral("The request body contains invalid JSON."));
    if (!message) return codeAnswer(400, 50035, QStringLiteral("Invalid Form Body"));
    if (const auto refused = refusalOf(*message))
        return jsonAnswer(*refused, refused->value(u"code").toInt() == 40005 ? 413 : 400);
    resolvePings(*message);
    message->id = nextId();
    message->channel = webhook.channel;
    message->at = QDateTime::currentDateTimeUtc();
    return accept(*message,
                  request.query.queryItemValue(QStringLiteral("wait")) == QStringLiteral("true"),
                  webhook);
}

StandInAnswer StandInDiscord::accept(const PostedMessage& message, bool wait,
                                     const Webhook& webhook) {
    m_posted.push_back(message);
    emit messagePosted(message);
    const DiscordMood mood = m_mood;
    countMood();
    if (!wait || mood == DiscordMood::NoContent) return {204, {}, {}};
    QJsonObject body = message.body;
    body[u"id"] = message.id;
    body[u"channel_id"] = QStringLiteral("900");
    body[u"webhook_id"] = webhook.id;
    body[u"timestamp"] = message.at.toString(Qt::ISODateWithMs);
    body[u"edited_timestamp"] = QJsonValue::Null;
    const StandInAnswer answer = jsonAnswer(body);
    switch (mood) {
        case DiscordMood::StallAfter:
            return inManner(answer, StandInAnswer::Manner::Stalled);
        case DiscordMood::CutAfter:
            return inManner(answer, StandInAnswer::Manner::Cut);
        case DiscordMood::HalfAnswer:
            return inManner(answer, StandInAnswer::Manner::Half);
        default:
            return answer;
    }
}

StandInAnswer StandInDiscord::edit(const StandInRequest& request, const QString& messageId,
                                   const Webhook& webhook) {
    const auto known =
        std::find_if(m_posted.begin(), m_posted.end(), [&](const PostedMessage& message) {
            return message.id == messageId && message.channel == webhook.channel;
        });
    if (known == m_posted.end()) return codeAnswer(404, 10008, QStringLiteral("Unknown Message"));
    auto changed = readPost(request);
    if (!changed) return codeAnswer(400, 50035, QStringLiteral("Invalid Form Body"));
    if (const auto refused = refusalOf(*changed)) return jsonAnswer(*refused, 400);
    resolvePings(*changed);
    changed->id = known->id;
    changed->channel = known->channel;
    changed->at = known->at;
    changed->edits = known->edits + 1;
    *known = *changed;
    return jsonAnswer({{QStringLiteral("id"), known->id}});
}

StandInAnswer StandInDiscord::control(const StandInRequest& request) {
    if (request.path == QStringLiteral("/control/posted")) {
        QJsonArray all;
        for (const PostedMessage& message : std::as_const(m_posted))
            all.append(described(message));
        return jsonAnswer({{QStringLiteral("messages"), all}});
    }
    const QJsonObject wish = QJsonDocument::fromJson(request.body).object();
    const QString name = wish[u"mood"].toString();
    for (const MoodName& known : kMoods) {
        if (name != QLatin1String(known.name)) continue;
        misbehave(known.mood, wish[u"times"].toInt(-1), wish[u"retry_after"].toDouble(1.5));
        return jsonAnswer({{QStringLiteral("mood"), name}});
    }
    return jsonAnswer({{QStringLiteral("message"), QStringLiteral("unknown mood")}}, 400);
}

QByteArray StandInDiscord::page() const {
    QString messages;
    for (const PostedMessage& message : m_posted) {
        QString pings;
        for (const QString& role : message.pingedRoles)
            pings += QStringLiteral("<b>pings role %1</b> ").arg(role);
        for (const QString& user : message.pingedUsers)
            pings += QStringLiteral("<b>pings user %1</b> ").arg(user);
        messages += QStringLiteral("<article><header>#%1 · %2 %3</header><pre>%4</pre></article>\n")
                        .arg(message.channel.toHtmlEscaped(),
                             message.at.toString(QStringLiteral("hh:mm:ss")), pings,
                             message.content.toHtmlEscaped());
    }
    if (messages.isEmpty()) messages = QStringLiteral("<p>Nothing was posted yet.</p>");
    return QStringLiteral(
               "<!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh "
               "content=2>"
               "<title>Stand-in Discord</title><style>body{background:#313338;color:#dbdee1;"
               "font:15px sans-serif;max-width:52rem;margin:2rem auto}article{margin:1rem 0}"
               "header{color:#949ba4}b{color:#c9cdfb;background:#3c4270;border-radius:3px;"
               "padding:0 .3em}pre{white-space:pre-wrap;font:inherit;margin:.2rem 0}</style>"
               "<h1>What Discord would show</h1>%1</html>")
        .arg(messages)
        .toUtf8();
}

}  // namespace tocsin::drill
