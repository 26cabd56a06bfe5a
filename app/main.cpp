// The only place that wires things together: which way of running was asked for.
#include <QCoreApplication>

#include "cli/cli.h"
#include "sdk/clock.h"

using namespace tocsin;

namespace {

void nameTheProgram() {
    QCoreApplication::setApplicationName(QStringLiteral("tocsin"));
    QCoreApplication::setApplicationVersion(QStringLiteral(TOCSIN_VERSION));
    QCoreApplication::setOrganizationDomain(QStringLiteral("tocsin.org"));
}

int runCommand(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    nameTheProgram();
    SystemClock clock;
    cli::start(app.arguments().mid(1), clock, [](int status) { QCoreApplication::exit(status); });
    return QCoreApplication::exec();
}

}  // namespace

int main(int argc, char** argv) { return runCommand(argc, argv); }
