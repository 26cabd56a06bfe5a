#include <QAction>
#include <QComboBox>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTreeView>
#include <QtTest>

#include "inspection/connection.h"
#include "plugins/engines/postgres/engine.h"
#include "tests/support/othersession.h"
#include "tests/support/postgresserver.h"
#include "ui/query/activityview.h"
#include "ui/query/chartview.h"
#include "ui/query/receiptview.h"
#include "ui/query/resultview.h"
#include "ui/query/sqldecision.h"
#include "ui/query/sqleditor.h"
#include "ui/query/sqlpane.h"

using namespace tocsin;
using namespace tocsin::ui;
using support::OtherSession;

class TestSqlPane : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup();
    void runsAndShowsRows();
    void handlesResults();
    void runsTheStatementAtTheCursor();
    void formatsInOneStep();
    void measuresOnlyUnlocked();
    void drawsPlans();
    void remembersWhatWasRun();
    void testsTheConnection();
    void fitsANarrowPane();
    void marksErrors();
    void refusesAndOffersRehearsal();
    void cancelEndsTheRun();
    void outcomesBelongToTheirRun();
    void whatIsTakenBackWasNotRun();
    void cancelAndConfirmMeanTheirServer();
    void activityPointsAtTheBlocker();
    void activityAnswersWhileAStatementWaits();
    void activityAnswersWhileAChangeIsHeld();
    void aPreparedTransactionIsNoSession();
    void statementsThatAreNotCountedAreSaid();
    void everyTopicAnswers_data();
    void everyTopicAnswers();
    void confirmNeedsReasonAndName();
    void rollbackLeavesNothing();
    void lockingRollsBackWhatIsHeld();
    void receiptIsThere();
    void rehearsalShowsWhoAndEndsThem();
    void signalsGoThroughTheirOwnRole();
    void rehearsalNoticesAnotherSession();
    void aMissingConnectionIsSaid();
    void anEngineThatCannotBeMadeIsSaid();
    void picksCells();
    void holesAreFilledBeforeItRuns();
    void hearsNotifications();
    void completesEachConnectionsOwnNames();
    void completesOnTheScreenOnly();
    void tablesAnswerDuringAMigration();
    void statementsByMeanTime();
    void wholeTablesNeedTheName_data();
    void wholeTablesNeedTheName();
    void writesAllPastTheLimit();
    void sortingHidesNothing();
    void whatIsNotShownIsNotWritten();
    void aFileHasAllThatIsShown();
    void oldRowsAreNoAnswer();
    void rowsBeforeACancelAreNotTheWhole();
    void settingsSayUnits();
    void theCountdownGoesOnWhenSeen();
    void aLongStatementLeavesRoom();

private:
    template <typename T>
    T* part(const char* name) {
        return m_pane->findChild<T*>(QString::fromLatin1(name));
    }
    void picture(const char* name);
    std::unique_ptr<inspection::Connection> connectionNamed(const QString& name,
                                                            const QVariantMap& more = {});
    Outcome outcome(QSignalSpy& spy) { return spy.takeFirst()[0].value<Outcome>(); }

    SystemClock m_clock;
    theme::Theme m_theme{theme::Mode::Dark};
    support::PostgresServer m_server{
        {.settings = {QStringLiteral("shared_preload_libraries = 'pg_stat_statements'"),
                      QStringLiteral("max_prepared_transactions = 2")}}};
    std::unique_ptr<inspection::Connection> m_connection;
    std::unique_ptr<SqlPane> m_pane;
};

void TestSqlPane::initTestCase() {
    qRegisterMetaType<Outcome>();
    m_theme.applyTo(*qApp);
    QCOMPARE(m_server.start(), QString());
    QCOMPARE(m_server.sql(QStringLiteral(
                 "CREATE EXTENSION pg_stat_statements; "
                 "CREATE ROLE oncall LOGIN PASSWORD 'oncall-secret'; GRANT pg_monitor, "
                 "pg_signal_backend TO oncall; CREATE ROLE worker SUPERUSER; "
                 "CREATE TABLE content(id int PRIMARY KEY, status text); INSERT INTO content "
                 "SELECT g, 'READY' FROM generate_series(1, 100) g; GRANT SELECT, UPDATE ON "
                 "content TO oncall;")),
             QString());
}

std::unique_ptr<inspection::Connection> TestSqlPane::connectionNamed(const QString& name,
                                                                     const QVariantMap& more) {
    Settings settings;
    settings.values = more;
    settings.name = name;
    settings.kind = QStringLiteral("postgres");
    if (!more.contains(QStringLiteral("url")))
        settings.values[QStringLiteral("url")] = m_server.url(QStringLiteral("oncall"));
    settings.secrets[QStringLiteral("password")] = Secret(QStringLiteral("oncall-secret"));
    const auto made = [this, target = *postgres::targetFrom(settings)] {
        return std::make_unique<postgres::PostgresEngine>(target, m_clock);
    };
    auto connection = std::make_unique<inspection::Connection>(inspection::connectionInfo(settings),
                                                               made(), Error{}, m_clock);
    connection->setSide(made);
    return connection;
}

void TestSqlPane::init() {
    m_connection = connectionNamed(QStringLiteral("primary"));
    m_pane = std::make_unique<SqlPane>(m_theme, m_clock);
    m_pane->setConnections({m_connection.get()});
    m_pane->resize(650, 620);
    m_pane->show();
}

void TestSqlPane::cleanup() {
    m_pane.reset();
    m_connection.reset();
}

/// Kept only where somebody wants to look: TOCSIN_PICTURES names a folder.
void TestSqlPane::picture(const char* name) {
    const QString folder = qEnvironmentVariable("TOCSIN_PICTURES");
    if (folder.isEmpty()) return;
    for (const auto mode : {theme::Mode::Dark, theme::Mode::Light}) {
        m_theme.setMode(mode);
        m_theme.applyTo(*qApp);
        QCoreApplication::processEvents();
        const QString file = folder + QStringLiteral("/postgres-") + QString::fromLatin1(name) +
                             QLatin1String(mode == theme::Mode::Dark ? "-dark.png" : "-light.png");
        QVERIFY(m_pane->grab().save(file));
    }
    m_theme.setMode(theme::Mode::Dark);
    m_theme.applyTo(*qApp);
}

