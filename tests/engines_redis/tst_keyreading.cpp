#include "inspection/hyperloglog.h"
#include "inspection/keyreading.h"

#include <QTest>

#include "tests/engines_redis/asking.h"
#include "tests/support/redisserver.h"

using namespace tocsin;
using namespace tocsin::inspection;

/// What is read of keys, against a real Redis.
class KeyReadingTest : public QObject {
    Q_OBJECT
private slots:
    void tellsWhoReadsAStream();
    void aStreamWithoutGroupsAsksNothing();
    void readsFewerLargeOnes();
    void countsAsPfcountDoes_data();
    void countsAsPfcountDoes();
    void takesOnlyAWholeHyperLogLog();
};

void KeyReadingTest::tellsWhoReadsAStream() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain plain(server.port());
    for (const char* id : {"1-1", "2-1", "3-1", "4-1"})
        plain.command({"XADD", "events", id, "f", "v"});
    plain.command({"XGROUP", "CREATE", "events", "mail", "0"});
    plain.command({"XGROUP", "CREATE", "events", "an \"odd\" one", "$"});
    plain.command({"XREADGROUP", "GROUP", "mail", "eva", "COUNT", "2", "STREAMS", "events", ">"});
    plain.command({"XREADGROUP", "GROUP", "mail", "ben", "COUNT", "1", "STREAMS", "events", ">"});

    SystemClock clock;
    redis::Engine engine(redis::test::addressOfPort(server.port()), clock);
    const auto facts =
        readFacts("events", *redis::test::ask(engine, factsScript("events", false))->reply);
    const auto value = redis::test::ask(engine, valueScript(facts));
    QVERIFY(value);
    const ValuePage groups = readGroups(*value->reply);
    QCOMPARE(groups.rows.size(), 2);
    const auto answer = redis::test::ask(engine, consumersScript("events", groups));
    QVERIFY2(answer.has_value(), answer ? "" : qPrintable(answer.error().message));
    const ValuePage page = readConsumers(groups, *answer->reply);
    const auto row = [&page](const QByteArray& group, const QByteArray& consumer) {
        for (const auto& each : page.rows)
            if (each[0] == group && each[1] == consumer) return each;
        return QVector<QByteArray>(page.columns.size());
    };
    QCOMPARE(page.rows.size(), 4);
    QCOMPARE(row("mail", "eva")[2], QByteArray("2"));
    QCOMPARE(row("mail", "ben")[2], QByteArray("1"));
    QVERIFY(row("mail", "ben")[3].endsWith(" s"));
    QVERIFY2(row("mail", "2 in all")[4].contains("by eva, delivered 1×"),
             row("mail", "2 in all")[4].constData());
    QCOMPARE(row("an \"odd\" one", "0 in all")[2], QByteArray("0"));
}

void KeyReadingTest::aStreamWithoutGroupsAsksNothing() {
    QVERIFY(consumersScript("events", {}).isEmpty());
}

/// Elements of 200 kB: a page is what the guard lets through, and the pages are all of it.
void KeyReadingTest::readsFewerLargeOnes() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain plain(server.port());
    for (int i = 0; i < 100; ++i) {
        const QByteArray element = QByteArray::number(i) + QByteArray(200 * 1024, 'x');
        plain.command({"RPUSH", "list", element});
        plain.command({"XADD", "stream", QByteArray::number(i + 1) + "-1", "f", element});
        plain.command({"ZADD", "zset", QByteArray::number(i), element});
        plain.command({"SADD", "set", element});
    }
    SystemClock clock;
    redis::Engine engine(redis::test::addressOfPort(server.port()), clock);
    for (const char* key : {"list", "stream", "zset", "set"}) {
        const auto facts = readFacts(key, *redis::test::ask(engine, factsScript(key, true))->reply);
        QVERIFY(facts.memory > 16LL * 1024 * 1024);
        qsizetype rows = 0;
        std::optional<ValuePosition> at = ValuePosition{};
        for (int pages = 0; at && pages < 100; ++pages) {
            const auto answer = redis::test::ask(engine, valueScript(facts, *at));
            QVERIFY2(answer.has_value(), answer ? "" : qPrintable(answer.error().message));
            QVERIFY(answer->receipt.bytes < 16LL * 1024 * 1024);
            const auto page = readValue(facts, *at, *answer->reply);
            QVERIFY(page.has_value());
            rows += page->rows.size();
            at = page->next;
        }
        QCOMPARE(rows, 100);
    }
}

void KeyReadingTest::countsAsPfcountDoes_data() {
    QTest::addColumn<int>("elements");
    for (const int elements : {0, 1, 2, 50, 1'000, 3'000, 20'000, 400'000})
        QTest::addRow("%d", elements) << elements;
}

/// Sparse and dense, and with every count that the server keeps out of date.
void KeyReadingTest::countsAsPfcountDoes() {
    QFETCH(const int, elements);
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain plain(server.port());
    plain.command({"PFADD", "seen"});
    for (int i = 0; i < elements;) {
        QByteArrayList add{"PFADD", "seen"};
        for (const int end = std::min(elements, i + 10'000); i < end; ++i)
            add << "user:" + QByteArray::number(i);
        plain.command(add);
    }
    const QByteArray bytes = plain.command({"GET", "seen"}).text();
    const auto ours = distinctIn(bytes);
    QVERIFY(ours.has_value());
    QCOMPARE(*ours, plain.command({"PFCOUNT", "seen"}).text().toLongLong());
}

void KeyReadingTest::takesOnlyAWholeHyperLogLog() {
    QVERIFY(!distinctIn("HYLL"));
    QVERIFY(!distinctIn("HYLL" + QByteArray(20, '\0')));
    QVERIFY(!distinctIn("HYLL\1" + QByteArray(20, '\xff')));
    QVERIFY(!distinctIn("HYLL\1" + QByteArray(11, '\0') + "\x7f"));
    QVERIFY(!distinctIn("HYLL\2" + QByteArray(13'000, '\0')));
}

QTEST_GUILESS_MAIN(KeyReadingTest)
#include "tst_keyreading.moc"
