#pragma once
#include "workspace/mistakes.h"

namespace tocsin::workspace {

/// Reads `rules`. A rule with a wrong threshold or duration is left out.
QVector<Rule> readRules(const YamlNode& list, Mistakes& mistakes);

}  // namespace tocsin::workspace