void TestSqlPane::runsAndShowsRows() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(
        QStringLiteral("primary"),
        QStringLiteral("SELECT id, status, NULL AS nothing, now() AS at FROM content -- all"));
    QTRY_COMPARE(ran.size(), 1);
    const Outcome done = outcome(ran);
    QVERIFY2(done.ok, qPrintable(done.line));
    QVERIFY(done.line.startsWith(QStringLiteral("100 rows")));
    QCOMPARE(done.kind, QStringLiteral("query"));
    QCOMPARE(done.evidence.value("rows").toArray().size(), 50);
    QCOMPARE(done.evidence.value("rows_kept").toInt(), 50);
    QVERIFY(!done.evidence.value("receipt").toObject().value("sha256").toString().isEmpty());
    QCOMPARE(part<QTableView>("sqlGrid")->model()->rowCount(), 100);
    QVERIFY(part<QLabel>("sqlStatus")->text().contains(QStringLiteral("100 rows · ")));
    QVERIFY(m_connection->identity());
    picture("rows");
}

void TestSqlPane::handlesResults() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    const QString sql = QStringLiteral(
        "SELECT id, status, timestamptz '2026-01-01 00:00+00' + id * interval '1 min' AS at, "
        "round((50 + 40 * sin(id / 9.0))::numeric, 2) AS value, "
        "jsonb_build_object('id', id, 'tags', ARRAY['a', 'b']) AS doc FROM content");
    m_pane->run(QStringLiteral("primary"), sql);
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY2(outcome(ran).ok, "");
    auto* grid = static_cast<ResultGrid*>(part<QTableView>("sqlGrid"));
    QTest::keyClicks(part<QLineEdit>("sqlFilter"), QStringLiteral("\"id\": 9"));
    QTRY_COMPARE(grid->model()->rowCount(), 11);
    part<QLineEdit>("sqlFilter")->clear();
    QTRY_COMPARE(grid->model()->rowCount(), 100);
    grid->arrange({0, true, {}});
    QTRY_COMPARE(grid->model()->index(0, 0).data().toString(), QStringLiteral("100"));
    emit grid->cellOpened(grid->model()->index(0, 4));
    QTRY_COMPARE(part<QTabBar>("cellWays")->currentIndex(), 1);
    picture("cell");
    part<QPushButton>("cellClose")->click();
    part<QPushButton>("sqlChartToggle")->click();
    auto* chart = m_pane->findChild<ChartView*>();
    QTRY_COMPARE(chart->series().y.size(), 100);
    QVERIFY(chart->series().overTime);
    part<QComboBox>("sqlChartColumn")->setCurrentText(QStringLiteral("value"));
    QTRY_COMPARE(chart->series().name, QStringLiteral("value"));
    picture("chart");
    part<QPushButton>("sqlChartToggle")->click();
    QTemporaryDir folder;
    auto* view = m_pane->findChild<ResultView*>();
    QSignalSpy said(view, &ResultView::said);
    view->exportTo(folder.filePath(QStringLiteral("out.csv")));
    QTRY_VERIFY(!said.isEmpty());
    QFile file(folder.filePath(QStringLiteral("out.csv")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readLine().startsWith("id,status,at"));
    QVERIFY(file.readLine().startsWith("100,"));  // in the order that is shown
    view->exportTo(QStringLiteral("/nowhere/out.csv"));
    QTRY_VERIFY(said.last()[0].toString().contains(QStringLiteral("cannot be written")));
    part<QPushButton>("sqlPin")->click();
    m_server.sql(QStringLiteral("UPDATE content SET status = 'SLOW' WHERE id = 7"));
    m_pane->run(QStringLiteral("primary"), sql + QStringLiteral(" WHERE id > 1"));
    QTRY_COMPARE(ran.size(), 1);
    part<QPushButton>("sqlCompare")->click();
    auto* caption = part<QLabel>("sqlResultCaption");
    QTRY_VERIFY2(caption->text().startsWith(QStringLiteral("1 changed, 0 added, 1 gone, 98 the")),
                 qPrintable(caption->text()));
    picture("compare");
    auto* key = part<QComboBox>("sqlCompareKey");
    QVERIFY(key->isVisible());
    key->setCurrentIndex(1);
    emit key->activated(1);
    QTRY_VERIFY2(caption->text().endsWith(QStringLiteral("by status")),
                 qPrintable(caption->text()));
    auto* pins = part<QTabBar>("sqlPins");
    QCOMPARE(pins->count(), 1);
    part<QPushButton>("sqlPin")->click();
    QCOMPARE(pins->count(), 2);
    QTRY_VERIFY2(caption->text().startsWith(QStringLiteral("0 changed")),
                 qPrintable(caption->text()));
    picture("pins");
    emit pins->tabCloseRequested(1);
    emit pins->tabCloseRequested(0);
    QCOMPARE(pins->count(), 0);
    QVERIFY(!part<QTableView>("sqlPinned")->isVisible());
    m_server.sql(QStringLiteral("UPDATE content SET status = 'READY'"));
}

void TestSqlPane::runsTheStatementAtTheCursor() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    const QString text = QStringLiteral("SELECT 'first';\nSELECT nowhere;\nSELECT 'third'");
    m_pane->edit(QStringLiteral("primary"), text);
    auto* editor = part<SqlEditor>("sqlEditor");
    editor->setCursorPosition(2, 3);
    part<QPushButton>("sqlRun")->click();
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(outcome(ran).subject.startsWith(QStringLiteral("SELECT 'third'")));
    QTRY_VERIFY(part<QPushButton>("sqlRun")->isEnabled());
    editor->setCursorPosition(1, 0);
    part<QPushButton>("sqlRun")->click();
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(!outcome(ran).ok);
    QCOMPARE(editor->markedError(),
             std::optional<int>(int(text.indexOf(QStringLiteral("nowhere")))));
    QCOMPARE(editor->text(), text);
    editor->setSelection(0, 0, 0, 8);
    part<QPushButton>("sqlRun")->click();
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(!outcome(ran).ok);  // "SELECT '" alone: what is selected, nothing more
}

void TestSqlPane::formatsInOneStep() {
    auto* editor = m_pane->findChild<SqlEditor*>();
    const QString typed = QStringLiteral(
        "SELECT id, status, error FROM content WHERE status = 'FAILED' AND error LIKE '%timeout%' "
        "ORDER BY id DESC LIMIT 20");
    m_pane->edit(QStringLiteral("primary"), typed);
    editor->SendScintilla(QsciScintilla::SCI_GOTOPOS,
                          static_cast<unsigned long>(typed.indexOf(QStringLiteral("ORDER"))));
    auto* action = part<QAction>("sqlFormat");
    QCOMPARE(action->shortcut(), QKeySequence(QStringLiteral("Ctrl+Shift+I")));
    action->trigger();
    QCOMPARE(editor->text().count(u'\n'), 4);
    QVERIFY2(editor->text().startsWith(QStringLiteral("SELECT id, status, error\nFROM content\n")),
             qPrintable(editor->text()));
    // The cursor is where it was, behind the same token.
    QVERIFY(editor->text().left(editor->cursorOffset()).endsWith(QStringLiteral("'%timeout%'")));
    editor->undo();
    QCOMPARE(editor->text(), typed);
}

