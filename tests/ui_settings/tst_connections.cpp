// Connections are made, tried and changed in the window: on a real server and a real keyring, and
// what is written to tocsin.yaml is read.
#include <QComboBox>
#include <QLabel>
#include <QStackedWidget>
#include <QTcpServer>
#include <QToolButton>

#include "tests/support/await.h"
#include "tests/support/keyring.h"
#include "tests/support/postgresserver.h"
#include "tests/support/redisserver.h"
#include "tests/ui_shell/desk.h"
#include "ui/query/sqlpane.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestConnections : public Desk {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanup() { close(); }
    void madeFromFields();
    void redisToo();
    void aPastedPasswordGoesToTheKeyring();
    void changedInPlace();
    void wrongValuesAreShown();
    void whatIsMissingIsAskedFor();
    void aServerThatSaysNothingCanBeLeft();
    void refusesWhileAStatementRuns();
    void noticesThatTheFileChanged();
    void aMistakeInTheFileIsSaid();
    void aSecretOfOthersIsNotReplaced();
    void whatWasAskedIsWithdrawn();
    void whatThePluginRefusesIsNotWritten();
    void namesOfOthersAreTaken();
    void escapeWritesNothing();
    void anotherFormTakesNothingOver();
    void theOthersGoOn();
    void pictures_data();
    void pictures();

private:
    QByteArray file() const {
        QFile read(m_folder->filePath(u"tocsin.yaml"_s));
        return read.open(QIODevice::ReadOnly) ? read.readAll() : QByteArray();
    }
    QByteArray withPrimary() const {
        return u"connections:\n  - {name: primary, kind: postgres, url: \"%1\", password: "
               "\"env:TOCSIN_TEST_PASSWORD\"}\n"_s.arg(m_server.url(u"oncall"_s))
                   .toUtf8();
    }
    QString message() { return find<QLabel>("connectionMessage")->text(); }
    void choose(const char* name, const QString& data) {
        auto* box = find<QComboBox>(name);
        box->setCurrentIndex(box->findData(data));
    }
    QWidget* pane() { return find<QWidget>("connectionsPane"); }
    void openForm(const char* action) {
        find<QAction>(action)->trigger();
        QTRY_VERIFY(m_window->findChild<QLineEdit*>(u"connection_name"_s));
        QVERIFY(pane()->isVisible());
    }
    /// There is no connection yet: the button says what it is for.
    void openNewForm() {
        find<QStackedWidget>("pages")->setCurrentIndex(0);
        QCOMPARE(find<QToolButton>("sqlSetUp")->text(), u"New connection…"_s);
        QTest::mouseClick(find<QToolButton>("sqlSetUp"), Qt::LeftButton);
        QVERIFY(find<QLineEdit>("connection_name")->isVisible());
    }
    void fillIn();
    void save() {
        press("connectionSave");
        QTRY_VERIFY2(!pane()->isVisible(), qPrintable(message()));
    }
    /// Runs on the chosen connection, and waits.
    bool answers(const QString& connection) {
        auto* sql = m_window->findChild<SqlPane*>();
        QSignalSpy ran(sql, &SqlPane::ran);
        sql->run(connection, u"SELECT current_user"_s);
        return QTest::qWaitFor([&ran] { return !ran.isEmpty(); }, 10000) &&
               ran.first().first().value<Outcome>().ok;
    }

    support::Keyring m_keyring;
    support::PostgresServer m_server;
    QString m_port;
};

namespace {
const QByteArray kEmpty = "workspace: {name: Studio}\n# connections come here\n";
}

void TestConnections::initTestCase() {
    QCOMPARE(m_keyring.start(), QString());
    QCOMPARE(m_server.start(), QString());
    qputenv("TOCSIN_TEST_PASSWORD", "oncall-secret");
    QCOMPARE(
        m_server.sql(u"CREATE ROLE oncall LOGIN PASSWORD 'oncall-secret' IN ROLE pg_monitor"_s),
        QString());
    m_port = QString::number(QUrl(m_server.superuserUrl()).port());
}

