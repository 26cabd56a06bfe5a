#pragma once
#include "announcements/feedgroups.h"
#include "delivery/standing.h"

/// What the feed remembers of a message, in StandingMessage::detail. Pure.
namespace tocsin::announcements {

/// The group as it was told last.
FeedGroup lastOf(const delivery::StandingMessage& row);
void setLast(delivery::StandingMessage& row, const FeedGroup& group);

QDateTime timeIn(const delivery::StandingMessage& row, const QString& name);
void setTime(delivery::StandingMessage& row, const QString& name, const QDateTime& at);
/// It ended no longer than `seconds` ago, so that it goes on in the same message.
bool cameBack(const delivery::StandingMessage& row, const QDateTime& now, qint64 seconds);

/// More changed than a figure in the summary.
bool differsInShape(const FeedGroup& a, const FeedGroup& b);

}  // namespace tocsin::announcements
