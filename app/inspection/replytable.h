#pragma once
#include <memory>

#include "sdk/reply.h"
#include "sdk/resultset.h"

namespace tocsin::inspection {

/// A reply as rows, by its shape: a map is field and value, a list of maps (XINFO GROUPS) has their
/// fields as columns, a list of lists of one length (SLOWLOG GET, WITHSCORES) theirs, stream
/// entries their id and fields, a sample its time, client and command, lines of "a=1 b=2" (CLIENT
/// LIST) and of "a:1" (INFO) what they say, and any other list its place and value. What is nested
/// in a cell is written as redis-cli does. Any thread; the rows hold copies. Null for a value
/// alone.
std::shared_ptr<const ResultSet> tableOf(ReplyView reply);
/// What --monitor leaves: a line of MONITOR each.
bool isSample(ReplyView reply);

}  // namespace tocsin::inspection
