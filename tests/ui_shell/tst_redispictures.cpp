// The whole window with its Redis pane in each state, on real servers: nothing asks for more room
// than there is. TOCSIN_PICTURES names a folder for the pictures; the target screenshots_redis
// keeps those of docs/screenshots.
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTcpServer>
#include <QTreeView>
#include <QTreeWidget>

#include "tests/engines_redis/asking.h"
#include "tests/support/queueapplication.h"
#include "tests/support/redissentinel.h"
#include "tests/ui_shell/desk.h"
#include "ui/query/rediscommandedit.h"
#include "ui/query/redispane.h"

using namespace tocsin;
using namespace tocsin::ui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestRedisPictures : public Desk {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanup() { close(); }
    void pictures_data();
    void pictures();

private:
    using Arrange = void (TestRedisPictures::*)();
    static const QVector<QPair<const char*, Arrange>>& states();
    static QStringList nodeLines();
    void begin() override {}
    void fill();
    void fillQueue(const QByteArray& name, int waiting, int failed);
    void joinNodes();
    RedisPane& pane() { return *m_window->findChild<RedisPane*>(); }
    void run(const QString& command, const QString& connection = u"cache"_s);
    void unlock();
    bool walked(const std::function<bool()>& isThere);

    void console();
    void table();
    void confirm();
    void unlocked();
    void advice();
    void queues();
    void bullmq();
    void cluster();
    void monitor();
    void keys();
    void server();
    void node();
    void failover();

    support::RedisServer m_cache;
    support::RedisServer m_first{drill::RedisOptions{{}, nodeLines()}};
    support::RedisServer m_second{drill::RedisOptions{{}, nodeLines()}};
    support::RedisServer m_jobs;
    support::QueueApplication m_application;  ///< works on m_jobs
    support::RedisServer m_primary;
    std::unique_ptr<support::RedisServer> m_replica;
    support::RedisSentinel m_sentinel;
};

const QVector<QPair<const char*, TestRedisPictures::Arrange>>& TestRedisPictures::states() {
    using Test = TestRedisPictures;
    static const QVector<QPair<const char*, Arrange>> all{
        {"console", &Test::console},   {"table", &Test::table},     {"confirm", &Test::confirm},
        {"unlocked", &Test::unlocked}, {"advice", &Test::advice},   {"stuck", &Test::queues},
        {"cluster", &Test::cluster},   {"monitor", &Test::monitor}, {"keys", &Test::keys},
        {"server", &Test::server},     {"node", &Test::node},       {"failover", &Test::failover},
        {"bullmq", &Test::bullmq}};
    return all;
}

/// The bus has a port of its own; the usual one, 10 000 higher, may not exist.
QStringList TestRedisPictures::nodeLines() {
    QTcpServer free;
    if (!free.listen(QHostAddress::LocalHost)) qFatal("no free port");
    return {u"cluster-enabled yes"_s, u"cluster-port %1"_s.arg(free.serverPort())};
}

void TestRedisPictures::initTestCase() {
    for (auto* server : {&m_cache, &m_first, &m_second, &m_jobs})
        QCOMPARE(server->start(), QString());
    QCOMPARE(m_application.start(u"bullmq6"_s, m_jobs.port()), QString());
    fill();
    joinNodes();
    QCOMPARE(m_primary.start(), QString());
    redis::test::Plain(m_primary.port())
        .command({"HSET", "basket:17", "owner", "u-204", "items", "3", "total", "41.90"});
    m_replica = std::make_unique<support::RedisServer>(
        drill::RedisOptions{{}, {u"replicaof 127.0.0.1 %1"_s.arg(m_primary.port())}});
    QCOMPARE(m_replica->start(), QString());
    QVERIFY(m_sentinel.start(m_primary.port(), m_replica->port()));
}

