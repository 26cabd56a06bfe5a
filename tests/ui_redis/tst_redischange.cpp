#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTabWidget>
#include <QTableView>
#include <QTcpServer>

#include "tests/ui_redis/picture.h"
#include "tests/ui_redis/redispanefixture.h"
#include "ui/query/rediscommandedit.h"
#include "ui/theme/chip.h"
#include "ui/theme/labels.h"

using namespace tocsin;
using namespace tocsin::ui;

/// What only a person may do here, and the user that could not.
class RedisChangeTest : public RedisPaneFixture {
    Q_OBJECT
private slots:
    void initTestCase() { startServer(); }
    void init() { openPane(); }
    void cleanup() { closePane(); }
    void changesOnlyAfterTheNameWasTyped();
    void anotherConnectionWithdraws();
    void unlocksByTheGuard();
    void suggestsASaferUser();
    void endsAClient();
    void endsAClientOfTheNodeItIsAt();
    void samplesWhatOthersSend();
};

void RedisChangeTest::changesOnlyAfterTheNameWasTyped() {
    redis::test::Plain plain(m_server.port());
    plain.command({"SET", "stale", "1"});
    QVERIFY(!outcome(QStringLiteral("DEL stale")).ok);
    auto* change = child<QPushButton>("redisChange");
    QVERIFY(change->isVisible());
    change->click();
    auto* name = child<QLineEdit>("redisConfirmName");
    auto* confirm = child<QPushButton>("redisConfirmRun");
    QVERIFY(name->isVisible() && !confirm->isEnabled());
    QTest::keyClicks(name, QStringLiteral("cach"));
    QVERIFY(!confirm->isEnabled());
    QCOMPARE(plain.command({"EXISTS", "stale"}).text(), QByteArray("1"));
    QTest::keyClicks(name, QStringLiteral("e"));
    QVERIFY(!confirm->isEnabled());  // a reason is wanted as well
    QTest::keyClicks(child<QLineEdit>("redisConfirmReason"), QStringLiteral("it is stale"));
    const auto statement = m_pane->findChildren<QPlainTextEdit*>(
        QRegularExpression(QStringLiteral("ConfirmStatement$")));
    QCOMPARE(statement.size(), 1);
    QVERIFY(statement[0]->isVisible());
    QCOMPARE(statement[0]->verticalScrollBar()->maximum(), 0);  // one line is seen whole
    test::picture(*m_pane, QStringLiteral("redis-confirm-dark"));
    QVERIFY(confirm->isEnabled());
    QSignalSpy ran(m_pane.get(), &RedisPane::ran);
    confirm->click();
    QTRY_COMPARE(ran.count(), 2);
    const auto unlocked = ran[0][0].value<Outcome>();
    QCOMPARE(unlocked.subject, QStringLiteral("unlock of cache"));
    QVERIFY(unlocked.line.contains(QStringLiteral("it is stale")));
    const auto result = ran[1][0].value<Outcome>();
    QVERIFY2(result.ok, qPrintable(result.line));
    QCOMPARE(result.evidence[u"receipt"].toObject()[u"unlock_reason"].toString(),
             QStringLiteral("it is stale"));
    QCOMPARE(plain.command({"EXISTS", "stale"}).text(), QByteArray("0"));
    // Still unlocked, and still every change is confirmed by itself.
    QCOMPARE(child<theme::Chip>("redisGuard")->strong(), QStringLiteral("UNLOCKED"));
    const QString refused = outcome(QStringLiteral("DEL bull:mail:101")).line;
    QVERIFY2(!refused.contains(QStringLiteral("unlock changes")) &&
                 refused.contains(QStringLiteral("where the connection is locked")),
             qPrintable(refused));
    QCOMPARE(plain.command({"EXISTS", "bull:mail:101"}).text(), QByteArray("1"));
    child<QPushButton>("redisChange")->click();
    QVERIFY(!name->isVisible() && confirm->isEnabled());
    test::picture(*m_pane, QStringLiteral("redis-unlocked-dark"));
    child<QAbstractButton>("redisGuard")->click();
    QVERIFY(!m_cache->unlocked());
}

