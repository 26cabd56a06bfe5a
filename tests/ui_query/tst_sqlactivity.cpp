#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QTableView>
#include <QTreeView>

#include "tests/ui_query/sqlpanefixture.h"
#include "ui/query/activityview.h"
#include "ui/query/sqleditor.h"

using namespace tocsin;
using namespace tocsin::ui;

/// What the server does, and ending a session of it.
class TestSqlActivity : public SqlPaneFixture {
    Q_OBJECT
private slots:
    void initTestCase() { startServer(); }
    void init() { openPane(); }
    void cleanup() { closePane(); }
    void activityPointsAtTheBlocker();
    void activityAnswersWhileAStatementWaits();
    void activityAnswersWhileAChangeIsHeld();
    void aPreparedTransactionIsNoSession();
    void statementsThatAreNotCountedAreSaid();
    void everyTopicAnswers_data();
    void everyTopicAnswers();
    void settingsSayUnits();
    void tellsWhatItMayNotSee();
    void tablesAnswerDuringAMigration();
    void statementsByMeanTime();
    void rehearsalShowsWhoAndEndsThem();
    void signalsGoThroughTheirOwnRole();
    void rehearsalNoticesAnotherSession();
};

void TestSqlActivity::activityPointsAtTheBlocker() {
    const OtherSession holder(m_server, QStringLiteral("worker-1"));
    holder.say("BEGIN; UPDATE content SET status = 'PROCESSING' WHERE id = 1;");
    const QString held = QStringLiteral(
        "SELECT count(*) FROM pg_stat_activity WHERE "
        "application_name = 'worker-1' AND state = 'idle in "
        "transaction'");
    QTRY_COMPARE(m_server.sql(held), QStringLiteral("1"));
    const OtherSession waiter(m_server, QStringLiteral("worker-2"));
    waiter.say("UPDATE content SET status = 'FAILED' WHERE id = 1;");
    QTRY_COMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE "
                                             "wait_event_type = 'Lock'")),
                 QStringLiteral("1"));
    part<QPushButton>("sqlActivity")->click();
    auto* facts = part<QLabel>("activityFacts");
    QTRY_VERIFY2(facts->text().contains(QStringLiteral("holds up 1")), qPrintable(facts->text()));
    QTRY_VERIFY(facts->text().contains(QStringLiteral("slots")));
    auto* topics = part<QTabBar>("activityTopics");
    QCOMPARE(topics->tabText(1), QStringLiteral("Blocking 1"));
    topics->setCurrentIndex(1);
    auto* tree = part<QTreeView>("activityBlocking");
    QTRY_COMPARE(tree->model()->rowCount(), 1);
    const QModelIndex root = tree->model()->index(0, 0);
    QCOMPARE(tree->model()->rowCount(root), 1);
    // From the tree: rehearsed, ended, and whoever waited moves on.
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_server.sql(QStringLiteral("ALTER ROLE oncall SUPERUSER"));
    tree->setCurrentIndex(root);
    part<QPushButton>("activityTerminate")->click();
    auto* name = part<QLineEdit>("sqlConfirmName");
    QTRY_VERIFY(name->isVisible());
    // All of it is there to be read, whatever the page below would like.
    auto* confirm = part<QWidget>("sqlConfirm");
    m_pane->resize(520, 758);
    QTRY_VERIFY2(confirm->height() >= confirm->heightForWidth(confirm->width()),
                 qPrintable(QString::number(confirm->height())));
    QTest::keyClicks(name, QStringLiteral("primary"));
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_COMPARE(ran.size(), 1);
    const Outcome done = outcome(ran);
    QVERIFY2(done.ok, qPrintable(done.line));
    QVERIFY2(done.line.contains(QStringLiteral("ended, all 1 that waited for it moved on")),
             qPrintable(done.line));
    m_server.sql(QStringLiteral("ALTER ROLE oncall NOSUPERUSER"));
}

