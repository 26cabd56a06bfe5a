#pragma once
#include "announcements/feedgroups.h"
#include "sdk/message.h"
#include "workspace/wording.h"

/// What the alert feed posts. Everything from outside is escaped and cut; times are `<t:…>`, so
/// that the same state always makes the same post. Pure.
namespace tocsin::announcements {

struct FeedStyle {
    workspace::Wordings wordings = {};
    RunbookLinks links = {};
    /// What is less than this makes no sound. What is Unknown always does.
    Severity silentBelow = Severity::Warning;
};

bool isLoud(Severity severity, const FeedStyle& style);

/// One key: how many fire, how bad, since when, where, and the runbook.
Message groupMessage(const FeedGroup& group, const FeedStyle& style);
/// The last edit of a key's message. `last` is what it was when it was live.
Message endedMessage(const FeedGroup& last, const QDateTime& now, const FeedStyle& style);
/// The last edit of a silent message whose key became loud: it goes on further down.
Message continuedMessage(const FeedGroup& group, const FeedStyle& style);
/// One message for all keys that have none of their own.
Message restMessage(const QVector<FeedGroup>& rest);
Message restEndedMessage(const QDateTime& now);
/// A source that does not answer, and that it answers again.
Message sourceMessage(const alerts::SourceHealth& health, const QDateTime& since);
Message sourceBackMessage(const QString& source, const QDateTime& since, const QDateTime& now);

}  // namespace tocsin::announcements