/// What is asked about one server is not asked while another one's name stands above.
void RedisChangeTest::anotherConnectionWithdraws() {
    QVERIFY(!outcome(QStringLiteral("DEL stale")).ok);
    child<QPushButton>("redisChange")->click();
    auto* name = child<QLineEdit>("redisConfirmName");
    QVERIFY(name->isVisible());
    child<QComboBox>("redisConnection")->setCurrentIndex(1);
    QVERIFY(!name->isVisible());
    // A reply under another connection's name says whose it is.
    QVERIFY(outcome(QStringLiteral("LLEN bull:mail:wait")).ok);
    auto* status = child<theme::ElidedLabel>("redisStatus");
    QVERIFY2(status->text().startsWith(u'3'), qPrintable(status->text()));
    child<QComboBox>("redisConnection")->setCurrentIndex(1);
    QVERIFY2(status->text().startsWith(QStringLiteral("cache · LLEN bull:mail:wait · 3")),
             qPrintable(status->text()));
}

void RedisChangeTest::unlocksByTheGuard() {
    child<QAbstractButton>("redisGuard")->click();
    QTest::keyClicks(child<QLineEdit>("redisConfirmReason"), QStringLiteral("cleaning up"));
    QTest::keyClicks(child<QLineEdit>("redisConfirmName"), QStringLiteral("cache"));
    child<QPushButton>("redisConfirmRun")->click();
    QVERIFY(m_cache->unlocked().has_value());
    // The worst want the name although the connection is unlocked.
    QVERIFY(!outcome(QStringLiteral("CONFIG SET hz 10")).ok);
    child<QPushButton>("redisChange")->click();
    QVERIFY(child<QLineEdit>("redisConfirmName")->isVisible());
    QTest::keyClicks(child<QLineEdit>("redisConfirmName"), QStringLiteral("cache"));
    QSignalSpy ran(m_pane.get(), &RedisPane::ran);
    child<QPushButton>("redisConfirmRun")->click();
    QTRY_COMPARE(ran.count(), 1);
    QVERIFY2(ran[0][0].value<Outcome>().ok, qPrintable(ran[0][0].value<Outcome>().line));
    m_cache->lock();
}

void RedisChangeTest::suggestsASaferUser() {
    QVERIFY(outcome(QStringLiteral("PING")).ok);
    auto* advice = child<QPushButton>("redisAdvice");
    QVERIFY(advice->isVisible());
    advice->click();
    const QString text = child<QLabel>("redisNotice")->text();
    QVERIFY(text.contains(QStringLiteral("ACL SETUSER tocsin")));
    test::picture(*m_pane, QStringLiteral("redis-advice-dark"));
    // The server takes it as it stands, and then refuses what it should.
    redis::test::Plain plain(m_server.port());
    const auto line = redis::parseCommandLine(text.section(u'\n', -1));
    QCOMPARE(plain.command(line->arguments).text(), QByteArray("OK"));
    for (const QByteArrayList& no : {QByteArrayList{"SET", "a", "1"},
                                     {"DEL", "a"},
                                     {"FLUSHALL"},
                                     {"EVAL", "return 1", "0"},
                                     {"KEYS", "*"},
                                     {"CONFIG", "SET", "hz", "1"},
                                     {"CLIENT", "KILL", "ID", "1"}})
        QVERIFY2(plain.command(QByteArrayList{"ACL", "DRYRUN", "tocsin"} + no).text() != "OK",
                 no.join(' ').constData());
    for (const QByteArrayList& yes : {QByteArrayList{"GET", "a"},
                                      {"SCAN", "0"},
                                      {"INFO"},
                                      {"CLIENT", "LIST"},
                                      {"COMMAND"},
                                      {"SLOWLOG", "GET", "9"},
                                      {"CONFIG", "GET", "maxmemory-policy"},
                                      {"MEMORY", "USAGE", "a"}})
        QVERIFY2(plain.command(QByteArrayList{"ACL", "DRYRUN", "tocsin"} + yes).text() == "OK",
                 yes.join(' ').constData());
}

