#pragma once
#include "cli/commandline.h"

namespace tocsin::cli {

/// `incident list`, `show`, `export`, `import` and `stats`: from the store alone, also without a
/// workspace; `export` uses its template when there is one.
void readIncidents(const CommandLine& line, Clock& clock, const Done& done);
/// `incident declare`, `ack`, `note`, `escalate`, `hold`, `severity`, `resolve`: through the
/// console's engine. What became due is delivered before the command ends, unless another process
/// owns the engine.
void actOnIncident(const CommandLine& line, Clock& clock, const Done& done);
/// `incident simulate`: who would be told when, from the workspace alone.
void simulateIncident(const CommandLine& line, Clock& clock, const Done& done);

}  // namespace tocsin::cli
