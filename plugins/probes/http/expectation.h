#pragma once
#include <QVector>
#include <chrono>

#include "sdk/http.h"
#include "sdk/probereport.h"
#include "sdk/settings.h"

namespace tocsin::http {

/// What a good answer looks like.
struct Expectation {
    QVector<QPair<int, int>> statuses;  ///< inclusive ranges
    QString field;                      ///< JSON path with dots; empty: the body does not matter
    QString equals;                     ///< empty: the field only has to be there
    std::chrono::milliseconds slow{0};  ///< slower is degraded; 0: never
};

/// "200, 204-299" → ranges. Errors: Config.
Result<QVector<QPair<int, int>>> statusesFromText(const QString& text);
Result<Expectation> expectationFrom(const Settings& settings);

/// Judges an answer. A wrong status: 5xx is an outage, 429 and 401/403 are unknown (they speak of
/// the asker), anything else degraded. A missing field or one that cannot be read is unknown; one
/// with another value is an outage. Pure; any thread.
ProbeReport judge(const HttpReply& reply, const Expectation& expectation);

}  // namespace tocsin::http
