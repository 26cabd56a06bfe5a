#include "cli/cli.h"

#include <QCoreApplication>
#include <QDir>
#include <QStandardPaths>

#include "cli/command.h"
#include "cli/output.h"

namespace tocsin::cli {
namespace {

bool takesValue(const QString& option) {
    return option == QLatin1String("--workspace") || option == QLatin1String("--data");
}

bool asksForWords(const QString& arg) {
    return arg == QLatin1String("--help") || arg == QLatin1String("-h") ||
           arg == QLatin1String("--version") || arg == QLatin1String("-v");
}

/// Index of the command's name, or -1. An option that is not ours before it belongs to the window,
/// and so do its values.
qsizetype commandIndex(const QStringList& args) {
    for (qsizetype i = 0; i < args.size(); ++i) {
        const QString& arg = args[i];
        if (takesValue(arg)) {
            ++i;
            continue;
        }
        if (!arg.startsWith(QLatin1Char('-'))) return i;
        const bool ours = arg == QLatin1String("--json") ||
                          arg.startsWith(QLatin1String("--workspace=")) ||
                          arg.startsWith(QLatin1String("--data=")) || asksForWords(arg);
        if (!ours) return -1;
    }
    return -1;
}

QString optionValue(const QStringList& args, const QString& option) {
    QString value;
    for (qsizetype i = 0; i < args.size() && args[i] != QLatin1String("--"); ++i) {
        if (args[i] == option && i + 1 < args.size()) value = args[i + 1];
        if (args[i].startsWith(option + QLatin1Char('='))) value = args[i].mid(option.size() + 1);
    }
    return value;
}

QString folder(const QStringList& args, const QString& option, const char* variable,
               QStandardPaths::StandardLocation location) {
    QString path = optionValue(args, option);
    if (path.isEmpty()) path = qEnvironmentVariable(variable);
    if (path.isEmpty())
        path = QStandardPaths::writableLocation(location) + QStringLiteral("/tocsin");
    return QDir::cleanPath(QDir().absoluteFilePath(path));
}

QString helpText() {
    QVector<QStringList> rows;
    for (const Command& command : commands())
        rows.append({QStringLiteral("  ") + QLatin1String(command.name),
                     QString::fromUtf8(command.summary)});
    return QStringLiteral(
               "Usage: tocsin [--workspace DIR] [--data DIR]            the console\n"
               "       tocsin [--workspace DIR] [--data DIR] COMMAND …\n\n"
               "Commands (tocsin COMMAND --help tells more):\n%1\n"
               "Options:\n"
               "  --workspace DIR  folder with tocsin.yaml; else $TOCSIN_WORKSPACE or "
               "$XDG_CONFIG_HOME/tocsin\n"
               "  --data DIR       incidents and ledger; else $TOCSIN_DATA or "
               "$XDG_DATA_HOME/tocsin\n"
               "  --json           one JSON document on stdout\n"
               "  --version        print the version\n\n"
               "Exit status: 0 done, 1 it failed or found something, 2 wrong usage.")
        .arg(table(rows));
}

void runNow(const QStringList& args, Clock& clock, const Done& done) {
    const qsizetype index = commandIndex(args);
    if (index < 0) {
        const bool version =
            args.contains(QLatin1String("--version")) || args.contains(QLatin1String("-v"));
        print(version ? QStringLiteral("tocsin " TOCSIN_VERSION) : helpText());
        done(Success);
        return;
    }
    const Command* command = findCommand(args[index]);
    if (!command) {
        complain(QStringLiteral("“%1” is not a command.").arg(args[index]));
        complain(helpText());
        done(WrongUsage);
        return;
    }
    QStringList rest = args;
    rest.removeAt(index);
    command->start(rest, clock, done);
}

}  // namespace

bool isCommand(const QStringList& args) {
    return commandIndex(args) >= 0 || std::any_of(args.begin(), args.end(), asksForWords);
}

void start(const QStringList& args, Clock& clock, Done done) {
    const auto begin = [args, &clock, done = std::move(done)] { runNow(args, clock, done); };
    QMetaObject::invokeMethod(QCoreApplication::instance(), begin, Qt::QueuedConnection);
}

QString workspaceFolder(const QStringList& args) {
    return folder(args, QStringLiteral("--workspace"), "TOCSIN_WORKSPACE",
                  QStandardPaths::GenericConfigLocation);
}

QString dataFolder(const QStringList& args) {
    return folder(args, QStringLiteral("--data"), "TOCSIN_DATA",
                  QStandardPaths::GenericDataLocation);
}

}  // namespace tocsin::cli
