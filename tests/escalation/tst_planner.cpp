#include <QTest>

#include "escalation/planner.h"
#include "escalation/wording.h"

using namespace tocsin;
using namespace tocsin::escalation;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using incidents::Priority;

namespace {

const QDateTime kStart(QDate(2026, 1, 1), QTime(14, 1, 58), Qt::UTC);

QDateTime after(std::chrono::milliseconds time) {
    return kStart.addMSecs(time.count());
}

Policy policy() {
    Policy policy;
    policy.channel = u"incidents"_s;
    policy.levels = {{u"Primary on-call"_s, 0min, u"on-call-primary"_s, {}, {}},
                     {u"Secondary on-call"_s, 15min, u"on-call-secondary"_s, {}, {}},
                     {u"Engineering lead"_s, 30min, u"on-call-team"_s, u"leads"_s, 15min}};
    policy.start = {{u"P1"_s, 2}};
    return policy;
}

QVector<int> levels(const QVector<Page>& pages) {
    QVector<int> out;
    for (const Page& page : pages)
        out.append(page.level);
    return out;
}

/// Pages everything that is due, as the engine does.
Ladder fire(Ladder ladder, const QDateTime& now) {
    for (const Page& page : due(ladder, now))
        ladder = paged(std::move(ladder), page, pageEvent(u"INC-1"_s, page), now);
    return ladder;
}

}  // namespace

class PlannerTest : public QObject {
    Q_OBJECT
private slots:
    void startsWhereThePolicySays_data();
    void startsWhereThePolicySays();
    void copesWithOddPolicies();
    void pagesLevelAfterLevel();
    void everyOverdueLevelFires();
    void repeatsUntilAcknowledged();
    void aMissedRepeatIsDueOnce();
    void aHoldMovesWhatWouldFallDue();
    void aHoldLeavesWhatIsLaterAnyway();
    void releasingGoesBackToThePlan();
    void holdsCanFollowEachOther();
    void byHandGoesOnAfterAnAcknowledgement();
    void nothingFiresOnceResolved();
    void wordsAreSafeAndComplete();
    void pagesLinkTheRunbook_data();
    void pagesLinkTheRunbook();
    void saysHowLate_data();
    void saysHowLate();
};

void PlannerTest::startsWhereThePolicySays_data() {
    QTest::addColumn<Priority>("priority");
    QTest::addColumn<QVector<int>>("dueAtOnce");
    QTest::addColumn<RungState>("first");
    QTest::newRow("P1") << Priority::P1 << QVector<int>{2} << RungState::Skipped;
    QTest::newRow("P2") << Priority::P2 << QVector<int>{1} << RungState::Waiting;
}

void PlannerTest::startsWhereThePolicySays() {
    QFETCH(Priority, priority);
    QFETCH(QVector<int>, dueAtOnce);
    QFETCH(RungState, first);
    const Ladder ladder = plan(policy(), u"INC-1"_s, priority, kStart);
    QCOMPARE(levels(due(ladder, kStart)), dueAtOnce);
    QCOMPARE(ladder.rungs.at(0).state, first);
    QCOMPARE(ladder.rungs.at(2).dueAt, after(30min));
    QCOMPARE(ladder.rungs.at(2).channel, u"leads"_s);
    QCOMPARE(ladder.rungs.at(1).channel, u"incidents"_s);
}

void PlannerTest::copesWithOddPolicies() {
    QVERIFY(plan({}, u"INC-1"_s, Priority::P1, kStart).rungs.isEmpty());
    QVERIFY(!nextDeadline(plan({}, u"INC-1"_s, Priority::P1, kStart)).isValid());
    Policy odd = policy();
    odd.start = {{u"P1"_s, 99}, {u"P2"_s, -3}};
    QCOMPARE(levels(due(plan(odd, u"INC-1"_s, Priority::P1, kStart), kStart)), QVector<int>{3});
    QCOMPARE(levels(due(plan(odd, u"INC-1"_s, Priority::P2, kStart), kStart)), QVector<int>{1});
}

void PlannerTest::pagesLevelAfterLevel() {
    Ladder ladder = fire(plan(policy(), u"INC-1"_s, Priority::P2, kStart), kStart);
    QCOMPARE(nextDeadline(ladder), after(15min));
    QVERIFY(due(ladder, after(15min - 1ms)).isEmpty());
    ladder = fire(ladder, after(15min));
    QCOMPARE(ladder.rungs.at(1).state, RungState::Paged);
    QCOMPARE(ladder.rungs.at(1).event, u"INC-1/level-2"_s);
    QCOMPARE(nextDeadline(ladder), after(30min));
}

