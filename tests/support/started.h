#pragma once
#include <QString>

#include "drill/localserver.h"

namespace tocsin::support {

/// Starts a server and waits until it is ready. Returns what went wrong; empty when it is ready.
/// A missing binary is a failure: tests that need a real server are not skipped.
///   QCOMPARE(support::started(postgres), QString());
QString started(drill::LocalServer& server);
/// Stops it and waits for the end.
bool stopped(drill::LocalServer& server);

}  // namespace tocsin::support
