#include "inspection/queues.h"

#include <QSignalSpy>
#include <QTest>

#include "inspection/connection.h"
#include "inspection/queuewatch.h"
#include "tests/engines_redis/asking.h"
#include "tests/engines_redis/relay.h"
#include "tests/support/queueapplication.h"
#include "tests/support/redisserver.h"

using namespace tocsin;
using namespace tocsin::inspection;

/// What is said of queues, against what the real libraries make of a real Redis.
class QueuesTest : public QObject {
    Q_OBJECT
private slots:
    void readsWhatTheLibraryWrote_data();
    void readsWhatTheLibraryWrote();
    void readsWhatIsRare_data();
    void readsWhatIsRare();
    void saysWhatItMeans_data();
    void saysWhatItMeans();
    void groupsFailures();
    void looksInThreeRoundTrips();
    void asksNoMoreThanItSays();
    void anAgeOfManyMegabytesIsNotRead();
    void aJobThatEndsMeanwhileIsNotStalled();
    void seesThatJobsAreTaken();
    void anOldPrioritizedJobIsTheOldest();
    void asksLessAndLessOften();
    void tellsAQueueFromAnyKey();
    void anUnreachableServerIsNoEmptyOne();
    void aRefusalIsNoCount();
    void ordinaryKeysAreNoQueues();
    void followsSoManyAtMost();
    void findsTheDeadAmongManyActive();
    void aLimiterThatExistsHoldsNothingBack_data();
    void aLimiterThatExistsHoldsNothingBack();
    void theOldestMayBeAtEitherEnd();

private:
    void fill(quint16 port, int queues);
    std::unique_ptr<Connection> connectionTo(quint16 port);
    const Queue* queue(const QueueWatch& watch, const char* name) const;
    QVector<QueueJob> jobs(Connection& connection, const Queue& queue, JobState state);

    SystemClock m_clock;
};

std::unique_ptr<Connection> QueuesTest::connectionTo(quint16 port) {
    ConnectionInfo info;
    info.name = QStringLiteral("cache");
    info.kind = QStringLiteral("redis");
    info.timeout = std::chrono::seconds(20);
    return std::make_unique<Connection>(
        info, std::make_unique<redis::Engine>(redis::test::addressOfPort(port), m_clock), Error{},
        m_clock);
}

const Queue* QueuesTest::queue(const QueueWatch& watch, const char* name) const {
    for (const Queue& each : watch.queues())
        if (each.id.name == name) return &each;
    qFatal("no queue %s", name);
}

QVector<QueueJob> QueuesTest::jobs(Connection& connection, const Queue& queue, JobState state) {
    const auto ids = redis::test::settled(connection.run(idScript(queue, state, 50)));
    if (!ids) return {};
    const QByteArrayList list = readIds(*ids->reply);
    const auto answer = redis::test::settled(connection.run(jobScript(queue, list)));
    return answer ? readJobs(list, *answer->reply) : QVector<QueueJob>();
}

void QueuesTest::readsWhatTheLibraryWrote_data() {
    QTest::addColumn<QString>("library");
    QTest::addColumn<QString>("version");
    QTest::newRow("Bull") << "bull" << QString();
    QTest::newRow("BullMQ 3") << "bullmq3" << QString();
    QTest::newRow("BullMQ 4") << "bullmq4" << QString();
    QTest::newRow("BullMQ 5") << "bullmq5"
                              << "5.";
    QTest::newRow("BullMQ 6") << "bullmq6"
                              << "6.";
}

