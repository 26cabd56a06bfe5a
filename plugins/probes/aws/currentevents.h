#pragma once
#include <QStringList>

#include "sdk/http.h"
#include "sdk/probereport.h"

namespace tocsin::aws {

/// Text of an answer whose bytes are UTF-16 with a byte order mark (as AWS sends) or UTF-8, as
/// UTF-8.
QByteArray utf8From(const QByteArray& bytes);

/// Reads the public list of current events; not an official interface. An event is open unless its
/// status is "0"; "3" is taken for an outage, anything else open for degraded. It counts when its
/// region (from the arn, else from the service key's ending) and its service are wanted; events
/// without a region, "global", always count. Pure; any thread; any bytes.
ProbeReport reportFromEvents(const HttpReply& reply, const QStringList& regions,
                             const QStringList& services);

}  // namespace tocsin::aws
