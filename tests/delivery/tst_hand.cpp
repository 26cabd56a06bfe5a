#include "tests/delivery/deliverydesk.h"

using namespace tocsin;
using namespace tocsin::delivery;
using namespace tocsin::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Kind = StubNotifier::Kind;

/// What a person does to a message: send it again, call it back.
class HandTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void aDeliveredMessageGoesOutMarked();
    void aFailedMessageIsTriedUnderItsOwnEvent();
    void aWaitingMessageGoesAtOnce();
    void aDoubtfulMessageStaysMarked();
    void aCalledBackMessageDoesNotLeave();
    void callingBackInDoubtSaysSo();
    void whatIsOnItsWayCannotBeTouched();
    void aRowOfRepeatsHasEventsOfItsOwn();
    void theLaddersOwnRepeatsStayApart();

private:
    void intend(const QString& event) { m_desk->intend({messageOf(event)}, u"incidents"_s); }
    Result<Entry> again(const QString& event) {
        const qint64 id = m_desk->entry(event).id;
        const auto entry =
            await(m_desk->db->write<Entry>([id, now = m_desk->clock.now()](store::Transaction& tx) {
                return Ledger::again(tx, id, u"ada"_s, now);
            }));
        m_desk->dispatcher->wake();
        m_desk->dispatcher->hurry(u"incidents"_s);
        return entry;
    }
    Result<Entry> callBack(const QString& event) {
        const qint64 id = m_desk->entry(event).id;
        return await(
            m_desk->db->write<Entry>([id, now = m_desk->clock.now()](store::Transaction& tx) {
                return Ledger::calledBack(tx, id, u"ada"_s, now);
            }));
    }
    std::unique_ptr<DeliveryDesk> m_desk;
    StubNotifier* m_channel = nullptr;
};

void HandTest::init() {
    m_desk = std::make_unique<DeliveryDesk>();
    m_channel = m_desk->addChannel(u"incidents"_s);
    QVERIFY(m_desk->start());
}

void HandTest::aDeliveredMessageGoesOutMarked() {
    intend(u"a"_s);
    m_desk->settle();
    const auto repeat = again(u"a"_s);
    QVERIFY(repeat);
    QCOMPARE(repeat->event, u"a/resent-1"_s);
    m_desk->settle();
    QCOMPARE(m_channel->arrived.size(), 2);
    QVERIFY(m_channel->arrived.last().possibleRepeat);
    QCOMPARE(m_desk->entry(u"a"_s).state, EntryState::Confirmed);
    QCOMPARE(m_desk->entry(u"a/resent-1"_s).state, EntryState::Confirmed);
}

void HandTest::aFailedMessageIsTriedUnderItsOwnEvent() {
    m_channel->script = {{Kind::Fails, Error{ErrorCode::Refused, u"too long"_s, {}}}};
    intend(u"a"_s);
    m_desk->settle();
    QCOMPARE(m_desk->entry(u"a"_s).state, EntryState::Failed);
    QVERIFY(again(u"a"_s));
    m_desk->settle();
    QCOMPARE(m_desk->entry(u"a"_s).state, EntryState::Confirmed);
    QCOMPARE(m_desk->entry(u"a"_s).tries, 2);
    QVERIFY(!m_channel->arrived.first().possibleRepeat);  // it certainly was not there
}

void HandTest::aWaitingMessageGoesAtOnce() {
    Error limited{ErrorCode::RateLimited, u"wait"_s, {}};
    limited.retryAfter = 600s;
    m_channel->script = {{Kind::Fails, limited}};
    intend(u"a"_s);
    QTRY_VERIFY(m_desk->entry(u"a"_s).notBefore.isValid());
    QVERIFY(again(u"a"_s));
    QTRY_COMPARE(m_channel->arrived.size(), 1);  // no time has passed
}

