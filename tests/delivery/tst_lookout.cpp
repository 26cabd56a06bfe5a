#include <QSignalSpy>

#include "delivery/lookout.h"
#include "tests/delivery/deliverydesk.h"

using namespace tocsin;
using namespace tocsin::delivery;
using namespace tocsin::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Messages that somebody deletes or changes over there.
class LookoutTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void looksAtOneAtATimeInTurn();
    void noticesWhatIsGone();
    void whatWasEditedIsLookedAtOnce();
    void leavesOldOnesAlone();
    void stops();

private:
    void turn() {
        m_desk->clock.advance(15s);
        for (int i = 0; i < 4; ++i)
            m_desk->step();
    }
    std::unique_ptr<DeliveryDesk> m_desk;
    std::unique_ptr<Lookout> m_lookout;
    StubNotifier* m_channel = nullptr;
};

void LookoutTest::init() {
    m_desk = std::make_unique<DeliveryDesk>();
    m_channel = m_desk->addChannel(u"incidents"_s);
    m_channel->edits = true;
    m_lookout = std::make_unique<Lookout>(*m_desk->db, m_desk->clock, *m_desk->dispatcher);
    QVERIFY(m_desk->start());
    m_desk->intend({messageOf(u"a"_s), messageOf(u"b"_s)}, u"incidents"_s);
    m_desk->settle();
    m_lookout->start({});
}

void LookoutTest::cleanup() {
    m_lookout.reset();
}

void LookoutTest::looksAtOneAtATimeInTurn() {
    for (int i = 1; i <= 4; ++i) {
        turn();
        QTRY_COMPARE(m_channel->lookedAt.size(), i);
    }
    QCOMPARE(m_channel->lookedAt,
             QStringList({u"remote-1"_s, u"remote-2"_s, u"remote-1"_s, u"remote-2"_s}));
}

void LookoutTest::noticesWhatIsGone() {
    QSignalSpy noticed(m_lookout.get(), &Lookout::noticed);
    m_channel->sightings.insert(u"remote-1"_s, Sighting::Gone);
    turn();
    QTRY_COMPARE(noticed.size(), 1);
    const Entry entry = noticed.first().first().value<Entry>();
    QCOMPARE(entry.event, u"a"_s);
    QVERIFY(await(m_desk->db->write<Entry>(
        [id = entry.id, now = m_desk->clock.now()](store::Transaction& tx) {
            return Ledger::looked(tx, id, Sighting::Gone, now);
        })));
    QCOMPARE(m_desk->entry(u"a"_s).seen, u"gone"_s);
    turn();
    turn();
    QTRY_COMPARE(m_channel->lookedAt.size(), 3);
    QCOMPARE(m_channel->lookedAt.mid(1), QStringList({u"remote-2"_s, u"remote-2"_s}));
    QCOMPARE(noticed.size(), 1);
}

void LookoutTest::whatWasEditedIsLookedAtOnce() {
    m_desk->intend({messageOf(u"a-2"_s, u"a"_s)}, u"incidents"_s);
    m_desk->settle();
    const qsizetype before = m_channel->lookedAt.size();
    turn();
    turn();
    QTRY_COMPARE(m_channel->lookedAt.size(), before + 2);
    const QStringList looked = m_channel->lookedAt.mid(before);
    QCOMPARE(QSet<QString>(looked.begin(), looked.end()).size(), 2);
}

void LookoutTest::leavesOldOnesAlone() {
    m_desk->clock.jump(48h);
    turn();
    QCOMPARE(m_channel->lookedAt.size(), 0);
}

void LookoutTest::stops() {
    m_lookout->stop();
    turn();
    QCOMPARE(m_channel->lookedAt.size(), 0);
}

QTEST_GUILESS_MAIN(LookoutTest)
#include "tst_lookout.moc"