/// Typed EXPLAIN ANALYZE: what would allow it is said, and then it runs without a question.
void TestSqlPane::measuresOnlyUnlocked() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->edit(QStringLiteral("primary"),
                 QStringLiteral("EXPLAIN ANALYZE SELECT count(*) FROM content"));
    part<QPushButton>("sqlRun")->click();
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(!outcome(ran).ok);
    QVERIFY2(
        part<QLabel>("sqlNoticeText")->text().contains(QStringLiteral("Unlock the connection")),
        qPrintable(part<QLabel>("sqlNoticeText")->text()));
    QVERIFY(part<QPushButton>("sqlRehearse")->isHidden());
    QVERIFY(m_connection->unlock(QStringLiteral("measuring"), std::chrono::minutes(1)));
    part<QPushButton>("sqlRun")->click();
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(outcome(ran).ok);
    QVERIFY(part<ResultGrid>("sqlGrid")->model()->rowCount() > 1);
    m_connection->lock();
}

void TestSqlPane::drawsPlans() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->edit(QStringLiteral("primary"),
                 QStringLiteral("SELECT a.status, count(*) FROM content a JOIN content b ON a.id = "
                                "b.id + 1 WHERE b.status <> 'x' GROUP BY 1 ORDER BY 2"));
    part<QPushButton>("sqlExplain")->click();
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(outcome(ran).ok);
    auto* tree = part<QTreeView>("sqlPlan");
    QCOMPARE(tree->model()->rowCount(), 1);
    QVERIFY(tree->model()->rowCount(tree->model()->index(0, 0)) > 0);
    auto* analyze = part<QPushButton>("sqlAnalyze");
    QVERIFY(!analyze->isEnabled());
    QVERIFY(m_connection->unlock(QStringLiteral("measuring"), std::chrono::minutes(1)));
    QVERIFY(analyze->isEnabled());
    analyze->click();
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(outcome(ran).ok);
    QVERIFY(part<QLabel>("sqlPlanSummary")->text().startsWith(QStringLiteral("Ran in")));
    picture("plan");
    m_connection->lock();
    QVERIFY(!analyze->isEnabled());
}

void TestSqlPane::remembersWhatWasRun() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    for (const char* sql : {"SELECT 1 AS one", "SELECT 2 AS two"}) {
        m_pane->run(QStringLiteral("primary"), QString::fromLatin1(sql));
        QTRY_COMPARE(ran.size(), 1);
        ran.clear();
        QTRY_VERIFY(part<QPushButton>("sqlRun")->isEnabled());
    }
    auto* list = part<QListWidget>("sqlHistory");
    QCOMPARE(list->count(), 2);
    part<QLineEdit>("sqlSaveName")->setText(QStringLiteral("the second"));
    part<QPushButton>("sqlSave")->click();
    QVERIFY(list->item(0)->text().startsWith(QStringLiteral("★ the second")));
    // What is not kept is said, and what is kept can be let go of.
    m_pane->edit({}, QStringLiteral("ALTER ROLE oncall PASSWORD 'x'"));
    part<QLineEdit>("sqlSaveName")->setText(QStringLiteral("secret"));
    part<QPushButton>("sqlSave")->click();
    QCOMPARE(list->count(), 2);
    QVERIFY(part<QLabel>("sqlNoticeText")->text().startsWith(QStringLiteral("Not saved")));
    part<QTabWidget>("sqlTabs")->setCurrentIndex(3);
    list->setCurrentRow(0);
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Delete);
    QCOMPARE(list->count(), 1);
    part<QLineEdit>("sqlHistorySearch")->setText(QStringLiteral("one"));
    QCOMPARE(list->count(), 1);
    emit list->itemActivated(list->item(0));
    QCOMPARE(part<SqlEditor>("sqlEditor")->text(), QStringLiteral("SELECT 1 AS one"));
}

void TestSqlPane::testsTheConnection() {
    part<QPushButton>("sqlTest")->click();
    auto* said = part<QLabel>("sqlNoticeText");
    QTRY_VERIFY2(said->text().contains(QStringLiteral("as oncall: PostgreSQL 15")) &&
                     said->text().contains(QStringLiteral("a primary")),
                 qPrintable(said->text()));
    // What the role could do without need is said here, not found out later.
    QVERIFY2(said->text().contains(QStringLiteral("pg_signal_backend")), qPrintable(said->text()));
}

void TestSqlPane::fitsANarrowPane() {
    m_pane->resize(430, 560);
    QVERIFY(m_connection->unlock(QStringLiteral("trying"), std::chrono::minutes(2)));
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"),
                QStringLiteral("UPDATE content SET status = 'LOST' WHERE id < 4 RETURNING *"));
    auto* run = part<QPushButton>("sqlConfirmRun");
    QTRY_VERIFY(run->isVisible());
    picture("narrow-confirm");
    run->click();
    QTRY_VERIFY(part<QPushButton>("sqlRollback")->isVisible());
    picture("narrow-held");
    QVERIFY2(m_pane->minimumSizeHint().width() <= 430,
             qPrintable(QString::number(m_pane->minimumSizeHint().width())));
    part<QPushButton>("sqlRollback")->click();
    QTRY_COMPARE(ran.size(), 1);
    m_connection->lock();
    part<QPushButton>("sqlActivity")->click();
    QTRY_VERIFY(part<QLabel>("activityFacts")->text().contains(QStringLiteral("slots")));
    picture("narrow-activity");
}

void TestSqlPane::marksErrors() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT id,\n  statuss FROM content"));
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(!outcome(ran).ok);
    QCOMPARE(part<SqlEditor>("sqlEditor")->markedError(), std::optional<int>(13));
    QVERIFY(part<QLabel>("sqlNoticeText")->text().contains(QStringLiteral("line 2, character 3")));
    QVERIFY(part<QFrame>("sqlNotice")->isVisible());
    QVERIFY(!part<QPushButton>("sqlRehearse")->isVisible());
    picture("error");
}

void TestSqlPane::refusesAndOffersRehearsal() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"),
                QStringLiteral("UPDATE content SET status = 'READY' WHERE id = 3"));
    QTRY_COMPARE(ran.size(), 1);
    const Outcome refused = outcome(ran);
    QVERIFY(!refused.ok && !refused.wasSent);  // refused, which is not failed
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT nextval('none')"));
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(!outcome(ran).wasSent);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT nothing FROM content"));
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(outcome(ran).wasSent);
    m_pane->run(QStringLiteral("primary"),
                QStringLiteral("UPDATE content SET status = 'READY' WHERE id = 3"));
    QTRY_COMPARE(ran.size(), 1);
    ran.clear();
    QVERIFY(part<QPushButton>("sqlRehearse")->isVisible());
    picture("refused");
    part<QPushButton>("sqlRehearse")->click();
    QTRY_VERIFY(part<QLineEdit>("sqlConfirmName")->isVisible());
}

