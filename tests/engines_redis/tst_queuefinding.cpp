#include "tests/engines_redis/queuefixture.h"

using namespace tocsin;
using namespace tocsin::inspection;

/// Which keys are a queue's, and how many queues are followed.
class QueueFindingTest : public QueueFixture {
    Q_OBJECT
private slots:
    void tellsAQueueFromAnyKey();
    void ordinaryKeysAreNoQueues();
    void followsSoManyAtMost();
};

void QueueFindingTest::tellsAQueueFromAnyKey() {
    QVERIFY(queueOfKey("bull:mail:meta") == QueueId({"bull", "mail"}));
    QVERIFY(queueOfKey("{bull}:a:b:id") == QueueId({"{bull}", "a:b"}));
    QVERIFY(queueOfKey("bull:old:meta-paused") == QueueId({"bull", "old"}));
    for (const char* other : {"meta", "x:meta", ":x:meta", "bull::meta", "bull:mail:metal"})
        QVERIFY2(!queueOfKey(other), other);
}

/// Names like a queue's by the thousand: told apart once, and asked about no more.
void QueueFindingTest::ordinaryKeysAreNoQueues() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain plain(server.port());
    plain.command({"EVAL",
                   "for i = 1, 5000 do redis.call('hset', 'photo:' .. i .. ':meta', 'w', 1) "
                   "redis.call('set', 'user:' .. i .. ':id', i) end",
                   "0"});
    plain.command({"SET", "note:1:meta", "hello"});
    plain.command({"SET", "a:b:wait", "x"});
    plain.command({"HSET", "song:1:meta", "version", "3", "duration", "120"});
    plain.command({"HSET", "bull:mail:meta", "opts.maxLenEvents", "10000"});
    plain.command({"SET", "bull:old:id", "4"});
    plain.command({"ZADD", "bull:old:failed", "1", "4"});
    plain.command({"SET", "bull:idle:id", "9"});
    plain.command({"SET", "bull:idle:stalled-check", "1"});
    const auto connection = connectionTo(server.port());
    QueueWatch watch(*connection, m_clock);
    QSignalSpy changed(&watch, &QueueWatch::changed);
    watch.find();
    QTRY_COMPARE(changed.size(), 1);
    QStringList names;
    for (const Queue& each : watch.queues())
        names << QString::fromUtf8(each.id.name);
    QCOMPARE(names, QStringList({QStringLiteral("mail"), QStringLiteral("old")}));
    QCOMPARE(watch.roundTrips(), 3);
    QVERIFY(watch.search().askedCount() >= 10'000);
    // A queue whose worker lives is followed while it is empty.
    plain.command({"LPUSH", "bull:idle:wait", "10"});
    watch.look();
    QTRY_COMPARE(changed.size(), 2);
    QCOMPARE(watch.queues().size(), 3);
}

void QueueFindingTest::followsSoManyAtMost() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain plain(server.port());
    plain.command({"EVAL",
                   "for i = 1, 1200 do local key = 'bull:q' .. i .. ':' "
                   "redis.call('hset', key .. 'meta', 'version', 'bullmq:5.1') "
                   "if i > 1190 then redis.call('lpush', key .. 'wait', 1) end end",
                   "0"});
    const auto connection = connectionTo(server.port());
    QueueWatch watch(*connection, m_clock);
    QSignalSpy changed(&watch, &QueueWatch::changed);
    watch.find();
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(watch.queues().size(), QueueWatch::kMostQueues);
    QCOMPARE(watch.leftOut(), 200);
    QCOMPARE(queue(watch, "q1200")->waiting, 1);  // those with jobs are not left out
    QVERIFY(watch.roundTrips() > 4);
    qInfo("1 000 queues in %.1f ms", static_cast<double>(watch.lookTook().count()) / 1000.0);
}

QTEST_GUILESS_MAIN(QueueFindingTest)
#include "tst_queuefinding.moc"