void TestConnections::fillIn() {
    type("connection_name", u"primary"_s);
    type("connection_host", u"127.0.0.1"_s);
    type("connection_port", m_port);
    type("connection_database", u"app"_s);
    type("connection_user", u"oncall"_s);
    choose("connection_password", u"keychain:"_s);
    type("connection_passwordValue", u"oncall-secret"_s);
}

void TestConnections::madeFromFields() {
    open(kEmpty);
    openNewForm();
    QVERIFY(find<QLineEdit>("connection_name")->hasFocus());
    fillIn();
    press("connectionTest");
    QTRY_VERIFY2(message().contains(u"PostgreSQL"_s), qPrintable(message()));
    QVERIFY(message().contains(u"as oncall"_s));
    QCOMPARE(file(), kEmpty);  // trying keeps nothing
    save();
    QCOMPARE(file(), kEmpty +
                         "connections:\n  - {name: primary, kind: postgres, host: 127.0.0.1, "
                         "port: " +
                         m_port.toUtf8() +
                         ", database: app, user: oncall, password: \"keychain:primary\"}\n");
    QCOMPARE(find<QComboBox>("sqlConnection")->currentText(), u"primary"_s);
    QVERIFY(m_window->findChild<SqlPane*>()->isVisible());
    QVERIFY(answers(u"primary"_s));
    const auto kept = test::await(
        m_console->secrets().resolve({workspace::SecretReference::Where::Keychain, u"primary"_s}));
    QVERIFY(kept);
    QCOMPARE(kept->reveal(), u"oncall-secret"_s);
}

void TestConnections::redisToo() {
    support::RedisServer redis;
    QCOMPARE(redis.start(), QString());
    open(kEmpty);
    openNewForm();
    choose("connectionKind", u"redis"_s);
    type("connection_name", u"cache"_s);
    type("connection_url", u"redis://127.0.0.1:%1/0"_s.arg(redis.port()));
    type("connection_environment", u"staging"_s);
    press("connectionTest");
    QTRY_VERIFY2(message().contains(u"Redis 7"_s), qPrintable(message()));
    save();
    QVERIFY(file().contains("- {name: cache, kind: redis, url: \"redis://127.0.0.1:"));
    QCOMPARE(find<QComboBox>("redisConnection")->currentText(), u"cache"_s);
    QVERIFY(m_console->connection(u"cache"_s));
    QCOMPARE(m_console->connection(u"cache"_s)->info().environment, u"staging"_s);
}

void TestConnections::aPastedPasswordGoesToTheKeyring() {
    open(kEmpty);
    openNewForm();
    type("connection_name", u"pasted"_s);
    type("connection_url",
         u"postgresql://oncall:oncall-secret@127.0.0.1:%1/app?sslmode=disable"_s.arg(m_port));
    QVERIFY(!find<QLabel>("connectionPreview")->text().contains(u"oncall-secret"_s));
    QTest::keyClick(find<QLineEdit>("connection_url"), Qt::Key_Tab);
    QCOMPARE(find<QLineEdit>("connection_url")->text(),
             u"postgresql://oncall@127.0.0.1:%1/app?sslmode=disable"_s.arg(m_port));
    QCOMPARE(find<QLineEdit>("connection_passwordValue")->text(), u"oncall-secret"_s);
    save();
    QVERIFY(!file().contains("oncall-secret"));
    QVERIFY(file().contains("password: \"keychain:pasted\""));
    QVERIFY(answers(u"pasted"_s));
}

