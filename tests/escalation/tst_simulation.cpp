// Who would be told when: the planner run forward.
#include "escalation/simulation.h"
#include "tests/escalation/enginerig.h"

using namespace tocsin;
using namespace tocsin::test;
using namespace Qt::StringLiterals;

namespace {

const QDateTime kNoon(QDate(2026, 1, 1), QTime(12, 0), Qt::UTC);

/// "15 page 2", minutes after the declaration.
QStringList brief(const QVector<Told>& lines) {
    QStringList out;
    for (const Told& told : lines)
        out.append(u"%1 %2 %3"_s.arg(told.after / 1min).arg(nameOf(told.kind)).arg(told.level));
    return out;
}

}  // namespace

class SimulationTest : public QObject {
    Q_OBJECT
private slots:
    void runsTheLadder();
    void startsWhereTheSeveritySays();
    void whoIsNotCalledIsNotPaged();
    void anAcknowledgementEndsIt();
    void aSilenceLetsItGoOn();
    void quietHoursAreTold();
    void endsAtTheHorizonOrWhenNothingIsLeft();
};

void SimulationTest::runsTheLadder() {
    QCOMPARE(brief(simulate(threeLevels(), {Priority::P2, kNoon, {}, 1h})),
             QStringList(
                 {u"0 page 1"_s, u"15 page 2"_s, u"30 page 3"_s, u"45 page 3"_s, u"60 page 3"_s}));
}

void SimulationTest::startsWhereTheSeveritySays() {
    const auto lines = simulate(threeLevels(), {Priority::P1, kNoon, {}, 30min});
    QCOMPARE(brief(lines), QStringList({u"0 page 2"_s, u"30 page 3"_s}));
    QCOMPARE(lines.first().mention, u"on-call-secondary"_s);
    QCOMPARE(lines.first().channel, u"incidents"_s);
    QCOMPARE(lines.last().at, kNoon.addSecs(1800));
}

void SimulationTest::whoIsNotCalledIsNotPaged() {
    Policy policy = threeLevels();
    QVERIFY(simulate(policy, {Priority::P2, kNoon, {}, 5min}).first().text.contains(u"is paged"_s));
    policy.levels.first().mention.clear();
    const QString text = simulate(policy, {Priority::P2, kNoon, {}, 5min}).first().text;
    QVERIFY2(text.endsWith(u"posted in #incidents, calling nobody"_s), qPrintable(text));
}

void SimulationTest::anAcknowledgementEndsIt() {
    QCOMPARE(brief(simulate(threeLevels(), {Priority::P2, kNoon, 20min, 4h})),
             QStringList({u"0 page 1"_s, u"15 page 2"_s, u"20 acknowledge 0"_s}));
}

void SimulationTest::aSilenceLetsItGoOn() {
    Policy policy = threeLevels();
    policy.ackTimeout = 30min;
    QCOMPARE(brief(simulate(policy, {Priority::P2, kNoon, 5min, 1h})),
             QStringList({u"0 page 1"_s, u"5 acknowledge 0"_s, u"35 resume 0"_s, u"35 page 1"_s,
                          u"50 page 2"_s}));
}

void SimulationTest::quietHoursAreTold() {
    Policy policy = threeLevels();
    policy.levels.resize(2);
    policy.levels[0].quiet =
        QuietHours{QTime(11, 0), QTime(13, 0), u"UTC"_s, QuietHours::Instead::Postpone, 0};
    QCOMPARE(brief(simulate(policy, {Priority::P2, kNoon, {}, 4h})),
             QStringList({u"0 postpone 1"_s, u"15 page 2"_s, u"60 page 1"_s}));
    policy.levels[0].quiet->instead = QuietHours::Instead::OtherLevel;
    policy.levels[0].quiet->level = 2;
    QCOMPARE(brief(simulate(policy, {Priority::P2, kNoon, {}, 4h})),
             QStringList({u"0 skip 1"_s, u"0 page 2"_s}));
}

void SimulationTest::endsAtTheHorizonOrWhenNothingIsLeft() {
    QVERIFY(simulate({}, {Priority::P1, kNoon, {}, 4h}).isEmpty());
    Policy quick = threeLevels();
    quick.levels[2].repeat = 1ms;
    QVERIFY(simulate(quick, {Priority::P2, kNoon, {}, 24h}).size() <= 600);
}

QTEST_GUILESS_MAIN(SimulationTest)
#include "tst_simulation.moc"
