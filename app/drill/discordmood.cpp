#include "drill/discordmood.h"

#include <QJsonObject>

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

StandInAnswer inManner(StandInAnswer answer, StandInAnswer::Manner manner) {
    answer.manner = manner;
    return answer;
}

}  // namespace

std::optional<DiscordMood> moodFromName(const QString& name) {
    for (const MoodName& known : kMoods)
        if (name == QLatin1String(known.name)) return known.mood;
    return std::nullopt;
}

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

std::optional<StandInAnswer> refusalBy(DiscordMood mood, double retryAfterSeconds) {
    switch (mood) {
        case DiscordMood::RateLimited:
            return limitAnswer(retryAfterSeconds, false);
        case DiscordMood::GlobalLimit:
            return limitAnswer(retryAfterSeconds, true);
        case DiscordMood::RateLimitedBare:
            return StandInAnswer{429,
                                 "text/html",
                                 "<h1>error code: 1015</h1>",
                                 {{"Retry-After", QByteArray::number(retryAfterSeconds)}}};
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

StandInAnswer inMood(StandInAnswer answer, DiscordMood mood) {
    switch (mood) {
        case DiscordMood::NoContent:
            return {204, {}, {}};
        case DiscordMood::StallAfter:
            return inManner(std::move(answer), StandInAnswer::Manner::Stalled);
        case DiscordMood::CutAfter:
            return inManner(std::move(answer), StandInAnswer::Manner::Cut);
        case DiscordMood::HalfAnswer:
            return inManner(std::move(answer), StandInAnswer::Manner::Half);
        default:
            return answer;
    }
}

}  // namespace tocsin::drill
