// A severity that changes, a level that is chosen, levels that wait for the resolution, and an
// acknowledgement that lapses.
#include "tests/escalation/enginerig.h"

using namespace tocsin;
using namespace tocsin::test;
using namespace Qt::StringLiterals;

class ReplanningTest : public EngineRig {
    Q_OBJECT
private slots:
    void init() { begin(); }
    void cleanup() { close(); }
    void raisingPagesTheStartLevel();
    void loweringLeavesWhoWasPaged();
    void theSameSeverityIsNoEvent();
    void changingIsOneTransaction();
    void aHoldSurvivesAChange();
    void anAcknowledgementSurvivesAChange();
    void aChangeAfterAReopeningCountsFromThere();
    void aChangeAfterAHoldCountsFromThere();
    void aChangeAfterALapseCountsFromThere();
    void quietLevelsWakeForCritical();
    void aChosenLevelPassesOverThoseBelow();
    void aPagedLevelCanBeChosenAgain();
    void aLevelThatIsNotThere();
    void someWaitForTheResolution();
    void silenceLetsTheLadderGoOn();
    void workKeepsTheLadderStill();
    void silenceIsNoticedAfterARestart();
    void acknowledgingAgainSetsAnotherSilence();
    void beforeAnybodyWasPaged();
};

void ReplanningTest::raisingPagesTheStartLevel() {
    const QString id = declare(Priority::P2);
    advance(5min);
    QVERIFY(await(m_engine->changePriority(id, u"ben"_s, Priority::P1)));
    settle();
    QCOMPARE(arrived().last(), u"INC-1/level-2"_s);
    QVERIFY2(!m_channel->arrived.last().text.contains(u"late"_s),
             qPrintable(m_channel->arrived.last().text));
    QVERIFY(m_channel->arrived.last().text.contains(u"P1"_s));
    QCOMPARE(said(id, u"priority"_s), u"severity P2 → P1"_s);
    QCOMPARE(m_journal->find(id)->priority, Priority::P1);
    advance(25min);
    QCOMPARE(arrived().last(), u"INC-1/level-3"_s);
    QCOMPARE(arrived().size(), 3);
}

void ReplanningTest::loweringLeavesWhoWasPaged() {
    const QString id = declare(Priority::P1);
    QVERIFY(await(m_engine->changePriority(id, u"ben"_s, Priority::P3)));
    advance(29min);
    QCOMPARE(arrived(), QStringList{u"INC-1/level-2"_s});
    QCOMPARE(state(id, 1), RungState::Skipped);
    advance(1min);
    QCOMPARE(arrived().last(), u"INC-1/level-3"_s);
}

void ReplanningTest::theSameSeverityIsNoEvent() {
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->changePriority(id, u"ben"_s, Priority::P2)));
    QVERIFY(!kinds(id).contains(u"priority"_s));
}

void ReplanningTest::changingIsOneTransaction() {
    const QString id = declare(Priority::P2);
    const auto run = [this](const QString& sql) {
        QVERIFY(await(m_db->write<void>([sql](store::Transaction& tx) -> Result<void> {
            if (auto done = tx.run(sql); !done) return tl::unexpected<Error>(done.error());
            return {};
        })));
    };
    run(u"CREATE TRIGGER broken BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'no'); END"_s);
    QVERIFY(!await(m_engine->changePriority(id, u"ben"_s, Priority::P1)));
    QCOMPARE(state(id, 2), RungState::Waiting);
    QVERIFY(!kinds(id).contains(u"priority"_s));
    QCOMPARE(m_journal->find(id)->priority, Priority::P2);
}

void ReplanningTest::aHoldSurvivesAChange() {
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->hold(id, u"a"_s, u"r"_s, m_clock->now().addSecs(3600))));
    QVERIFY(await(m_engine->changePriority(id, u"ben"_s, Priority::P1)));
    advance(59min);
    QCOMPARE(arrived().size(), 1);
    advance(1min);
    QCOMPARE(arrived().last(), u"INC-1/level-2"_s);
}