/// Who blocks my own statement: to be seen, and to be ended, while it waits.
void TestSqlActivity::activityAnswersWhileAStatementWaits() {
    const auto patient = connectionNamed(
        QStringLiteral("patient"),
        {{QStringLiteral("statement_timeout"), 60000}, {QStringLiteral("lock_timeout"), 60000}});
    m_pane->setConnections({patient.get()});
    const OtherSession holder(m_server, QStringLiteral("migration"));
    holder.say("BEGIN; LOCK TABLE content;");
    QTRY_COMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM pg_locks WHERE mode = "
                                             "'AccessExclusiveLock' AND relation = "
                                             "'content'::regclass AND granted")),
                 QStringLiteral("1"));
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("patient"), QStringLiteral("SELECT count(*) FROM content"));
    QTRY_COMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE "
                                             "wait_event_type = 'Lock'")),
                 QStringLiteral("1"));
    QVERIFY(part<QPushButton>("sqlActivity")->isEnabled());
    part<QPushButton>("sqlActivity")->click();
    auto* facts = part<QLabel>("activityFacts");
    QTRY_VERIFY2(facts->text().contains(QStringLiteral("holds up 1")), qPrintable(facts->text()));
    auto* topics = part<QTabBar>("activityTopics");
    topics->setCurrentIndex(1);
    auto* tree = part<QTreeView>("activityBlocking");
    QTRY_COMPARE(tree->model()->rowCount(), 1);
    QCOMPARE(ran.size(), 0);
    m_server.sql(QStringLiteral("ALTER ROLE oncall SUPERUSER"));
    tree->setCurrentIndex(tree->model()->index(0, 0));
    part<QPushButton>("activityTerminate")->click();
    auto* name = part<QLineEdit>("sqlConfirmName");
    QTRY_VERIFY(name->isVisible());
    QTest::keyClicks(name, QStringLiteral("patient"));
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_COMPARE(ran.size(), 2);
    const Outcome one = outcome(ran);
    const Outcome two = outcome(ran);
    const Outcome& ended = one.line.contains(QStringLiteral("ended")) ? one : two;
    const Outcome& freed = &ended == &one ? two : one;
    QVERIFY2(ended.line.contains(QStringLiteral("all 1 that waited for it moved on")),
             qPrintable(ended.line));
    QVERIFY2(freed.ok, qPrintable(freed.line));
    QVERIFY(!patient->unlocked());
    m_server.sql(QStringLiteral("ALTER ROLE oncall NOSUPERUSER"));
    m_pane->setConnections({});
}

void TestSqlActivity::activityAnswersWhileAChangeIsHeld() {
    QVERIFY(m_connection->unlock(QStringLiteral("trying"), std::chrono::minutes(2)));
    m_pane->run(QStringLiteral("primary"),
                QStringLiteral("UPDATE content SET status = 'LOST' WHERE id = 7"));
    auto* run = part<QPushButton>("sqlConfirmRun");
    QTRY_VERIFY(run->isVisible());
    run->click();
    QTRY_VERIFY(m_connection->isHolding());
    const OtherSession waiter(m_server, QStringLiteral("worker-3"));
    waiter.say("UPDATE content SET status = 'FAILED' WHERE id = 7;");
    part<QPushButton>("sqlActivity")->click();
    auto* facts = part<QLabel>("activityFacts");
    QTRY_VERIFY2(facts->text().contains(QStringLiteral("holds up 1")) ||
                     (part<QPushButton>("activityRefresh")->click(), false),
                 qPrintable(facts->text()));
    QVERIFY(m_connection->isHolding());
    part<QPushButton>("sqlRollback")->click();
    QTRY_VERIFY(!m_connection->isHolding());
    m_connection->lock();
}

