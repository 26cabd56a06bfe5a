#pragma once
#include "workspace/mistakes.h"

namespace tocsin::workspace {

/// `signal_through` must name one of the connections.
void checkSignalling(const YamlNode& connections, const QStringList& names, Mistakes& mistakes);

/// A probe that gives up before it would call an answer slow never calls one slow.
void checkSlowness(const YamlNode& probes, Mistakes& mistakes);

}  // namespace tocsin::workspace
