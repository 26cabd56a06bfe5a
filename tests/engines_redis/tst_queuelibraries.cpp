#include "tests/engines_redis/queuefixture.h"
#include "tests/support/queueapplication.h"

using namespace tocsin;
using namespace tocsin::inspection;

/// What is said of queues, against what the real libraries make of a real Redis.
class QueueLibrariesTest : public QueueFixture {
    Q_OBJECT
private slots:
    void readsWhatTheLibraryWrote_data();
    void readsWhatTheLibraryWrote();
    void readsWhatIsRare_data();
    void readsWhatIsRare();
};

void QueueLibrariesTest::readsWhatTheLibraryWrote_data() {
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

void QueueLibrariesTest::readsWhatTheLibraryWrote() {
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

void QueueLibrariesTest::readsWhatIsRare_data() {
    readsWhatTheLibraryWrote_data();
}

/// Limiters, jobs in front of older ones, more active jobs than are looked at, a promoted job.
void QueueLibrariesTest::readsWhatIsRare() {
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

QTEST_GUILESS_MAIN(QueueLibrariesTest)
#include "tst_queuelibraries.moc"
