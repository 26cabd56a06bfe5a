#pragma once
#include "sdk/http.h"
#include "sdk/message.h"

namespace tocsin::discord {

/// What was asked of Discord; the same answer can mean different things.
enum class Asked {
    Post,
    Edit,    ///< a message that was deleted (404) or is another author's (403 with 50005): Refused,
             ///< not a broken channel
    Thread,  ///< opening a thread: nothing can have been posted by it
    Self,    ///< what the channel is: what is no verdict says only that nothing is known
};

/// What Discord's answer to a post means. `channel` is named in the sentences. Codes: Discord's
/// API documentation, "Opcodes and Status Codes". All of the other side's words are redacted.
/// - 429: RateLimited; retryAfter from the body (with decimals), else the headers, else 5 s.
/// - 500, 503: Unavailable. 502, 504, 52x come from in front of Discord, which may have taken the
///   message: Network, so that the outcome counts as unknown.
/// - 3xx, 408, 425 are no verdict of Discord's: Network, too.
/// - 401, 403: Auth. 404, 410: NotFound. Other 4xx: Refused.
/// - 2xx without a message in it: Protocol, outcome unknown.
/// - 400 with the codes for slow mode and for too many edits of an old message: RateLimited.
Result<Delivery> deliveryOf(const QString& channel, const HttpReply& reply, const QDateTime& now,
                            Asked asked = Asked::Post);

/// How long Discord's bucket of this kind of request is empty: X-RateLimit-Remaining is 0 and
/// X-RateLimit-Reset-After says until when. Zero otherwise.
std::chrono::milliseconds restOf(const HttpReply& reply);
/// A 429 that concerns everything this bot or address asks, not one channel.
bool isGlobalLimit(const HttpReply& reply);
/// Discord's own error code in an answer; 0 when it gave none.
int codeOf(const HttpReply& reply);

/// Discord's nested form errors as one sentence: "embeds.0.title: Must be 256 or fewer in length."
QString formErrors(const QJsonObject& errors);

}  // namespace tocsin::discord