/// Nobody's session: it is named, and what ends it is said instead of a signal to pid 0.
void TestSqlActivity::aPreparedTransactionIsNoSession() {
    const OtherSession first(m_server, QStringLiteral("billing"));
    first.say(
        "BEGIN; UPDATE content SET status = 'x' WHERE id = 9; PREPARE TRANSACTION 'invoice 7';");
    QTRY_COMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM pg_prepared_xacts")),
                 QStringLiteral("1"));
    const OtherSession second(m_server, QStringLiteral("worker-2"));
    second.say("UPDATE content SET status = 'y' WHERE id = 9;");
    QTRY_COMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE "
                                             "wait_event_type = 'Lock'")),
                 QStringLiteral("1"));
    part<QPushButton>("sqlActivity")->click();
    part<QTabBar>("activityTopics")->setCurrentIndex(1);
    auto* facts = part<QLabel>("activityFacts");
    QTRY_VERIFY2(facts->text().contains(QStringLiteral("a prepared transaction holds up 1")),
                 qPrintable(facts->text()));
    auto* tree = part<QTreeView>("activityBlocking");
    QTRY_COMPARE(tree->model()->rowCount(), 1);
    tree->setCurrentIndex(tree->model()->index(0, 0));
    QVERIFY2(part<QLabel>("activityQuery")->text().contains(QStringLiteral("'invoice 7'")),
             qPrintable(part<QLabel>("activityQuery")->text()));
    part<QPushButton>("activityTerminate")->click();
    QVERIFY2(part<QLabel>("activityState")->text().contains(QStringLiteral("ROLLBACK PREPARED")),
             qPrintable(part<QLabel>("activityState")->text()));
    QVERIFY(!part<QWidget>("sqlConfirm")->isVisible());
    m_server.sql(QStringLiteral("ROLLBACK PREPARED 'invoice 7'"));
    m_server.sql(QStringLiteral("UPDATE content SET status = 'READY' WHERE id = 9"));
}

void TestSqlActivity::statementsThatAreNotCountedAreSaid() {
    m_server.sql(QStringLiteral("CREATE DATABASE bare"));
    const auto bare = connectionNamed(
        QStringLiteral("bare"),
        {{QStringLiteral("url"), m_server.url(QStringLiteral("oncall"))
                                     .replace(QStringLiteral("/app"), QStringLiteral("/bare"))}});
    m_pane->setConnections({bare.get()});
    part<QPushButton>("sqlActivity")->click();
    part<QTabBar>("activityTopics")->setCurrentIndex(2);
    auto* state = part<QLabel>("activityState");
    QTRY_VERIFY2(state->text().contains(QStringLiteral("CREATE EXTENSION pg_stat_statements")),
                 qPrintable(state->text()));
    m_pane->setConnections({});
}

void TestSqlActivity::everyTopicAnswers_data() {
    QTest::addColumn<int>("topic");
    QTest::newRow("sessions") << 0;
    QTest::newRow("statements") << 2;
    QTest::newRow("tables") << 3;
    QTest::newRow("maintenance") << 4;
    QTest::newRow("settings") << 5;
}

void TestSqlActivity::everyTopicAnswers() {
    QFETCH(int, topic);
    part<QPushButton>("sqlActivity")->click();
    part<QTabBar>("activityTopics")->setCurrentIndex(topic);
    auto* state = part<QLabel>("activityState");
    QTRY_VERIFY2(state->text().startsWith(QStringLiteral("looked at")) ||
                     (topic == 2 && state->text().contains(QStringLiteral("not installed"))),
                 qPrintable(state->text()));
    part<QPushButton>("activitySql")->click();
    const QString behind = part<SqlEditor>("sqlEditor")->text();
    QVERIFY2(
        behind.startsWith(QStringLiteral("SELECT")) || behind.startsWith(QStringLiteral("WITH")),
        qPrintable(behind));
}