void QueuesTest::readsWhatTheLibraryWrote() {
    QFETCH(const QString, library);
    QFETCH(const QString, version);
    const bool isClassic = library == QStringLiteral("bull");
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    support::QueueApplication application;
    QCOMPARE(application.start(library, server.port()), QString());

    const auto connection = connectionTo(server.port());
    QueueWatch watch(*connection, m_clock);
    QSignalSpy changed(&watch, &QueueWatch::changed);
    QSignalSpy failed(&watch, &QueueWatch::failed);
    watch.find();
    QTRY_COMPARE(changed.size(), 1);
    QVERIFY(failed.isEmpty());

    const Queue* mail = queue(watch, "mail");
    QVERIFY(mail->paused);
    QCOMPARE(mail->waiting, 3);
    QCOMPARE(mail->isClassic, isClassic);
    QVERIFY2(mail->version.startsWith(version), qPrintable(mail->version));
    QVERIFY(mail->oldestWaiting && mail->oldestWaiting->secsTo(mail->at) < 60);
    QVERIFY(verdictOf(*mail).state == QueueState::Paused);

    const Queue* prio = queue(watch, "prio");
    QVERIFY(!prio->paused);
    QCOMPARE(prio->waiting, 4);
    QVERIFY(verdictOf(*prio).state == QueueState::Stuck);
    QVERIFY2(verdictOf(*prio).headline.contains(QStringLiteral("no worker")),
             qPrintable(verdictOf(*prio).headline));

    const Queue* images = queue(watch, "images");
    QCOMPARE(images->active, 1);
    QCOMPARE(images->stalled, 1);
    QVERIFY(verdictOf(*images).state == QueueState::Stuck);
    const auto active = jobs(*connection, *images, JobState::Active);
    QCOMPARE(active.size(), 1);
    QVERIFY(!active[0].hasLock);

    QCOMPARE(queue(watch, "later")->delayed, 1);
    QCOMPARE(queue(watch, "later")->overdue, 0);
    QVERIFY(queue(watch, "later")->nextDue &&
            queue(watch, "later")->at.secsTo(*queue(watch, "later")->nextDue) > 3000);
    // Classic queues promote by themselves, without a worker.
    const Queue* late = queue(watch, "late");
    QCOMPARE(late->overdue + late->waiting, 1);
    QCOMPARE(queue(watch, "cron")->schedulers, 1);
    QCOMPARE(queue(watch, "cron")->delayed + queue(watch, "cron")->waiting, 1);

    const Queue* work = queue(watch, "work");
    QCOMPARE(work->completed, 4);
    QCOMPARE(work->failed, 3);
    QCOMPARE(work->failedRecently, 3);
    QCOMPARE(work->workers, 1);
    QCOMPARE(work->waiting, 0);
    const auto groups = grouped(jobs(*connection, *work, JobState::Failed));
    QCOMPARE(groups.size(), 1);
    QCOMPARE(groups[0].jobs, 3);
    QVERIFY(groups[0].reason.contains(QStringLiteral("not found")));

    const Queue* far = queue(watch, "bull:far");
    QCOMPARE(far->id.prefix, QByteArray("prod"));
    QCOMPARE(far->workers, 1);
    QCOMPARE(far->completed, 0);
    const QString moved = verdictOf(*far).signs.last();
    QVERIFY2(moved.contains(QStringLiteral("does not show")), qPrintable(moved));

    if (!isClassic) {
        QCOMPARE(queue(watch, "parents")->waitingForChildren, 1);
        QCOMPARE(queue(watch, "children")->waiting, 2);
        const auto children = jobs(*connection, *queue(watch, "children"), JobState::Waiting);
        QVERIFY(!children[0].parent.isEmpty());
    }
    const auto data = redis::test::settled(
        connection->run(dataCommand(*mail, jobs(*connection, *mail, JobState::Waiting)[0].id)));
    QVERIFY(data && data->reply->text().contains("private"));
    QVERIFY(application.stop());
}

void QueuesTest::readsWhatIsRare_data() {
    readsWhatTheLibraryWrote_data();
}

/// Limiters, jobs in front of older ones, more active jobs than are looked at, a promoted job.
void QueuesTest::readsWhatIsRare() {
    QFETCH(const QString, library);
    QFETCH(const QString, version);
    const bool isClassic = library == QStringLiteral("bull");
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    support::QueueApplication application;
    QCOMPARE(application.start(library, server.port(), QStringLiteral("all")), QString());
    const auto connection = connectionTo(server.port());
    QueueWatch watch(*connection, m_clock);
    QSignalSpy changed(&watch, &QueueWatch::changed);
    watch.find();
    QTRY_COMPARE(changed.size(), 1);

    // Only BullMQ 5 and later keep a limit where others than its worker can read it.
    const bool isTold = !version.isEmpty();
    const Queue* limited = queue(watch, "limited");
    QVERIFY(limited->limiter == (isTold || isClassic ? Limiter::Holds : Limiter::Counts));
    QCOMPARE(limited->limiterCount, 2);
    QCOMPARE(limited->limitedJobs, isClassic ? 3 : 0);
    QCOMPARE(verdictOf(*limited).headline.contains(QStringLiteral("behind the rate limiter")),
             isTold || isClassic);
    const Queue* roomy = queue(watch, "roomy");
    QVERIFY(roomy->limiter == (isTold ? Limiter::Open : Limiter::Counts));
    QVERIFY(verdictOf(*roomy).state != QueueState::Slow);

    const Queue* crowd = queue(watch, "crowd");
    QCOMPARE(crowd->active, 63);
    QCOMPARE(crowd->stalled, 3);
    QVERIFY(verdictOf(*crowd).state == QueueState::Stuck);

    const Queue* lifo = queue(watch, "lifo");
    QCOMPARE(lifo->waiting, 6);
    QVERIFY(lifo->oldestWaiting && lifo->oldestWaiting->secsTo(lifo->at) >= 7200);
    const Queue* promoted = queue(watch, "promoted");
    QCOMPARE(promoted->waiting, 1);
    const QString moved = verdictOf(*promoted).signs.last();
    QVERIFY2(moved.contains(QStringLiteral("was added 12 h ago")), qPrintable(moved));
    QVERIFY(application.stop());
}

