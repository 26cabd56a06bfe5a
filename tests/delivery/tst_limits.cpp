#include <QSignalSpy>

#include "delivery/refusalbudget.h"
#include "tests/delivery/deliverydesk.h"

using namespace tocsin;
using namespace tocsin::delivery;
using namespace tocsin::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Kind = StubNotifier::Kind;
using Milliseconds = std::chrono::milliseconds;

namespace {

StubNotifier::Answer failing(ErrorCode code, std::optional<Milliseconds> after = {}) {
    Error error{code, u"the other side said no"_s, {}};
    error.retryAfter = after;
    return {Kind::Fails, error};
}

}  // namespace

/// Limits of the other side, and channels that stand in for broken ones.
class LimitsTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void anEmptyBucketIsWaitedOut();
    void editsHaveABucketOfTheirOwn();
    void aLongPauseIsWaitedOut();
    void aClockSetBackMakesNoPauseLonger();
    void aGlobalLimitRestsEveryChannel();
    void theBudgetOfRefusals();
    void refusalsAreNeverManyEnoughToBeShutOut();
    void aStoppedChannelHandsOver_data();
    void aStoppedChannelHandsOver();
    void whatComesLaterGoesToTheFallbackToo();
    void aDoubtfulMessageIsMarkedWhenHandedOver();
    void anEditHandedOverIsPosted();
    void twoStoppedChannelsKeep();
    void aMendedFallbackTakesWhatWaits();
    void handingOverIsTriedAgain();
    void aFailedMessageStays();

private:
    void advance(Milliseconds by) {
        m_desk->clock.advance(by);
        m_desk->step();
        m_desk->step();
    }
    std::unique_ptr<DeliveryDesk> m_desk;
    StubNotifier* m_channel = nullptr;
    StubNotifier* m_other = nullptr;
};

void LimitsTest::init() {
    m_desk = std::make_unique<DeliveryDesk>();
    m_channel = m_desk->addChannel(u"incidents"_s);
    m_other = m_desk->addChannel(u"ops"_s);
}

void LimitsTest::anEmptyBucketIsWaitedOut() {
    m_channel->script = {{Kind::Delivered, {}, 2000ms}};
    QVERIFY(m_desk->start());
    m_desk->intend({messageOf(u"a"_s), messageOf(u"b"_s)}, u"incidents"_s);
    QTRY_COMPARE(m_desk->entry(u"a"_s).state, EntryState::Confirmed);
    advance(1900ms);
    QCOMPARE(m_channel->posted.size(), 1);
    advance(200ms);
    QTRY_COMPARE(m_channel->posted.size(), 2);
    QCOMPARE(m_desk->entry(u"b"_s).tries, 1);  // it was not refused: it was not asked
}

void LimitsTest::editsHaveABucketOfTheirOwn() {
    m_channel->edits = true;
    m_channel->script = {{}, {Kind::Delivered, {}, 60000ms}};
    QVERIFY(m_desk->start());
    m_desk->intend({messageOf(u"card"_s)}, u"incidents"_s);
    m_desk->settle();
    m_desk->intend({messageOf(u"card-2"_s, u"card"_s)}, u"incidents"_s);
    m_desk->settle();
    m_desk->intend({messageOf(u"page"_s)}, u"incidents"_s);
    QTRY_COMPARE(m_channel->arrived.last().event, u"page"_s);
    m_desk->intend({messageOf(u"card-3"_s, u"card"_s)}, u"incidents"_s);
    m_desk->step();
    QCOMPARE(m_channel->edited.size(), 1);
    m_desk->settle();
    QCOMPARE(m_channel->edited.size(), 2);
}

void LimitsTest::aLongPauseIsWaitedOut() {
    m_channel->script = {failing(ErrorCode::RateLimited, 2h)};
    QVERIFY(m_desk->start());
    m_desk->intend({messageOf(u"a"_s)}, u"incidents"_s);
    QTRY_VERIFY(m_desk->entry(u"a"_s).notBefore.isValid());
    advance(1h);
    advance(59min);
    QCOMPARE(m_channel->posted.size(), 1);
    advance(1min);
    QTRY_COMPARE(m_channel->posted.size(), 2);
}

void LimitsTest::aClockSetBackMakesNoPauseLonger() {
    m_channel->script = {failing(ErrorCode::RateLimited, 10s)};
    QVERIFY(m_desk->start());
    m_desk->intend({messageOf(u"a"_s)}, u"incidents"_s);
    QTRY_VERIFY(m_desk->entry(u"a"_s).notBefore.isValid());
    m_desk->clock.jump(-5h);
    m_desk->dispatcher->lookAgain(u"incidents"_s);  // by the wall clock
    m_desk->step();
    advance(11s);
    QTRY_COMPARE(m_channel->posted.size(), 2);
}

