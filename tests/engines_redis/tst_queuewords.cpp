#include "inspection/queues.h"

#include <QTest>

using namespace tocsin;
using namespace tocsin::inspection;

/// What a look means, in words.
class QueueWordsTest : public QObject {
    Q_OBJECT
private slots:
    void saysWhatItMeans_data();
    void saysWhatItMeans();
    void groupsFailures();
};

void QueueWordsTest::saysWhatItMeans_data() {
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
    row("locks refused", {.active = 3, .stalled = -1, .workers = 1}, QueueState::Unknown,
        "not whether anybody still works on it");
    row("pause refused", {.waiting = 2, .knowsPause = false, .workers = 0}, QueueState::Unknown,
        "whether the queue is paused");
    row("works",
        {.waiting = 60,
         .active = 2,
         .completed = 300,
         .completedRecently = 300,
         .lastDone = now,
         .paceJobs = 19,
         .paceFrom = now.addSecs(-19),
         .workers = 1},
        QueueState::Working, "Works: 60 wait, about 60 s at this pace");
    row("works, too few for a pace",
        {.waiting = 46,
         .active = 1,
         .completed = 3,
         .completedRecently = 3,
         .lastDone = now.addSecs(-10),
         .workers = 1},
        QueueState::Working, "Works: 46 wait");
    row("still for a while",
        {.waiting = 46,
         .active = 1,
         .completed = 30,
         .completedRecently = 30,
         .lastDone = now.addSecs(-120),
         .paceJobs = 4,
         .paceFrom = now.addSecs(-121),
         .workers = 1},
        QueueState::Working, "Works: 46 wait, and none that is kept ended for 2 min");
    row("hangs",
        {.waiting = 46,
         .active = 1,
         .completed = 3,
         .lastDone = now.addSecs(-600),
         .tookOne = false,
         .lookedSince = now.addSecs(-30),
         .workers = 1},
        QueueState::Slow, "Slow: 46 wait, and none that is kept ended for 10 min");
    row("hangs, keeps nothing",
        {.waiting = 46,
         .active = 1,
         .tookOne = false,
         .lookedSince = now.addSecs(-600),
         .workers = 1},
        QueueState::Slow, "Slow: 46 wait, and none was taken for 10 min");
    row("keeps only some",
        {.waiting = 46,
         .active = 1,
         .completed = 3,
         .lastDone = now.addDays(-2),
         .tookOne = false,
         .lastTaken = now.addSecs(-20),
         .lookedSince = now.addSecs(-600),
         .workers = 1},
        QueueState::Working, "Works: 46 wait");
    row("taken, and shows no worker", {.waiting = 2, .tookOne = true, .workers = 0},
        QueueState::Waiting, "2 wait");
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
    row("lost locks of many", {.active = 80, .stalled = 2, .workers = 1, .lookedAt = {"1", "2"}},
        QueueState::Stuck, "at least 2 active jobs without a lock");
    row("fails",
        {.active = 1, .completed = 20, .failedRecently = 9, .completedRecently = 1, .workers = 1},
        QueueState::Slow, "Failing: 9 of 10");
    row("fails, keeps few",
        {.active = 1, .completed = 10, .failedRecently = 43, .completedRecently = 10, .workers = 1},
        QueueState::Slow, "Failing: 43 in 5 minutes; how many were completed does not show");
    row("late",
        {.active = 5, .delayed = 2, .overdue = 1, .workers = 1, .nextDue = now.addSecs(-600)},
        QueueState::Slow, "late, by 10 min");
    row("only delayed", {.delayed = 2, .workers = 1, .nextDue = now.addSecs(7200)},
        QueueState::Waiting, "due in 2 h");
}

void QueueWordsTest::saysWhatItMeans() {
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

void QueueWordsTest::groupsFailures() {
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

QTEST_GUILESS_MAIN(QueueWordsTest)
#include "tst_queuewords.moc"