void ReplanningTest::anAcknowledgementSurvivesAChange() {
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->acknowledge(id, u"ben"_s)));
    QVERIFY(await(m_engine->changePriority(id, u"ben"_s, Priority::P1)));
    advance(24h);
    QCOMPARE(arrived().size(), 1);
    QCOMPARE(state(id, 2), RungState::Cancelled);
}

void ReplanningTest::aChangeAfterAReopeningCountsFromThere() {
    const QString id = declare(Priority::P2);
    advance(5min);
    QVERIFY(await(m_engine->resolve(id, u"ben"_s, u"restarted"_s)));
    advance(60min);
    QVERIFY(await(m_engine->reopen(id, u"ben"_s, u"it is back"_s)));
    advance(1min);
    QVERIFY(await(m_engine->changePriority(id, u"ben"_s, Priority::P3)));
    settle();
    QCOMPARE(arrived().last(), u"INC-1/reopened-1/level-1"_s);
    advance(14min - 1s);
    QCOMPARE(arrived().last(), u"INC-1/reopened-1/level-1"_s);
    advance(1s);
    QCOMPARE(arrived().last(), u"INC-1/reopened-1/level-2"_s);
}

void ReplanningTest::aChangeAfterAHoldCountsFromThere() {
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->hold(id, u"a"_s, u"r"_s, m_clock->now().addSecs(3600))));
    advance(60min);
    QCOMPARE(arrived().last(), u"INC-1/level-2"_s);
    advance(1min);
    QVERIFY(await(m_engine->changePriority(id, u"ben"_s, Priority::P3)));
    advance(14min - 1s);
    QCOMPARE(arrived().last(), u"INC-1/level-2"_s);
    advance(1s);
    QCOMPARE(arrived().last(), u"INC-1/level-3"_s);
}

void ReplanningTest::aChangeAfterALapseCountsFromThere() {
    const QString id = declare(Priority::P2);
    advance(5min);
    QVERIFY(await(m_engine->acknowledge(id, u"ben"_s, 60min)));
    advance(60min);
    QCOMPARE(arrived().last(), u"INC-1/level-1/again-2"_s);
    QVERIFY(await(m_engine->changePriority(id, u"ben"_s, Priority::P3)));
    advance(15min - 1s);
    QCOMPARE(arrived().last(), u"INC-1/level-1/again-2"_s);
    advance(1s);
    QCOMPARE(arrived().last(), u"INC-1/level-2"_s);
}

void ReplanningTest::quietLevelsWakeForCritical() {
    Policy policy = threeLevels();
    policy.levels[0].quiet =
        QuietHours{QTime(11, 0), QTime(20, 0), u"UTC"_s, QuietHours::Instead::Postpone, 0};
    policy.start.clear();
    reopen(policy);
    const QString id = declare(Priority::P3);
    QCOMPARE(arrived(), QStringList{u"INC-1/declared"_s});
    QVERIFY(await(m_engine->changePriority(id, u"ben"_s, Priority::P1)));
    settle();
    QCOMPARE(arrived().last(), u"INC-1/level-1"_s);
}

void ReplanningTest::aChosenLevelPassesOverThoseBelow() {
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->escalateNow(id, u"ben"_s, 3)));
    settle();
    QCOMPARE(arrived().last(), u"INC-1/level-3"_s);
    QCOMPARE(state(id, 2), RungState::Skipped);
    QCOMPARE(note(id, 2), u"skipped: ben went to level 3"_s);
    advance(15min);
    QCOMPARE(arrived().last(), u"INC-1/level-3/again-2"_s);
    QVERIFY(!arrived().contains(u"INC-1/level-2"_s));
}

void ReplanningTest::aPagedLevelCanBeChosenAgain() {
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->escalateNow(id, u"ben"_s, 1)));
    settle();
    QCOMPARE(arrived().last(), u"INC-1/level-1/again-2"_s);
    QVERIFY(m_channel->arrived.last().text.contains(u"escalated by hand"_s));
    advance(15min);
    QCOMPARE(arrived().last(), u"INC-1/level-2"_s);
}