void TestSqlPane::cancelEndsTheRun() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_connection->open();
    QTRY_VERIFY(m_connection->identity());
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT pg_sleep(4)"));
    QVERIFY(part<QPushButton>("sqlCancel")->isEnabled());
    QVERIFY(!part<QPushButton>("sqlRun")->isEnabled());
    QTRY_COMPARE(m_connection->engine()->state(), EngineState::Busy);
    part<QPushButton>("sqlCancel")->click();
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(outcome(ran).line.startsWith(QStringLiteral("Cancelled after")));
    QVERIFY(part<QPushButton>("sqlRun")->isEnabled());
}

void TestSqlPane::outcomesBelongToTheirRun() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT pg_sleep(0.3)"), 7);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT 'second'"), 8);
    QCOMPARE(ran.size(), 1);  // at once: the first still runs
    const Outcome second = outcome(ran);
    QCOMPARE(second.ticket, RunTicket(8));
    QVERIFY(!second.ok && !second.wasSent);
    QTRY_COMPARE(ran.size(), 1);
    const Outcome first = outcome(ran);
    QCOMPARE(first.ticket, RunTicket(7));
    QVERIFY2(first.ok && first.subject.contains(QStringLiteral("pg_sleep")),
             qPrintable(first.line));
    m_pane->run(QStringLiteral("nowhere"), QStringLiteral("SELECT 1"), 9);
    QCOMPARE(ran.size(), 1);
    QCOMPARE(outcome(ran).ticket, RunTicket(9));
}

void TestSqlPane::whatIsTakenBackWasNotRun() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    const QString change = QStringLiteral("UPDATE content SET status = 'LOST' WHERE id = 4");
    m_pane->rehearse(QStringLiteral("primary"), change, 5);
    QTRY_VERIFY(part<QWidget>("sqlConfirm")->isVisible());
    part<QPushButton>("sqlConfirmBack")->click();
    QCOMPARE(ran.size(), 1);
    const Outcome left = outcome(ran);
    QCOMPARE(left.ticket, RunTicket(5));
    QVERIFY(!left.ok && !left.wasSent);
    QCOMPARE(left.line, QStringLiteral("Not run"));
    m_pane->edit(QStringLiteral("primary"), QStringLiteral("SELECT 1"));
    part<QPushButton>("sqlRun")->click();
    QTRY_COMPARE(ran.size(), 1);
    QCOMPARE(outcome(ran).ticket, RunTicket(0));
    // Another run takes the question back as well.
    m_pane->rehearse(QStringLiteral("primary"), change, 6);
    QTRY_VERIFY(part<QWidget>("sqlConfirm")->isVisible());
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT 1"), 7);
    QCOMPARE(outcome(ran).ticket, RunTicket(6));
    QTRY_COMPARE(ran.size(), 1);
    QCOMPARE(outcome(ran).ticket, RunTicket(7));
}

void TestSqlPane::cancelAndConfirmMeanTheirServer() {
    const auto other = connectionNamed(QStringLiteral("other"));
    m_pane->setConnections({m_connection.get(), other.get()});
    m_connection->open();
    QTRY_VERIFY(m_connection->identity());
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    auto* choice = part<QComboBox>("sqlConnection");
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT pg_sleep(4)"));
    QTRY_COMPARE(m_connection->engine()->state(), EngineState::Busy);
    choice->setCurrentText(QStringLiteral("other"));
    part<QPushButton>("sqlCancel")->click();
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(outcome(ran).line.startsWith(QStringLiteral("Cancelled after")));
    m_pane->rehearse(QStringLiteral("primary"),
                     QStringLiteral("UPDATE content SET status = 'LOST' WHERE id = 4"));
    choice->setCurrentText(QStringLiteral("other"));
    auto* prompt = part<QPushButton>("sqlConfirmRun");
    QTRY_VERIFY(prompt->isVisible());
    QCOMPARE(prompt->text(), QStringLiteral("Run on primary"));
    m_pane->setConnections({});
}

