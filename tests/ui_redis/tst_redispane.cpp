#include <QAbstractItemModel>
#include <QComboBox>
#include <QCompleter>
#include <QLabel>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTreeView>
#include <csignal>

#include "tests/ui_redis/redispanefixture.h"
#include "ui/query/queryhistory.h"
#include "ui/query/rediscommandedit.h"

using namespace tocsin;
using namespace tocsin::ui;

/// The command line of the pane, and what becomes of a run.
class RedisPaneTest : public RedisPaneFixture {
    Q_OBJECT
private slots:
    void initTestCase() { startServer(); }
    void init() { openPane(); }
    void cleanup() { closePane(); }
    void saysWhyItDidNotRun();
    void neverOffersTheEndless();
    void walksTheHistory();
    void runsSeveralLines();
    void remembersAcrossRestarts();
    void keepsNoPassword_data();
    void keepsNoPassword();
    void completesAndExplains();
    void onlyEditsWhenAskedTo();
    void reportsABrokenConnection();
    void worksWithoutAnyConnection();
    void cancelIsReachable();
    void outcomesBelongToTheirRun();
    void forgetsADeadConnection();
};

void RedisPaneTest::saysWhyItDidNotRun() {
    const Outcome result = outcome(QStringLiteral("FLUSHALL"));
    QVERIFY(!result.ok);
    QVERIFY(result.line.contains(QStringLiteral("deletes every key")));
    auto* notice = child<QLabel>("redisNotice");
    QVERIFY(notice->isVisible());
    QCOMPARE(notice->text(), result.line);
    QCOMPARE(child<QLabel>("redisStatus")->text(), QStringLiteral("Not run"));
    QVERIFY(outcome(QStringLiteral("PING")).ok);
    QVERIFY(!notice->isVisible());
}

void RedisPaneTest::neverOffersTheEndless() {
    for (const char* text : {"MONITOR", "SUBSCRIBE a", "BLPOP a 0"}) {
        QVERIFY(!outcome(QString::fromLatin1(text)).ok);
        QVERIFY(!child<QPushButton>("redisChange")->isVisible());
    }
}

void RedisPaneTest::walksTheHistory() {
    QVERIFY(outcome(QStringLiteral("PING")).ok);
    QVERIFY(outcome(QStringLiteral("DBSIZE")).ok);
    auto* line = child<RedisCommandEdit>("redisCommand");
    line->clear();
    QTest::keyClick(line, Qt::Key_Up);
    QCOMPARE(line->text(), QStringLiteral("DBSIZE"));
    QTest::keyClick(line, Qt::Key_Up);
    QTest::keyClick(line, Qt::Key_Up);
    QCOMPARE(line->text(), QStringLiteral("PING"));
    QTest::keyClick(line, Qt::Key_Down);
    QCOMPARE(line->text(), QStringLiteral("DBSIZE"));
    QTest::keyClick(line, Qt::Key_Down);
    QCOMPARE(line->text(), QString());
}

void RedisPaneTest::runsSeveralLines() {
    auto* line = child<RedisCommandEdit>("redisCommand");
    line->clear();
    const int height = line->height();
    QTest::keyClicks(line, QStringLiteral("PING"));
    QTest::keyClick(line, Qt::Key_Return, Qt::ShiftModifier);
    QTest::keyClicks(line, QStringLiteral("DBSIZE"));
    QCOMPARE(line->text(), QStringLiteral("PING\nDBSIZE"));
    QVERIFY(line->height() > height);
    QVERIFY(line->height() < 2 * height);  // nothing below the last line
    // In the last line ↑ is the line above, not the history.
    QTest::keyClick(line, Qt::Key_Up);
    QCOMPARE(line->text(), QStringLiteral("PING\nDBSIZE"));
    QSignalSpy ran(m_pane.get(), &RedisPane::ran);
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_COMPARE(ran.size(), 1);
    QVERIFY(ran.first().first().value<Outcome>().ok);
    const QAbstractItemModel* replies = child<QTreeView>("redisTree")->model();
    QCOMPARE(replies->rowCount(), 2);
    QCOMPARE(replies->index(0, 0).data().toString(), QStringLiteral("PING"));
    QCOMPARE(replies->index(1, 0).data().toString(), QStringLiteral("DBSIZE"));
    // One command's reply is not mistaken for several.
    QVERIFY(outcome(QStringLiteral("# why\nLRANGE bull:mail:wait 0 1")).ok);
    QCOMPARE(replies->index(0, 0).data().toString(), QStringLiteral("1"));
    for (int i = 0; i < 20; ++i)
        QTest::keyClick(line, Qt::Key_Return, Qt::ShiftModifier);
    QVERIFY(line->height() < 8 * height);
    line->setText({});
    QCOMPARE(line->height(), height);
}