void RedisChangeTest::endsAClient() {
    redis::test::Plain victim(m_server.port());
    victim.command({"CLIENT", "SETNAME", "victim"});
    child<QTabWidget>("redisTabs")->setCurrentIndex(3);
    child<QComboBox>("redisServerPage")->setCurrentIndex(3);
    auto* list = child<QTableView>("redisServerList");
    QTRY_VERIFY(list->model()->rowCount() > 0);
    child<QLineEdit>("redisServerFilter")->setText(QStringLiteral("victim"));
    QCOMPARE(list->model()->rowCount(), 1);
    list->selectRow(0);
    child<QPushButton>("redisClientEnd")->click();
    QVERIFY(child<QLineEdit>("redisConfirmName")->isVisible());
    QTest::keyClicks(child<QLineEdit>("redisConfirmReason"), QStringLiteral("it floods"));
    QTest::keyClicks(child<QLineEdit>("redisConfirmName"), QStringLiteral("cache"));
    test::picture(*m_pane, QStringLiteral("redis-endclient-dark"));
    QSignalSpy ran(m_pane.get(), &RedisPane::ran);
    child<QPushButton>("redisConfirmRun")->click();
    QTRY_COMPARE(ran.count(), 2);
    QVERIFY2(ran[1][0].value<Outcome>().ok, qPrintable(ran[1][0].value<Outcome>().line));
    redis::test::Plain plain(m_server.port());
    QVERIFY(!plain.command({"CLIENT", "LIST"}).text().contains("name=victim"));
    m_cache->lock();
}

