#include "inspection/queuelook.h"
#include "tests/engines_redis/queuefixture.h"
#include "tests/engines_redis/relay.h"

using namespace tocsin;
using namespace tocsin::inspection;

/// Looks at queues: how often the server is asked, and what each look tells.
class QueuesTest : public QueueFixture {
    Q_OBJECT
private slots:
    void looksInThreeRoundTrips();
    void asksNoMoreThanItSays();
    void anAgeOfManyMegabytesIsNotRead();
    void aJobThatEndsMeanwhileIsNotStalled();
    void seesThatJobsAreTaken();
    void anOldPrioritizedJobIsTheOldest();
    void asksLessAndLessOften();
    void anUnreachableServerIsNoEmptyOne();
    void aRefusalIsNoCount();
    void whatIsKeptBackIsNotKnown();
    void findsTheDeadAmongManyActive();
    void aLimiterThatExistsHoldsNothingBack_data();
    void aLimiterThatExistsHoldsNothingBack();
    void theOldestMayBeAtEitherEnd();
    void tellsThePace();

private:
    void fill(quint16 port, int queues);
};

/// Queues of which each has waiting jobs and one that is active without a lock.
void QueuesTest::fill(quint16 port, int queues) {
    redis::test::Plain plain(port);
    for (int i = 0; i < queues; ++i) {
        const QByteArray key = "bull:q" + QByteArray::number(i) + ':';
        plain.command({"HSET", key + "meta", "version", "bullmq:5.1.0"});
        plain.command({"RPUSH", key + "wait", "1", "2"});
        plain.command({"HSET", key + "2", "timestamp", "1700000000000"});
        plain.command({"LPUSH", key + "active", "3"});
    }
}

/// 200 queues: whatever their number, the server is asked as often, and the first look is no other.
void QueuesTest::looksInThreeRoundTrips() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    fill(server.port(), 200);
    const auto connection = connectionTo(server.port());
    QueueWatch watch(*connection, m_clock);
    QSignalSpy changed(&watch, &QueueWatch::changed);
    int toCounts = 0;
    connect(&watch, &QueueWatch::counted, this, [&] {
        toCounts = watch.roundTrips();
        QCOMPARE(watch.queues().size(), 200);
        QCOMPARE(queue(watch, "q7")->waiting, 2);
        QCOMPARE(queue(watch, "q7")->stalled, 1);
        QCOMPARE(queue(watch, "q7")->workers, 0);
    });
    watch.find();
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(toCounts, 3);
    QCOMPARE(watch.roundTrips(), 4);  // the ages of jobs that were never seen
    QCOMPARE(queue(watch, "q7")->oldestWaiting->toMSecsSinceEpoch(), 1'700'000'000'000);
    watch.look();
    QTRY_COMPARE(changed.size(), 2);
    QCOMPARE(watch.roundTrips(), 2);
    QCOMPARE(queue(watch, "q7")->stalled, 1);
    QCOMPARE(queue(watch, "q7")->oldestWaiting->toMSecsSinceEpoch(), 1'700'000'000'000);
    qInfo("200 queues in %.1f ms", static_cast<double>(watch.lookTook().count()) / 1000.0);
}

/// What the receipts say of it is what goes over the wire.
void QueuesTest::asksNoMoreThanItSays() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    fill(server.port(), 20);
    redis::test::Relay relay(server.port());
    const auto connection = connectionTo(relay.port());
    QVERIFY(redis::test::settled(connection->open()));
    QVector<QueueId> ids;
    for (int i = 0; i < 20; ++i)
        ids << QueueId{"bull", "q" + QByteArray::number(i)};
    QueueLook look(*connection, m_clock);
    QSignalSpy ended(&look, &QueueLook::ended);
    int toCounts = 0;
    connect(&look, &QueueLook::counted, this, [&] { toCounts = relay.roundTrips; });
    relay.roundTrips = 0;
    look.start(ids);
    QTRY_COMPARE(ended.size(), 1);
    QCOMPARE(toCounts, 3);
    QCOMPARE(relay.roundTrips, 4);
    QCOMPARE(look.roundTrips(), 4);
    relay.roundTrips = 0;
    look.start(ids);
    QTRY_COMPARE(ended.size(), 2);
    QCOMPARE(relay.roundTrips, 2);
    QCOMPARE(look.roundTrips(), 2);
    // A job that comes to the end of a list is told at once, its age one round trip later.
    redis::test::Plain(server.port()).command({"RPUSH", "bull:q7:wait", "9"});
    relay.roundTrips = toCounts = 0;
    look.start(ids);
    QTRY_COMPARE(ended.size(), 3);
    QCOMPARE(toCounts, 2);
    QCOMPARE(relay.roundTrips, 3);
}