void RedisPaneTest::remembersAcrossRestarts() {
    const QTemporaryDir folder;
    m_pane->keepHistory(folder.path());
    QVERIFY(outcome(QStringLiteral("DBSIZE")).ok);
    QVERIFY(!outcome(QStringLiteral("AUTH hunter2")).ok);
    QFile file(folder.filePath(QStringLiteral("redis-history.jsonl")));
    QTRY_VERIFY(file.size() > 0);
    RedisPane next(m_theme, m_clock);
    next.setConnections({m_cache.get()});
    next.keepHistory(folder.path());
    next.show();
    auto* line = next.findChild<RedisCommandEdit*>(QStringLiteral("redisCommand"));
    const auto newest = [line] {
        QTest::keyClick(line, Qt::Key_Down);
        QTest::keyClick(line, Qt::Key_Up);
        return line->text();
    };
    QTRY_COMPARE(newest(), QStringLiteral("DBSIZE"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("hunter2"));
}

void RedisPaneTest::keepsNoPassword_data() {
    QTest::addColumn<QString>("command");
    QTest::addColumn<bool>("kept");
    const auto row = [](const char* command, bool kept) {
        QTest::newRow(command) << QString::fromLatin1(command) << kept;
    };
    row("GET a", true);
    row("HGETALL author:1", true);
    row("AUTH x", false);
    row("hello 3 auth default x", false);
    row("ACL SETUSER bob on >x", false);
    row("CONFIG SET requirepass x", false);
    row("redis-cli -a x PING", false);
    row("redis-cli -u redis://:x@host PING", false);
    row("MIGRATE h 6379 k 0 1000 AUTH x", false);
    row("MIGRATE h 6379 k 0 1000 AUTH2 u x", false);
    row("ACL DRYRUN default AUTH x", false);
    row("SENTINEL SET mymaster auth-pass x", false);
    row("GET auth", true);
}

void RedisPaneTest::keepsNoPassword() {
    QFETCH(const QString, command);
    QFETCH(const bool, kept);
    QCOMPARE(mayCommandBeKept(command), kept);
}

void RedisPaneTest::completesAndExplains() {
    QVERIFY(outcome(QStringLiteral("PING")).ok);
    auto* line = child<RedisCommandEdit>("redisCommand");
    line->clear();
    QTest::keyClicks(line, QStringLiteral("s"));
    QTRY_VERIFY(line->completer()->model()->rowCount() > 200);
    QTest::keyClicks(line, QStringLiteral("lowlog g"));
    QCOMPARE(line->completer()->currentCompletion(), QStringLiteral("SLOWLOG GET"));
    QTest::keyClicks(line, QStringLiteral("et "));
    QVERIFY2(
        child<QLabel>("redisStatus")->text().startsWith(QStringLiteral("SLOWLOG GET [count] · ")),
        qPrintable(child<QLabel>("redisStatus")->text()));
    line->clear();
    QTest::keyClicks(line, QStringLiteral("zrange k"));
    // Names differ between versions.
    QVERIFY2(child<QLabel>("redisStatus")
                 ->text()
                 .contains(QStringLiteral("[BYSCORE | BYLEX] [REV] [LIMIT offset count]")),
             qPrintable(child<QLabel>("redisStatus")->text()));
}

void RedisPaneTest::onlyEditsWhenAskedTo() {
    QSignalSpy ran(m_pane.get(), &RedisPane::ran);
    m_pane->edit(QStringLiteral("staging"), QStringLiteral(" DEL bull:mail:wait "));
    QCOMPARE(child<RedisCommandEdit>("redisCommand")->text(), QStringLiteral("DEL bull:mail:wait"));
    QCOMPARE(child<QComboBox>("redisConnection")->currentText(), QStringLiteral("staging"));
    QCOMPARE(ran.count(), 0);
}

void RedisPaneTest::reportsABrokenConnection() {
    const Outcome result = outcome(QStringLiteral("PING"), QStringLiteral("staging"));
    QVERIFY(!result.ok);
    QVERIFY(result.line.contains(QStringLiteral("Nothing listens")));
    QCOMPARE(result.evidence[u"code"].toString(), QStringLiteral("network"));
}

void RedisPaneTest::worksWithoutAnyConnection() {
    m_pane->setConnections({});
    const Outcome result = outcome(QStringLiteral("PING"));
    QVERIFY(!result.ok);
    QVERIFY(result.line.contains(QStringLiteral("tocsin.yaml")));
    QVERIFY(!child<QPushButton>("redisRun")->isEnabled());
}

void RedisPaneTest::cancelIsReachable() {
    QVERIFY(outcome(QStringLiteral("PING")).ok);
    QSignalSpy ran(m_pane.get(), &RedisPane::ran);
    const pid_t pid = static_cast<pid_t>(m_server.pid());
    ::kill(pid, SIGSTOP);  // so that the answer cannot be faster than the test
    m_pane->run(QStringLiteral("cache"), QStringLiteral("PING"));
    QVERIFY(child<QPushButton>("redisCancel")->isEnabled());
    QVERIFY(!child<QPushButton>("redisRun")->isEnabled());
    child<QPushButton>("redisCancel")->click();
    QTRY_COMPARE(ran.count(), 1);
    ::kill(pid, SIGCONT);
    QCOMPARE(ran[0][0].value<Outcome>().evidence[u"code"].toString(), QStringLiteral("cancelled"));
    QVERIFY(!child<QPushButton>("redisCancel")->isEnabled());
    QVERIFY(child<QPushButton>("redisRun")->isEnabled());
}

void RedisPaneTest::outcomesBelongToTheirRun() {
    QVERIFY(outcome(QStringLiteral("PING")).ok);
    QSignalSpy ran(m_pane.get(), &RedisPane::ran);
    const auto take = [&ran] { return ran.takeFirst()[0].value<Outcome>(); };
    const pid_t pid = static_cast<pid_t>(m_server.pid());
    ::kill(pid, SIGSTOP);
    m_pane->run(QStringLiteral("cache"), QStringLiteral("LLEN bull:mail:wait"), 7);
    m_pane->run(QStringLiteral("cache"), QStringLiteral("PING"), 8);
    QCOMPARE(ran.count(), 1);
    const Outcome second = take();
    QVERIFY(second.ticket == 8 && !second.ok && !second.wasSent);
    // Cancel means what runs, whatever is chosen by now.
    child<QComboBox>("redisConnection")->setCurrentText(QStringLiteral("staging"));
    child<QPushButton>("redisCancel")->click();
    QTRY_COMPARE(ran.count(), 1);
    ::kill(pid, SIGCONT);
    const Outcome first = take();
    QCOMPARE(first.ticket, RunTicket(7));
    QCOMPARE(first.evidence[u"code"].toString(), QStringLiteral("cancelled"));
    m_pane->rehearse(QStringLiteral("cache"), QStringLiteral("DEL nothing"), 9);
    child<QPushButton>("redisConfirmBack")->click();
    QCOMPARE(ran.count(), 1);
    const Outcome left = take();
    QVERIFY(left.ticket == 9 && !left.ok && !left.wasSent);
    m_pane->run(QStringLiteral("nowhere"), QStringLiteral("PING"), 10);
    QCOMPARE(take().ticket, RunTicket(10));
    QCOMPARE(child<QComboBox>("redisConnection")->currentText(), QStringLiteral("cache"));
}

void RedisPaneTest::forgetsADeadConnection() {
    m_cache.reset();
    QCOMPARE(child<QComboBox>("redisConnection")->count(), 1);
    QCOMPARE(child<QComboBox>("redisConnection")->currentText(), QStringLiteral("staging"));
}

QTEST_MAIN(RedisPaneTest)
#include "tst_redispane.moc"
