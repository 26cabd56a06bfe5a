#pragma once
#include "cli/cli.h"

namespace tocsin::cli {

/// One subcommand, as the table in commands.cpp lists it.
struct Command {
    const char* name;
    const char* synopsis;  ///< what follows the name: "CONNECTION STATEMENT [--format FORMAT]"
    const char* summary;   ///< one line for --help
    /// Begins the command and returns; it calls `done` once when it has ended.
    void (*start)(const QStringList& args, Clock& clock, const Done& done);
};

/// All subcommands, in the order --help shows them.
const QVector<Command>& commands();
const Command* findCommand(const QString& name);

// One file each, named after the command.
void runCheck(const QStringList& args, Clock& clock, const Done& done);
void runAlerts(const QStringList& args, Clock& clock, const Done& done);
void runRunbook(const QStringList& args, Clock& clock, const Done& done);
void runChannel(const QStringList& args, Clock& clock, const Done& done);
void runProbe(const QStringList& args, Clock& clock, const Done& done);
void runQuery(const QStringList& args, Clock& clock, const Done& done);
void runIncident(const QStringList& args, Clock& clock, const Done& done);
void runServe(const QStringList& args, Clock& clock, const Done& done);
void runDrill(const QStringList& args, Clock& clock, const Done& done);
void runSecret(const QStringList& args, Clock& clock, const Done& done);

}  // namespace tocsin::cli