void HandTest::aDoubtfulMessageStaysMarked() {
    m_channel->script = {{Kind::Lost}};
    intend(u"a"_s);
    QTRY_COMPARE(m_desk->entry(u"a"_s).state, EntryState::InDoubt);
    QVERIFY(again(u"a"_s));
    QTRY_COMPARE(m_channel->arrived.size(), 2);
    QVERIFY(m_channel->arrived.last().possibleRepeat);
}

void HandTest::aCalledBackMessageDoesNotLeave() {
    Error busy{ErrorCode::Unavailable, u"busy"_s, {}};
    m_channel->script = {{Kind::Fails, busy}};
    intend(u"a"_s);
    intend(u"b"_s);
    QTRY_VERIFY(m_desk->entry(u"a"_s).notBefore.isValid());
    const auto called = callBack(u"a"_s);
    QVERIFY(called);
    QVERIFY(called->answer.contains(u"it did not leave"_s));
    m_desk->settle();
    QCOMPARE(eventsOf(m_channel->arrived), QStringList{u"b"_s});
    QCOMPARE(m_desk->entry(u"a"_s).state, EntryState::Cancelled);
    QVERIFY(again(u"a"_s));  // and thought better of
    m_desk->settle();
    QCOMPARE(eventsOf(m_channel->arrived), QStringList({u"b"_s, u"a"_s}));
}

void HandTest::callingBackInDoubtSaysSo() {
    m_channel->script = {{Kind::Lost}};
    intend(u"a"_s);
    QTRY_COMPARE(m_desk->entry(u"a"_s).state, EntryState::InDoubt);
    const auto called = callBack(u"a"_s);
    QVERIFY(called);
    QVERIFY(called->answer.contains(u"may have arrived"_s));
    m_desk->settle();
    QCOMPARE(m_channel->posted.size(), 1);
}

void HandTest::whatIsOnItsWayCannotBeTouched() {
    m_channel->script = {{Kind::Stalls}};
    intend(u"a"_s);
    QTRY_VERIFY(m_channel->isStalled());
    QCOMPARE(again(u"a"_s).error().code, ErrorCode::Refused);
    QCOMPARE(callBack(u"a"_s).error().code, ErrorCode::Refused);
    m_channel->letGo();
    m_desk->settle();
    QCOMPARE(callBack(u"a"_s).error().code, ErrorCode::Refused);
}

void HandTest::aRowOfRepeatsHasEventsOfItsOwn() {
    intend(u"a_b"_s);
    intend(u"axb"_s);
    m_desk->settle();
    QCOMPARE(again(u"a_b"_s)->event, u"a_b/resent-1"_s);
    m_desk->settle();
    QCOMPARE(again(u"a_b/resent-1"_s)->event, u"a_b/resent-2"_s);
    QCOMPARE(again(u"axb"_s)->event, u"axb/resent-1"_s);
    m_desk->settle();
    QCOMPARE(m_channel->arrived.size(), 5);
}

void HandTest::theLaddersOwnRepeatsStayApart() {
    intend(u"INC-1/level-3"_s);
    intend(u"INC-1/level-3/again-2"_s);
    m_desk->settle();
    QCOMPARE(again(u"INC-1/level-3"_s)->event, u"INC-1/level-3/resent-1"_s);
    QCOMPARE(again(u"INC-1/level-3/again-2"_s)->event, u"INC-1/level-3/again-2/resent-1"_s);
    QCOMPARE(again(u"INC-1/level-3"_s)->event, u"INC-1/level-3/resent-2"_s);
    m_desk->settle();
    QCOMPARE(m_channel->arrived.size(), 5);
    intend(u"INC-1/level-3/again-3"_s);  // the ladder goes on counting
    m_desk->settle();
    QCOMPARE(m_channel->arrived.last().event, u"INC-1/level-3/again-3"_s);
    intend(u"x/resent-2"_s);  // whoever gave that name: it is said, not swallowed
    intend(u"x"_s);
    m_desk->settle();
    const auto refused = again(u"x"_s);
    QVERIFY(!refused);
    QVERIFY(refused.error().message.contains(u"nothing was sent"_s));
}

QTEST_GUILESS_MAIN(HandTest)
#include "tst_hand.moc"