/// Two nodes of a cluster count their clients each for itself, so that the number alone says
/// nothing.
void RedisChangeTest::endsAClientOfTheNodeItIsAt() {
    const auto options = [] {
        QTcpServer bus;
        if (!bus.listen(QHostAddress::LocalHost)) qFatal("no free port");
        return drill::RedisOptions{{},
                                   {QStringLiteral("cluster-enabled yes"),
                                    QStringLiteral("cluster-port %1").arg(bus.serverPort())}};
    };
    support::RedisServer here{options()}, there{options()};
    QCOMPARE(here.start(), QString());
    QCOMPARE(there.start(), QString());
    redis::test::Plain first(here.port()), second(there.port());
    first.command({"CLUSTER", "ADDSLOTSRANGE", "0", "8191"});
    second.command({"CLUSTER", "ADDSLOTSRANGE", "8192", "16383"});
    const QByteArray bus = second.command({"CONFIG", "GET", "cluster-port"}).children()[1].text();
    first.command({"CLUSTER", "MEET", "127.0.0.1", QByteArray::number(there.port()), bus});
    const auto isWhole = [](redis::test::Plain& node) {
        return node.command({"CLUSTER", "INFO"}).text().contains("cluster_state:ok");
    };
    QTRY_VERIFY_WITH_TIMEOUT(isWhole(first) && isWhole(second), 30'000);
    first.command({"CLIENT", "SETNAME", "of-the-first"});
    second.command({"CLIENT", "SETNAME", "of-the-second"});
    const auto cluster = made(QStringLiteral("cluster"), here.port());
    m_pane->setConnections({cluster.get()});
    child<QTabWidget>("redisTabs")->setCurrentIndex(3);
    auto* node = child<QComboBox>("redisNode");
    QTRY_COMPARE(node->count(), 2);
    const QString own = QStringLiteral("127.0.0.1:%1").arg(here.port());
    QCOMPARE(node->currentData().toString(), own);
    child<QComboBox>("redisServerPage")->setCurrentIndex(3);
    auto* list = child<QTableView>("redisServerList");
    QTRY_VERIFY(list->model()->rowCount() > 0);
    const auto rowsWith = [&](const QString& name) {
        child<QLineEdit>("redisServerFilter")->setText(name);
        return list->model()->rowCount();
    };
    QCOMPARE(rowsWith(QStringLiteral("of-the-second")), 0);
    QCOMPARE(rowsWith(QStringLiteral("of-the-first")), 1);
    list->selectRow(0);
    child<QPushButton>("redisClientEnd")->click();
    QCOMPARE(child<RedisCommandEdit>("redisCommand")->text(),
             QStringLiteral("--node %1 CLIENT KILL ID %2")
                 .arg(own, QString::fromLatin1(first.command({"CLIENT", "ID"}).text())));

    // Which nodes there are is not told: the list is of both, and a number alone says nothing.
    first.command({"ACL", "SETUSER", "default", "-cluster|nodes"});
    const auto untold = made(QStringLiteral("untold"), here.port());
    m_pane->setConnections({untold.get()});
    child<QComboBox>("redisServerPage")->setCurrentIndex(0);
    child<QComboBox>("redisServerPage")->setCurrentIndex(3);
    QTRY_VERIFY(list->model()->rowCount() > 0);
    QTRY_COMPARE(rowsWith(QStringLiteral("of-the-")), 2);
    list->selectRow(0);
    const QString before = child<RedisCommandEdit>("redisCommand")->text();
    child<QPushButton>("redisClientEnd")->click();
    QVERIFY2(child<QLabel>("redisServerSaid")->text().contains(QStringLiteral("nobody is ended")),
             qPrintable(child<QLabel>("redisServerSaid")->text()));
    QCOMPARE(child<RedisCommandEdit>("redisCommand")->text(), before);
    QVERIFY(!child<QLineEdit>("redisConfirmName")->isVisible());
    m_pane->setConnections({m_cache.get(), m_other.get()});
}

void RedisChangeTest::samplesWhatOthersSend() {
    QVERIFY(m_cache->unlock(QStringLiteral("who hammers it?"), std::chrono::minutes(1)));
    child<QTabWidget>("redisTabs")->setCurrentIndex(3);
    child<QComboBox>("redisServerPage")->setCurrentIndex(1);
    child<QPushButton>("redisMonitor")->click();
    QCOMPARE(child<RedisCommandEdit>("redisCommand")->text(), QStringLiteral("--monitor 5"));
    child<RedisCommandEdit>("redisCommand")->setText(QStringLiteral("--monitor 1"));
    m_pane->rehearse(QStringLiteral("cache"), QStringLiteral("--monitor 1"));
    QSignalSpy ran(m_pane.get(), &RedisPane::ran);
    child<QPushButton>("redisConfirmRun")->click();
    redis::test::Plain plain(m_server.port());
    auto* raw = child<QPlainTextEdit>("redisRaw");
    bool sawItLive = false;
    const bool ended = QTest::qWaitFor(
        [&] {
            plain.command({"GET", "hammered"});
            sawItLive = sawItLive || (ran.isEmpty() && raw->isVisible() &&
                                      raw->toPlainText().contains(QStringLiteral("hammered")));
            return !ran.isEmpty();
        },
        20'000);
    QVERIFY(ended && sawItLive);
    QVERIFY2(ran[0][0].value<Outcome>().ok, qPrintable(ran[0][0].value<Outcome>().line));
    const auto* grid = child<QTableView>("redisTableGrid");
    QTRY_VERIFY(grid->isVisible() && grid->model()->rowCount() > 0);
    QCOMPARE(grid->model()->headerData(2, Qt::Horizontal).toString().section(u'\n', 0, 0),
             QStringLiteral("command"));
    m_cache->lock();
}

QTEST_MAIN(RedisChangeTest)
#include "tst_redischange.moc"
