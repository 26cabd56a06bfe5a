#include "ui/query/redispane.h"

#include <QAbstractItemModel>
#include <QClipboard>
#include <QComboBox>
#include <QCompleter>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>
#include <QTreeWidget>
#include <csignal>

#include "inspection/connection.h"
#include "tests/engines_redis/asking.h"
#include "tests/support/redisserver.h"
#include "tests/ui_redis/picture.h"
#include "ui/query/queryhistory.h"
#include "ui/query/rediscommandedit.h"
#include "ui/redis/keywords.h"
#include "ui/redis/queuesmodel.h"
#include "ui/theme/chip.h"

using namespace tocsin;
using namespace tocsin::ui;
using inspection::Connection;

/// The pane over a real Redis.
class RedisPaneTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup();
    void runsAndShowsATree();
    void showsLinesAsText();
    void writesTheRawView();
    void writesJsonAndCopies();
    void saysWhyItDidNotRun();
    void changesOnlyAfterTheNameWasTyped();
    void unlocksByTheGuard();
    void suggestsASaferUser();
    void readsOnWhereAPageEnds();
    void showsTheQueues();
    void walksTheKeys();
    void filtersByExpiryAndSize();
    void saysWhyAFilterCannotAsk();
    void showsEveryType_data();
    void showsEveryType();
    void readsAValueInParts();
    void countsTheBitsOfABitmap();
    void countsAHyperLogLogWithoutWriting();
    void measuresTheBiggest();
    void showsTheServer();
    void whatIsOldIsNotShownAsNow();
    void showsItsLists_data();
    void showsItsLists();
    void endsAClient();
    void endsAClientOfTheNodeItIsAt();
    void samplesWhatOthersSend();
    void neverOffersTheEndless();
    void noticesAMissingKey();
    void picksAValue();
    void walksTheHistory();
    void runsSeveralLines();
    void remembersAcrossRestarts();
    void keepsNoPassword_data();
    void keepsNoPassword();
    void showsATable();
    void writesTheReplyToAFile();
    void tellsWhatKeysAre_data();
    void tellsWhatKeysAre();
    void completesAndExplains();
    void onlyEditsWhenAskedTo();
    void reportsABrokenConnection();
    void worksWithoutAnyConnection();
    void cancelIsReachable();
    void outcomesBelongToTheirRun();
    void forgetsADeadConnection();
    void looksRight_data();
    void looksRight();
    void showsAnIncident_data();
    void showsAnIncident();

private:
    std::unique_ptr<Connection> made(const QString& name, quint16 port,
                                     const QString& environment = QStringLiteral("production"));
    template <typename T>
    T* child(const char* name) {
        auto* found = m_pane->findChild<T*>(QString::fromLatin1(name));
        if (!found) qFatal("no %s", name);
        return found;
    }
    void fillWithAnIncident();
    void openKeys(const QString& pattern = QStringLiteral("*"));
    void chooseKey();
    Outcome outcome(const QString& command, const QString& connection = QStringLiteral("cache"));

    support::RedisServer m_server;
    SystemClock m_clock;
    std::unique_ptr<theme::Theme> m_theme;
    std::unique_ptr<Connection> m_cache, m_other;
    std::unique_ptr<RedisPane> m_pane;
};

std::unique_ptr<Connection> RedisPaneTest::made(const QString& name, quint16 port,
                                                const QString& environment) {
    redis::Address address = redis::test::addressOfPort(port);
    address.name = name;
    inspection::ConnectionInfo info;
    info.name = name;
    info.kind = QStringLiteral("redis");
    info.place = address.place();
    info.environment = environment;
    return std::make_unique<Connection>(info, std::make_unique<redis::Engine>(address, m_clock),
                                        Error{}, m_clock);
}

void RedisPaneTest::initTestCase() {
    QCOMPARE(m_server.start(), QString());
    redis::test::Plain plain(m_server.port());
    plain.command({"RPUSH", "bull:mail:wait", "101", "102", "103"});
    plain.command({"HSET", "bull:mail:101", "name", "welcome", "timestamp", "1790000000000",
                   "failedReason", "SMTP 421: too many connections", "atm", "3"});
    plain.command({"ZADD", "bull:mail:failed", "1", "99"});
    m_theme = std::make_unique<theme::Theme>(theme::Mode::Dark);
    m_theme->applyTo(*qApp);
    plain.command({"CONFIG", "SET", "slowlog-log-slower-than", "0"});
    plain.command({"ZCARD", "bull:mail:failed"});
}

void RedisPaneTest::init() {
    m_cache = made(QStringLiteral("cache"), m_server.port());
    m_other = made(QStringLiteral("staging"), 1, QStringLiteral("staging"));
    m_pane = std::make_unique<RedisPane>(*m_theme, m_clock);
    m_pane->setConnections({m_cache.get(), m_other.get()});
    m_pane->resize(650, 760);
    m_pane->show();
}

void RedisPaneTest::cleanup() {
    m_pane.reset();
    m_cache.reset();
    m_other.reset();
}