void PlannerTest::everyOverdueLevelFires() {
    const Ladder ladder = plan(policy(), u"INC-1"_s, Priority::P2, kStart);
    QCOMPARE(levels(due(ladder, after(42min))), QVector<int>({1, 2, 3}));
}

void PlannerTest::repeatsUntilAcknowledged() {
    Ladder ladder = fire(plan(policy(), u"INC-1"_s, Priority::P2, kStart), after(30min));
    QCOMPARE(nextDeadline(ladder), after(45min));
    ladder = fire(ladder, after(45min));
    QCOMPARE(ladder.rungs.at(2).times, 2);
    QCOMPARE(ladder.rungs.at(2).event, u"INC-1/level-3/again-2"_s);
    QCOMPARE(ladder.rungs.at(2).pagedAt, after(30min));
    ladder = acknowledged(ladder, u"commander"_s, after(50min));
    QVERIFY(due(ladder, after(24h)).isEmpty());
    QVERIFY(!nextDeadline(ladder).isValid());
}

void PlannerTest::aMissedRepeatIsDueOnce() {
    const Ladder ladder = fire(plan(policy(), u"INC-1"_s, Priority::P2, kStart), after(30min));
    QCOMPARE(levels(due(ladder, after(10h))), QVector<int>{3});
    QCOMPARE(fire(ladder, after(10h)).rungs.at(2).repeatAt, after(10h + 15min));
}

void PlannerTest::aHoldMovesWhatWouldFallDue() {
    Ladder ladder = fire(plan(policy(), u"INC-1"_s, Priority::P2, kStart), kStart);
    ladder = held(ladder, u"I am on it"_s, after(40min));
    QCOMPARE(ladder.rungs.at(1).state, RungState::Held);
    QCOMPARE(ladder.rungs.at(1).dueAt, after(40min));
    QCOMPARE(ladder.rungs.at(2).dueAt, after(55min));  // the distance is kept
    QVERIFY(due(ladder, after(40min - 1ms)).isEmpty());
    QVERIFY(holdIsOver(ladder, after(40min)));
    ladder = unheld(ladder);
    QCOMPARE(levels(due(ladder, after(40min))), QVector<int>{2});
}

void PlannerTest::aHoldLeavesWhatIsLaterAnyway() {
    Ladder ladder = fire(plan(policy(), u"INC-1"_s, Priority::P2, kStart), kStart);
    ladder = held(ladder, u"I am on it"_s, after(10min));
    QCOMPARE(ladder.rungs.at(1).dueAt, after(15min));
}

void PlannerTest::releasingGoesBackToThePlan() {
    Ladder ladder = fire(plan(policy(), u"INC-1"_s, Priority::P2, kStart), kStart);
    const Ladder early = released(held(ladder, u"r"_s, after(60min)), after(5min));
    QCOMPARE(early.rungs.at(1).dueAt, after(15min));
    QCOMPARE(early.rungs.at(2).dueAt, after(30min));
    const Ladder late = released(held(ladder, u"r"_s, after(60min)), after(35min));
    QCOMPARE(levels(due(late, after(35min))), QVector<int>{2});
    QCOMPARE(late.rungs.at(2).dueAt, after(50min));
}

void PlannerTest::holdsCanFollowEachOther() {
    Ladder ladder = fire(plan(policy(), u"INC-1"_s, Priority::P2, kStart), kStart);
    ladder = released(held(ladder, u"r"_s, after(60min)), after(35min));
    ladder = held(ladder, u"again"_s, after(70min));
    QCOMPARE(ladder.rungs.at(1).dueAt, after(70min));
    QCOMPARE(ladder.rungs.at(2).dueAt, after(85min));
    // A longer hold over a running one counts from the plan, not from the first hold.
    QCOMPARE(held(ladder, u"longer"_s, after(90min)).rungs.at(2).dueAt, after(105min));
}

void PlannerTest::byHandGoesOnAfterAnAcknowledgement() {
    Ladder ladder = fire(plan(policy(), u"INC-1"_s, Priority::P1, kStart), kStart);
    ladder = acknowledged(ladder, u"commander"_s, after(1min));
    QCOMPARE(ladder.rungs.at(2).state, RungState::Cancelled);
    const auto next = nextByHand(ladder, after(2min));
    QVERIFY(next);
    QCOMPARE(next->level, 3);
    ladder = paged(ladder, *next, u"e"_s, after(2min));
    QVERIFY(!nextByHand(ladder, after(3min)));
    QVERIFY(due(ladder, after(24h)).isEmpty());  // acknowledged: no repeats
}

