#include "delivery/taking.h"
#include "tests/delivery/deliverydesk.h"

using namespace tocsin;
using namespace tocsin::delivery;
using namespace Qt::StringLiterals;
using namespace tocsin::test;
using Kind = StubNotifier::Kind;

namespace {

StubNotifier::Answer refusing() {
    return {Kind::Fails, Error{ErrorCode::Refused, u"It was deleted."_s, {}}};
}

}  // namespace

/// Messages that replace an earlier one, and messages that go to a thread.
class EditsTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void anEditGoesToWhatWasConfirmed();
    void anEditWaitsForItsMessage();
    void unsentEditsAreFolded();
    void foldingKeepsOtherMessagesAndTheirOrder();
    void anEditWhoseMessageNeverArrivedIsPosted();
    void whatWasDeletedIsPostedAnewAndEditedThere();
    void aChannelWithoutEditsPosts();
    void anEditIsRepeatedWithoutAMark();
    void aThreadHangsOnWhatWasConfirmed();
    void anEditStaysInItsThread();
    void partsOfAnEditReplaceTheSameParts();
    void whatIsFoundTakenKeepsItsAim();

private:
    void intend(const QVector<Message>& messages) { m_desk->intend(messages, u"incidents"_s); }
    Entry entry(const QString& event) { return m_desk->entry(event); }
    void start() { QVERIFY(m_desk->start()); }
    void settle() { m_desk->settle(); }

    std::unique_ptr<DeliveryDesk> m_desk;
    StubNotifier* m_channel = nullptr;  // owned by the dispatcher
};

void EditsTest::init() {
    m_desk = std::make_unique<DeliveryDesk>();
    m_channel = m_desk->addChannel(u"incidents"_s);
    m_channel->edits = true;
}

void EditsTest::anEditGoesToWhatWasConfirmed() {
    start();
    intend({messageOf(u"card"_s)});
    settle();
    intend({messageOf(u"card-2"_s, u"card"_s)});
    settle();
    QCOMPARE(m_channel->posted.size(), 1);
    QCOMPARE(m_channel->edited.size(), 1);
    QCOMPARE(m_channel->edited.first().first, u"remote-1"_s);
    QCOMPARE(entry(u"card-2"_s).state, EntryState::Confirmed);
    QCOMPARE(entry(u"card-2"_s).remoteId, u"remote-1"_s);
    QCOMPARE(entry(u"card-2"_s).replaces, u"card"_s);
}

void EditsTest::anEditWaitsForItsMessage() {
    m_channel->script = {{Kind::Fails, Error{ErrorCode::Unavailable, u"busy"_s, {}}},
                         {Kind::Fails, Error{ErrorCode::Unavailable, u"busy"_s, {}}}};
    intend({messageOf(u"card"_s), messageOf(u"card-2"_s, u"card"_s)});
    start();
    QTRY_COMPARE(entry(u"card"_s).tries, 1);
    QCOMPARE(entry(u"card-2"_s).tries, 0);
    settle();
    QCOMPARE(m_channel->edited.size(), 1);
    QCOMPARE(m_channel->edited.first().first, entry(u"card"_s).remoteId);
}

void EditsTest::unsentEditsAreFolded() {
    intend({messageOf(u"card"_s), messageOf(u"card-2"_s, u"card"_s),
            messageOf(u"card-3"_s, u"card"_s), messageOf(u"card-4"_s, u"card"_s)});
    start();
    settle();
    QCOMPARE(m_channel->edited.size(), 1);
    QCOMPARE(m_channel->edited.first().second.event, u"card-4"_s);
    for (const QString& event : {u"card-2"_s, u"card-3"_s}) {
        QCOMPARE(entry(event).state, EntryState::Folded);
        QVERIFY(entry(event).answer.contains(u"card-4"_s));
        QCOMPARE(entry(event).tries, 0);
    }
}

void EditsTest::foldingKeepsOtherMessagesAndTheirOrder() {
    intend({messageOf(u"card"_s), messageOf(u"other"_s), messageOf(u"card-2"_s, u"card"_s),
            messageOf(u"other-2"_s, u"other"_s), messageOf(u"update"_s),
            messageOf(u"card-3"_s, u"card"_s)});
    start();
    settle();
    QStringList posted;
    for (const Message& message : std::as_const(m_channel->posted))
        posted.append(message.event);
    QCOMPARE(posted, QStringList({u"card"_s, u"other"_s, u"update"_s}));
    QCOMPARE(m_channel->edited.size(), 2);
    QCOMPARE(m_channel->edited.at(0).second.event, u"other-2"_s);
    QCOMPARE(m_channel->edited.at(1).second.event, u"card-3"_s);
    QCOMPARE(m_channel->edited.at(1).first, u"remote-1"_s);
}

