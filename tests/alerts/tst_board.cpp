#include <QSignalSpy>
#include <QTest>

#include "alerts/board.h"

using namespace tocsin;
using namespace tocsin::alerts;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

Alert made(int number, Severity severity = Severity::Warning) {
    Alert alert;
    alert.fingerprint = QString::number(number);
    alert.key = u"disk_usage"_s;
    alert.severity = severity;
    alert.startsAt = QDateTime(QDate(2026, 1, 1), QTime(11, 0), Qt::UTC).addSecs(number);
    return alert;
}

AlertSnapshot snapshot(const Clock& clock, int count, const QString& source = u"prod"_s) {
    AlertSnapshot taken{source, clock.now(), {}};
    for (int i = 0; i < count; ++i)
        taken.alerts.append(made(i));
    return taken;
}

SourceHealth healthOf(const Board& board, const QString& name) {
    for (const SourceHealth& health : board.sources())
        if (health.name == name) return health;
    return {};
}

const Error kDead{ErrorCode::Unavailable, u"Cannot connect to prod."_s, {}};

}  // namespace

class BoardTest : public QObject {
    Q_OBJECT
private slots:
    void newSourceIsUnknown();
    void smallSnapshotIsThereAtOnce();
    void vanishedAlertIsRemoved();
    void failureKeepsAlertsAsUnknown();
    void recoveryMakesThemKnownAgain();
    void silenceOfASourceMakesItUnknown();
    void wallClockJumpMakesItUnknown();
    void backwardJumpDoesNotKeepItFresh();
    void largeSnapshotsEndInTheLast();
    void failureDuringLargeSnapshotWins();
    void sourcesDoNotTouchEachOther();
    void firingIsWorstFirst();
    void slotMayFeedTheBoard();
};

void BoardTest::newSourceIsUnknown() {
    TestClock clock;
    Board board(clock);
    board.addSource(u"prod"_s, 30s);
    const SourceHealth health = healthOf(board, u"prod"_s);
    QVERIFY(!health.known);
    QVERIFY(!health.lastSeen.isValid());
    QCOMPARE(health.unknownSince, clock.now());
}

void BoardTest::smallSnapshotIsThereAtOnce() {
    TestClock clock;
    Board board(clock);
    QSignalSpy changed(&board, &Board::changed);
    board.accept(snapshot(clock, 3));
    QCOMPARE(changed.size(), 1);
    QCOMPARE(board.alerts().size(), 3);
    QCOMPARE(board.alerts().value(u"prod/2"_s).source, u"prod"_s);
    QVERIFY(healthOf(board, u"prod"_s).known);
    QCOMPARE(healthOf(board, u"prod"_s).alertCount, 3);
    board.accept(snapshot(clock, 3));
    QCOMPARE(changed.size(), 1);  // nothing changed, nothing said
}

void BoardTest::vanishedAlertIsRemoved() {
    TestClock clock;
    Board board(clock);
    board.accept(snapshot(clock, 3));
    BoardDiff last;
    connect(&board, &Board::changed, this, [&](const BoardDiff& diff) { last = diff; });
    board.accept(snapshot(clock, 2));
    QCOMPARE(last.removed, QVector<AlertId>{u"prod/2"_s});
    QVERIFY(last.added.isEmpty() && last.changed.isEmpty());
}

void BoardTest::failureKeepsAlertsAsUnknown() {
    TestClock clock;
    Board board(clock);
    board.addSource(u"prod"_s, 30s);
    board.accept(snapshot(clock, 3));
    clock.advance(5s);
    board.sourceFailed(u"prod"_s, kDead, clock.now().addSecs(10));
    QCOMPARE(board.alerts().size(), 3);
    for (const Alert& alert : board.alerts())
        QCOMPARE(alert.state, AlertState::Unknown);
    const SourceHealth health = healthOf(board, u"prod"_s);
    QVERIFY(!health.known);
    QCOMPARE(health.unknownSince, clock.now());
    QCOMPARE(health.lastSeen, clock.now().addSecs(-5));
    QCOMPARE(health.error.message, kDead.message);
    const QDateTime since = health.unknownSince;
    clock.advance(10s);
    board.sourceFailed(u"prod"_s, kDead, {});
    QCOMPARE(healthOf(board, u"prod"_s).unknownSince, since);  // still the same darkness
}

