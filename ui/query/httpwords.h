#pragma once
#include <QString>

#include "sdk/http.h"
#include "ui/query/outcome.h"

namespace tocsin::ui {

/// "Service Unavailable" for 503; empty for a number without a name (RFC 9110).
QString statusWord(int status);
/// "34 ms · 1.2 kB · application/json".
QString httpTiming(const HttpReply& reply);
/// The line for the step and the evidence for the timeline; nothing secret in it.
Outcome httpOutcome(const HttpRequest& request, const Result<HttpReply>& reply);

}  // namespace tocsin::ui
