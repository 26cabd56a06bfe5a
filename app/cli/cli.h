#pragma once
#include <QStringList>
#include <functional>

#include "sdk/clock.h"

namespace tocsin::cli {

/// What a command ends with.
enum ExitCode { Success = 0, Failure = 1, WrongUsage = 2 };

/// Called once, from the event loop, with the process's exit status.
using Done = std::function<void(int status)>;

/// True when `args` (without the program's name) ask for a command, for help or for the version;
/// false when they open the window. A word that is no command counts as one, so that start() can
/// say so.
bool isCommand(const QStringList& args);

/// Runs the command in `args` on the running event loop and calls `done` when it has ended; never
/// before it returns. Output goes to stdout, everything else to stderr. `clock` must outlive
/// `done`. Needs a QCoreApplication; main thread.
void start(const QStringList& args, Clock& clock, Done done);

/// The workspace and data folders that --workspace, --data, the environment and the XDG defaults
/// give, in this order; absolute. Also for the window's own arguments.
QString workspaceFolder(const QStringList& args);
QString dataFolder(const QStringList& args);

}  // namespace tocsin::cli