void TestConnections::changedInPlace() {
    const QByteArray before =
        "workspace: {name: Studio}\nconnections:\n"
        "  # the one that is written to\n"
        "  - {name: primary, kind: postgres, url: \"postgresql://oncall@127.0.0.1:1/app\", "
        "environment: staging}  # ask ops\n"
        "  - {name: cache, kind: redis, url: \"redis://127.0.0.1:1\"}\n# the end\n";
    open(before);
    QVERIFY(!answers(u"primary"_s));
    openForm("sqlChangeConnection");
    QCOMPARE(find<QLineEdit>("connection_environment")->text(), u"staging"_s);
    type("connection_url", u"postgresql://oncall@127.0.0.1:%1/app"_s.arg(m_port));
    choose("connection_password", u"keychain:"_s);
    type("connection_passwordValue", u"oncall-secret"_s);
    save();
    QCOMPARE(file(), QByteArray(before).replace(":1/app\", environment: staging",
                                                ':' + m_port.toUtf8() +
                                                    "/app\", environment: staging, password: "
                                                    "\"keychain:primary\""));
    QVERIFY(answers(u"primary"_s));
    // The same again, with another name.
    openForm("sqlChangeConnection");
    type("connection_name", u"main"_s);
    save();
    QVERIFY(file().contains("{name: main, kind"));
    QCOMPARE(m_console->connections().size(), 2);
    QVERIFY(m_console->connection(u"main"_s));
    QVERIFY(answers(u"main"_s));
}

void TestConnections::wrongValuesAreShown() {
    open(kEmpty);
    openNewForm();
    fillIn();
    type("connection_port", u"five"_s);
    QTRY_VERIFY2(message().contains(u"a port such as 5432"_s), qPrintable(message()));
    QVERIFY(find<QLineEdit>("connection_port")->property("invalid").toBool());
    press("connectionSave");
    QTRY_VERIFY(find<QLineEdit>("connection_port")->hasFocus());
    QCOMPARE(file(), kEmpty);
    type("connection_port", m_port);
    QTRY_VERIFY(!find<QLineEdit>("connection_port")->property("invalid").toBool());
    // A heading that is closed opens for what is wrong under it.
    find<QToolButton>("connectionGroup_Limits")->setChecked(true);
    type("connection_lock_timeout", u"soon"_s);
    find<QToolButton>("connectionGroup_Limits")->setChecked(false);
    QTRY_VERIFY(message().contains(u"lock_timeout"_s));
    press("connectionSave");
    QTRY_VERIFY(find<QLineEdit>("connection_lock_timeout")->isVisible());
    QCOMPARE(file(), kEmpty);
}

void TestConnections::whatIsMissingIsAskedFor() {
    open(kEmpty);
    openNewForm();
    press("connectionSave");
    QTRY_VERIFY2(message().contains(u"needs a name"_s), qPrintable(message()));
    QTRY_VERIFY(find<QLineEdit>("connection_name")->hasFocus());
    type("connection_name", u"primary"_s);
    press("connectionTest");  // nothing says where
    QTRY_VERIFY2(message().contains(u"has no address"_s), qPrintable(message()));
    QCOMPARE(file(), kEmpty);
}

void TestConnections::aServerThatSaysNothingCanBeLeft() {
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    open(kEmpty);
    openNewForm();
    fillIn();
    type("connection_port", QString::number(silent.serverPort()));
    press("connectionTest");
    QTRY_COMPARE(find<QPushButton>("connectionTest")->text(), u"Stop"_s);
    QTRY_VERIFY(message().startsWith(u"Asking"_s));
    m_clock->advance(2s);
    QTRY_VERIFY2(message().endsWith(u"2 s"_s), qPrintable(message()));
    press("connectionTest");
    QCOMPARE(message(), u"Stopped."_s);
    QCOMPARE(find<QPushButton>("connectionTest")->text(), u"Test"_s);
}

