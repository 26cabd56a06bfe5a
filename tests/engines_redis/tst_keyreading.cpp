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

QTEST_GUILESS_MAIN(KeyReadingTest)
#include "tst_keyreading.moc"