void TestSqlPane::activityPointsAtTheBlocker() {
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
    picture("activity");
    auto* topics = part<QTabBar>("activityTopics");
    QCOMPARE(topics->tabText(1), QStringLiteral("Blocking 1"));
    topics->setCurrentIndex(1);
    auto* tree = part<QTreeView>("activityBlocking");
    QTRY_COMPARE(tree->model()->rowCount(), 1);
    const QModelIndex root = tree->model()->index(0, 0);
    QCOMPARE(tree->model()->rowCount(root), 1);
    picture("blocking");
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
    picture("ending");
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
void TestSqlPane::activityAnswersWhileAStatementWaits() {
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
    picture("own-statement-waits");
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

void TestSqlPane::activityAnswersWhileAChangeIsHeld() {
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
    picture("held-blocks");
    QVERIFY(m_connection->isHolding());
    part<QPushButton>("sqlRollback")->click();
    QTRY_VERIFY(!m_connection->isHolding());
    m_connection->lock();
}

/// Nobody's session: it is named, and what ends it is said instead of a signal to pid 0.
void TestSqlPane::aPreparedTransactionIsNoSession() {
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

void TestSqlPane::statementsThatAreNotCountedAreSaid() {
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

void TestSqlPane::everyTopicAnswers_data() {
    QTest::addColumn<int>("topic");
    QTest::newRow("sessions") << 0;
    QTest::newRow("statements") << 2;
    QTest::newRow("tables") << 3;
    QTest::newRow("maintenance") << 4;
    QTest::newRow("settings") << 5;
}

void TestSqlPane::everyTopicAnswers() {
    QFETCH(int, topic);
    part<QPushButton>("sqlActivity")->click();
    part<QTabBar>("activityTopics")->setCurrentIndex(topic);
    auto* state = part<QLabel>("activityState");
    QTRY_VERIFY2(state->text().startsWith(QStringLiteral("looked at")) ||
                     (topic == 2 && state->text().contains(QStringLiteral("not installed"))),
                 qPrintable(state->text()));
    picture(QTest::currentDataTag());
    part<QPushButton>("activitySql")->click();
    const QString behind = part<SqlEditor>("sqlEditor")->text();
    QVERIFY2(
        behind.startsWith(QStringLiteral("SELECT")) || behind.startsWith(QStringLiteral("WITH")),
        qPrintable(behind));
}

void TestSqlPane::confirmNeedsReasonAndName() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->rehearse(QStringLiteral("primary"),
                     QStringLiteral("UPDATE content SET status = 'DONE' WHERE id = 2"));
    auto* name = part<QLineEdit>("sqlConfirmName");
    auto* run = part<QPushButton>("sqlConfirmRun");
    QTRY_VERIFY(name->isVisible());
    QString shown;
    for (const QLabel* label : part<QWidget>("sqlConfirm")->findChildren<QLabel*>())
        shown += label->text() + u'\n';
    QVERIFY2(shown.contains(QStringLiteral("UPDATE of public.content, about 1 row")),
             qPrintable(shown));
    QVERIFY(!run->isEnabled());
    QTest::keyClicks(name, QStringLiteral("primary"));
    QVERIFY(!run->isEnabled());
    QTest::keyClicks(part<QLineEdit>("sqlConfirmReason"), QStringLiteral("job 2 is stuck"));
    QVERIFY(run->isEnabled());
    QTest::keyClick(name, Qt::Key_Backspace);
    QVERIFY(!run->isEnabled());
    picture("confirm");
    QTest::keyClick(name, Qt::Key_Return);
    QCOMPARE(ran.size(), 0);
    QTest::keyClicks(name, QStringLiteral("y"));
    run->click();
    QTRY_VERIFY(part<QPushButton>("sqlCommit")->isVisible());
    QCOMPARE(part<QLabel>("sqlDecisionEffect")->text(),
             QStringLiteral("UPDATE 1 on primary, not committed yet"));
    QVERIFY(part<QAbstractButton>("sqlGuard")->isVisible());
    QCOMPARE(m_connection->unlocked()->reason, QStringLiteral("job 2 is stuck"));
    picture("held");
    const QString status = QStringLiteral("SELECT status FROM content WHERE id = 2");
    QCOMPARE(m_server.sql(status), QStringLiteral("READY"));
    QCOMPARE(ran.size(), 1);  // the unlock, for the timeline
    const Outcome unlocked = outcome(ran);
    QCOMPARE(unlocked.subject, QStringLiteral("unlock of primary"));
    QCOMPARE(unlocked.line, QStringLiteral("for 5 minutes: job 2 is stuck"));
    part<QPushButton>("sqlCommit")->click();
    QTRY_COMPARE(ran.size(), 1);
    const Outcome done = outcome(ran);
    QVERIFY2(done.ok, qPrintable(done.line));
    QCOMPARE(done.line, QStringLiteral("UPDATE 1, committed"));
    QCOMPARE(m_server.sql(status), QStringLiteral("DONE"));
}

void TestSqlPane::rollbackLeavesNothing() {
    QVERIFY(m_connection->unlock(QStringLiteral("trying"), std::chrono::minutes(2)));
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    // Unlocked, a change is not run either: it asks, without the name for a few rows.
    m_pane->run(QStringLiteral("primary"),
                QStringLiteral("UPDATE content SET status = 'LOST' WHERE id < 4"));
    auto* run = part<QPushButton>("sqlConfirmRun");
    QTRY_VERIFY(run->isVisible());
    QVERIFY(!part<QLineEdit>("sqlConfirmName")->isVisible());
    run->click();
    QTRY_VERIFY(part<QPushButton>("sqlRollback")->isVisible());
    QVERIFY(m_connection->isHolding());
    part<QPushButton>("sqlRollback")->click();
    QTRY_COMPARE(ran.size(), 1);
    QCOMPARE(outcome(ran).line, QStringLiteral("UPDATE 3, rolled back, nothing was changed"));
    QCOMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM content WHERE status = 'LOST'")),
             QStringLiteral("0"));
    m_connection->lock();
}

void TestSqlPane::lockingRollsBackWhatIsHeld() {
    QVERIFY(m_connection->unlock(QStringLiteral("trying"), std::chrono::minutes(2)));
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("DELETE FROM content"));
    auto* name = part<QLineEdit>("sqlConfirmName");
    QTRY_VERIFY(name->isVisible());  // a whole table: the name, unlocked or not
    QTest::keyClicks(name, QStringLiteral("primary"));
    m_server.sql(QStringLiteral("GRANT DELETE ON content TO oncall"));
    part<QPushButton>("sqlConfirmRun")->click();
    QTRY_VERIFY(part<QPushButton>("sqlCommit")->isVisible());
    part<QAbstractButton>("sqlGuard")->click();
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(!outcome(ran).ok);
    QVERIFY(!part<QPushButton>("sqlCommit")->isVisible());
    QCOMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM content")), QStringLiteral("100"));
}

void TestSqlPane::receiptIsThere() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT 1"));
    QTRY_COMPARE(ran.size(), 1);
    auto* tabs = part<QTabWidget>("sqlTabs");
    tabs->setCurrentWidget(part<QWidget>("receipt"));
    const auto* page = static_cast<ReceiptView*>(part<QWidget>("receipt"));
    QVERIFY(page->widget()->minimumSizeHint().width() < 500);  // the checksum is one word
    const QString json = page->json();
    for (const char* word : {"verified: transaction_read_only on", "idle after", "sha256"})
        QVERIFY2(json.contains(QLatin1String(word)), word);
    picture("receipt");
}

void TestSqlPane::rehearsalShowsWhoAndEndsThem() {
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
    picture("rehearsal");
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
void TestSqlPane::signalsGoThroughTheirOwnRole() {
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

void TestSqlPane::rehearsalNoticesAnotherSession() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->rehearse(QStringLiteral("primary"),
                     QStringLiteral("SELECT pg_terminate_backend(2147483)"));
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(!outcome(ran).ok);
    QVERIFY(!part<QLineEdit>("sqlConfirmName")->isVisible());
}

void TestSqlPane::aMissingConnectionIsSaid() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("nowhere"), QStringLiteral("SELECT 1"));
    QCOMPARE(ran.size(), 1);
    QVERIFY(outcome(ran).line.contains(QStringLiteral("nowhere")));
}

void TestSqlPane::anEngineThatCannotBeMadeIsSaid() {
    inspection::Connection broken(
        {QStringLiteral("other"), QStringLiteral("postgres"), QStringLiteral("x@y/z")}, nullptr,
        Error{ErrorCode::Auth, QStringLiteral("Store the secret first."), {}}, m_clock);
    m_pane->setConnections({&broken});
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("other"), QStringLiteral("SELECT 1"));
    QTRY_COMPARE(ran.size(), 1);
    QCOMPARE(outcome(ran).line, QStringLiteral("Store the secret first."));
    m_pane->setConnections({});
    QVERIFY(!part<QPushButton>("sqlRun")->isEnabled());
}