Outcome RedisPaneTest::outcome(const QString& command, const QString& connection) {
    QSignalSpy ran(m_pane.get(), &RedisPane::ran);
    m_pane->run(connection, command);
    if (ran.isEmpty() && !ran.wait(20'000)) qFatal("ran() never came");
    return ran.first().first().value<Outcome>();
}

/// Walks for `pattern` and waits for the end.
void RedisPaneTest::openKeys(const QString& pattern) {
    child<QTabWidget>("redisTabs")->setCurrentIndex(2);
    child<QLineEdit>("redisKeyPattern")->setText(pattern);
    auto* walk = child<QPushButton>("redisKeyWalk");
    child<QLabel>("redisKeysStatus")->clear();  // of the walk before
    walk->click();
    QTRY_VERIFY(child<QLabel>("redisKeysStatus")->text().contains(QStringLiteral("found among")));
    QTRY_VERIFY(child<QTreeView>("redisKeys")->model()->rowCount() > 0);
}

/// Opens the only group and chooses the only key in it.
void RedisPaneTest::chooseKey() {
    auto* tree = child<QTreeView>("redisKeys");
    const QModelIndex group = tree->model()->index(0, 0);
    tree->expand(group);
    tree->setCurrentIndex(tree->model()->index(0, 0, group));
}

void RedisPaneTest::runsAndShowsATree() {
    const Outcome result = outcome(QStringLiteral("HGETALL bull:mail:101"));
    QVERIFY2(result.ok, qPrintable(result.line));
    QVERIFY2(result.line.startsWith(QStringLiteral("4 elements · ")), qPrintable(result.line));
    QCOMPARE(result.kind, QStringLiteral("redis"));
    QCOMPARE(result.subject, QStringLiteral("HGETALL bull:mail:101 on cache"));
    QVERIFY(result.evidence[u"receipt"].toObject()[u"sha256"].toString().size() == 64);
    const QAbstractItemModel* model = child<QTreeView>("redisTree")->model();
    QCOMPARE(model->rowCount(), 4);
    QCOMPARE(model->index(0, 0).data().toString(), QStringLiteral("name"));
    QCOMPARE(model->index(0, 2).data().toString(), QStringLiteral("welcome"));
    QVERIFY(child<QLabel>("redisStatus")->text().contains(QStringLiteral("ms")));
}

void RedisPaneTest::showsLinesAsText() {
    QVERIFY(outcome(QStringLiteral("INFO memory")).ok);
    QVERIFY(child<QPlainTextEdit>("redisRaw")->isVisible());
    QVERIFY(child<QPlainTextEdit>("redisRaw")
                ->toPlainText()
                .contains(QStringLiteral("maxmemory_policy")));
    QVERIFY(outcome(QStringLiteral("PING")).ok);
    QVERIFY(child<QTreeView>("redisTree")->isVisible());
}

void RedisPaneTest::writesTheRawView() {
    QVERIFY(outcome(QStringLiteral("LRANGE bull:mail:wait 0 -1")).ok);
    QTRY_COMPARE(child<QPlainTextEdit>("redisRaw")->toPlainText(),
                 QStringLiteral("1) \"101\"\n2) \"102\"\n3) \"103\""));
    QVERIFY(outcome(QStringLiteral("COMMAND")).ok);  // large: written on another thread
    QTRY_VERIFY(child<QPlainTextEdit>("redisRaw")->toPlainText().size() > 100'000);
}

void RedisPaneTest::writesJsonAndCopies() {
    QVERIFY(outcome(QStringLiteral("LRANGE bull:mail:wait 0 1")).ok);
    child<QToolButton>("redisShowJson")->click();
    QTRY_COMPARE(child<QPlainTextEdit>("redisRaw")->toPlainText(),
                 QStringLiteral("[\n    \"101\",\n    \"102\"\n]\n"));
    child<QToolButton>("redisCopy")->click();
    QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("102")));
    QVERIFY(outcome(QStringLiteral("LLEN bull:mail:wait")).ok);  // stays JSON
    QTRY_COMPARE(child<QPlainTextEdit>("redisRaw")->toPlainText(), QStringLiteral("3"));
    QVERIFY(outcome(QStringLiteral("GET nothing")).ok);
    QTRY_COMPARE(child<QPlainTextEdit>("redisRaw")->toPlainText(), QStringLiteral("null"));
    child<QToolButton>("redisShowTree")->click();
    QVERIFY(outcome(QStringLiteral("LRANGE bull:mail:wait 0 1")).ok);
    auto* tree = child<QTreeView>("redisTree");
    tree->setCurrentIndex(tree->model()->index(1, 0));
    child<QToolButton>("redisCopy")->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("102"));
}

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

