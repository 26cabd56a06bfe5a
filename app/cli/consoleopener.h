#pragma once
#include "cli/commandline.h"
#include "console/console.h"

namespace tocsin::cli {

/// Whether a command needs the data folder; those that only look do not.
enum class Store { Open, Closed };

/// Opens the console's services on the command's workspace (and data), tells the workspace's
/// mistakes on stderr, and hands the services to `then`. When there is no workspace, or opening
/// fails, it says so and ends the command with Failure.
void openConsole(const CommandLine& line, Clock& clock, Store store, const Done& done,
                 std::function<void(std::shared_ptr<console::Console>)> then,
                 store::OwnerKind kind = store::OwnerKind::Cli);

}  // namespace tocsin::cli