void TestSqlPane::sortingHidesNothing() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"),
                QStringLiteral("SELECT g, pg_sleep(0.005) FROM generate_series(1, 150) g"));
    auto* grid = static_cast<ResultGrid*>(part<QTableView>("sqlGrid"));
    QTRY_VERIFY(grid->model()->rowCount() > 0);
    grid->arrange({0, true, {}});
    QTRY_COMPARE(ran.size(), 1);
    QTRY_COMPARE(grid->model()->rowCount(), 150);
    QTRY_COMPARE(grid->model()->index(0, 0).data().toString(), QStringLiteral("150"));
    // The arrow goes on to say what is so when the same question is answered again.
    auto again = std::make_shared<ResultSet>(grid->set()->columns());
    for (const char* number : {"7", "9", "8"}) {
        const char* values[] = {number, ""};
        const int lengths[] = {1, 0};
        again->appendRow(values, lengths);
    }
    grid->showAgain(again);
    QTRY_COMPARE(grid->model()->index(0, 0).data().toString(), QStringLiteral("9"));
}

void TestSqlPane::whatIsNotShownIsNotWritten() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT id FROM content"));
    QTRY_COMPARE(ran.size(), 1);
    auto* grid = part<QTableView>("sqlGrid");
    part<QLineEdit>("sqlFilter")->setText(QStringLiteral("nowhere"));
    QTRY_COMPARE(grid->model()->rowCount(), 0);
    QTemporaryDir folder;
    auto* view = m_pane->findChild<ResultView*>();
    QSignalSpy said(view, &ResultView::said);
    view->exportTo(folder.filePath(QStringLiteral("none.csv")));
    QTRY_VERIFY(!said.isEmpty());
    QVERIFY2(said.last()[0].toString().contains(QStringLiteral("nothing was written")),
             qPrintable(said.last()[0].toString()));
    QVERIFY(!QFile::exists(folder.filePath(QStringLiteral("none.csv"))));
    part<QLineEdit>("sqlFilter")->clear();
}

/// A cell that was clicked is chosen for copying; a file is of all rows, and replaces none unasked.
void TestSqlPane::aFileHasAllThatIsShown() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT id FROM content ORDER BY id"));
    QTRY_COMPARE(ran.size(), 1);
    part<QTableView>("sqlGrid")->selectRow(3);
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("rows.csv"));
    auto* view = m_pane->findChild<ResultView*>();
    QSignalSpy exported(view, &ResultView::exported);
    view->exportTo(path);
    QTRY_COMPARE(exported.size(), 1);
    QVERIFY(exported.takeFirst()[1].toBool());
    const QString said = part<QLabel>("sqlNoticeText")->text();
    QVERIFY2(said.contains(QStringLiteral("rows.csv written, 100 rows")), qPrintable(said));
    const auto lines = [&path] {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll().count('\n') : -1;
    };
    QCOMPARE(lines(), 101);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT 1"));
    QTRY_COMPARE(ran.size(), 2);
    view->exportTo(path);
    QVERIFY2(part<QLabel>("sqlNoticeText")->text().contains(QStringLiteral("exists. Press again")),
             qPrintable(part<QLabel>("sqlNoticeText")->text()));
    QCOMPARE(lines(), 101);
    exported.clear();
    view->exportTo(path);
    QTRY_COMPARE(exported.size(), 1);
    QCOMPARE(lines(), 2);
}

/// Whoever reads rows under a refusal must not take them for its answer.
void TestSqlPane::oldRowsAreNoAnswer() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT 'old' AS word"));
    QTRY_COMPARE(ran.size(), 1);
    auto* footer = part<QLabel>("sqlFooter");
    QVERIFY(footer->text().contains(QStringLiteral("sha256")));
    m_pane->run(QStringLiteral("primary"),
                QStringLiteral("WITH gone AS (DELETE FROM content RETURNING id) TABLE gone"));
    QTRY_COMPARE(ran.size(), 2);
    QCOMPARE(footer->text(), QStringLiteral("Rows of an earlier run: SELECT 'old' AS word"));
    QVERIFY2(part<QLabel>("sqlNoticeText")->text().contains(QStringLiteral("(rule cte-write)")),
             qPrintable(part<QLabel>("sqlNoticeText")->text()));
    const auto* receipt = static_cast<ReceiptView*>(part<QWidget>("receipt"));
    QCOMPARE(receipt->json(), QString());
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT nowhere"));
    QTRY_COMPARE(ran.size(), 3);
    QVERIFY(footer->text().startsWith(QStringLiteral("Rows of an earlier run")));
    QVERIFY(!part<QLabel>("sqlNoticeText")->text().contains(QStringLiteral("(rule")));
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT 1"));
    QTRY_COMPARE(ran.size(), 4);
    QVERIFY(footer->text().contains(QStringLiteral("sha256")));
    QVERIFY(!receipt->json().isEmpty());
}

void TestSqlPane::rowsBeforeACancelAreNotTheWhole() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT 'old' AS word"));
    QTRY_COMPARE(ran.size(), 1);
    m_pane->run(QStringLiteral("primary"),
                QStringLiteral("SELECT g, repeat('x', 9000) AS pad, pg_sleep(0.002) FROM "
                               "generate_series(1, 100000) g"));
    auto* grid = part<QTableView>("sqlGrid");
    QTRY_VERIFY(grid->model()->columnCount() == 3 && grid->model()->rowCount() > 5);
    part<QPushButton>("sqlCancel")->click();
    QTRY_COMPARE(ran.size(), 2);
    auto* footer = part<QLabel>("sqlFooter");
    QCOMPARE(footer->text(),
             QStringLiteral("Not the whole result: the %1 rows that came before it ended")
                 .arg(grid->model()->rowCount()));
    // All of it can still be asked for, and it is this statement that is run again.
    part<QPushButton>("sqlExport")->click();
    QVERIFY(part<QPushButton>("sqlExportAll")->isVisible());
    QCOMPARE(static_cast<ReceiptView*>(part<QWidget>("receipt"))->json(), QString());
}

void TestSqlPane::settingsSayUnits() {
    part<QPushButton>("sqlActivity")->click();
    part<QTabBar>("activityTopics")->setCurrentIndex(5);
    const auto* model = part<QTableView>("activityGrid")->model();
    QString byDefault;
    QTRY_VERIFY(model->rowCount() > 3);
    for (int row = 0; row < model->rowCount(); ++row)
        if (model->index(row, 0).data() == QStringLiteral("shared_buffers"))
            byDefault = model->index(row, 2).data().toString();
    QCOMPARE(byDefault, QStringLiteral("128 MB"));
}

