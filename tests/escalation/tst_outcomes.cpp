// What became of the messages comes back to rungs and timeline; posts go out through the ledger.
#include <QSignalSpy>

#include "tests/escalation/enginerig.h"

using namespace tocsin;
using namespace tocsin::test;
using namespace Qt::StringLiterals;

class OutcomesTest : public EngineRig {
    Q_OBJECT
private slots:
    void init() { begin(); }
    void cleanup() { close(); }
    void aFailedPageIsOnTheLadder();
    void aStoppedChannelIsOnTheRung();
    void whatIsNotNeededAnyMoreDoesNotLeave_data();
    void whatIsNotNeededAnyMoreDoesNotLeave();
    void aPageThatWasCalledOffIsPagedAgainAfterASilence();
    void sendingAgainInDoubtIsOnTheRung();
    void callingBackIsOnTheRung();
    void anOutcomeIsRecordedAfterTheStoreRecovers();
    void anOutcomeFromBeforeTheCrashIsRecorded();
    void advanceAndIntentAreOneTransaction();
    void postsAreOnTheTimelineAndInTheLedger();
    void aPostWithoutAnIncidentIsOnlySent();
};

void OutcomesTest::aFailedPageIsOnTheLadder() {
    m_channel->script = {{StubNotifier::Kind::Fails, {ErrorCode::Refused, u"Too odd."_s, {}}}};
    const QString id = declare(Priority::P2);
    QCOMPARE(state(id, 1), RungState::Failed);
    QCOMPARE(m_engine->ladder(id).rungs.first().note, u"Too odd."_s);
    QVERIFY(kinds(id).contains(u"failed"_s));
    advance(15min);  // the next level is paged all the same
    QCOMPARE(state(id, 2), RungState::Delivered);
}

void OutcomesTest::aStoppedChannelIsOnTheRung() {
    m_channel->script = {{StubNotifier::Kind::Fails, {ErrorCode::NotFound, u"No webhook."_s, {}}}};
    const QString id = declare(Priority::P2);
    QCOMPARE(state(id, 1), RungState::Paged);
    QTRY_VERIFY(m_engine->ladder(id).rungs.first().note.contains(u"No webhook."_s));
    m_dispatcher->resume(u"incidents"_s);
    settle();
    QCOMPARE(state(id, 1), RungState::Delivered);
}

void OutcomesTest::whatIsNotNeededAnyMoreDoesNotLeave_data() {
    QTest::addColumn<bool>("isResolved");
    QTest::addColumn<bool>("untilResolved");
    QTest::addColumn<QStringList>("arrives");
    const QString page = u"INC-1/level-1"_s;
    QTest::newRow("acknowledged") << false << false << QStringList();
    QTest::newRow("acknowledged, until resolved") << false << true << QStringList{page};
    QTest::newRow("resolved") << true << false << QStringList{u"INC-1/resolved"_s};
    QTest::newRow("resolved, until resolved") << true << true << QStringList{u"INC-1/resolved"_s};
}

void OutcomesTest::whatIsNotNeededAnyMoreDoesNotLeave() {
    QFETCH(bool, isResolved);
    QFETCH(bool, untilResolved);
    QFETCH(QStringList, arrives);
    Policy policy = threeLevels();
    if (untilResolved) policy.levels[0].until = Until::Resolved;
    reopen(policy);
    m_channel->script = {{StubNotifier::Kind::Fails, {ErrorCode::NotFound, u"No webhook."_s, {}}}};
    const QString id = declare(Priority::P2);
    QCOMPARE(state(id, 1), RungState::Paged);
    if (isResolved)
        QVERIFY(await(m_engine->resolve(id, u"ada"_s, u"restarted"_s)));
    else
        QVERIFY(await(m_engine->acknowledge(id, u"ada"_s)));
    const bool isCalledOff = arrives != QStringList{u"INC-1/level-1"_s};
    QCOMPARE(state(id, 1), isCalledOff ? RungState::Cancelled : RungState::Paged);
    QCOMPARE(said(id, u"called_back"_s).isEmpty(), !isCalledOff);
    if (isCalledOff)
        QVERIFY(said(id, u"called_back"_s).contains(u"#incidents: a page had not left"_s));
    m_dispatcher->resume(u"incidents"_s);
    settle();
    QCOMPARE(arrived(), arrives);
}

void OutcomesTest::aPageThatWasCalledOffIsPagedAgainAfterASilence() {
    m_channel->script = {{StubNotifier::Kind::Fails, {ErrorCode::NotFound, u"No webhook."_s, {}}}};
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->acknowledge(id, u"ada"_s, 10min)));
    m_dispatcher->resume(u"incidents"_s);
    settle();
    QCOMPARE(arrived(), QStringList());
    advance(11min);
    QCOMPARE(arrived(), QStringList{u"INC-1/level-1/again-2"_s});
    QCOMPARE(state(id, 1), RungState::Delivered);
}

void OutcomesTest::sendingAgainInDoubtIsOnTheRung() {
    m_channel->script = {{StubNotifier::Kind::Swallowed},
                         {StubNotifier::Kind::Fails, {ErrorCode::Refused, u"Too odd."_s, {}}}};
    const QString id = declare(Priority::P2);
    QCOMPARE(state(id, 1), RungState::Failed);
    QVERIFY(await(m_engine->sendAgain(await(m_engine->messages(id))->first().id, u"ada"_s)));
    QCOMPARE(state(id, 1), RungState::Paged);
    settle();
    QCOMPARE(state(id, 1), RungState::Delivered);
}