void BoardTest::recoveryMakesThemKnownAgain() {
    TestClock clock;
    Board board(clock);
    board.accept(snapshot(clock, 3));
    board.sourceFailed(u"prod"_s, kDead, {});
    board.accept(snapshot(clock, 3));
    QVERIFY(healthOf(board, u"prod"_s).known);
    QVERIFY(healthOf(board, u"prod"_s).error.message.isEmpty());
    QCOMPARE(board.alerts().value(u"prod/1"_s).state, AlertState::Firing);
}

void BoardTest::silenceOfASourceMakesItUnknown() {
    TestClock clock;
    Board board(clock);
    board.addSource(u"prod"_s, 30s);
    board.accept(snapshot(clock, 1));
    clock.advance(20s);
    board.accept(snapshot(clock, 1));
    clock.advance(29s);
    QVERIFY(healthOf(board, u"prod"_s).known);
    clock.advance(1s);
    QVERIFY(!healthOf(board, u"prod"_s).known);
    QCOMPARE(healthOf(board, u"prod"_s).error.code, ErrorCode::Timeout);
    QCOMPARE(board.alerts().value(u"prod/0"_s).state, AlertState::Unknown);
}

void BoardTest::wallClockJumpMakesItUnknown() {
    TestClock clock;
    Board board(clock);
    board.addSource(u"prod"_s, 30s);
    board.accept(snapshot(clock, 1));
    clock.jump(1h);  // the machine slept
    QVERIFY(!healthOf(board, u"prod"_s).known);
}

void BoardTest::backwardJumpDoesNotKeepItFresh() {
    TestClock clock;
    Board board(clock);
    board.addSource(u"prod"_s, 30s);
    board.accept(snapshot(clock, 1));
    clock.jump(-1h);
    QVERIFY(healthOf(board, u"prod"_s).known);
    clock.advance(31s);
    QVERIFY(!healthOf(board, u"prod"_s).known);
}

void BoardTest::largeSnapshotsEndInTheLast() {
    TestClock clock;
    Board board(clock);
    for (const int count : {3000, 500, 4000, 1000})
        board.accept(snapshot(clock, count));
    QTRY_COMPARE(board.alerts().size(), 1000);
    QTRY_COMPARE(healthOf(board, u"prod"_s).alertCount, 1000);
    QVERIFY(healthOf(board, u"prod"_s).known);
}

void BoardTest::failureDuringLargeSnapshotWins() {
    TestClock clock;
    Board board(clock);
    board.accept(snapshot(clock, 3000));
    board.accept(snapshot(clock, 2000));
    board.sourceFailed(u"prod"_s, kDead, {});
    QTRY_COMPARE(board.alerts().size(), 2000);
    QTRY_COMPARE(board.alerts().value(u"prod/1"_s).state, AlertState::Unknown);
    QVERIFY(!healthOf(board, u"prod"_s).known);
}

void BoardTest::sourcesDoNotTouchEachOther() {
    TestClock clock;
    Board board(clock);
    board.accept(snapshot(clock, 2, u"prod"_s));
    board.accept(snapshot(clock, 3, u"app"_s));
    board.sourceFailed(u"app"_s, kDead, {});
    QCOMPARE(board.alerts().size(), 5);
    QCOMPARE(board.alerts().value(u"prod/1"_s).state, AlertState::Firing);
    QCOMPARE(board.alerts().value(u"app/1"_s).state, AlertState::Unknown);
    QCOMPARE(board.firing(u"disk_usage"_s).size(), 2);
}

void BoardTest::firingIsWorstFirst() {
    TestClock clock;
    Board board(clock);
    AlertSnapshot mixed{u"prod"_s, clock.now(), {made(3), made(2), made(9, Severity::Critical)}};
    Alert silenced = made(1, Severity::Critical);
    silenced.state = AlertState::Silenced;
    mixed.alerts.append(silenced);
    board.accept(mixed);
    QStringList order;
    for (const Alert& alert : board.firing(u"disk_usage"_s))
        order << alert.fingerprint;
    QCOMPARE(order, (QStringList{u"9"_s, u"2"_s, u"3"_s}));
}

void BoardTest::slotMayFeedTheBoard() {
    TestClock clock;
    Board board(clock);
    connect(&board, &Board::changed, this, [&] {
        if (!board.alerts().contains(u"app/0"_s)) board.accept(snapshot(clock, 1, u"app"_s));
    });
    board.accept(snapshot(clock, 1));
    QCOMPARE(board.alerts().size(), 2);
}

QTEST_GUILESS_MAIN(BoardTest)
#include "tst_board.moc"
