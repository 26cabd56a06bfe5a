// Which way of running was asked for: a drill's guardian, a window, or a command.
#include <QApplication>
#include <QRegularExpression>
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

/// A page is drawn with fonts, which need a QGuiApplication; one that needs no display.
bool drawsPages(const QStringList& args) {
    return args.contains(QStringLiteral("export")) &&
           args.indexOf(QRegularExpression(QStringLiteral(".*pdf"))) >= 0;  // format or file
}

std::unique_ptr<QCoreApplication> commandApplication(int& argc, char** argv,
                                                     const QStringList& args) {
    if (!drawsPages(args)) return std::make_unique<QCoreApplication>(argc, argv);
    qputenv("QT_QPA_PLATFORM", "offscreen");
    return std::make_unique<QGuiApplication>(argc, argv);
}

int runCommand(int argc, char** argv, const QStringList& args) {
    const auto app = commandApplication(argc, argv, args);
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
    if (!wantsWindow(args)) return runCommand(argc, argv, args);
    const auto arguments = windowArguments(args);
    if (arguments) return runWindow(argc, argv, *arguments);
    std::fprintf(stderr, "tocsin: %s\n", qPrintable(arguments.error().message));
    return cli::WrongUsage;
}