/// The size of what tells a new job's age is asked before it, by whoever.
void QueuesTest::anAgeOfManyMegabytesIsNotRead() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    fill(server.port(), 1);
    redis::test::Plain(server.port())
        .command({"HSET", "bull:q0:2", "timestamp", QByteArray(17 * 1024 * 1024, '1')});
    const auto connection = connectionTo(server.port());
    QueueWatch watch(*connection, m_clock);
    QSignalSpy counted(&watch, &QueueWatch::counted);
    QSignalSpy failed(&watch, &QueueWatch::failed);
    watch.find();
    QTRY_COMPARE(failed.size(), 1);
    QCOMPARE(counted.size(), 1);
    QCOMPARE(queue(watch, "q0")->waiting, 2);
    QCOMPARE(failed[0][0].value<Error>().detail, QStringLiteral("size-before-value"));
}

/// Between the two trips of a look a healthy worker ends jobs: those are nobody's dead ones.
void QueuesTest::aJobThatEndsMeanwhileIsNotStalled() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain plain(server.port());
    plain.command({"HSET", "bull:mail:meta", "version", "bullmq:5.1"});
    plain.command({"LPUSH", "bull:mail:active", "dead", "ends", "lives"});
    plain.command({"SET", "bull:mail:ends:lock", "x"});
    plain.command({"SET", "bull:mail:lives:lock", "x"});
    const auto connection = connectionTo(server.port());
    const QVector<QueueId> ids{{"bull", "mail"}};
    const QDateTime now = m_clock.now();
    const auto first = redis::test::settled(connection->run(countScript(ids, now)));
    QVERIFY(first);
    auto queues = readCounts(ids, *first->reply, now);
    QVERIFY(queues);
    plain.command({"LREM", "bull:mail:active", "1", "ends"});
    plain.command({"DEL", "bull:mail:ends:lock"});
    const auto second = redis::test::settled(connection->run(lookScript(*queues)));
    QVERIFY(second);
    readLook(*queues, *second->reply);
    QCOMPARE(queues->first().stalled, 1);
}

/// Where completed jobs are removed at once, only the waiting ones tell that work is done.
void QueuesTest::seesThatJobsAreTaken() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain plain(server.port());
    for (const char* name : {"moves", "stands"}) {
        const QByteArray key = QByteArray("bull:") + name + ':';
        plain.command({"HSET", key + "meta", "version", "bullmq:5.1"});
        plain.command({"LPUSH", key + "wait", "1", "2", "3"});
    }
    const auto connection = connectionTo(server.port());
    QueueWatch watch(*connection, m_clock);
    QSignalSpy changed(&watch, &QueueWatch::changed);
    watch.find();
    QTRY_COMPARE(changed.size(), 1);
    QVERIFY(!queue(watch, "moves")->tookOne);
    plain.command({"RPOP", "bull:moves:wait"});
    watch.look();
    QTRY_COMPARE(changed.size(), 2);
    QCOMPARE(queue(watch, "moves")->tookOne, true);
    QCOMPARE(queue(watch, "stands")->tookOne, false);
}

void QueuesTest::anOldPrioritizedJobIsTheOldest() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain plain(server.port());
    plain.command({"HSET", "bull:mail:meta", "version", "bullmq:5.1"});
    plain.command({"LPUSH", "bull:mail:wait", "1"});
    plain.command({"HSET", "bull:mail:1", "timestamp", "1700000600000"});
    plain.command({"ZADD", "bull:mail:prioritized", "7", "2"});
    plain.command({"HSET", "bull:mail:2", "timestamp", "1700000000000"});
    const auto connection = connectionTo(server.port());
    QueueWatch watch(*connection, m_clock);
    QSignalSpy changed(&watch, &QueueWatch::changed);
    watch.find();
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(queue(watch, "mail")->oldestWaiting->toMSecsSinceEpoch(), 1'700'000'000'000);
}

void QueuesTest::asksLessAndLessOften() {
    TestClock clock;
    const auto nowhere = connectionTo(1);
    QueueWatch watch(*nowhere, clock);
    QSignalSpy failed(&watch, &QueueWatch::failed);
    watch.watch(std::chrono::seconds(5));
    watch.find();
    QTRY_COMPARE(failed.size(), 1);
    for (const int seconds : {10, 20, 40, 80, 80}) {
        const auto before = failed.size();
        clock.advance(std::chrono::seconds(seconds - 1));
        QCoreApplication::processEvents();
        QCOMPARE(failed.size(), before);
        clock.advance(std::chrono::seconds(1));
        QTRY_COMPARE(failed.size(), before + 1);
    }
}