void TestSqlActivity::settingsSayUnits() {
    part<QPushButton>("sqlActivity")->click();
    part<QTabBar>("activityTopics")->setCurrentIndex(5);
    const auto* model = part<QTableView>("activityGrid")->model();
    QMap<QString, QString> byDefault;
    QTRY_VERIFY(model->rowCount() > 3);
    for (int row = 0; row < model->rowCount(); ++row)
        byDefault.insert(model->index(row, 0).data().toString(),
                         model->index(row, 2).data().toString());
    QCOMPARE(byDefault.value(QStringLiteral("shared_buffers")), QStringLiteral("128 MB"));
    QCOMPARE(byDefault.value(QStringLiteral("track_activity_query_size")),
             QStringLiteral("1024 bytes"));
}

void TestSqlActivity::tellsWhatItMayNotSee() {
    m_server.sql(QStringLiteral("REVOKE pg_monitor FROM oncall"));
    const OtherSession other(m_server, QStringLiteral("unseen"));
    other.say("BEGIN; SELECT 1;");
    part<QPushButton>("sqlActivity")->click();
    auto* facts = part<QLabel>("activityFacts");
    QTRY_VERIFY2(facts->text().contains(QStringLiteral("is not known: this role lacks pg_monitor")),
                 qPrintable(facts->text()));
    QTRY_VERIFY2(!facts->text().contains(QStringLiteral("slots 1 of")) &&
                     facts->text().startsWith(QStringLiteral("slots ")),
                 qPrintable(facts->text()));
    m_server.sql(QStringLiteral("GRANT pg_monitor TO oncall"));
}

void TestSqlActivity::tablesAnswerDuringAMigration() {
    m_server.sql(QStringLiteral("ANALYZE content"));
    const OtherSession migration(m_server, QStringLiteral("migration"));
    migration.say("BEGIN; LOCK TABLE content;");
    QTRY_COMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM pg_locks WHERE mode = "
                                             "'AccessExclusiveLock' AND relation = "
                                             "'content'::regclass AND granted")),
                 QStringLiteral("1"));
    part<QPushButton>("sqlActivity")->click();
    part<QTabBar>("activityTopics")->setCurrentIndex(3);
    auto* state = part<QLabel>("activityState");
    QTRY_VERIFY2(state->text().startsWith(QStringLiteral("looked at")), qPrintable(state->text()));
    auto* grid = part<QTableView>("activityGrid");
    QTRY_VERIFY(grid->model()->rowCount() > 0);
    QCOMPARE(grid->model()->index(0, 1).data().toString(), QStringLiteral("content"));
    QVERIFY(grid->model()->index(0, 3).data().toString().toLongLong() >= 8192);
}

void TestSqlActivity::statementsByMeanTime() {
    part<QPushButton>("sqlActivity")->click();
    auto* order = part<QComboBox>("activityOrder");
    QVERIFY(!order->isVisible());
    part<QTabBar>("activityTopics")->setCurrentIndex(2);
    QVERIFY(order->isVisible());
    auto* state = part<QLabel>("activityState");
    auto* view = static_cast<ActivityView*>(part<QWidget>("sqlActivityView"));
    QTRY_VERIFY2(state->text().startsWith(QStringLiteral("looked at")), qPrintable(state->text()));
    QVERIFY(view->sql().contains(QStringLiteral("ORDER BY total_exec_time")));
    order->setCurrentIndex(1);
    QTRY_VERIFY2(view->sql().contains(QStringLiteral("ORDER BY mean_exec_time")),
                 qPrintable(view->sql()));
}

