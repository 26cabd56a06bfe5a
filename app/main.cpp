// Which way of running was asked for: a drill's guardian, a window, or a command.
#include <QApplication>
#include <cstdio>
#include <cstring>

#include "cli/cli.h"
#include "drill/guardian.h"
#include "windowrun.h"

using namespace tocsin;

namespace {

void nameTheProgram() {
    QCoreApplication::setApplicationName(QStringLiteral("tocsin"));
    QCoreApplication::setApplicationVersion(QStringLiteral(TOCSIN_VERSION));
    QCoreApplication::setOrganizationDomain(QStringLiteral("tocsin.org"));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.tocsin.Tocsin"));
}

int runCommand(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    SystemClock clock;
    cli::start(QCoreApplication::arguments().mid(1), clock,
               [](int status) { QCoreApplication::exit(status); });
    return QCoreApplication::exec();
}

int runWindow(int argc, char** argv, const WindowArguments& arguments) {
    QApplication app(argc, argv);
    QApplication::setApplicationDisplayName(QStringLiteral("Tocsin"));
    WindowRun run(app, arguments);
    run.start();
    return QApplication::exec();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1 && std::strcmp(argv[1], drill::kGuardianWord) == 0)
        return drill::guardianMain(argc, argv);
    nameTheProgram();
    QStringList args;
    for (int i = 1; i < argc; ++i)
        args << QString::fromLocal8Bit(argv[i]);
    if (!wantsWindow(args)) return runCommand(argc, argv);
    const auto arguments = windowArguments(args);
    if (arguments) return runWindow(argc, argv, *arguments);
    std::fprintf(stderr, "tocsin: %s\n", qPrintable(arguments.error().message));
    return cli::WrongUsage;
}