void LimitsTest::aGlobalLimitRestsEveryChannel() {
    QVERIFY(m_desk->start());
    emit m_channel->everythingMustRest(5000ms);
    m_desk->intend({messageOf(u"a"_s)}, u"ops"_s);
    advance(4900ms);
    QCOMPARE(m_other->posted.size(), 0);
    m_desk->settle();
    QCOMPARE(m_other->posted.size(), 1);
}

void LimitsTest::theBudgetOfRefusals() {
    RefusalBudget budget;
    for (int i = 0; i < RefusalBudget::kMost; ++i) {
        QCOMPARE(budget.rest(Milliseconds(i)), 0ms);
        budget.count(Milliseconds(i));
    }
    QCOMPARE(budget.rest(5000ms), RefusalBudget::kWindow - 5000ms);
    QCOMPARE(budget.rest(Milliseconds(600000)), 0ms);
    budget.count(Milliseconds(600000));
    QCOMPARE(budget.rest(Milliseconds(600000)), 1ms);
}

void LimitsTest::refusalsAreNeverManyEnoughToBeShutOut() {
    for (int i = 0; i < 2000; ++i)
        m_channel->script.append(failing(ErrorCode::RateLimited, 1ms));
    QVERIFY(m_desk->start());
    m_desk->intend({messageOf(u"a"_s)}, u"incidents"_s);
    for (int i = 0; i < 600; ++i)
        advance(1s);
    // Ten minutes of nothing but refusals: the back-off alone keeps far away from 10 000.
    QVERIFY2(m_channel->posted.size() < 60, qPrintable(QString::number(m_channel->posted.size())));
}

void LimitsTest::aStoppedChannelHandsOver_data() {
    QTest::addColumn<bool>("made");
    QTest::newRow("stopped by its answer") << true;
    QTest::newRow("never made") << false;
}

void LimitsTest::aStoppedChannelHandsOver() {
    QFETCH(bool, made);
    m_desk->dispatcher->setFallback(u"incidents"_s, u"ops"_s);
    if (made)
        m_channel->script = {failing(ErrorCode::Auth)};
    else
        m_desk->dispatcher->addBrokenChannel(u"incidents"_s,
                                             {ErrorCode::Config, u"No hook."_s, {}});
    QSignalSpy stopped(m_desk->dispatcher.get(), &Dispatcher::channelStopped);
    m_desk->intend({messageOf(u"a"_s), messageOf(u"b"_s)}, u"incidents"_s);
    m_desk->intend({messageOf(u"c"_s)}, u"ops"_s);
    QVERIFY(m_desk->start());
    QTRY_COMPARE(m_other->arrived.size(), 3);
    m_desk->settle();
    QCOMPARE(stopped.size(), made ? 1 : 0);  // said before start() where it was never made
    QVERIFY(m_channel->arrived.isEmpty());
    const Entry a = m_desk->entry(u"a"_s);
    QCOMPARE(a.channel, u"ops"_s);
    QCOMPARE(a.state, EntryState::Confirmed);
    QCOMPARE(a.message.divertedFrom, u"incidents"_s);
    QVERIFY(!a.message.possibleRepeat);
    const QStringList arrived = eventsOf(m_other->arrived);
    QVERIFY(arrived.indexOf(u"a"_s) < arrived.indexOf(u"b"_s));
}

void LimitsTest::whatComesLaterGoesToTheFallbackToo() {
    m_desk->dispatcher->setFallback(u"incidents"_s, u"ops"_s);
    m_channel->script = {failing(ErrorCode::NotFound)};
    QVERIFY(m_desk->start());
    m_desk->intend({messageOf(u"a"_s)}, u"incidents"_s);
    QTRY_COMPARE(m_other->arrived.size(), 1);
    m_desk->intend({messageOf(u"b"_s)}, u"incidents"_s);
    QTRY_COMPARE(m_other->arrived.size(), 2);
    m_desk->dispatcher->resume(u"incidents"_s);
    m_desk->intend({messageOf(u"c"_s)}, u"incidents"_s);
    QTRY_COMPARE(m_channel->arrived.size(), 1);
    QCOMPARE(m_channel->arrived.first().event, u"c"_s);
}

void LimitsTest::aDoubtfulMessageIsMarkedWhenHandedOver() {
    m_desk->dispatcher->setFallback(u"incidents"_s, u"ops"_s);
    m_other->safe = true;  // it would recognise its own, not those of another channel
    m_channel->safe = true;
    m_channel->script = {{Kind::Lost}, failing(ErrorCode::Auth)};
    QVERIFY(m_desk->start());
    m_desk->intend({messageOf(u"a"_s)}, u"incidents"_s);
    m_desk->settle();
    QCOMPARE(m_other->arrived.size(), 1);
    QVERIFY(m_other->arrived.first().possibleRepeat);
}

