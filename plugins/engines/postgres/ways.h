#pragma once
#include <QVector>
#include <chrono>
#include <functional>

#include "plugins/engines/postgres/interrupt.h"
#include "plugins/engines/postgres/target.h"

struct pg_conn;

namespace tocsin::postgres {

/// Numeric addresses of a host, or the resolver's words. May block for as long as it likes.
using LookUp = std::function<Result<QByteArrayList>(const QByteArray& host)>;
Result<QByteArrayList> systemLookUp(const QByteArray& host);

/// libpq's connecting, begun and not waited for; null without memory. The caller finishes it.
pg_conn* beginConnecting(const QMap<QByteArray, QByteArray>& parameters);

/// Every way to the target's server: one target for each address of each host that it, its service
/// or PGHOST names, in the order libpq would try them. libpq looks names up before it gives control
/// back, and a broken resolver takes half a minute; and it waits at an address that does not answer
/// until the caller's time is over. So names are looked up here, on threads of their own that
/// nobody waits for longer than `until` or until `run` is cancelled, and the caller tries the ways
/// one by one. Certificates and passwords are still found by the name. A way also has what ends a
/// dead connection soon, where nothing else was asked for. Errors: Network, Timeout, Cancelled.
/// Session thread.
Result<QVector<Target>> waysTo(const Target& target, const Interrupt& interrupt, std::uint64_t run,
                               std::chrono::steady_clock::time_point until,
                               const LookUp& lookUp = &systemLookUp);

}  // namespace tocsin::postgres