void QueuesTest::anUnreachableServerIsNoEmptyOne() {
    const auto nowhere = connectionTo(1);
    QueueWatch blind(*nowhere, m_clock);
    QSignalSpy changedBlind(&blind, &QueueWatch::changed);
    QSignalSpy failedBlind(&blind, &QueueWatch::failed);
    blind.watch(std::chrono::milliseconds(20));
    blind.find();
    QTRY_VERIFY(failedBlind.size() >= 2);  // it walks again by itself
    QVERIFY(changedBlind.isEmpty());

    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain(server.port()).command({"HSET", "bull:mail:meta", "version", "bullmq:5.1"});
    const auto connection = connectionTo(server.port());
    QueueWatch watch(*connection, m_clock);
    QSignalSpy changed(&watch, &QueueWatch::changed);
    QSignalSpy failed(&watch, &QueueWatch::failed);
    watch.find();
    QTRY_COMPARE(changed.size(), 1);
    QSignalSpy stopped(&server, &support::RedisServer::stopped);
    server.stop();
    QTRY_COMPARE(stopped.size(), 1);
    watch.find();
    QTRY_COMPARE(failed.size(), 1);
    QCOMPARE(watch.queues().size(), 1);
    QCOMPARE(changed.size(), 1);
}

void QueuesTest::aRefusalIsNoCount() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain plain(server.port());
    plain.command({"HSET", "bull:mail:meta", "version", "bullmq:5.1"});
    plain.command({"RPUSH", "bull:mail:wait", "1", "2"});
    plain.command({"ACL", "SETUSER", "default", "-client|list", "-zcount"});
    const auto connection = connectionTo(server.port());
    QueueWatch watch(*connection, m_clock);
    QSignalSpy changed(&watch, &QueueWatch::changed);
    watch.find();
    QTRY_COMPARE(changed.size(), 1);
    const Queue* mail = queue(watch, "mail");
    QVERIFY(!mail->workers);
    QCOMPARE(mail->completedRecently, -1);
    const QueueVerdict verdict = verdictOf(*mail);
    QVERIFY2(verdict.state == QueueState::Waiting, qPrintable(verdict.headline));
    QVERIFY(verdict.signs.join(u' ').contains(QStringLiteral("not known")));
}

/// Who may not see the locks or the pause is told that they are not known.
void QueuesTest::whatIsKeptBackIsNotKnown() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain plain(server.port());
    plain.command({"HSET", "bull:mail:meta", "version", "bullmq:5.1", "paused", "1"});
    plain.command({"RPUSH", "bull:mail:wait", "1", "2"});
    plain.command({"HSET", "bull:post:meta", "version", "bullmq:5.1"});
    plain.command({"LPUSH", "bull:post:active", "3", "4"});
    plain.command({"ACL", "SETUSER", "default", "-exists", "-hmget"});
    const auto connection = connectionTo(server.port());
    QueueWatch watch(*connection, m_clock);
    QSignalSpy changed(&watch, &QueueWatch::changed);
    watch.find();
    QTRY_COMPARE(changed.size(), 1);
    QVERIFY(!queue(watch, "mail")->knowsPause);
    QCOMPARE(queue(watch, "post")->stalled, -1);
    for (const char* name : {"mail", "post"}) {
        const QueueVerdict verdict = verdictOf(*queue(watch, name));
        QVERIFY2(verdict.state == QueueState::Unknown, qPrintable(verdict.headline));
    }
}

/// New ones are put in front, so the dead are behind.
void QueuesTest::findsTheDeadAmongManyActive() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain plain(server.port());
    plain.command({"HSET", "bull:mail:meta", "version", "bullmq:5.1"});
    plain.command({"HSET", "bull:sound:meta", "version", "bullmq:5.1"});
    for (int i = 1; i <= 70; ++i) {
        const QByteArray id = QByteArray::number(i);
        for (const char* key : {"bull:mail:", "bull:sound:"})
            plain.command({"LPUSH", QByteArray(key) + "active", id});
        if (i > 3) plain.command({"SET", "bull:mail:" + id + ":lock", "x"});
        plain.command({"SET", "bull:sound:" + id + ":lock", "x"});
    }
    const auto connection = connectionTo(server.port());
    QueueWatch watch(*connection, m_clock);
    QSignalSpy changed(&watch, &QueueWatch::changed);
    watch.find();
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(queue(watch, "mail")->stalled, 3);
    const QString said = verdictOf(*queue(watch, "mail")).signs.at(1);
    QVERIFY2(said.contains(QStringLiteral("3 of the 50 that were taken first, of 70 active jobs")),
             qPrintable(said));
    const QString sound = verdictOf(*queue(watch, "sound")).signs.at(1);
    QVERIFY2(sound.contains(QStringLiteral("the others were not looked at")), qPrintable(sound));
    const auto shown = jobs(*connection, *queue(watch, "mail"), JobState::Active);
    QCOMPARE(shown.first().id, QByteArray("1"));
}

