#pragma once
#include "workspace/mistakes.h"

namespace tocsin::workspace {

/// Reports every key of `map` that is not `known`. `where` names the map in the message.
void reportUnknownKeys(Mistakes& mistakes, const YamlNode& map, const QString& where,
                       const QStringList& known);

}  // namespace tocsin::workspace