void EditsTest::anEditWhoseMessageNeverArrivedIsPosted() {
    m_channel->script = {refusing()};
    intend({messageOf(u"card"_s), messageOf(u"card-2"_s, u"card"_s),
            messageOf(u"x"_s, u"never heard of"_s)});
    start();
    settle();
    QCOMPARE(entry(u"card"_s).state, EntryState::Failed);
    QVERIFY(m_channel->edited.isEmpty());
    QCOMPARE(m_channel->arrived.size(), 2);
    QCOMPARE(m_channel->arrived.at(0).event, u"card-2"_s);
    QCOMPARE(m_channel->arrived.at(1).event, u"x"_s);
}

void EditsTest::whatWasDeletedIsPostedAnewAndEditedThere() {
    m_channel->script = {{}, refusing()};
    start();
    intend({messageOf(u"card"_s)});
    settle();
    intend({messageOf(u"card-2"_s, u"card"_s)});
    settle();
    QCOMPARE(m_channel->posted.size(), 2);
    QVERIFY(!m_channel->posted.last().possibleRepeat);
    const QString anew = entry(u"card-2"_s).remoteId;
    QVERIFY(anew != entry(u"card"_s).remoteId);
    intend({messageOf(u"card-3"_s, u"card"_s)});
    settle();
    QCOMPARE(m_channel->edited.last().first, anew);
}

void EditsTest::aChannelWithoutEditsPosts() {
    m_channel->edits = false;
    intend({messageOf(u"card"_s), messageOf(u"card-2"_s, u"card"_s),
            messageOf(u"card-3"_s, u"card"_s)});
    start();
    settle();
    QVERIFY(m_channel->edited.isEmpty());
    QCOMPARE(m_channel->arrived.size(), 2);  // what was needless on the way does not leave either
    QCOMPARE(m_channel->arrived.last().event, u"card-3"_s);
}

void EditsTest::anEditIsRepeatedWithoutAMark() {
    m_channel->script = {{}, {Kind::Lost}};
    intend({messageOf(u"card"_s), messageOf(u"card-2"_s, u"card"_s)});
    start();
    settle();
    QCOMPARE(m_channel->edited.size(), 2);
    QVERIFY(!m_channel->edited.last().second.possibleRepeat);
    QCOMPARE(entry(u"card-2"_s).state, EntryState::Confirmed);
}

void EditsTest::aThreadHangsOnWhatWasConfirmed() {
    Message update = messageOf(u"update"_s);
    update.thread = u"card"_s;
    Message lost = messageOf(u"lost"_s);
    lost.thread = u"never heard of"_s;
    intend({messageOf(u"card"_s), update, lost});
    start();
    settle();
    QCOMPARE(m_channel->threaded.size(), 1);
    QCOMPARE(m_channel->threaded.first().first, u"remote-1"_s);
    QCOMPARE(m_channel->arrived.size(), 3);  // without its thread it goes to the channel
}

void EditsTest::anEditStaysInItsThread() {
    Message update = messageOf(u"update"_s);
    update.thread = u"card"_s;
    intend({messageOf(u"card"_s), update, messageOf(u"update-2"_s, u"update"_s)});
    start();
    settle();
    QCOMPARE(m_channel->edited.size(), 1);
    QCOMPARE(m_channel->edited.first().second.thread, u"card"_s);
}

void EditsTest::partsOfAnEditReplaceTheSameParts() {
    m_channel->limit = 10;
    Message whole = messageOf(u"card-2"_s, u"card"_s);
    whole.text = QString(25, u'x');
    const auto parts = m_desk->dispatcher->split(u"incidents"_s, whole);
    QCOMPARE(parts.size(), 3);
    QCOMPARE(parts.at(0).replaces, u"card"_s);
    QCOMPARE(parts.at(1).replaces, u"card#2"_s);
    QCOMPARE(parts.at(2).event, u"card-2#3"_s);
}

void EditsTest::whatIsFoundTakenKeepsItsAim() {
    start();
    intend({messageOf(u"card"_s)});
    settle();
    Message edit = messageOf(u"card-2"_s, u"card"_s);
    const auto took = await(m_desk->db->write<Taken>(
        [&edit, now = m_desk->clock.now()](store::Transaction& tx) -> Result<Taken> {
            const Ability ability{false, true};
            auto kept = Ledger::intend(tx, {}, u"incidents"_s, edit, now);
            if (!kept) return tl::unexpected<Error>(kept.error());
            auto first = takeHead(tx, u"incidents"_s, now, 0, ability);
            if (!first) return first;
            return takeHead(tx, u"incidents"_s, now, 0, ability);  // the first answer got lost
        }));
    QVERIFY(took);
    QCOMPARE(took->entry->state, EntryState::Sending);
    QCOMPARE(took->entry->tries, 1);
    QVERIFY(took->target);
    QCOMPARE(took->target->id, u"remote-1"_s);
}

QTEST_GUILESS_MAIN(EditsTest)
#include "tst_edits.moc"
