#pragma once
#include <QCommandLineParser>
#include <optional>

#include "cli/command.h"

namespace tocsin::cli {

/// A subcommand's arguments: the options every command has, and its own added before read().
class CommandLine {
public:
    /// `name` must be in the table of commands.
    explicit CommandLine(const char* name);

    void addFlag(const QString& name, const QString& help);
    void addValue(const QString& name, const QString& help, const QString& valueName);

    /// Parses. Prints help or what is wrong and calls `done` itself; then it returns false and the
    /// command has nothing more to do.
    bool read(const QStringList& args, const Done& done);
    /// Says `why`, shows how to call the command, and ends it with WrongUsage.
    void refuse(const QString& why, const Done& done) const;

    QStringList words() const { return m_parser.positionalArguments(); }
    bool isSet(const char* option) const { return m_parser.isSet(QLatin1String(option)); }
    QString value(const char* option) const { return m_parser.value(QLatin1String(option)); }
    QStringList values(const char* option) const { return m_parser.values(QLatin1String(option)); }

    bool json() const { return isSet("json"); }
    QString workspaceFolder() const { return cli::workspaceFolder(m_args); }
    QString dataFolder() const { return cli::dataFolder(m_args); }

private:
    QString usage() const;

    const Command* m_command;
    QCommandLineParser m_parser;
    QStringList m_args;
};

}  // namespace tocsin::cli
