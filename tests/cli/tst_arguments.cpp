#include <QDir>
#include <QTest>

#include "cli/cli.h"
#include "cli/output.h"

using namespace tocsin;

class TestArguments : public QObject {
    Q_OBJECT
private slots:
    void windowOrCommand_data();
    void windowOrCommand();
    void folders();
    void tablesAreAligned();
};

void TestArguments::windowOrCommand_data() {
    QTest::addColumn<QString>("args");
    QTest::addColumn<bool>("command");
    const auto row = [](const char* args, bool command) {
        QTest::newRow(*args ? args : "nothing") << QString::fromLatin1(args) << command;
    };
    row("", false);
    row("--workspace /team", false);
    row("--workspace=/team --data /x", false);
    row("--workspace check", false);  // a folder of that name
    row("-platform offscreen", false);
    row("--picture check", false);  // an option of the window and its value
    row("check", true);
    row("nonsense", true);
    row("--workspace /team check", true);
    row("--workspace=/team --json check", true);
    row("--help", true);
    row("--workspace /team --version", true);
}

void TestArguments::windowOrCommand() {
    QFETCH(QString, args);
    QFETCH(bool, command);
    QCOMPARE(cli::isCommand(args.split(QLatin1Char(' '), Qt::SkipEmptyParts)), command);
}

void TestArguments::folders() {
    qputenv("XDG_CONFIG_HOME", "/config");
    qputenv("XDG_DATA_HOME", "/share");
    qunsetenv("TOCSIN_WORKSPACE");
    qunsetenv("TOCSIN_DATA");
    QCOMPARE(cli::workspaceFolder({}), QStringLiteral("/config/tocsin"));
    QCOMPARE(cli::dataFolder({}), QStringLiteral("/share/tocsin"));
    qputenv("TOCSIN_WORKSPACE", "/team");
    qputenv("TOCSIN_DATA", "/incidents");
    QCOMPARE(cli::workspaceFolder({}), QStringLiteral("/team"));
    QCOMPARE(cli::dataFolder({}), QStringLiteral("/incidents"));
    const QStringList args{QStringLiteral("--workspace"), QStringLiteral("here"),
                           QStringLiteral("query"), QStringLiteral("--data=/there/./x")};
    QCOMPARE(cli::workspaceFolder(args), QDir::currentPath() + QStringLiteral("/here"));
    QCOMPARE(cli::dataFolder(args), QStringLiteral("/there/x"));
    // What follows “--” is somebody's SQL, not an option.
    QCOMPARE(cli::workspaceFolder({QStringLiteral("query"), QStringLiteral("--"),
                                   QStringLiteral("--workspace"), QStringLiteral("x")}),
             QStringLiteral("/team"));
}

void TestArguments::tablesAreAligned() {
    QCOMPARE(cli::table({{QStringLiteral("A"), QStringLiteral("B")},
                         {QStringLiteral("größer"), QString()},
                         {QStringLiteral("x"), QStringLiteral("y")}}),
             QStringLiteral("A       B\ngrößer\nx       y\n"));
}

QTEST_GUILESS_MAIN(TestArguments)
#include "tst_arguments.moc"
