#pragma once
#include <optional>

#include "drill/standinserver.h"

namespace tocsin::drill {

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

std::optional<DiscordMood> moodFromName(const QString& name);  ///< "rate_limited", "stall_after" …

/// `{"code": …, "message": …}` as Discord answers errors.
StandInAnswer codeAnswer(int status, int code, const QString& message);
StandInAnswer limitAnswer(double seconds, bool global);
/// What a mood answers before anything is accepted; nothing when it accepts.
std::optional<StandInAnswer> refusalBy(DiscordMood mood, double retryAfterSeconds);
/// What a mood makes of the answer to something that was accepted.
StandInAnswer inMood(StandInAnswer answer, DiscordMood mood);

}  // namespace tocsin::drill