void TestRedisPictures::fillQueue(const QByteArray& name, int waiting, int failed) {
    redis::test::Plain plain(m_cache.port());
    const QByteArray base = "bull:" + name + ':';
    const QByteArray since =
        QByteArray::number(TestClock().now().addSecs(-754).toMSecsSinceEpoch());
    plain.command({"HSET", base + "meta", "version", "bullmq:5.81.5"});
    for (int i = 1; i <= waiting; ++i) {
        const QByteArray id = QByteArray::number(40'000 + i);
        plain.command({"LPUSH", base + "wait", id});
        if (i <= 60) plain.command({"HSET", base + id, "name", "deliver", "timestamp", since});
    }
    for (int i = 1; i <= failed; ++i) {
        const QByteArray id = QByteArray::number(10'000 + i);
        plain.command({"ZADD", base + "failed", since, id});
        plain.command({"HSET", base + id, "name", "deliver", "timestamp", since, "failedReason",
                       i % 3 ? "SMTP 421: too many connections" : "connect ETIMEDOUT"});
    }
}

void TestRedisPictures::fill() {
    redis::test::Plain plain(m_cache.port());
    fillQueue("mail", 340, 27);
    fillQueue("thumbnails", 85, 0);
    fillQueue("billing", 0, 2);
    plain.command({"HSET", "bull:thumbnails:meta", "paused", "1"});
    plain.command({"HSET", "basket:17", "owner", "u-204", "items",
                   R"([{"sku":"A-1","count":2},{"sku":"C-9","count":1}])", "total", "41.90"});
    for (int i = 0; i < 400; ++i)
        plain.command({"SET", "session:u-" + QByteArray::number(i), "x", "EX", "900"});
    plain.command({"CONFIG", "SET", "maxmemory", "256mb"});
    plain.command({"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"});
    for (int i = 1; i <= 24; ++i)
        plain.command({"XADD", "orders", QByteArray::number(1'790'000'000'000 + i * 1700) + "-0",
                       "customer", "u-" + QByteArray::number(200 + i), "total",
                       QByteArray::number(11 * i) + ".90", "state", i % 4 ? "paid" : "open"});
}

void TestRedisPictures::joinNodes() {
    redis::test::Plain first(m_first.port());
    redis::test::Plain second(m_second.port());
    first.command({"CLUSTER", "ADDSLOTSRANGE", "0", "8191"});
    second.command({"CLUSTER", "ADDSLOTSRANGE", "8192", "16383"});
    const QByteArray bus = second.command({"CONFIG", "GET", "cluster-port"}).children()[1].text();
    first.command({"CLUSTER", "MEET", "127.0.0.1", QByteArray::number(m_second.port()), bus});
    for (const auto* node : {&m_first, &m_second})
        QTRY_VERIFY_WITH_TIMEOUT(redis::test::Plain(node->port())
                                     .command({"CLUSTER", "INFO"})
                                     .text()
                                     .contains("cluster_state:ok"),
                                 30'000);
    for (int i = 0; i < 60; ++i)  // each is taken by the node that has its slot
        for (auto* node : {&first, &second})
            node->command({"SET", "session:u-" + QByteArray::number(i), "x"});
}

void TestRedisPictures::run(const QString& command, const QString& connection) {
    QSignalSpy ran(&pane(), &RedisPane::ran);
    pane().run(connection, command);
    QTRY_VERIFY(!ran.isEmpty());
}

void TestRedisPictures::unlock() {
    run(u"PING"_s);
    find<QAbstractButton>("redisGuard")->click();
    type("redisConfirmReason", u"jobs of a deleted customer"_s);
    type("redisConfirmName", u"cache"_s);
    press("redisConfirmRun");
    QTRY_VERIFY(find<QWidget>("redisGuard")->toolTip().contains(u"Press to lock again"_s));
}

void TestRedisPictures::console() {
    run(u"LLEN bull:mail:wait\nZCARD bull:mail:failed\nHGETALL bull:mail:40001\nINFO clients"_s);
    find<QTreeView>("redisTree")->expandAll();
}

void TestRedisPictures::table() {
    run(u"XREVRANGE orders + - COUNT 20"_s);
    find<QAbstractButton>("redisShowTable")->click();
    QTRY_COMPARE(find<QTableView>("redisTableGrid")->model()->rowCount(), 20);
}

void TestRedisPictures::confirm() {
    run(u"DEL bull:mail:wait"_s);
    press("redisChange");
    QVERIFY(find<QWidget>("redisConfirmRun")->isVisible());
}

void TestRedisPictures::unlocked() {
    unlock();
    run(u"DEL bull:mail:41"_s);
    m_clock->advance(67s);
}

void TestRedisPictures::advice() {
    run(u"PING"_s);
    press("redisAdvice");
    QVERIFY(find<QLabel>("redisNotice")->text().contains(u"ACL SETUSER"_s));
}

/// A walk over the keys that meets a busy machine waits for others, by the window's clock.
bool TestRedisPictures::walked(const std::function<bool()>& isThere) {
    constexpr auto kBreath = 20ms;
    return QTest::qWaitFor(
        [&] {
            const bool there = isThere();
            if (!there) m_clock->advance(kBreath);
            return there;
        },
        20'000);
}

void TestRedisPictures::queues() {
    run(u"PING"_s);
    find<QTabWidget>("redisTabs")->setCurrentIndex(1);
    const auto* list = find<QTableView>("redisQueues");
    QVERIFY(walked([list] { return list->model()->rowCount() == 3; }));
    QTRY_VERIFY(find<QTreeWidget>("redisQueueJobs")->topLevelItemCount() > 0);
}

/// What the real library and its workers left: a paused queue, a stalled job, priorities, a flow, a
/// job that repeats, failures.
void TestRedisPictures::bullmq() {
    // The library's own clock is the machine's.
    m_clock->jumpUnnoticed(std::chrono::milliseconds(m_clock->now().msecsTo(SystemClock().now())));
    run(u"PING"_s, u"jobs"_s);
    find<QTabWidget>("redisTabs")->setCurrentIndex(1);
    auto* list = find<QTableView>("redisQueues");
    QVERIFY(walked([list] { return list->model()->rowCount() == 10; }));
    const auto work = list->model()->match(list->model()->index(0, 0), Qt::DisplayRole, u"work"_s,
                                           1, Qt::MatchContains);
    QVERIFY(!work.isEmpty());
    list->selectRow(work.first().row());
    auto* state = find<QComboBox>("redisQueueState");
    auto* jobs = find<QTreeWidget>("redisQueueJobs");
    state->setCurrentIndex(state->findText(u"failed"_s));
    QTRY_COMPARE(jobs->topLevelItemCount(), 3);
    state->setCurrentIndex(state->findText(u"failures by reason"_s));
    QTRY_COMPARE(jobs->topLevelItemCount(), 1);
    QCOMPARE(jobs->columnCount(), 4);
}

void TestRedisPictures::cluster() {
    run(u"CLUSTER NODES"_s, u"cluster"_s);
    find<QTabWidget>("redisTabs")->setCurrentIndex(2);
    press("redisKeyWalk");
    auto* tree = find<QTreeView>("redisKeys");
    const auto* status = find<QLabel>("redisKeysStatus");
    QVERIFY(walked([status] { return status->text().contains(u"60 found among 60"_s); }));
    QTRY_COMPARE(tree->model()->rowCount(), 1);
    tree->expand(tree->model()->index(0, 0));
    QTRY_COMPARE(tree->model()->rowCount(tree->model()->index(0, 0)), 60);
}

void TestRedisPictures::monitor() {
    unlock();
    pane().rehearse(u"cache"_s, u"--monitor 1"_s);
    QSignalSpy ran(&pane(), &RedisPane::ran);
    press("redisConfirmRun");
    redis::test::Plain plain(m_cache.port());
    const bool done = QTest::qWaitFor(
        [&] {
            plain.command({"HGET", "bull:mail:40001", "name"});
            return !ran.isEmpty();
        },
        20'000);
    QVERIFY(done);
    QTRY_VERIFY(find<QTableView>("redisTableGrid")->isVisible());
    QTRY_VERIFY(find<QTableView>("redisTableGrid")->model()->rowCount() > 0);
}

void TestRedisPictures::keys() {
    run(u"PING"_s);
    find<QTabWidget>("redisTabs")->setCurrentIndex(2);
    press("redisKeyWalk");
    auto* tree = find<QTreeView>("redisKeys");
    const auto* status = find<QLabel>("redisKeysStatus");
    QVERIFY(walked([status] { return status->text().contains(u"found among"_s); }));
    const auto* model = tree->model();
    QTRY_VERIFY(model->rowCount() > 0);
    const QModelIndex group =
        model->match(model->index(0, 0), Qt::DisplayRole, u"basket:"_s).value(0);
    QVERIFY(group.isValid());
    tree->expand(group);
    tree->setCurrentIndex(model->index(0, 0, group));
    QTRY_COMPARE(find<QTableView>("redisValueRows")->model()->rowCount(), 3);
    find<QTableView>("redisValueRows")->selectRow(1);
    QTRY_VERIFY(find<QPlainTextEdit>("redisValueText")->toPlainText().contains(u"sku"_s));
}

void TestRedisPictures::server() {
    queues();  // where they live, an eviction policy is a finding
    find<QTabWidget>("redisTabs")->setCurrentIndex(3);
    QTRY_VERIFY(find<QTableView>("redisServerList")->model()->rowCount() > 0);
    redis::test::Plain plain(m_cache.port());
    auto* said = find<QWidget>("redisFigures");
    for (int look = 0; look < 12; ++look) {
        for (int i = 0; i < 40 + 90 * (look % 4); ++i)
            plain.command({"HGET", "bull:mail:40001", "name"});
        m_clock->advance(2s);
        QSignalSpy drawn(said, &QObject::objectNameChanged);  // turns the loop
        (void)drawn.wait(40);
    }
}

void TestRedisPictures::node() {
    run(u"CLUSTER INFO"_s, u"cluster"_s);
    find<QTabWidget>("redisTabs")->setCurrentIndex(3);
    auto* node = find<QComboBox>("redisNode");
    QTRY_COMPARE(node->count(), 2);
    node->setCurrentIndex(1);
    auto* page = find<QComboBox>("redisServerPage");
    page->setCurrentIndex(page->findText(u"Clients"_s));
    auto* list = find<QTableView>("redisServerList");
    // The connections of the window and of this test, at that node and not at the other.
    redis::test::Plain there(m_second.port());
    there.command({"CLIENT", "SETNAME", "worker-of-the-second"});
    press("redisServerAgain");
    QTRY_VERIFY(!list->model()
                     ->match(list->model()->index(0, 0), Qt::DisplayRole, u"worker-of-the-second"_s,
                             1, Qt::MatchContains)
                     .isEmpty() ||
                list->model()->rowCount() > 1);
    QTRY_VERIFY(find<QLabel>("redisServerSaid")->text().startsWith(u"Connected:"_s));
}

void TestRedisPictures::failover() {
    run(u"HGETALL basket:17"_s, u"shop"_s);
    QTRY_VERIFY(m_sentinel.ask({"CLIENT", "LIST"}).text().contains(" sub=1 "));
    QVERIFY(m_sentinel.failOver());
    QTRY_VERIFY_WITH_TIMEOUT(find<QLabel>("redisNotice")->text().contains(u"A failover, seen at"_s),
                             90'000);
}

void TestRedisPictures::pictures_data() {
    QTest::addColumn<int>("state");
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QSize>("size");
    for (qsizetype i = 0; i < states().size(); ++i)
        for (const bool dark : {true, false})
            for (const QSize size : {QSize(1600, 1000), QSize(1280, 800)})
                QTest::addRow("%s-%s-%dx%d", states()[i].first, dark ? "dark" : "light",
                              size.width(), size.height())
                    << static_cast<int>(i) << dark << size;
}

void TestRedisPictures::pictures() {
    QFETCH(const int, state);
    QFETCH(const bool, dark);
    QFETCH(const QSize, size);
    open(
        u"workspace: {name: Studio}\n"
        "connections:\n"
        "  - {name: cache, kind: redis, url: \"%1\"}\n"
        "  - {name: cluster, kind: redis, url: \"%2\"}\n"
        "  - {name: jobs, kind: redis, url: \"%4\"}\n"
        "  - {name: shop, kind: redis, url: \"redis://127.0.0.1:%3\", sentinel: mymaster}\n"_s
            .arg(m_cache.url(), m_first.url())
            .arg(m_sentinel.port())
            .arg(m_jobs.url())
            .toUtf8());
    dress(dark, size);
    find<QTabWidget>("paneTabs")->setCurrentWidget(&pane());
    (this->*states()[state].second)();
    picture(u"redis"_s, size);
}

QTEST_MAIN(TestRedisPictures)
#include "tst_redispictures.moc"