void TestConnections::refusesWhileAStatementRuns() {
    open(withPrimary());
    auto* connection = m_console->connection(u"primary"_s);
    auto running = connection->run(u"SELECT pg_sleep(30)"_s);
    QTRY_VERIFY(connection->isBusy());
    openForm("sqlChangeConnection");
    type("connection_environment", u"staging"_s);
    press("connectionSave");
    QTRY_VERIFY2(message().contains(u"runs on primary"_s), qPrintable(message()));
    QVERIFY(!file().contains("staging"));
    connection->cancel();
    QTRY_VERIFY(running.isFinished() && !connection->isBusy());
    save();
    QVERIFY(file().contains("environment: staging"));
}

void TestConnections::noticesThatTheFileChanged() {
    open("connections:\n  - {name: primary, kind: postgres, host: a}\n");
    openForm("sqlChangeConnection");
    QFile other(m_folder->filePath(u"tocsin.yaml"_s));
    QVERIFY(other.open(QIODevice::WriteOnly));
    const QByteArray theirs = "connections:\n  - {name: primary, kind: postgres, host: b}\n";
    other.write(theirs);
    other.close();
    type("connection_host", u"c"_s);
    press("connectionSave");
    QTRY_VERIFY2(message().contains(u"changed meanwhile"_s), qPrintable(message()));
    QCOMPARE(file(), theirs);
}

void TestConnections::aMistakeInTheFileIsSaid() {
    const QByteArray broken = "workspace: {name: A}\nconnections:\n  - {name: a, kind: [\n";
    open(broken);
    openNewForm();
    fillIn();
    press("connectionSave");
    QTRY_VERIFY2(message().contains(u"mend it first"_s), qPrintable(message()));
    QCOMPARE(file(), broken);
    QCOMPARE(find<QLineEdit>("connection_name")->text(), u"primary"_s);  // nothing typed is lost
}

void TestConnections::aSecretOfOthersIsNotReplaced() {
    open(kEmpty);
    const auto kept = [this] {
        const auto found = test::await(m_console->secrets().resolve(
            {workspace::SecretReference::Where::Keychain, u"shared"_s}));
        return found ? found->reveal() : QString();
    };
    QVERIFY(test::await(m_console->secrets().store(u"shared"_s, Secret(u"theirs-0815"_s))));
    openNewForm();
    fillIn();
    type("connection_passwordName", u"shared"_s);
    press("connectionSave");
    QTRY_VERIFY2(message().contains(u"another secret called “shared”"_s), qPrintable(message()));
    QCOMPARE(kept(), u"theirs-0815"_s);
    QCOMPARE(file(), kEmpty);
    // What the file refuses is refused before anything is kept.
    type("connection_passwordName", u"own"_s);
    QFile broken(m_folder->filePath(u"tocsin.yaml"_s));
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write("connections: [\n");
    broken.close();
    press("connectionSave");
    QTRY_VERIFY2(message().contains(u"mend it first"_s), qPrintable(message()));
    QVERIFY(!test::await(
        m_console->secrets().resolve({workspace::SecretReference::Where::Keychain, u"own"_s})));
}

/// A question about one server is never answered on another.
void TestConnections::whatWasAskedIsWithdrawn() {
    support::RedisServer redis;
    QCOMPARE(redis.start(), QString());
    open(u"connections:\n  - {name: cache, kind: redis, url: \"redis://127.0.0.1:%1/0\"}\n"_s
             .arg(redis.port())
             .toUtf8());
    QTest::mouseClick(find<QWidget>("redisGuard"), Qt::LeftButton);
    QTRY_VERIFY(!find<QWidget>("redisConfirm")->isHidden());
    openForm("redisChangeConnection");
    type("connection_environment", u"staging"_s);
    save();
    QVERIFY(find<QWidget>("redisConfirm")->isHidden());
}

void TestConnections::whatThePluginRefusesIsNotWritten() {
    open(kEmpty);
    openNewForm();
    type("connection_name", u"primary"_s);
    press("connectionSave");
    QTRY_VERIFY2(message().contains(u"has no address"_s), qPrintable(message()));
    type("connection_url", u"postgresql://oncall@db-1/app"_s);
    type("connection_host", u"db-2"_s);
    press("connectionSave");
    QTRY_VERIFY2(message().contains(u"two of host"_s), qPrintable(message()));
    QCOMPARE(file(), kEmpty);
}