void ReplanningTest::aLevelThatIsNotThere() {
    const QString id = declare(Priority::P2);
    const auto refused = await(m_engine->escalateNow(id, u"ben"_s, 9));
    QVERIFY(!refused);
    QVERIFY(refused.error().message.contains(u"its ladder has 3"_s));
}

void ReplanningTest::someWaitForTheResolution() {
    Policy policy = threeLevels();
    policy.levels[2].until = Until::Resolved;
    reopen(policy);
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->acknowledge(id, u"ben"_s)));
    reopen(policy);
    advance(30min);
    QCOMPARE(arrived(), QStringList{u"INC-1/level-3"_s});
    advance(15min);
    QCOMPARE(arrived().last(), u"INC-1/level-3/again-2"_s);
    QVERIFY(m_channel->arrived.last().text.contains(u"not resolved yet"_s));
    QVERIFY(await(m_engine->resolve(id, u"ben"_s, {})));
    advance(24h);
    QCOMPARE(arrived().last(), u"INC-1/resolved"_s);
}

void ReplanningTest::silenceLetsTheLadderGoOn() {
    const QString id = declare(Priority::P2);
    advance(5min);
    QVERIFY(await(m_engine->acknowledge(id, u"ben"_s, 20min)));
    QVERIFY(said(id, u"acknowledged"_s).contains(u"silent for 20 min"_s));
    advance(20min - 1s);
    QCOMPARE(arrived().size(), 1);
    advance(1s);
    QCOMPARE(arrived().last(), u"INC-1/level-1/again-2"_s);
    QVERIFY(m_channel->arrived.last().text.contains(u"silent since ben acknowledged"_s));
    QVERIFY(said(id, u"resumed"_s).contains(u"nobody has done anything for 20 min"_s));
    QVERIFY(!m_engine->ladder(id).acknowledgedAt.isValid());
    advance(15min);  // the distance between the levels
    QCOMPARE(arrived().last(), u"INC-1/level-2"_s);
    QVERIFY(await(m_engine->acknowledge(id, u"cleo"_s)));
    QCOMPARE(kinds(id).count(u"acknowledged"_s), 2);
    QCOMPARE(m_engine->ladder(id).silentAt, m_clock->now().addSecs(20 * 60));
}

void ReplanningTest::workKeepsTheLadderStill() {
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->acknowledge(id, u"ben"_s, 20min)));
    for (int i = 0; i < 4; ++i) {
        advance(15min);
        QVERIFY(await(m_journal->append(id, u"ben"_s, u"note"_s, u"still at it"_s)));
    }
    advance(19min);
    QCOMPARE(arrived().size(), 1);
    advance(1min);
    QCOMPARE(arrived().last(), u"INC-1/level-1/again-2"_s);
}

void ReplanningTest::silenceIsNoticedAfterARestart() {
    Policy policy = threeLevels();
    policy.ackTimeout = 20min;
    reopen(policy);
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->acknowledge(id, u"ben"_s)));
    close();
    m_clock->advance(3h);
    open();
    QCOMPARE(arrived(), QStringList{u"INC-1/level-1/again-2"_s});
    QCOMPARE(kinds(id).count(u"resumed"_s), 1);
}

void ReplanningTest::acknowledgingAgainSetsAnotherSilence() {
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->acknowledge(id, u"ben"_s, 20min)));
    QVERIFY(await(m_engine->acknowledge(id, u"ben"_s, 2h)));
    advance(119min);
    QCOMPARE(arrived().size(), 1);
    advance(1min);
    QCOMPARE(arrived().size(), 2);
}

void ReplanningTest::beforeAnybodyWasPaged() {
    Policy policy = threeLevels();
    policy.levels[0].after = 10min;
    reopen(policy);
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->acknowledge(id, u"ben"_s, 20min)));
    advance(20min);
    QCOMPARE(arrived().last(), u"INC-1/level-1"_s);
    advance(5min);
    QCOMPARE(arrived().last(), u"INC-1/level-2"_s);
}

QTEST_GUILESS_MAIN(ReplanningTest)
#include "tst_replanning.moc"