void TestSqlPane::theCountdownGoesOnWhenSeen() {
    TestClock clock;
    SqlDecision decision(clock);
    decision.ask(QStringLiteral("primary"), QStringLiteral("UPDATE 3"), clock.now().addSecs(60));
    const auto* time = decision.findChild<QLabel*>(QStringLiteral("sqlDecisionTime"));
    QVERIFY(time->text().endsWith(QStringLiteral("1:00")));
    decision.hide();
    clock.advance(std::chrono::seconds(10));
    decision.show();
    QVERIFY2(time->text().endsWith(QStringLiteral("0:50")), qPrintable(time->text()));
    clock.advance(std::chrono::seconds(1));
    QVERIFY2(time->text().endsWith(QStringLiteral("0:49")), qPrintable(time->text()));
}

void TestSqlPane::aLongStatementLeavesRoom() {
    QString change = QStringLiteral("UPDATE content SET status = 'x' WHERE id IN (0");
    for (int i = 0; i < 300; ++i)
        change += QStringLiteral(",\n  %1").arg(1000 + i);
    m_pane->rehearse(QStringLiteral("primary"), change + u')');
    auto* run = part<QPushButton>("sqlConfirmRun");
    QTRY_VERIFY(run->isVisible());
    QVERIFY2(part<QWidget>("sqlConfirm")->sizeHint().height() < 400,
             qPrintable(QString::number(part<QWidget>("sqlConfirm")->sizeHint().height())));
    QTRY_VERIFY(m_pane->rect().contains(run->mapTo(m_pane.get(), run->rect().bottomRight())));
    QVERIFY(part<QPlainTextEdit>("sqlConfirmStatement")->toPlainText().endsWith(u')'));
    picture("confirm-long");
}

void TestSqlPane::picksCells() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT 24817 AS pid"));
    QTRY_COMPARE(ran.size(), 1);
    QSignalSpy picked(m_pane.get(), &SqlPane::cellPicked);
    auto* grid = part<QTableView>("sqlGrid");
    QTest::mouseClick(grid->viewport(), Qt::LeftButton, {},
                      grid->visualRect(grid->model()->index(0, 0)).center());
    QCOMPARE(picked.size(), 1);
    QCOMPARE(picked[0][0].toString(), QStringLiteral("24817"));
    QCOMPARE(picked[0][1].toString(), QStringLiteral("primary · pid"));
}

void TestSqlPane::holesAreFilledBeforeItRuns() {
    m_pane->setBindings([] {
        return QMap<QString, QString>{{QStringLiteral("STATUS_HERE"), QStringLiteral("it's")}};
    });
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->edit(QStringLiteral("primary"),
                 QStringLiteral("SELECT [ID_HERE] AS id, '[STATUS_HERE]' AS status"));
    part<QPushButton>("sqlRun")->click();
    auto* run = part<QPushButton>("sqlHolesRun");
    QVERIFY(run->isVisible() && !run->isEnabled());
    QCOMPARE(part<QLineEdit>("sqlHole1")->text(), QStringLiteral("it's"));
    QTest::keyClicks(part<QLineEdit>("sqlHole0"), QStringLiteral("7"));
    picture("holes");
    QCOMPARE(ran.size(), 0);
    run->click();
    QTRY_COMPARE(ran.size(), 1);
    const Outcome done = outcome(ran);
    QVERIFY2(done.ok, qPrintable(done.line));
    auto* grid = part<QTableView>("sqlGrid");
    QCOMPARE(grid->model()->index(0, 0).data().toString(), QStringLiteral("7"));
    QCOMPARE(grid->model()->index(0, 1).data().toString(), QStringLiteral("it's"));
    QVERIFY(!run->isVisible());
    // Back runs nothing, and the text stays as it was written.
    part<QPushButton>("sqlRun")->click();
    part<QPushButton>("sqlHolesBack")->click();
    QVERIFY(!run->isVisible());
    QVERIFY(part<SqlEditor>("sqlEditor")->text().contains(QStringLiteral("[ID_HERE]")));
    QCOMPARE(ran.size(), 0);
}

