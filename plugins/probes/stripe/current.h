#pragma once
#include "sdk/http.h"
#include "sdk/probereport.h"

namespace tocsin::stripe {

/// `<page>/current`, which Stripe's own command line tool reads; undocumented.
QUrl currentAddress(const QUrl& page);

/// Reads an answer of /current: `largestatus` and `statuses`, each up, degraded or down. The level
/// is the worst of all. Pure; any thread; any bytes. A word or shape that is not known is Unknown.
ProbeReport reportFromCurrent(const HttpReply& reply);

}  // namespace tocsin::stripe
