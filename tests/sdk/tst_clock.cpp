#include <QSignalSpy>
#include <QTest>

#include "sdk/clock.h"

using namespace tocsin;
using namespace std::chrono_literals;

class TestClockTest : public QObject {
    Q_OBJECT
private slots:
    void runsWhatFallsDueInOrder();
    void aCallMayScheduleAnother();
    void forgetsCallsOfDeadContexts();
    void jumpMovesOnlyTheWall();
    void systemClockSpeedsUp();
};

void TestClockTest::runsWhatFallsDueInOrder() {
    TestClock clock;
    const QDateTime start = clock.now();
    QStringList seen;
    const auto note = [&](const QString& name) {
        return [&, name] { seen << name + QString::number(start.msecsTo(clock.now())); };
    };
    clock.callAfter(300ms, this, note(QStringLiteral("c")));
    clock.callAfter(100ms, this, note(QStringLiteral("a")));
    clock.callAfter(200ms, this, note(QStringLiteral("b")));
    clock.advance(250ms);
    QCOMPARE(seen, QStringList({QStringLiteral("a100"), QStringLiteral("b200")}));
    QCOMPARE(clock.elapsed(), 250ms);
    clock.advance(50ms);
    QCOMPARE(seen.size(), 3);
}

void TestClockTest::aCallMayScheduleAnother() {
    TestClock clock;
    int runs = 0;
    std::function<void()> again = [&] {
        ++runs;
        clock.callAfter(10ms, this, again);
    };
    clock.callAfter(10ms, this, again);
    clock.advance(100ms);
    QCOMPARE(runs, 10);
}

void TestClockTest::forgetsCallsOfDeadContexts() {
    TestClock clock;
    bool ran = false;
    {
        QObject context;
        clock.callAfter(10ms, &context, [&] { ran = true; });
    }
    clock.advance(1s);
    QVERIFY(!ran);
}

void TestClockTest::jumpMovesOnlyTheWall() {
    TestClock clock;
    const QDateTime before = clock.now();
    QSignalSpy jumped(&clock, &Clock::jumped);
    clock.jump(-1h);
    QCOMPARE(before.secsTo(clock.now()), -3600);
    QCOMPARE(clock.elapsed(), 0ms);
    QCOMPARE(jumped.size(), 1);
}

void TestClockTest::systemClockSpeedsUp() {
    SystemClock clock(1000.0);
    bool ran = false;
    clock.callAfter(1000ms, this, [&] { ran = true; });
    QTRY_VERIFY_WITH_TIMEOUT(ran, 5000);
    QVERIFY(clock.elapsed() >= 1000ms);
}

QTEST_GUILESS_MAIN(TestClockTest)
#include "tst_clock.moc"
