#pragma once
#include <QString>
#include <chrono>

#include "sdk/queryengine.h"
#include "ui/query/outcome.h"

namespace tocsin::ui {

QString timeText(std::chrono::microseconds time);  ///< "0.4 ms", "34 ms"
/// What came back, short enough for a step of the runbook.
QString shortReply(const QueryResult& result);
/// "Not run" for a refusal of the guard, "Failed" …
QString failureWord(const Error& error);
/// Whether a person may overrule this refusal; see docs/redis-guard.md.
bool isUnlockable(const Error& error);
/// Whether it also wants the connection's name typed, unlocked or not.
bool wantsTypedName(const Error& error);
/// What is known of a changing command before it runs: "UNLINK a b: changes 2 keys".
QString effectOf(const QString& text);
/// What `text`, run on the connection `name`, came to: the line for the step and the evidence for
/// the timeline; nothing secret in it.
Outcome redisOutcome(const QString& name, const QString& text, const Result<QueryResult>& answer);

}  // namespace tocsin::ui
