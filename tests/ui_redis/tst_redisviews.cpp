#include <QAbstractItemModel>
#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTabWidget>
#include <QTableView>
#include <QTreeWidget>

#include "tests/ui_redis/picture.h"
#include "tests/ui_redis/redispanefixture.h"
#include "ui/redis/queuesmodel.h"

using namespace tocsin;
using namespace tocsin::ui;

/// The views that go on looking: queues and server.
class RedisViewsTest : public RedisPaneFixture {
    Q_OBJECT
private slots:
    void initTestCase() { startServer(); }
    void init() { openPane(); }
    void cleanup() { closePane(); }
    void showsTheQueues();
    void theOldestIsSeenBesideAScrollBar();
    void showsTheServer();
    void whatIsOldIsNotShownAsNow();
    void showsItsLists_data();
    void showsItsLists();
};

void RedisViewsTest::showsTheQueues() {
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

/// The long sentence gives way, and not who waits and how long.
void RedisViewsTest::theOldestIsSeenBesideAScrollBar() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain plain(server.port());
    for (int i = 0; i < 40; ++i) {
        const QByteArray key = "bull:q" + QByteArray::number(i) + ':';
        plain.command({"HSET", key + "meta", "version", "bullmq:5.1"});
        plain.command({"LPUSH", key + "wait", "1"});
        plain.command({"HSET", key + "1", "timestamp", "1700000000000"});
    }
    const auto many = made(QStringLiteral("many"), server.port());
    m_pane->resize(520, 760);
    m_pane->setConnections({many.get()});
    child<QTabWidget>("redisTabs")->setCurrentIndex(1);
    auto* table = child<QTableView>("redisQueues");
    QTRY_COMPARE(table->model()->rowCount(), 40);
    QTRY_VERIFY(table->verticalScrollBar()->isVisible());
    const auto oldest = static_cast<int>(QueuesModel::Column::Oldest);
    const int right = table->columnViewportPosition(oldest) + table->columnWidth(oldest);
    QVERIFY2(right <= table->viewport()->width(),
             qPrintable(QStringLiteral("%1 of %2").arg(right).arg(table->viewport()->width())));
    m_pane->setConnections({});
}

void RedisViewsTest::showsTheServer() {
    child<QTabWidget>("redisTabs")->setCurrentIndex(3);
    auto* figures = child<QWidget>("redisFigures");
    QTRY_VERIFY(figures->accessibleDescription().contains(QStringLiteral("commands/s")));
    for (const char* figure : {"waiting clients 0", "unsaved changes"})
        QVERIFY2(figures->accessibleDescription().contains(QLatin1String(figure)),
                 qPrintable(figures->accessibleDescription()));
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

void RedisViewsTest::whatIsOldIsNotShownAsNow() {
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

void RedisViewsTest::showsItsLists_data() {
    QTest::addColumn<int>("page");
    QTest::addColumn<QString>("contains");
    QTest::newRow("slow log") << 1 << QStringLiteral("command");
    QTest::newRow("latency") << 2 << QStringLiteral("command");
    QTest::newRow("clients") << 3 << QStringLiteral("tocsin");
    QTest::newRow("keyspace") << 4 << QStringLiteral("db0");
    QTest::newRow("settings") << 5 << QStringLiteral("maxmemory-policy");
    QTest::newRow("channels") << 6 << QStringLiteral("news");
}

void RedisViewsTest::showsItsLists() {
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

QTEST_MAIN(RedisViewsTest)
#include "tst_redisviews.moc"
