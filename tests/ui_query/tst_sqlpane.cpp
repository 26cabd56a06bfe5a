#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>

#include "tests/ui_query/sqlpanefixture.h"
#include "ui/query/sqleditor.h"

using namespace tocsin;
using namespace tocsin::ui;

/// Running statements, and what is around the editor.
class TestSqlPane : public SqlPaneFixture {
    Q_OBJECT
private slots:
    void initTestCase() { startServer(); }
    void init() { openPane(); }
    void cleanup() { closePane(); }
    void runsAndShowsRows();
    void runsTheStatementAtTheCursor();
    void formatsInOneStep();
    void remembersWhatWasRun();
    void testsTheConnection();
    void marksErrors();
    void cancelEndsTheRun();
    void outcomesBelongToTheirRun();
    void aMissingConnectionIsSaid();
    void anEngineThatCannotBeMadeIsSaid();
    void holesAreFilledBeforeItRuns();
    void hearsNotifications();
    void completesEachConnectionsOwnNames();
    void completesOnTheScreenOnly();
};

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

void TestSqlPane::marksErrors() {
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"), QStringLiteral("SELECT id,\n  statuss FROM content"));
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(!outcome(ran).ok);
    QCOMPARE(part<SqlEditor>("sqlEditor")->markedError(), std::optional<int>(13));
    QVERIFY(part<QLabel>("sqlNoticeText")->text().contains(QStringLiteral("line 2, character 3")));
    QVERIFY(part<QFrame>("sqlNotice")->isVisible());
    QVERIFY(!part<QPushButton>("sqlRehearse")->isVisible());
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

QTEST_MAIN(TestSqlPane)
#include "tst_sqlpane.moc"
