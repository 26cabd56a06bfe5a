#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTabWidget>
#include <QTableView>
#include <QTreeView>
#include <QTreeWidget>

#include "tests/ui_redis/picture.h"
#include "tests/ui_redis/redispanefixture.h"

using namespace tocsin;
using namespace tocsin::ui;

/// How the pane looks in each of its states, dark and light.
class RedisLooksTest : public RedisPaneFixture {
    Q_OBJECT
private slots:
    void initTestCase() { startServer(); }
    void init() { openPane(); }
    void cleanup() { closePane(); }
    void looksRight_data();
    void looksRight();
    void showsAnIncident_data();
    void showsAnIncident();

private:
    void fillWithAnIncident();
};

/// Queues in every state, keys of every kind, a slow command: what the pictures of the docs show.
void RedisLooksTest::fillWithAnIncident() {
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

void RedisLooksTest::looksRight_data() {
    QTest::addColumn<bool>("dark");
    QTest::newRow("dark") << true;
    QTest::newRow("light") << false;
}

void RedisLooksTest::looksRight() {
    QFETCH(const bool, dark);
    m_theme.setMode(dark ? theme::Mode::Dark : theme::Mode::Light);
    m_theme.applyTo(*qApp);
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

void RedisLooksTest::showsAnIncident_data() {
    looksRight_data();
}

void RedisLooksTest::showsAnIncident() {
    QFETCH(const bool, dark);
    m_theme.setMode(dark ? theme::Mode::Dark : theme::Mode::Light);
    m_theme.applyTo(*qApp);
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
                                 .contains(QStringLiteral("evicted · expired /s 0")),
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

QTEST_MAIN(RedisLooksTest)
#include "tst_redislooks.moc"
