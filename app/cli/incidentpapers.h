#pragma once
#include <memory>

#include "cli/commandline.h"
#include "store/database.h"

namespace tocsin::cli {

/// Empty when format and file of `incident export` go together.
QString wrongExport(const CommandLine& line);
/// `incident export`: the post-mortem, or the whole incident as JSON, to stdout or a file.
void exportTo(const CommandLine& line, const std::shared_ptr<store::Database>& db, Clock& clock,
              const Done& done);
/// `incident import FILE`: an incident of another machine, as a copy to read.
void importFrom(const CommandLine& line, const std::shared_ptr<store::Database>& db, Clock& clock,
                const Done& done);
/// `incident stats`: how often and how fast.
void showStatistics(const CommandLine& line, const std::shared_ptr<store::Database>& db,
                    Clock& clock, const Done& done);

}  // namespace tocsin::cli
