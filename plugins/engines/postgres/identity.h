#pragma once
#include "plugins/engines/postgres/wire.h"
#include "sdk/queryengine.h"

namespace tocsin::postgres {

/// Asks the server who it is and who we are there, and whether it took the limits that were asked
/// for at connect. Session thread.
Result<ServerIdentity> identify(Wire& wire, const Target& target);

}  // namespace tocsin::postgres