void TestSqlActivity::rehearsalShowsWhoAndEndsThem() {
    m_server.sql(QStringLiteral("CREATE ROLE app LOGIN PASSWORD 'app-secret'"));
    QVERIFY(true);
    const OtherSession holder(m_server, QStringLiteral("stuck-worker"));
    holder.say("SET ROLE oncall; SET SESSION AUTHORIZATION oncall; BEGIN; SELECT 1;");
    const QString who = QStringLiteral(
        "SELECT pid FROM pg_stat_activity WHERE application_name = "
        "'stuck-worker' AND state = 'idle in transaction'");
    QTRY_VERIFY(!m_server.sql(who).isEmpty());
    const QString pid = m_server.sql(who);
    m_server.sql(QStringLiteral("ALTER ROLE oncall SUPERUSER"));
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->rehearse(QStringLiteral("primary"),
                     QStringLiteral("SELECT pg_terminate_backend(%1);").arg(pid));
    auto* name = part<QLineEdit>("sqlConfirmName");
    QTRY_VERIFY(name->isVisible());
    const QString statement = part<QPlainTextEdit>("sqlConfirmStatement")->toPlainText();
    QVERIFY2(statement.contains(QStringLiteral("pid = ") + pid), qPrintable(statement));
    QVERIFY(statement.contains(QStringLiteral("backend_start = '")));
    QVERIFY(!m_server.sql(who).isEmpty());
    QTest::keyClicks(name, QStringLiteral("primary"));
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_COMPARE(ran.size(), 1);
    const Outcome done = outcome(ran);
    QVERIFY2(done.ok, qPrintable(done.line));
    QTRY_VERIFY(m_server.sql(who).isEmpty());
    m_server.sql(QStringLiteral("ALTER ROLE oncall NOSUPERUSER"));
}

/// The role that looks need not be able to signal.
void TestSqlActivity::signalsGoThroughTheirOwnRole() {
    m_server.sql(QStringLiteral("REVOKE pg_signal_backend FROM oncall"));
    const auto made = [this](const QString& name, const QString& url, const QString& through) {
        Settings settings;
        settings.name = name;
        settings.kind = QStringLiteral("postgres");
        settings.values[QStringLiteral("url")] = url;
        settings.values[QStringLiteral("signal_through")] = through;
        settings.secrets[QStringLiteral("password")] = Secret(QStringLiteral("oncall-secret"));
        if (through.isEmpty()) settings.secrets.clear();
        return std::make_unique<inspection::Connection>(
            inspection::connectionInfo(settings),
            std::make_unique<postgres::PostgresEngine>(*postgres::targetFrom(settings), m_clock),
            Error{}, m_clock);
    };
    const auto looks = made(QStringLiteral("looks"), m_server.url(QStringLiteral("oncall")),
                            QStringLiteral("signals"));
    const auto signalling = made(QStringLiteral("signals"), m_server.superuserUrl(), {});
    m_pane->setConnections({looks.get(), signalling.get()});
    const OtherSession holder(m_server, QStringLiteral("stuck"));
    holder.say("BEGIN; SELECT 1;");
    const QString who = QStringLiteral(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'stuck' AND state = 'idle in "
        "transaction'");
    QTRY_VERIFY(!m_server.sql(who).isEmpty());
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->rehearse(QStringLiteral("looks"),
                     QStringLiteral("SELECT pg_terminate_backend(%1)").arg(m_server.sql(who)));
    auto* name = part<QLineEdit>("sqlConfirmName");
    QTRY_VERIFY(name->isVisible());
    QTest::keyClicks(name, QStringLiteral("looks"));
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_COMPARE(ran.size(), 1);
    const Outcome done = outcome(ran);
    QVERIFY2(done.ok, qPrintable(done.line));
    QVERIFY(done.line.endsWith(QStringLiteral("ended")));
    QVERIFY(!signalling->unlocked());
    QVERIFY(m_server.sql(who).isEmpty());
    m_pane->setConnections({});
    m_server.sql(QStringLiteral("GRANT pg_signal_backend TO oncall"));
}

void TestSqlActivity::rehearsalNoticesAnotherSession() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->rehearse(QStringLiteral("primary"),
                     QStringLiteral("SELECT pg_terminate_backend(2147483)"));
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(!outcome(ran).ok);
    QVERIFY(!part<QLineEdit>("sqlConfirmName")->isVisible());
}

QTEST_MAIN(TestSqlActivity)
#include "tst_sqlactivity.moc"