void OutcomesTest::callingBackIsOnTheRung() {
    m_channel->script = {{StubNotifier::Kind::Fails, {ErrorCode::NotFound, u"No webhook."_s, {}}}};
    const QString id = declare(Priority::P2);
    const qint64 entry = await(m_engine->messages(id))->first().id;
    QVERIFY(await(m_engine->callBack(entry, u"ada"_s)));
    QCOMPARE(state(id, 1), RungState::Cancelled);
    QVERIFY(note(id, 1).contains(u"Called back by ada"_s));
    QVERIFY(await(m_engine->sendAgain(entry, u"ada"_s)));  // and thought better of
    QCOMPARE(state(id, 1), RungState::Paged);
}

void OutcomesTest::anOutcomeIsRecordedAfterTheStoreRecovers() {
    const auto run = [this](const QString& sql) {
        QVERIFY(await(m_db->write<void>([sql](store::Transaction& tx) -> Result<void> {
            if (auto done = tx.run(sql); !done) return tl::unexpected<Error>(done.error());
            return {};
        })));
    };
    run(u"CREATE TRIGGER broken BEFORE INSERT ON incident_events WHEN NEW.kind = 'delivered' "
        "BEGIN SELECT RAISE(ABORT, 'no'); END"_s);
    const QString id = declare(Priority::P2);
    QCOMPARE(arrived().size(), 1);
    QCOMPARE(state(id, 1), RungState::Paged);
    run(u"DROP TRIGGER broken"_s);
    advance(5s);
    QCOMPARE(state(id, 1), RungState::Delivered);
    QVERIFY(kinds(id).contains(u"delivered"_s));
}

void OutcomesTest::anOutcomeFromBeforeTheCrashIsRecorded() {
    m_channel->script = {{StubNotifier::Kind::Stalls}};
    const auto declared = m_engine->declare(declaration(Priority::P2));
    const QString id = await(declared).value();
    QTRY_VERIFY(m_channel->isStalled());
    close();
    // The ledger was confirmed, the timeline not yet: what a crash in between leaves.
    m_db = std::move(*store::Database::open(m_folder->filePath(u"tocsin.db"_s)));
    QVERIFY(await(m_db->write<delivery::Entry>([](store::Transaction& tx) {
        const auto entry = delivery::Ledger::head(tx, u"incidents"_s)->value();
        return delivery::Ledger::confirmed(tx, entry.id, u"r"_s, entry.createdAt);
    })));
    m_db.reset();
    open();
    QCOMPARE(state(id, 1), RungState::Delivered);
    QCOMPARE(kinds(id).count(u"delivered"_s), 1);
    close();
    open();
    QCOMPARE(kinds(id).count(u"delivered"_s), 1);
    QVERIFY(m_channel->posted.isEmpty());
}

void OutcomesTest::advanceAndIntentAreOneTransaction() {
    const QString id = declare(Priority::P2);
    const auto run = [this](const QString& sql) {
        QVERIFY(await(m_db->write<void>([sql](store::Transaction& tx) -> Result<void> {
            if (auto done = tx.run(sql); !done) return tl::unexpected<Error>(done.error());
            return {};
        })));
    };
    run(u"CREATE TRIGGER broken BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'no'); END"_s);
    QSignalSpy failed(m_engine.get(), &Engine::failed);
    advance(15min);
    QVERIFY(!failed.isEmpty());
    QCOMPARE(state(id, 2), RungState::Waiting);
    QCOMPARE(kinds(id).count(u"paged"_s), 1);
    run(u"DROP TRIGGER broken"_s);
    advance(10s);
    QCOMPARE(state(id, 2), RungState::Delivered);
    QCOMPARE(m_channel->arrived.last().event, u"INC-1/level-2"_s);
}

void OutcomesTest::postsAreOnTheTimelineAndInTheLedger() {
    const QString id = declare(Priority::P2);
    m_channel->limit = 10;
    Message message;
    message.text = u"0123456789abcdef"_s;
    const auto entry = await(m_engine->post(id, {}, message, u"commander"_s));
    QVERIFY(entry);
    settle();
    QCOMPARE(m_channel->arrived.size(), 3);
    QCOMPARE(m_channel->arrived.at(2).event, entry->event + u"#2"_s);
    QCOMPARE(await(m_engine->messages(id))->size(), 3);
    QVERIFY(kinds(id).contains(u"posted"_s));
    QVERIFY(m_journal->find(id)->lastUpdateAt.msecsTo(m_clock->now()) < 1000);
}

void OutcomesTest::aPostWithoutAnIncidentIsOnlySent() {
    Message message;
    message.text = u"Does this channel work?"_s;
    message.event = u"test/1"_s;
    QVERIFY(await(m_engine->post({}, u"incidents"_s, message, u"commander"_s)));
    settle();
    QCOMPARE(arrived(), QStringList{u"test/1"_s});
    QVERIFY(m_journal->open().isEmpty());
}

QTEST_GUILESS_MAIN(OutcomesTest)
#include "tst_outcomes.moc"
