// What people do to a ladder: hold, acknowledge, escalate, resolve.
#include "tests/escalation/enginerig.h"

using namespace tocsin;
using namespace tocsin::test;
using namespace Qt::StringLiterals;

class CommandsTest : public EngineRig {
    Q_OBJECT
private slots:
    void init() { begin(); }
    void cleanup() { close(); }
    void holdingNeedsAReasonAndATime();
    void aHoldEndsByItself();
    void acknowledgingStopsTheLadder();
    void byHandPagesTheNextUntilThereIsNone();
    void resolvingClosesAndTells();
    void whatIsResolvedStaysSo();
};

void CommandsTest::holdingNeedsAReasonAndATime() {
    const QString id = declare(Priority::P2);
    const QDateTime now = m_clock->now();
    QVERIFY(!await(m_engine->hold(id, u"commander"_s, u""_s, now.addSecs(60))));
    QVERIFY(!await(m_engine->hold(id, u"commander"_s, u"reason"_s, now)));
    QVERIFY(!await(m_engine->hold(id, u"commander"_s, u"reason"_s, {})));
    QVERIFY(!await(m_engine->hold(u"INC-9"_s, u"commander"_s, u"reason"_s, now.addSecs(60))));
    QVERIFY(!m_engine->ladder(id).held);
}

void CommandsTest::aHoldEndsByItself() {
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->hold(id, u"commander"_s, u"on it"_s, m_clock->now().addSecs(40 * 60))));
    QVERIFY(m_engine->ladder(id).held);
    advance(39min);
    QCOMPARE(m_channel->arrived.size(), 1);
    advance(1min);
    QCOMPARE(m_channel->arrived.last().event, u"INC-1/level-2"_s);
    QVERIFY(!m_engine->ladder(id).held);
    QVERIFY(kinds(id).contains(u"released"_s));
    advance(15min);
    QCOMPARE(m_channel->arrived.last().event, u"INC-1/level-3"_s);
}

void CommandsTest::acknowledgingStopsTheLadder() {
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->acknowledge(id, u"ben"_s)));
    QVERIFY(await(m_engine->acknowledge(id, u"ben"_s)));  // twice is once
    advance(24h);
    QCOMPARE(m_channel->arrived.size(), 1);
    QCOMPARE(kinds(id).count(u"acknowledged"_s), 1);
    QCOMPARE(m_journal->find(id)->phase, incidents::Phase::Assess);
    QVERIFY(m_journal->find(id)->acknowledgedAt.isValid());
}

void CommandsTest::byHandPagesTheNextUntilThereIsNone() {
    const QString id = declare(Priority::P1);
    QVERIFY(await(m_engine->escalateNow(id, u"commander"_s)));
    settle();
    QCOMPARE(m_channel->arrived.last().event, u"INC-1/level-3"_s);
    QVERIFY(m_channel->arrived.last().text.contains(u"by hand"_s));
    const auto again = await(m_engine->escalateNow(id, u"commander"_s));
    QVERIFY(!again);
    QVERIFY(again.error().message.contains(u"nobody above"_s));
}

void CommandsTest::resolvingClosesAndTells() {
    const QString id = declare(Priority::P2);
    m_clock->advance(10min);
    QVERIFY(await(m_engine->resolve(id, u"commander"_s, u"ended the blocker @here"_s)));
    settle();
    QCOMPARE(m_channel->arrived.last().event, u"INC-1/resolved"_s);
    QVERIFY(!m_channel->arrived.last().embeds.first().description.contains(u"@here"_s));
    QVERIFY(m_journal->open().isEmpty());
    QVERIFY(m_journal->find(id)->resolvedAt.isValid());
    advance(24h);
    QCOMPARE(m_channel->arrived.size(), 2);
}

void CommandsTest::whatIsResolvedStaysSo() {
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->resolve(id, u"commander"_s, {})));
    for (const auto& late :
         {await(m_engine->acknowledge(id, u"x"_s)), await(m_engine->escalateNow(id, u"x"_s)),
          await(m_engine->resolve(id, u"x"_s, {}))}) {
        QVERIFY(!late);
        QVERIFY(late.error().message.contains(u"resolved already"_s));
    }
}

QTEST_GUILESS_MAIN(CommandsTest)
#include "tst_commands.moc"
