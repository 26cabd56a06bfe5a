#pragma once
#include "sdk/http.h"
#include "sdk/message.h"

namespace tocsin::discord {

/// What Discord's answer to a post means. `channel` is named in the sentences. Codes: Discord's
/// API documentation, "Opcodes and Status Codes". All of the other side's words are redacted.
/// - 429: RateLimited; retryAfter from the body (with decimals), else the headers, else 5 s.
/// - 500, 503: Unavailable. 502, 504, 52x come from in front of Discord, which may have taken the
///   message: Network, so that the outcome counts as unknown.
/// - 401, 403: Auth. 404: NotFound. Other 4xx: Refused.
/// - 2xx without a message in it: Protocol, outcome unknown.
Result<Delivery> deliveryOf(const QString& channel, const HttpReply& reply, const QDateTime& now);

/// Discord's nested form errors as one sentence: "embeds.0.title: Must be 256 or fewer in length."
QString formErrors(const QJsonObject& errors);

}  // namespace tocsin::discord