void QueuesTest::saysWhatItMeans_data() {
    QTest::addColumn<Queue>("queue");
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("words");
    const QDateTime now = QDateTime::fromSecsSinceEpoch(1'800'000'000, Qt::UTC);
    const auto row = [now](const char* name, Queue queue, QueueState state, const char* words) {
        queue.at = now;
        QTest::newRow(name) << queue << static_cast<int>(state) << QString::fromUtf8(words);
    };
    row("empty", {}, QueueState::Idle, "Nothing waits");
    row("paused", {.waiting = 3, .paused = true}, QueueState::Paused, "3 jobs held back");
    row("no worker", {.waiting = 1, .workers = 0}, QueueState::Stuck,
        "1 job is due and no worker is connected");
    row("nobody takes", {.waiting = 2, .tookOne = false, .workers = 3}, QueueState::Stuck,
        "no worker takes one");
    row("looked at once", {.waiting = 2, .workers = 3}, QueueState::Waiting, "2 wait");
    row("leaves no trace", {.waiting = 2, .tookOne = true, .workers = 3}, QueueState::Waiting,
        "2 wait");
    row("fails, keeps nothing", {.active = 1, .failedRecently = 9, .workers = 1}, QueueState::Slow,
        "Failing: 9 in 5 minutes; what is completed is not kept");
    row("workers refused", {.waiting = 3, .completedRecently = -1}, QueueState::Waiting, "3 wait");
    row("counts refused", {.waiting = -1, .active = -1}, QueueState::Unknown, "Not known");
    row("works",
        {.waiting = 60, .active = 2, .completed = 300, .completedRecently = 300, .workers = 1},
        QueueState::Working, "about 60 s at this pace");
    row("rate limit", {.waiting = 5, .active = 1, .limiter = Limiter::Holds, .workers = 1},
        QueueState::Slow, "rate limiter");
    row("rate limit of the workers",
        {.waiting = 5,
         .limiter = Limiter::Counts,
         .limiterCount = 2,
         .tookOne = false,
         .workers = 1},
        QueueState::Stuck, "no worker takes one, unless a rate limiter");
    row("rate limit not reached",
        {.waiting = 5,
         .limiter = Limiter::Open,
         .limiterCount = 2,
         .limiterMax = 10,
         .tookOne = false,
         .workers = 1},
        QueueState::Stuck, "no worker takes one");
    row("of another type", {.waiting = -1, .isForeign = true}, QueueState::Unknown,
        "another type than a queue's");
    row("lost lock", {.active = 2, .stalled = 1, .workers = 1}, QueueState::Stuck,
        "1 active job without a lock");
    row("fails",
        {.active = 1, .completed = 1, .failedRecently = 9, .completedRecently = 1, .workers = 1},
        QueueState::Slow, "Failing: 9 of 10");
    row("late",
        {.active = 5, .delayed = 2, .overdue = 1, .workers = 1, .nextDue = now.addSecs(-600)},
        QueueState::Slow, "late, by 10 min");
    row("only delayed", {.delayed = 2, .workers = 1, .nextDue = now.addSecs(7200)},
        QueueState::Waiting, "due in 2 h");
}

void QueuesTest::saysWhatItMeans() {
    QFETCH(const Queue, queue);
    QFETCH(const int, state);
    QFETCH(const QString, words);
    const QueueVerdict verdict = verdictOf(queue);
    QVERIFY2(verdict.headline.contains(words), qPrintable(verdict.headline));
    QCOMPARE(static_cast<int>(verdict.state), state);
    QCOMPARE(verdict.signs.size(), 3);
    for (const QString& sign : verdict.signs)
        QVERIFY2(sign.endsWith(u'.'), qPrintable(sign));
}

void QueuesTest::groupsFailures() {
    QVector<QueueJob> failed;
    for (const char* reason : {"timeout after 300 ms", "timeout after 17 ms", "no such file 'a'",
                               "timeout after 2 ms", "no such file 'b'", "else"}) {
        QueueJob job;
        job.failedReason = QString::fromLatin1(reason);
        failed << job;
    }
    const auto groups = grouped(failed);
    QCOMPARE(groups.size(), 3);
    QCOMPARE(groups[0].jobs, 3);
    QCOMPARE(groups[1].jobs, 2);
}

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

void QueuesTest::tellsAQueueFromAnyKey() {
    QVERIFY(queueOfKey("bull:mail:meta") == QueueId({"bull", "mail"}));
    QVERIFY(queueOfKey("{bull}:a:b:id") == QueueId({"{bull}", "a:b"}));
    QVERIFY(queueOfKey("bull:old:meta-paused") == QueueId({"bull", "old"}));
    for (const char* other : {"meta", "x:meta", ":x:meta", "bull::meta", "bull:mail:metal"})
        QVERIFY2(!queueOfKey(other), other);
}

/// Names like a queue's by the thousand: told apart once, and asked about no more.
void QueuesTest::ordinaryKeysAreNoQueues() {
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

void QueuesTest::followsSoManyAtMost() {
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
    QCOMPARE(shown.last().id, QByteArray("1"));
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
}

QTEST_GUILESS_MAIN(QueuesTest)
#include "tst_queues.moc"
