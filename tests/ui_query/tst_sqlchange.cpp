#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

#include "tests/ui_query/sqlpanefixture.h"
#include "ui/query/sqldecision.h"

using namespace tocsin;
using namespace tocsin::ui;

/// What changes something: refused, rehearsed, confirmed, held, decided.
class TestSqlChange : public SqlPaneFixture {
    Q_OBJECT
private slots:
    void initTestCase() { startServer(); }
    void init() { openPane(); }
    void cleanup() { closePane(); }
    void refusesAndOffersRehearsal();
    void whatIsTakenBackWasNotRun();
    void cancelAndConfirmMeanTheirServer();
    void confirmNeedsReasonAndName();
    void rollbackLeavesNothing();
    void lockingRollsBackWhatIsHeld();
    void aHeldChangeThatIsLostIsTold();
    void wholeTablesNeedTheName_data();
    void wholeTablesNeedTheName();
    void theCountdownGoesOnWhenSeen();
    void aLongStatementLeavesRoom();
    void fitsANarrowPane();
};

void TestSqlChange::refusesAndOffersRehearsal() {
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
    part<QPushButton>("sqlRehearse")->click();
    QTRY_VERIFY(part<QLineEdit>("sqlConfirmName")->isVisible());
}

void TestSqlChange::whatIsTakenBackWasNotRun() {
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

void TestSqlChange::cancelAndConfirmMeanTheirServer() {
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
    choice->setCurrentText(QStringLiteral("primary"));
    QVERIFY(prompt->isVisible());
    choice->setCurrentText(QStringLiteral("other"));
    QVERIFY(!prompt->isVisible());
    m_pane->setConnections({});
}

void TestSqlChange::confirmNeedsReasonAndName() {
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
    QTest::keyClick(name, Qt::Key_Return);
    QCOMPARE(ran.size(), 0);
    QTest::keyClicks(name, QStringLiteral("y"));
    run->click();
    QTRY_VERIFY(part<QPushButton>("sqlCommit")->isVisible());
    QCOMPARE(part<QLabel>("sqlDecisionEffect")->text(),
             QStringLiteral("UPDATE 1 on primary, not committed yet"));
    QVERIFY(part<QAbstractButton>("sqlGuard")->isVisible());
    QCOMPARE(m_connection->unlocked()->reason, QStringLiteral("job 2 is stuck"));
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

void TestSqlChange::rollbackLeavesNothing() {
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

void TestSqlChange::lockingRollsBackWhatIsHeld() {
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

/// The server may end the session that holds a change: nobody shall wait for a decision then.
void TestSqlChange::aHeldChangeThatIsLostIsTold() {
    QVERIFY(m_connection->unlock(QStringLiteral("trying"), std::chrono::minutes(2)));
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"),
                QStringLiteral("UPDATE content SET status = 'LOST' WHERE id < 4"));
    auto* run = part<QPushButton>("sqlConfirmRun");
    QTRY_VERIFY(run->isVisible());
    run->click();
    QTRY_VERIFY(part<QPushButton>("sqlCommit")->isVisible());
    m_server.sql(
        QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                       "state = 'idle in transaction' AND query LIKE 'UPDATE%'"));
    QTRY_COMPARE(ran.size(), 1);
    const Outcome lost = outcome(ran);
    QVERIFY(!lost.ok);
    QVERIFY2(lost.line.contains(QStringLiteral("did not wait for the decision")),
             qPrintable(lost.line));
    QVERIFY(!part<QPushButton>("sqlCommit")->isVisible());
    m_connection->lock();
}

void TestSqlChange::wholeTablesNeedTheName_data() {
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

void TestSqlChange::wholeTablesNeedTheName() {
    QFETCH(QString, sql);
    QFETCH(bool, name);
    m_server.sql(QStringLiteral("GRANT ALL ON content TO oncall"));
    QVERIFY(m_connection->unlock(QStringLiteral("trying"), std::chrono::minutes(2)));
    m_pane->rehearse(QStringLiteral("primary"), sql);
    QTRY_VERIFY(part<QPushButton>("sqlConfirmRun")->isVisible());
    QCOMPARE(part<QLineEdit>("sqlConfirmName")->isVisible(), name);
    m_connection->lock();
}

void TestSqlChange::theCountdownGoesOnWhenSeen() {
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

void TestSqlChange::aLongStatementLeavesRoom() {
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
}

void TestSqlChange::fitsANarrowPane() {
    m_pane->resize(430, 560);
    QVERIFY(m_connection->unlock(QStringLiteral("trying"), std::chrono::minutes(2)));
    QSignalSpy ran(m_pane.get(), &SqlPane::ran);
    m_pane->run(QStringLiteral("primary"),
                QStringLiteral("UPDATE content SET status = 'LOST' WHERE id < 4 RETURNING *"));
    auto* run = part<QPushButton>("sqlConfirmRun");
    QTRY_VERIFY(run->isVisible());
    run->click();
    QTRY_VERIFY(part<QPushButton>("sqlRollback")->isVisible());
    QVERIFY2(m_pane->minimumSizeHint().width() <= 430,
             qPrintable(QString::number(m_pane->minimumSizeHint().width())));
    part<QPushButton>("sqlRollback")->click();
    QTRY_COMPARE(ran.size(), 1);
    m_connection->lock();
    part<QPushButton>("sqlActivity")->click();
    QTRY_VERIFY(part<QLabel>("activityFacts")->text().contains(QStringLiteral("slots")));
}

QTEST_MAIN(TestSqlChange)
#include "tst_sqlchange.moc"