void RedisPaneTest::changesOnlyAfterTheNameWasTyped() {
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

void RedisPaneTest::unlocksByTheGuard() {
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

void RedisPaneTest::suggestsASaferUser() {
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

void RedisPaneTest::readsOnWhereAPageEnds() {
    redis::test::Plain plain(m_server.port());
    QByteArrayList push{"RPUSH", "long"};
    for (int i = 0; i < 12'000; ++i)
        push << QByteArray::number(i);
    plain.command(push);
    QVERIFY(outcome(QStringLiteral("LRANGE long 0 -1")).ok);
    auto* next = child<QPushButton>("redisNextPage");
    QVERIFY(next->isVisible());
    QSignalSpy ran(m_pane.get(), &RedisPane::ran);
    next->click();
    QTRY_COMPARE(ran.count(), 1);
    QCOMPARE(child<RedisCommandEdit>("redisCommand")->text(),
             QStringLiteral("LRANGE long 10000 -1"));
    QVERIFY(!next->isVisible());
    plain.command({"DEL", "long"});
}

void RedisPaneTest::showsTheQueues() {
    redis::test::Plain plain(m_server.port());
    plain.command({"HSET", "bull:mail:meta", "paused", "1", "version", "bullmq:5.81.5"});
    child<QTabWidget>("redisTabs")->setCurrentIndex(1);
    const QAbstractItemModel* model = child<QTableView>("redisQueues")->model();
    QTRY_VERIFY(model->rowCount() >= 1);
    QCOMPARE(model->index(0, 0).data().toString(), QStringLiteral("mail"));
    QVERIFY(model->index(0, 1).data().toString().startsWith(QStringLiteral("Paused")));
    QTRY_VERIFY(child<QTreeWidget>("redisQueueJobs")->topLevelItemCount() > 0);
    auto* jobs = child<QTreeWidget>("redisQueueJobs");
    jobs->topLevelItem(0)->setSelected(true);
    QVERIFY(!child<QPlainTextEdit>("redisQueueJobData")->isVisible());
    child<QPushButton>("redisQueueData")->click();
    QTRY_VERIFY(child<QPlainTextEdit>("redisQueueJobData")->isVisible());
    test::picture(*m_pane, QStringLiteral("redis-queues-dark"));
    plain.command({"DEL", "bull:mail:meta"});
}

void RedisPaneTest::walksTheKeys() {
    openKeys();
    auto* tree = child<QTreeView>("redisKeys");
    const QModelIndex bull =
        tree->model()
            ->match(tree->model()->index(0, 0), Qt::DisplayRole, QStringLiteral("bull:"))
            .value(0);
    QVERIFY(bull.isValid());
    tree->expand(bull);
    tree->expand(tree->model()->index(0, 0, bull));
    QVERIFY(child<QLabel>("redisKeysStatus")->text().contains(QStringLiteral("found among")));
    // A pattern and a type leave others out.
    child<QLineEdit>("redisKeyPattern")->setText(QStringLiteral("bull:*"));
    child<QComboBox>("redisKeyType")->setCurrentIndex(2);
    child<QPushButton>("redisKeyWalk")->click();
    QTRY_COMPARE(tree->model()->rowCount(), 1);
    QTRY_COMPARE(tree->model()->index(0, 1).data().toString(), QStringLiteral("1"));
}

/// A key is asked for its size only when its name, type and expiry fit; nothing counts as a use.
void RedisPaneTest::filtersByExpiryAndSize() {
    redis::test::Plain plain(m_server.port());
    for (int i = 0; i < 300; ++i) {
        const QByteArray n = QByteArray::number(i);
        plain.command({"SET", "f:soon:" + n, QByteArray(i < 3 ? 20'000 : 10, 'x'), "EX", "58"});
        plain.command({"SET", "f:late:" + n, QByteArray(20'000, 'x'), "EX", "90000"});
        plain.command({"SET", "f:never:" + n, "x"});
    }
    plain.command({"HSET", "f:hash", "big", QByteArray(2'000'000, 'x')});
    const auto choose = [this](const char* name, const QString& text) {
        auto* box = child<QComboBox>(name);
        const int at = box->findText(text);
        QVERIFY2(at >= 0, qPrintable(text));
        box->setCurrentIndex(at);
    };
    const auto asked = [&plain](const QByteArray& name) {
        const QByteArray info = plain.command({"INFO", "commandstats"}).text();
        const qsizetype at = info.indexOf("cmdstat_" + name + ":calls=");
        return at < 0 ? 0 : info.mid(info.indexOf('=', at) + 1, 12).split(',').first().toInt();
    };
    const auto* tree = child<QTreeView>("redisKeys")->model();
    const auto found = [tree] { return tree->index(0, 1).data().toString(); };
    const QString status = QStringLiteral("found among");

    plain.command({"CONFIG", "RESETSTAT"});
    openKeys(QStringLiteral("f:*"));
    QCOMPARE(found(), QStringLiteral("901"));
    QCOMPARE(asked("pttl"), 0);
    choose("redisKeyExpiry", QStringLiteral("< 1 min left"));
    openKeys(QStringLiteral("f:*"));
    QTRY_COMPARE(found(), QStringLiteral("300"));
    QCOMPARE(asked("pttl"), 901);
    QCOMPARE(asked("memory|usage"), 0);
    choose("redisKeyLeastSize", QStringLiteral("≥ 10 kB"));
    openKeys(QStringLiteral("f:*"));
    QTRY_COMPARE(found(), QStringLiteral("3"));
    QCOMPARE(asked("pttl"), 1802);
    QCOMPARE(asked("memory|usage"), 300);
    QVERIFY2(child<QLabel>("redisKeysStatus")
                 ->text()
                 .contains(QStringLiteral("901 asked for their expiry, 300 for their size")),
             qPrintable(child<QLabel>("redisKeysStatus")->text()));
    choose("redisKeyExpiry", QStringLiteral("never expires"));
    openKeys(QStringLiteral("f:*"));
    QTRY_COMPARE(found(), QStringLiteral("1"));
    choose("redisKeyExpiry", QStringLiteral("any expiry"));
    choose("redisKeyType", QStringLiteral("hash"));
    openKeys(QStringLiteral("f:*"));
    QTRY_COMPARE(tree->index(0, 1).data().toString(), QStringLiteral("1"));
    QCOMPARE(asked("memory|usage"), 300 + 301 + 1);
    QCOMPARE(asked("get"), 0);
    for (const char* name : {"redisKeyExpiry", "redisKeyLeastSize", "redisKeyType"})
        child<QComboBox>(name)->setCurrentIndex(0);
    for (const QByteArray& key :
         {QByteArray("f:soon:"), QByteArray("f:late:"), QByteArray("f:never:")})
        for (int i = 0; i < 300; ++i)
            plain.command({"DEL", key + QByteArray::number(i)});
    plain.command({"DEL", "f:hash"});
}

void RedisPaneTest::saysWhyAFilterCannotAsk() {
    redis::test::Plain plain(m_server.port());
    plain.command({"ACL", "SETUSER", "default", "-memory"});
    child<QTabWidget>("redisTabs")->setCurrentIndex(2);
    child<QComboBox>("redisKeyLeastSize")->setCurrentIndex(1);
    child<QPushButton>("redisKeyWalk")->click();
    QTRY_VERIFY2(child<QLabel>("redisKeysStatus")
                     ->text()
                     .contains(QStringLiteral("does not tell the size of its keys: NOPERM")),
                 qPrintable(child<QLabel>("redisKeysStatus")->text()));
    plain.command({"ACL", "SETUSER", "default", "+@all"});
}

void RedisPaneTest::showsEveryType_data() {
    QTest::addColumn<QByteArrayList>("write");
    QTest::addColumn<QString>("facts");
    QTest::addColumn<int>("rows");
    QTest::addColumn<QString>("text");
    using List = QByteArrayList;
    QTest::newRow("string") << List{"SET", "v:key", "{\"a\":1}"} << "string" << 0
                            << "{\n    \"a\": 1\n}\n";
    QTest::newRow("hash") << List{"HSET", "v:key", "f", "one", "g", "two"} << "2 fields" << 2
                          << "one";
    QTest::newRow("list") << List{"RPUSH", "v:key", "first", "second"} << "2 elements" << 2
                          << "first";
    QTest::newRow("set") << List{"SADD", "v:key", "only"} << "1 element" << 1 << "only";
    QTest::newRow("zset") << List{"ZADD", "v:key", "1.5", "member"} << "zset" << 1 << "member";
    QTest::newRow("stream") << List{"XADD", "v:key", "1-1", "k", "value"} << "1 entry" << 1
                            << "k=value";
    QTest::newRow("binary") << List{"SET", "v:key", QByteArray("\x81\xa1\x61\x01")} << "4 bytes"
                            << 0 << "{\n    \"a\": 1\n}\n";
}

void RedisPaneTest::showsEveryType() {
    QFETCH(const QByteArrayList, write);
    QFETCH(const QString, facts);
    QFETCH(const int, rows);
    QFETCH(const QString, text);
    redis::test::Plain plain(m_server.port());
    plain.command({"DEL", "v:key"});
    QVERIFY(!plain.command(write).isError());
    plain.command({"PEXPIRE", "v:key", "600000"});
    if (write.first() == "XADD") plain.command({"XGROUP", "CREATE", "v:key", "workers", "0"});
    openKeys(QStringLiteral("v:*"));
    chooseKey();
    QTRY_VERIFY2(child<QLabel>("redisValueFacts")->text().contains(facts),
                 qPrintable(child<QLabel>("redisValueFacts")->text()));
    QVERIFY(child<QLabel>("redisValueFacts")->text().contains(QStringLiteral("expires in")));
    QTRY_COMPARE(child<QPlainTextEdit>("redisValueText")->toPlainText(), text);
    QCOMPARE(child<QTableView>("redisValueRows")->model()->rowCount(), rows);
    QCOMPARE(child<QTableView>("redisValueGroups")->isVisible(), write.first() == "XADD");
    test::picture(*m_pane,
                  QStringLiteral("redis-value-") + QString::fromLatin1(QTest::currentDataTag()));
    plain.command({"DEL", "v:key"});
}

void RedisPaneTest::readsAValueInParts() {
    redis::test::Plain plain(m_server.port());
    QByteArrayList push{"RPUSH", "v:key"};
    for (int i = 0; i < 450; ++i)
        push << QByteArray::number(i);
    plain.command(push);
    openKeys(QStringLiteral("v:*"));
    chooseKey();
    auto* rows = child<QTableView>("redisValueRows");
    auto* more = child<QPushButton>("redisValueMore");
    QTRY_COMPARE(rows->model()->rowCount(), 200);
    more->click();
    QTRY_COMPARE(rows->model()->rowCount(), 400);
    more->click();
    QTRY_COMPARE(rows->model()->rowCount(), 450);
    QVERIFY(!more->isVisible());
    QCOMPARE(rows->model()->index(449, 0).data().toString(), QStringLiteral("449"));
    QCOMPARE(rows->model()->index(449, 1).data().toString(), QStringLiteral("449"));
    plain.command({"DEL", "v:key"});
    plain.command({"SET", "v:key", QByteArray(100'000, 'x')});
    child<QPushButton>("redisValueAgain")->click();
    QTRY_COMPARE(child<QPlainTextEdit>("redisValueText")->toPlainText().size(),
                 qsizetype(64 * 1024));
    more->click();
    QTRY_COMPARE(child<QPlainTextEdit>("redisValueText")->toPlainText().size(), qsizetype(100'000));
    plain.command({"DEL", "v:key"});
}

void RedisPaneTest::countsTheBitsOfABitmap() {
    redis::test::Plain plain(m_server.port());
    plain.command({"SETBIT", "v:key", "7", "1"});
    plain.command({"SETBIT", "v:key", "40000000", "1"});  // past two parts
    openKeys(QStringLiteral("v:*"));
    chooseKey();
    auto* bits = child<QPushButton>("redisValueBits");
    QTRY_VERIFY(bits->isVisible());
    plain.command({"CONFIG", "RESETSTAT"});
    QVERIFY(!plain.command({"INFO", "commandstats"}).text().contains("bitcount"));
    bits->click();
    const QString all = QStringLiteral("2 of 40 000 008 bits set");
    QTRY_VERIFY2(child<QLabel>("redisValueFacts")->text().contains(all),
                 qPrintable(child<QLabel>("redisValueFacts")->text()));
    QVERIFY(plain.command({"INFO", "commandstats"}).text().contains("bitcount:calls=3,"));
    QCOMPARE(bits->text(), QStringLiteral("Count bits"));
    test::picture(*m_pane, QStringLiteral("redis-value-bitmap"));
    plain.command({"DEL", "v:key"});
}

/// PFCOUNT would: of a key that was added to it writes the count it keeps.
void RedisPaneTest::countsAHyperLogLogWithoutWriting() {
    redis::test::Plain plain(m_server.port());
    QByteArrayList add{"PFADD", "v:key"};
    for (int i = 0; i < 20'000; ++i)
        add << QByteArray::number(i);
    plain.command(add);
    const QByteArray before = plain.command({"GET", "v:key"}).text();
    openKeys(QStringLiteral("v:*"));
    chooseKey();
    auto* text = child<QPlainTextEdit>("redisValueText");
    QTRY_VERIFY(text->toPlainText().contains(QStringLiteral("distinct elements")));
    QCOMPARE(plain.command({"GET", "v:key"}).text(), before);
    const auto counted = plain.command({"PFCOUNT", "v:key"}).text().toLongLong();
    QVERIFY(plain.command({"GET", "v:key"}).text() != before);
    QVERIFY2(text->toPlainText().contains(
                 QStringLiteral("about %1 distinct elements").arg(countText(counted))),
             qPrintable(text->toPlainText().left(90)));
    test::picture(*m_pane, QStringLiteral("redis-value-hyperloglog"));
    plain.command({"DEL", "v:key"});
}

void RedisPaneTest::measuresTheBiggest() {
    redis::test::Plain plain(m_server.port());
    for (int i = 0; i < 60; ++i)
        plain.command(
            {"SET", "session:" + QByteArray::number(i), QByteArray(2'000, 'x'), "EX", "900"});
    plain.command({"SET", "report:big", QByteArray(2'000'000, 'x')});
    openKeys();
    auto* measure = child<QPushButton>("redisKeySizes");
    QTRY_VERIFY(measure->isEnabled());
    measure->click();
    auto* biggest = child<QTableView>("redisBiggest");
    QTRY_VERIFY(biggest->model()->rowCount() > 60);
    QCOMPARE(biggest->model()->index(0, 0).data().toString(), QStringLiteral("report:big"));
    QCOMPARE(child<QTableView>("redisPrefixes")->model()->index(1, 0).data().toString(),
             QStringLiteral("session:*"));
    test::picture(*m_pane, QStringLiteral("redis-biggest-dark"));
    child<QComboBox>("redisSizesFilter")->setCurrentIndex(3);
    QCOMPARE(biggest->model()->rowCount(), 1);
    biggest->selectRow(0);
    QTRY_VERIFY(child<QLabel>("redisValueFacts")->text().contains(QStringLiteral("never expires")));
    plain.command({"DEL", "report:big"});
}

void RedisPaneTest::showsTheServer() {
    child<QTabWidget>("redisTabs")->setCurrentIndex(3);
    auto* figures = child<QWidget>("redisFigures");
    QTRY_VERIFY(figures->accessibleDescription().contains(QStringLiteral("commands/s")));
    redis::test::Plain plain(m_server.port());
    plain.command({"CONFIG", "SET", "maxmemory", "1"});
    plain.command({"SET", "too", "much"});  // OOM
    // The next look, two seconds later, tells what has changed since.
    auto* list = child<QTableView>("redisServerList");
    QTRY_VERIFY(
        list->model()->rowCount() > 0 &&
        list->model()->index(0, 0).data().toString().contains(QStringLiteral("nearly full")));
    test::picture(*m_pane, QStringLiteral("redis-server-dark"));
    plain.command({"CONFIG", "SET", "maxmemory", "0"});
}

void RedisPaneTest::whatIsOldIsNotShownAsNow() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain(server.port()).command({"HSET", "bull:mail:meta", "version", "bullmq:5.1"});
    const auto cache = made(QStringLiteral("dying"), server.port());
    m_pane->setConnections({cache.get()});
    auto* tabs = child<QTabWidget>("redisTabs");
    tabs->setCurrentIndex(1);
    auto* table = child<QTableView>("redisQueues");
    QTRY_COMPARE(table->model()->rowCount(), 1);
    tabs->setCurrentIndex(3);
    auto* figures = child<QWidget>("redisFigures");
    QTRY_VERIFY(figures->accessibleDescription().contains(QStringLiteral("commands/s")));
    server.stop();
    QTRY_VERIFY_WITH_TIMEOUT(
        figures->accessibleDescription().startsWith(QStringLiteral("Not known now")), 15'000);
    QVERIFY(child<QLabel>("redisServerSaid")->text().startsWith(QStringLiteral("Last known")));
    test::picture(*m_pane, QStringLiteral("redis-server-stale-dark"));
    tabs->setCurrentIndex(1);
    auto* status = child<QLabel>("redisQueueStatus");
    QTRY_VERIFY_WITH_TIMEOUT(status->text().startsWith(QStringLiteral("Last known")), 15'000);
    const QString state = table->model()->index(0, 1).data().toString();
    QVERIFY2(state.startsWith(QStringLiteral("not known")), qPrintable(state));
    QCOMPARE(table->model()->index(0, 0).data(QueuesModel::StateRole).toInt(),
             static_cast<int>(inspection::QueueState::Unknown));
    test::picture(*m_pane, QStringLiteral("redis-queues-stale-dark"));
    m_pane->setConnections({});
}

void RedisPaneTest::showsItsLists_data() {
    QTest::addColumn<int>("page");
    QTest::addColumn<QString>("contains");
    QTest::newRow("slow log") << 1 << QStringLiteral("command");
    QTest::newRow("latency") << 2 << QStringLiteral("command");
    QTest::newRow("clients") << 3 << QStringLiteral("tocsin");
    QTest::newRow("keyspace") << 4 << QStringLiteral("db0");
    QTest::newRow("settings") << 5 << QStringLiteral("maxmemory-policy");
    QTest::newRow("channels") << 6 << QStringLiteral("news");
}

void RedisPaneTest::showsItsLists() {
    QFETCH(const int, page);
    QFETCH(const QString, contains);
    redis::test::Plain plain(m_server.port());
    redis::test::Plain listener(m_server.port());
    listener.command({"SUBSCRIBE", "news"});
    plain.command({"CONFIG", "SET", "latency-monitor-threshold", "1"});
    plain.command({"EVAL", "local n = 0 for i = 1, 3000000 do n = n + 1 end return n", "0"});
    child<QTabWidget>("redisTabs")->setCurrentIndex(3);
    auto* figures = child<QWidget>("redisFigures");
    QTRY_VERIFY(figures->accessibleDescription().contains(QStringLiteral("commands/s")));
    child<QComboBox>("redisServerPage")->setCurrentIndex(page);
    const QAbstractItemModel* model = child<QTableView>("redisServerList")->model();
    const auto holds = [model, &contains] {
        for (int row = 0; row < model->rowCount(); ++row)
            for (int column = 0; column < model->columnCount(); ++column)
                if (model->index(row, column).data().toString().contains(contains)) return true;
        return model->columnCount() > 0 && model->rowCount() > 0 &&
               contains == u"command";  // what was slow is the test's own
    };
    QTRY_VERIFY(holds());
    test::picture(*m_pane, QStringLiteral("redis-server-") +
                               QString::fromLatin1(QTest::currentDataTag()).replace(u' ', u'-'));
}

void RedisPaneTest::endsAClient() {
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
void RedisPaneTest::endsAClientOfTheNodeItIsAt() {
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

void RedisPaneTest::samplesWhatOthersSend() {
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
    m_cache->lock();
}

void RedisPaneTest::neverOffersTheEndless() {
    for (const char* text : {"MONITOR", "SUBSCRIBE a", "BLPOP a 0"}) {
        QVERIFY(!outcome(QString::fromLatin1(text)).ok);
        QVERIFY(!child<QPushButton>("redisChange")->isVisible());
    }
}

void RedisPaneTest::noticesAMissingKey() {
    const Outcome result = outcome(QStringLiteral("LLEN bull:mail:waiting"));
    QVERIFY(result.ok);
    QVERIFY(result.line.contains(QStringLiteral("There is no key")));
    QVERIFY(child<QLabel>("redisNotice")->isVisible());
}

void RedisPaneTest::picksAValue() {
    QVERIFY(outcome(QStringLiteral("LRANGE bull:mail:wait 0 -1")).ok);
    QSignalSpy picked(m_pane.get(), &RedisPane::cellPicked);
    auto* tree = child<QTreeView>("redisTree");
    const QRect cell = tree->visualRect(tree->model()->index(1, 2));
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, cell.center());
    QCOMPARE(picked.count(), 1);
    QCOMPARE(picked[0][0].toString(), QStringLiteral("102"));
    QCOMPARE(picked[0][1].toString(), QStringLiteral("cache · LRANGE bull:mail:wait 0 -1"));
}

void RedisPaneTest::writesTheReplyToAFile() {
    QTemporaryDir folder;
    QVERIFY(outcome(QStringLiteral("LRANGE bull:mail:wait 0 -1")).ok);
    child<QAbstractButton>("redisExport")->click();
    auto* path = child<QLineEdit>("redisExportPath");
    QVERIFY(path->isVisible());
    const auto written = [&](const QString& name) {
        child<QAbstractButton>("redisExport")->setChecked(true);
        path->setText(folder.filePath(name));
        child<QAbstractButton>("redisExportWrite")->click();
        const bool isThere = QTest::qWaitFor([path] { return !path->isVisible(); });
        QFile file(folder.filePath(name));
        return isThere && file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    const auto json = QJsonDocument::fromJson(written(QStringLiteral("reply.json"))).array();
    QCOMPARE(json.at(1).toString(), QStringLiteral("102"));
    QVERIFY(written(QStringLiteral("reply.txt")).startsWith("1) \""));
    QVERIFY(child<QLabel>("redisStatus")->text().contains(QStringLiteral("written")));
    child<QAbstractButton>("redisExport")->setChecked(true);
    test::picture(*m_pane, QStringLiteral("redis-export"));
    path->setText(QStringLiteral("/nowhere/reply.json"));
    child<QAbstractButton>("redisExportWrite")->click();
    QTRY_VERIFY(child<QLabel>("redisStatus")->text().contains(QStringLiteral("cannot be written")));
}

void RedisPaneTest::tellsWhatKeysAre_data() {
    QTest::addColumn<QString>("command");
    QTest::addColumn<bool>("isNested");
    QTest::newRow("SCAN") << "SCAN 0 MATCH life:* COUNT 10000" << true;
    QTest::newRow("--scan") << "redis-cli --scan --pattern life:*" << false;
}

void RedisPaneTest::tellsWhatKeysAre() {
    QFETCH(const QString, command);
    QFETCH(const bool, isNested);
    redis::test::Plain plain(m_server.port());
    plain.command({"HSET", "life:hash", "f", "v"});
    plain.command({"EXPIRE", "life:hash", "600"});
    QVERIFY(outcome(command).ok);
    auto* model = child<QTreeView>("redisTree")->model();
    const QModelIndex parent = isNested ? model->index(1, 0) : QModelIndex();
    const auto type = [&] { return model->index(0, 1, parent).data().toString(); };
    QTRY_VERIFY2(type().startsWith(QStringLiteral("hash, expires in")), qPrintable(type()));
    test::picture(*m_pane, QStringLiteral("redis-lives"));
    plain.command({"DEL", "life:hash"});
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
    QCOMPARE(child<QTreeView>("redisTree")->model()->rowCount(), 2);
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
    RedisPane next(*m_theme, m_clock);
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

void RedisPaneTest::showsATable() {
    redis::test::Plain plain(m_server.port());
    plain.command({"HSET", "table:hash", "name", "mail", "depth", "3"});
    QVERIFY(outcome(QStringLiteral("HGETALL table:hash")).ok);
    child<QToolButton>("redisShowTable")->click();
    auto* grid = child<QTableView>("redisTableGrid");
    QTRY_COMPARE(grid->model()->rowCount(), 2);
    QVERIFY(grid->isVisible());
    QCOMPARE(grid->model()->headerData(0, Qt::Horizontal).toString().section(u'\n', 0, 0),
             QStringLiteral("field"));
    // The next reply that has rows is shown the same way.
    QVERIFY(outcome(QStringLiteral("CLIENT LIST\nPING")).ok);
    QTRY_COMPARE(grid->model()->columnCount(), 2);
    QVERIFY(grid->isVisible());
    plain.command({"DEL", "table:hash"});
    child<QToolButton>("redisShowTree")->click();
    QVERIFY(child<QTreeView>("redisTree")->isVisible());
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

/// Queues in every state, keys of every kind, a slow command: what the pictures of the docs show.
void RedisPaneTest::fillWithAnIncident() {
    redis::test::Plain plain(m_server.port());
    plain.command({"FLUSHALL"});
    const QByteArray now = QByteArray::number(m_clock.now().addSecs(-754).toMSecsSinceEpoch());
    const auto queue = [&plain, &now](const QByteArray& name, int waiting, int failed,
                                      int delayed) {
        const QByteArray base = "bull:" + name + ':';
        plain.command({"HSET", base + "meta", "version", "bullmq:5.81.5"});
        for (int i = 1; i <= waiting; ++i) {
            const QByteArray id = QByteArray::number(40'000 + i);
            plain.command({"LPUSH", base + "wait", id});
            if (i <= 60)
                plain.command({"HSET", base + id, "name", "deliver", "timestamp", now, "data",
                               "{\"to\":\"someone\"}", "opts", "{}", "attemptsMade", "0"});
        }
        for (int i = 1; i <= failed; ++i) {
            const QByteArray id = QByteArray::number(10'000 + i);
            plain.command({"ZADD", base + "failed", now, id});
            plain.command({"HSET", base + id, "name", "deliver", "timestamp", now, "failedReason",
                           i % 3 ? "SMTP 421: too many connections" : "connect ETIMEDOUT",
                           "attemptsMade", "3"});
        }
        for (int i = 1; i <= delayed; ++i)
            plain.command({"ZADD", base + "delayed", "99999999999999999", QByteArray::number(i)});
    };
    queue("mail", 340, 27, 0);
    queue("video-transcode", 12, 0, 4);
    queue("billing", 0, 2, 31);
    queue("thumbnails", 85, 0, 0);
    queue("webhooks", 3, 9, 120);
    plain.command({"HSET", "bull:thumbnails:meta", "paused", "1"});
    for (int i = 0; i < 400; ++i)
        plain.command(
            {"SET", "session:u" + QByteArray::number(i), QByteArray(300, 's'), "EX", "3600"});
    plain.command({"HSET", "basket:17", "owner", "u-204", "items",
                   "[{\"sku\":\"A-1\",\"count\":2},{\"sku\":\"C-9\",\"count\":1}]", "total",
                   "41.90"});
    plain.command({"SET", "report:monthly", QByteArray(3'000'000, 'r')});
    plain.command({"EVAL", "local n = 0 for i = 1, 3000000 do n = n + 1 end return n", "0"});
    plain.command({"CONFIG", "SET", "maxmemory", "6mb"});
    plain.command({"CONFIG", "SET", "maxmemory-policy", "volatile-lru"});
}

void RedisPaneTest::showsAnIncident_data() {
    looksRight_data();
}

void RedisPaneTest::showsAnIncident() {
    QFETCH(const bool, dark);
    m_theme->setMode(dark ? theme::Mode::Dark : theme::Mode::Light);
    m_theme->applyTo(*qApp);
    const QString suffix = u'-' + QString::fromLatin1(QTest::currentDataTag());
    fillWithAnIncident();
    m_pane->resize(1000, 720);
    auto* tabs = child<QTabWidget>("redisTabs");
    tabs->setCurrentIndex(1);
    const auto* queues = child<QTableView>("redisQueues")->model();
    QTRY_COMPARE(queues->rowCount(), 5);
    // The worst first.
    QVERIFY(queues->index(0, 1).data().toString().startsWith(QStringLiteral("Stuck")));
    QTRY_VERIFY(child<QTreeWidget>("redisQueueJobs")->topLevelItemCount() > 0);
    test::picture(*m_pane, QStringLiteral("redis-queues") + suffix);
    openKeys();
    auto* tree = child<QTreeView>("redisKeys");
    const QModelIndex basket =
        tree->model()
            ->match(tree->model()->index(0, 0), Qt::DisplayRole, QStringLiteral("basket:"))
            .value(0);
    tree->expand(basket);
    tree->setCurrentIndex(tree->model()->index(0, 0, basket));
    QTRY_COMPARE(child<QTableView>("redisValueRows")->model()->rowCount(), 3);
    child<QTableView>("redisValueRows")->selectRow(1);
    QTRY_VERIFY(child<QPlainTextEdit>("redisValueText")->toPlainText().contains(u"sku"));
    test::picture(*m_pane, QStringLiteral("redis-keys") + suffix);
    tabs->setCurrentIndex(3);
    auto* findings = child<QTableView>("redisServerList");
    QTRY_VERIFY(findings->model()->rowCount() > 0);
    QVERIFY(
        findings->model()->index(0, 0).data().toString().contains(QStringLiteral("jobs are lost")));
    // Two looks, so that rates are known.
    QTRY_VERIFY_WITH_TIMEOUT(child<QWidget>("redisFigures")
                                 ->accessibleDescription()
                                 .contains(QStringLiteral("evicted/s 0")),
                             20'000);
    test::picture(*m_pane, QStringLiteral("redis-server") + suffix);
    for (const QSize size : {QSize(1280, 800), QSize(1600, 1000)}) {
        m_pane->resize(size);
        for (int tab = 0; tab < tabs->count(); ++tab) {
            tabs->setCurrentIndex(tab);
            QVERIFY(m_pane->size() == size);  // nothing asks for more than the window has
        }
    }
    redis::test::Plain plain(m_server.port());
    plain.command({"CONFIG", "SET", "maxmemory-policy", "noeviction"});
    plain.command({"CONFIG", "SET", "maxmemory", "0"});
}

void RedisPaneTest::looksRight_data() {
    QTest::addColumn<bool>("dark");
    QTest::newRow("dark") << true;
    QTest::newRow("light") << false;
}

void RedisPaneTest::looksRight() {
    QFETCH(const bool, dark);
    m_theme->setMode(dark ? theme::Mode::Dark : theme::Mode::Light);
    m_theme->applyTo(*qApp);
    const QString suffix = QString::fromLatin1(QTest::currentDataTag());
    QVERIFY(outcome(QStringLiteral("HGETALL bull:mail:101")).ok);
    test::picture(*m_pane, QStringLiteral("redis-map-") + suffix);
    outcome(QStringLiteral("LLEN bull:mail:failed"));
    test::picture(*m_pane, QStringLiteral("redis-wrongtype-") + suffix);
    outcome(QStringLiteral("SLOWLOG GET 3"));
    test::picture(*m_pane, QStringLiteral("redis-nested-") + suffix);
    outcome(QStringLiteral("INFO memory"));
    test::picture(*m_pane, QStringLiteral("redis-info-") + suffix);
    outcome(QStringLiteral("LLEN bull:mail:waiting"));
    test::picture(*m_pane, QStringLiteral("redis-missing-") + suffix);
    redis::test::Plain(m_server.port())
        .command({"HSET", "basket:17", "owner", "u-204", "items", "[{\"sku\":\"A-1\",\"count\":2}]",
                  "total", "41.90"});
    openKeys(QStringLiteral("basket:*"));
    chooseKey();
    QTRY_VERIFY(child<QLabel>("redisValueFacts")->text().contains(QStringLiteral("expires")));
    QTRY_VERIFY(!child<QPlainTextEdit>("redisValueText")->toPlainText().isEmpty());
    m_pane->resize(1100, 760);
    test::picture(*m_pane, QStringLiteral("redis-keys-wide-") + suffix);
    m_pane->resize(430, 640);
    // Beside board and runbook on a small screen there is not much more than this.
    QTRY_VERIFY2(m_pane->minimumSizeHint().width() <= 430,
                 qPrintable(QString::number(m_pane->minimumSizeHint().width())));
    test::picture(*m_pane, QStringLiteral("redis-keys-narrow-") + suffix);
    child<QTabWidget>("redisTabs")->setCurrentIndex(3);
    child<QComboBox>("redisServerPage")->setCurrentIndex(3);
    QTRY_VERIFY(child<QTableView>("redisServerList")->model()->rowCount() > 0);
    test::picture(*m_pane, QStringLiteral("redis-clients-narrow-") + suffix);
    child<QTabWidget>("redisTabs")->setCurrentIndex(1);
    test::picture(*m_pane, QStringLiteral("redis-queues-narrow-") + suffix);
    for (const QWidget* widget : m_pane->findChildren<QWidget*>())
        if (widget->isVisible() && (qobject_cast<const QAbstractButton*>(widget) ||
                                    qobject_cast<const QLineEdit*>(widget)))
            QVERIFY2(widget->width() >= widget->minimumSizeHint().width(),
                     qPrintable(widget->objectName()));
}

QTEST_MAIN(RedisPaneTest)
#include "tst_redispane.moc"
