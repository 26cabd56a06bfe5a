#pragma once
#include <QByteArrayList>
#include <optional>

#include "sdk/queryengine.h"

namespace tocsin::redis {

/// Why a command that changes nothing is not run all the same: its arguments make it endless, or
/// stop the server for others. `leaf` is its name in small letters, "client|list" with a
/// subcommand. Nothing: it is not heavy, or only its keys' sizes can tell (sizeQuestion()).
std::optional<Verdict> heavyArguments(const QByteArray& leaf, const QByteArrayList& arguments);

}  // namespace tocsin::redis