void LimitsTest::anEditHandedOverIsPosted() {
    m_channel->edits = m_other->edits = true;
    m_desk->dispatcher->setFallback(u"incidents"_s, u"ops"_s);
    m_channel->script = {{}, failing(ErrorCode::Auth)};
    QVERIFY(m_desk->start());
    m_desk->intend({messageOf(u"card"_s)}, u"incidents"_s);
    m_desk->settle();
    m_desk->intend({messageOf(u"card-2"_s, u"card"_s)}, u"incidents"_s);
    m_desk->settle();
    QCOMPARE(eventsOf(m_other->arrived), QStringList{u"card-2"_s});
    m_desk->intend({messageOf(u"card-3"_s, u"card"_s)}, u"incidents"_s);
    m_desk->settle();
    QCOMPARE(m_other->arrived.size(), 1);
    QCOMPARE(m_other->edited.size(), 1);  // and edited where it went
}

void LimitsTest::twoStoppedChannelsKeep() {
    m_desk->dispatcher->setFallback(u"incidents"_s, u"ops"_s);
    m_desk->dispatcher->setFallback(u"ops"_s, u"incidents"_s);
    m_channel->script = {failing(ErrorCode::Auth)};
    m_other->script = {failing(ErrorCode::Auth)};
    QVERIFY(m_desk->start());
    m_desk->intend({messageOf(u"a"_s)}, u"incidents"_s);
    QTRY_COMPARE(m_other->posted.size(), 1);
    QTRY_VERIFY(m_desk->entry(u"a"_s).answer.startsWith(u"waiting: channel stopped"));
    m_desk->settle();
    QCOMPARE(m_channel->posted.size() + m_other->posted.size(), 2);
    m_desk->dispatcher->resume(u"ops"_s);
    QTRY_COMPARE(m_other->arrived.size(), 1);
}

void LimitsTest::aMendedFallbackTakesWhatWaits() {
    m_desk->dispatcher->setFallback(u"incidents"_s, u"ops"_s);
    m_channel->script = {failing(ErrorCode::Auth)};
    m_other->script = {failing(ErrorCode::Auth)};
    QVERIFY(m_desk->start());
    m_desk->intend({messageOf(u"x"_s)}, u"ops"_s);
    QTRY_VERIFY(m_desk->entry(u"x"_s).answer.startsWith(u"waiting: channel stopped"));
    m_desk->intend({messageOf(u"a"_s)}, u"incidents"_s);
    QTRY_VERIFY(m_desk->entry(u"a"_s).answer.startsWith(u"waiting: channel stopped"));
    m_desk->settle();
    m_desk->dispatcher->resume(u"ops"_s);
    QTRY_COMPARE(eventsOf(m_other->arrived), QStringList({u"x"_s, u"a"_s}));
}

void LimitsTest::handingOverIsTriedAgain() {
    m_desk->dispatcher->setFallback(u"incidents"_s, u"ops"_s);
    m_channel->script = {failing(ErrorCode::Auth)};
    const auto run = [this](const QString& sql) {
        QVERIFY(await(m_desk->db->write<void>([sql](store::Transaction& tx) -> Result<void> {
            if (auto done = tx.run(sql); !done) return tl::unexpected<Error>(done.error());
            return {};
        })));
    };
    run(u"CREATE TRIGGER broken BEFORE UPDATE OF channel ON ledger "
        "BEGIN SELECT RAISE(ABORT, 'no'); END"_s);
    QSignalSpy failed(m_desk->dispatcher.get(), &Dispatcher::storeFailed);
    QVERIFY(m_desk->start());
    m_desk->intend({messageOf(u"a"_s)}, u"incidents"_s);
    QTRY_VERIFY(!failed.isEmpty());
    run(u"DROP TRIGGER broken"_s);
    m_desk->clock.advance(2s);
    QTRY_COMPARE(m_other->arrived.size(), 1);
}

void LimitsTest::aFailedMessageStays() {
    m_desk->dispatcher->setFallback(u"incidents"_s, u"ops"_s);
    m_channel->script = {failing(ErrorCode::Refused)};
    QVERIFY(m_desk->start());
    m_desk->intend({messageOf(u"a"_s), messageOf(u"b"_s)}, u"incidents"_s);
    m_desk->settle();
    QCOMPARE(m_desk->entry(u"a"_s).state, EntryState::Failed);
    QCOMPARE(m_other->posted.size(), 0);
}

QTEST_GUILESS_MAIN(LimitsTest)
#include "tst_limits.moc"