void TestConnections::namesOfOthersAreTaken() {
    open(withPrimary());
    find<QAction>("sqlNewConnection")->trigger();
    fillIn();
    type("connection_name", u"second"_s);
    find<QToolButton>("connectionGroup_More")->setChecked(true);
    type("connection_signal_through", u"primary"_s);
    save();
    QVERIFY(file().contains("signal_through: primary}"));
    QCOMPARE(m_console->connection(u"second"_s)->info().signalThrough, u"primary"_s);
}

/// Return on a button presses that button, and what was asked of one form is not done to another.
void TestConnections::anotherFormTakesNothingOver() {
    open(withPrimary());
    const QByteArray before = file();
    openForm("sqlChangeConnection");
    type("connection_environment", u"staging"_s);
    QTest::keyClick(find<QLineEdit>("connection_environment"), Qt::Key_Return);
    QTest::keyClick(find<QLineEdit>("connection_environment"), Qt::Key_Escape);
    openForm("sqlChangeConnection");
    type("connection_environment", u"testing"_s);
    find<QPushButton>("connectionClose")->setFocus();
    QTest::keyClick(find<QPushButton>("connectionClose"), Qt::Key_Return);
    QTRY_VERIFY(!pane()->isVisible());
    QVERIFY(!file().contains("testing"));
    QCOMPARE(file(), before);
}

void TestConnections::escapeWritesNothing() {
    open(kEmpty);
    openNewForm();
    fillIn();
    QTest::keyClick(find<QLineEdit>("connection_host"), Qt::Key_Escape);
    QTRY_VERIFY(!pane()->isVisible());
    QCOMPARE(file(), kEmpty);
    QVERIFY(m_console->connections().isEmpty());
}

void TestConnections::theOthersGoOn() {
    open(withPrimary());
    auto* connection = m_console->connection(u"primary"_s);
    auto running = connection->run(u"SELECT pg_sleep(0.3)"_s);
    find<QAction>("sqlNewConnection")->trigger();
    fillIn();
    type("connection_name", u"second"_s);
    save();
    QCOMPARE(m_console->connection(u"primary"_s), connection);
    const auto slept = test::await(running);
    QVERIFY(slept);
    QCOMPARE(find<QComboBox>("sqlConnection")->currentText(), u"second"_s);
}

void TestConnections::pictures_data() {
    QTest::addColumn<QString>("state");
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QSize>("size");
    for (const char* state : {"new", "tested", "wrong"})
        for (const bool dark : {true, false})
            for (const QSize size : {QSize(1280, 800), QSize(1600, 1000)})
                if (isPictured(dark, size))
                    QTest::addRow("%s-%s-%dx%d", state, dark ? "dark" : "light", size.width(),
                                  size.height())
                        << QString::fromLatin1(state) << dark << size;
}

void TestConnections::pictures() {
    QFETCH(const QString, state);
    QFETCH(const bool, dark);
    QFETCH(const QSize, size);
    open(kEmpty + "connections:\n  - {name: replica, kind: postgres, host: db-2}\n");
    dress(dark, size);
    feed();
    find<QAction>("sqlNewConnection")->trigger();
    if (state != u"new") {
        fillIn();
        find<QToolButton>("connectionGroup_Encryption")->setChecked(true);
        choose("connection_sslmode", u"prefer"_s);
    }
    if (state == u"tested") {
        press("connectionTest");
        QTRY_VERIFY2(message().contains(u"PostgreSQL"_s), qPrintable(message()));
    }
    if (state == u"wrong") {
        type("connection_port", u"five"_s);
        QTRY_VERIFY(!message().isEmpty());
    }
    picture(u"connection"_s, size);
}

QTEST_MAIN(TestConnections)
#include "tst_connections.moc"