void TestSqlPane::hearsNotifications() {
    auto* tabs = part<QTabWidget>("sqlTabs");
    auto* channel = part<QLineEdit>("sqlListenChannel");
    auto* button = part<QPushButton>("sqlListen");
    auto* state = part<QLabel>("sqlListenState");
    auto* lines = part<QPlainTextEdit>("sqlListenLines");
    tabs->setCurrentWidget(channel->parentWidget());
    channel->setText(QStringLiteral("we\"ird jobs"));
    button->click();
    QTRY_VERIFY2(state->text().startsWith(QStringLiteral("listening to")),
                 qPrintable(state->text()));
    m_server.sql(QStringLiteral("NOTIFY \"we\"\"ird jobs\", 'job 7 failed'; NOTIFY other, 'x'"));
    QTRY_VERIFY2(lines->toPlainText().endsWith(QStringLiteral("job 7 failed")),
                 qPrintable(lines->toPlainText()));
    QCOMPARE(lines->blockCount(), 1);
    picture("listen");
    const QString ears =
        QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
    QCOMPARE(m_server.sql(ears), QStringLiteral("1"));
    button->click();
    QCOMPARE(button->text(), QStringLiteral("Listen"));
    QTRY_COMPARE(m_server.sql(ears), QStringLiteral("0"));
    button->click();
    QTRY_VERIFY(state->text().startsWith(QStringLiteral("listening to")));
    m_server.sql(QStringLiteral(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"));
    QTRY_VERIFY2(state->text().contains(QStringLiteral("broke")), qPrintable(state->text()));
    QCOMPARE(button->text(), QStringLiteral("Listen"));
    // Who leaves while it listens is not told any more.
    button->click();
    QTRY_VERIFY(state->text().startsWith(QStringLiteral("listening to")));
    m_server.sql(QStringLiteral("NOTIFY \"we\"\"ird jobs\", 'late'"));
    m_pane.reset();
    QTRY_COMPARE(m_server.sql(ears), QStringLiteral("0"));
}

void TestSqlPane::completesEachConnectionsOwnNames() {
    m_server.sql(QStringLiteral("CREATE DATABASE second"));
    const auto other = connectionNamed(
        QStringLiteral("other"),
        {{QStringLiteral("url"), m_server.url(QStringLiteral("oncall"))
                                     .replace(QStringLiteral("/app"), QStringLiteral("/second"))}});
    m_pane->setConnections({m_connection.get(), other.get()});
    auto* editor = part<SqlEditor>("sqlEditor");
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT 1"));
    const auto knows = [editor](const char* word) {
        return editor->words().contains(QLatin1String(word));
    };
    QTRY_VERIFY(knows("content"));
    QVERIFY(knows("status"));
    // Behind an alias: the columns of its table, and no others.
    m_pane->window()->resize(600, 500);
    m_pane->window()->move(0, 0);
    editor->setText(QStringLiteral("SELECT  FROM content AS c JOIN pg_locks l ON true"));
    editor->SendScintilla(QsciScintilla::SCI_GOTOPOS, 7UL);
    editor->setFocus();
    QTest::keyClicks(editor, QStringLiteral("c.s"));
    QTRY_VERIFY(editor->isListActive());
    QTest::keyClick(editor, Qt::Key_Return);
    QVERIFY2(editor->text().startsWith(QStringLiteral("SELECT c.status FROM")),
             qPrintable(editor->text()));
    QTest::keyClicks(editor, QStringLiteral(", l.vir"));
    QTRY_VERIFY(editor->isListActive());
    editor->cancelList();
    m_pane->run(QStringLiteral("other"), QStringLiteral("SELECT 1"));
    QVERIFY(!knows("content"));
    QTRY_VERIFY(knows("public"));
    QVERIFY(!knows("content"));
    m_pane->chooseConnection(QStringLiteral("primary"));
    QVERIFY(knows("content"));
    m_pane->setConnections({});
}

// A window may hang over the edge, or between two screens.
void TestSqlPane::completesOnTheScreenOnly() {
    auto* editor = part<SqlEditor>("sqlEditor");
    QWidget* window = m_pane->window();
    const auto offersAfter = [&](const QPoint& at, const char* text) {
        editor->clear();
        editor->cancelList();
        window->move(at);
        editor->setFocus();
        QTest::keyClicks(editor, QLatin1String(text));
        return editor->isListActive();
    };
    window->resize(600, 500);
    QTRY_VERIFY(offersAfter({0, 0}, "sel"));
    QVERIFY(!offersAfter({5000, 0}, "sel"));
    QTest::keyClick(editor, Qt::Key_Space, Qt::ControlModifier);
    QVERIFY(!editor->isListActive());
    QVERIFY(!offersAfter({5000, 0}, "content."));
    QVERIFY(!offersAfter({5000, 0}, "content.s"));
    QInputMethodEvent composed;
    composed.setCommitString(QStringLiteral("selec"));
    QCoreApplication::sendEvent(editor, &composed);
    QCOMPARE(editor->text(), QStringLiteral("content.sselec"));
    QVERIFY(offersAfter({0, 0}, "sel"));
    editor->clear();
}

void TestSqlPane::tablesAnswerDuringAMigration() {
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

void TestSqlPane::statementsByMeanTime() {
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
    picture("statements-by-mean");
}

void TestSqlPane::wholeTablesNeedTheName_data() {
    QTest::addColumn<QString>("sql");
    QTest::addColumn<bool>("name");
    const auto row = [](const char* sql, bool name) {
        QTest::newRow(sql) << QString::fromLatin1(sql) << name;
    };
    row("UPDATE content SET status = 'x' WHERE id = 3", false);
    row("UPDATE content c SET status = 'x' WHERE c.status = 'READY' AND id < 5", false);
    row("DELETE FROM content WHERE ctid = '(0,1)'", false);
    row("INSERT INTO content VALUES (1000, 'x')", false);
    row("INSERT INTO content SELECT g, 'x' FROM generate_series(2000, 9000) g", true);
    row("UPDATE content SET status = 'x'", true);
    row("UPDATE content SET status = 'where'", true);
    row("UPDATE content SET status = (SELECT 'x' WHERE true)", true);
    row("UPDATE content SET status = 'x' WHERE true", true);
    row("UPDATE content SET status = 'x' WHERE random() < 2", true);
    row("UPDATE content SET status = 'x' WHERE id IN (SELECT id FROM content)", true);
    row("UPDATE content SET status = 'x' WHERE (SELECT count(*) FROM pg_class) > 1", true);
    row("DELETE FROM content USING content other WHERE content.id = other.id", true);
    row("WITH gone AS (DELETE FROM content RETURNING id) SELECT 1 WHERE true", true);
    row("WITH gone AS (DELETE FROM content) UPDATE content SET status = 'x' WHERE id = 1", true);
}

void TestSqlPane::wholeTablesNeedTheName() {
    QFETCH(QString, sql);
    QFETCH(bool, name);
    m_server.sql(QStringLiteral("GRANT ALL ON content TO oncall"));
    QVERIFY(m_connection->unlock(QStringLiteral("trying"), std::chrono::minutes(2)));
    m_pane->rehearse(QStringLiteral("primary"), sql);
    QTRY_VERIFY(part<QPushButton>("sqlConfirmRun")->isVisible());
    QCOMPARE(part<QLineEdit>("sqlConfirmName")->isVisible(), name);
    m_connection->lock();
}

void TestSqlPane::writesAllPastTheLimit() {
    const auto small =
        connectionNamed(QStringLiteral("small"), {{QStringLiteral("result_limit"), 1}});
    m_pane->setConnections({small.get()});
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("small"), QStringLiteral("SELECT 1"));
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(!part<QPushButton>("sqlExportAll")->isVisibleTo(m_pane.get()));
    m_pane->run(
        QStringLiteral("small"),
        QStringLiteral("SELECT g, repeat('x', 200) AS pad FROM generate_series(1, 50000) g"));
    QTRY_COMPARE(ran.size(), 2);
    part<QPushButton>("sqlExport")->click();
    auto* all = part<QPushButton>("sqlExportAll");
    QVERIFY(all->isVisible());
    picture("cut");
    ran.clear();
    QTemporaryDir folder;
    auto* path = part<QLineEdit>("sqlExportPath");
    path->setText(folder.filePath(QStringLiteral("all.txt")));
    all->click();
    QCOMPARE(ran.size(), 0);
    path->setText(folder.filePath(QStringLiteral("none/all.csv")));
    all->click();
    QTRY_COMPARE(ran.size(), 1);
    const Outcome failed = outcome(ran);
    QVERIFY2(!failed.ok && failed.line.contains(QStringLiteral("could not be written")),
             qPrintable(failed.line));
    for (const char* ending : {"csv", "json"}) {
        const QString file = folder.filePath(QStringLiteral("all.") + QLatin1String(ending));
        path->setText(file);
        all->click();
        QTRY_COMPARE_WITH_TIMEOUT(ran.size(), 1, 30000);
        const Outcome done = outcome(ran);
        QVERIFY2(done.ok, qPrintable(done.line));
        QVERIFY2(done.line.contains(QStringLiteral("50000 rows")), qPrintable(done.line));
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QByteArray text = written.readAll();
        if (ending == QLatin1String("csv")) QCOMPARE(text.count('\n'), 50001);
        if (ending == QLatin1String("csv")) continue;
        const QJsonObject json = QJsonDocument::fromJson(text).object();
        QCOMPARE(json[u"rows"].toArray().size(), 50000);
        QCOMPARE(json[u"row_count"].toInt(), 50000);
    }
    m_pane->setConnections({});
}

QTEST_MAIN(TestSqlPane)
#include "tst_sqlpane.moc"