void PlannerTest::nothingFiresOnceResolved() {
    const Ladder ladder =
        resolved(fire(plan(policy(), u"INC-1"_s, Priority::P2, kStart), after(30min)));
    QVERIFY(due(ladder, after(24h)).isEmpty());
    QVERIFY(!nextDeadline(ladder).isValid());
    QVERIFY(!nextByHand(ladder, after(24h)));
}

void PlannerTest::wordsAreSafeAndComplete() {
    incidents::Incident incident;
    incident.id = u"INC-42"_s;
    incident.title = u"Pool @everyone <@1> "_s + QString(5000, u'x');
    incident.priority = Priority::P1;
    incident.declaredAt = kStart;
    incident.runbook = u"database-connection-exhaustion"_s;
    const Ladder ladder = plan(policy(), u"INC-42"_s, Priority::P1, kStart);
    const Message message =
        pageMessage(incident, ladder.rungs.at(1), {2, 1, kStart, false}, kStart, {true, {}});
    QCOMPARE(message.event, u"INC-42/level-2"_s);
    QCOMPARE(message.mentions, QStringList{u"on-call-secondary"_s});
    for (const QString& part : {u"**P1 Pool"_s, u"level 2 Secondary on-call"_s,
                                u"INC-42 declared 14:01 UTC"_s, u"runbook"_s})
        QVERIFY2(message.text.contains(part), qPrintable(message.text));
    for (const QString& never : {u"@everyone"_s, u"<@"_s, u"late"_s})
        QVERIFY2(!message.text.contains(never), qPrintable(message.text));
    QVERIFY(message.text.size() < 2000);
    QVERIFY(message.embeds.first().title.size() <= 256 + 40);
}

void PlannerTest::pagesLinkTheRunbook_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QUrl>("address");
    QTest::addColumn<QString>("said");
    QTest::newRow("by its name") << u"pool"_s << QUrl(u"https://wiki/pool"_s)
                                 << u"runbook [pool](https://wiki/pool)"_s;
    QTest::newRow("without an address") << u"pool"_s << QUrl() << u"runbook pool"_s;
    QTest::newRow("the alert's own") << QString() << QUrl(u"https://wiki/x"_s)
                                     << u"runbook [here](https://wiki/x)"_s;
    QTest::newRow("no way out of the link, and no mention")
        << u"a](https://evil) @here"_s << QUrl(u"https://wiki/a)b@everyone"_s)
        << u"(https://wiki/a%29b%40everyone)"_s;
}

void PlannerTest::pagesLinkTheRunbook() {
    QFETCH(const QString, name);
    QFETCH(const QUrl, address);
    incidents::Incident incident;
    incident.id = u"INC-42"_s;
    incident.declaredAt = kStart;
    incident.runbook = name;
    incident.runbookUrl = address;
    const Ladder ladder = plan(policy(), u"INC-42"_s, Priority::P1, kStart);
    const QString text =
        pageMessage(incident, ladder.rungs.at(0), {1, 1, kStart, false}, kStart, {true, {}}).text;
    QFETCH(const QString, said);
    QVERIFY2(text.contains(said), qPrintable(text));
}

void PlannerTest::saysHowLate_data() {
    QTest::addColumn<qint64>("lateMs");
    QTest::addColumn<QString>("said");
    QTest::newRow("on time") << qint64{59999} << QString();
    QTest::newRow("a minute") << qint64{60000} << u"late by 1 min"_s;
    QTest::newRow("12 min") << qint64{12 * 60000 + 5000} << u"late by 12 min"_s;
    QTest::newRow("hours") << qint64{125 * 60000} << u"late by 2 h 5 min"_s;
}

void PlannerTest::saysHowLate() {
    QFETCH(qint64, lateMs);
    QFETCH(QString, said);
    incidents::Incident incident;
    incident.id = u"INC-1"_s;
    const Ladder ladder = plan(policy(), u"INC-1"_s, Priority::P2, kStart);
    const QString text = pageMessage(incident, ladder.rungs.at(0), {1, 1, kStart, false},
                                     kStart.addMSecs(lateMs), {})
                             .text;
    if (said.isEmpty())
        QVERIFY2(!text.contains(u"late"_s), qPrintable(text));
    else
        QVERIFY2(text.endsWith(said), qPrintable(text));
}

QTEST_GUILESS_MAIN(PlannerTest)
#include "tst_planner.moc"