void QueuesTest::aLimiterThatExistsHoldsNothingBack_data() {
    QTest::addColumn<QByteArray>("max");
    QTest::addColumn<QByteArray>("count");
    QTest::addColumn<int>("limiter");
    const auto row = [](const char* name, const char* max, const char* count, Limiter limiter) {
        QTest::newRow(name) << QByteArray(max) << QByteArray(count) << static_cast<int>(limiter);
    };
    row("none", "", "", Limiter::Off);
    row("limit of the workers", "", "3", Limiter::Counts);
    row("not full", "10", "3", Limiter::Open);
    row("full", "10", "10", Limiter::Holds);
    row("by hand", "", "9007199254740991", Limiter::Holds);
}

void QueuesTest::aLimiterThatExistsHoldsNothingBack() {
    QFETCH(const QByteArray, max);
    QFETCH(const QByteArray, count);
    QFETCH(const int, limiter);
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain plain(server.port());
    plain.command({"HSET", "bull:mail:meta", "version", "bullmq:5.1"});
    plain.command({"LPUSH", "bull:mail:wait", "1", "2"});
    if (!max.isEmpty()) plain.command({"HSET", "bull:mail:meta", "max", max});
    if (!count.isEmpty()) plain.command({"SET", "bull:mail:limiter", count, "PX", "60000"});
    const auto connection = connectionTo(server.port());
    QueueWatch watch(*connection, m_clock);
    QSignalSpy changed(&watch, &QueueWatch::changed);
    watch.find();
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(static_cast<int>(queue(watch, "mail")->limiter), limiter);
}

/// What is added "lifo" is put where the next one is taken.
void QueuesTest::theOldestMayBeAtEitherEnd() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain plain(server.port());
    plain.command({"HSET", "bull:mail:meta", "version", "bullmq:5.1"});
    for (const char* id : {"1", "2", "3"}) {
        plain.command({"LPUSH", "bull:mail:wait", id});
        plain.command({"HSET", QByteArray("bull:mail:") + id, "timestamp", "1700000000000"});
    }
    plain.command({"RPUSH", "bull:mail:wait", "9"});
    plain.command({"HSET", "bull:mail:9", "timestamp", "1700007200000"});
    const auto connection = connectionTo(server.port());
    QueueWatch watch(*connection, m_clock);
    QSignalSpy changed(&watch, &QueueWatch::changed);
    watch.find();
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(queue(watch, "mail")->nextJob, QByteArray("9"));
    QCOMPARE(queue(watch, "mail")->oldestWaiting->toMSecsSinceEpoch(), 1'700'000'000'000);
    const QString moved = verdictOf(*queue(watch, "mail")).signs.last();
    QVERIFY2(moved.contains(QStringLiteral("was added")), qPrintable(moved));
    QByteArrayList order;
    for (const QueueJob& job : jobs(*connection, *queue(watch, "mail"), JobState::Waiting))
        order << job.id;
    QCOMPARE(order, (QByteArrayList{"9", "1", "2", "3"}));  // as they will run
}

/// Of the last jobs that were completed, however few of them are kept and whenever work began.
void QueuesTest::tellsThePace() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain plain(server.port());
    plain.command({"HSET", "bull:mail:meta", "version", "bullmq:5.1"});
    const qint64 now = m_clock.now().toMSecsSinceEpoch();
    for (int i = 0; i < 20; ++i)
        plain.command({"ZADD", "bull:mail:completed", QByteArray::number(now - 500 * i),
                       QByteArray::number(1000 - i)});
    plain.command({"ZADD", "bull:mail:failed", QByteArray::number(now - 700), "f"});
    const auto connection = connectionTo(server.port());
    QueueWatch watch(*connection, m_clock);
    QSignalSpy changed(&watch, &QueueWatch::changed);
    watch.find();
    QTRY_COMPARE(changed.size(), 1);
    const Queue* mail = queue(watch, "mail");
    QCOMPARE(mail->lastDone->toMSecsSinceEpoch(), now);
    QCOMPARE(mail->lastFailed->toMSecsSinceEpoch(), now - 700);
    QCOMPARE(mail->paceJobs, 19);
    QCOMPARE(mail->paceFrom->toMSecsSinceEpoch(), now - 19 * 500);
    plain.command({"ZREMRANGEBYRANK", "bull:mail:completed", "0", "9"});
    watch.look();
    QTRY_COMPARE(changed.size(), 2);
    QCOMPARE(queue(watch, "mail")->paceJobs, 4);
    plain.command({"ZREMRANGEBYRANK", "bull:mail:completed", "0", "6"});
    watch.look();
    QTRY_COMPARE(changed.size(), 3);
    QCOMPARE(queue(watch, "mail")->paceJobs, 0);
}

QTEST_GUILESS_MAIN(QueuesTest)
#include "tst_queues.moc"
