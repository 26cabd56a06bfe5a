#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "escalation/engine.h"
#include "escalation/ladderstore.h"
#include "escalation/planner.h"
#include "incidents/events.h"
#include "tests/delivery/stubnotifier.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace tocsin::escalation;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using incidents::Priority;
using tocsin::test::await;
using tocsin::test::StubNotifier;

namespace {

Policy policy() {
    Policy policy;
    policy.channel = u"incidents"_s;
    policy.levels = {{u"Primary on-call"_s, 0min, u"on-call-primary"_s, {}, {}},
                     {u"Secondary on-call"_s, 15min, u"on-call-secondary"_s, {}, {}},
                     {u"Engineering lead"_s, 30min, u"on-call-team"_s, {}, 15min}};
    policy.start = {{u"P1"_s, 2}};
    return policy;
}

incidents::Declaration declaration(Priority priority) {
    incidents::Declaration said;
    said.title = u"Database connections exhausted"_s;
    said.priority = priority;
    said.commander = u"commander"_s;
    said.keys = QStringList{u"database_connections"_s};
    return said;
}

QStringList events(const QVector<Message>& messages) {
    QStringList out;
    for (const Message& message : messages)
        out.append(message.event);
    return out;
}

}  // namespace

class EngineTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void declaringPagesTheStartLevel();
    void anIncidentNeedsATitle();
    void levelsFireAtTheirTime();
    void anOutageOfTheConsoleIsMadeUpFor();
    void aClockJumpFiresAtOnce();
    void holdingNeedsAReasonAndATime();
    void aHoldEndsByItself();
    void acknowledgingStopsTheLadder();
    void byHandPagesTheNextUntilThereIsNone();
    void resolvingClosesAndTells();
    void whatIsResolvedStaysSo();
    void aFailedPageIsOnTheLadder();
    void aStoppedChannelIsOnTheRung();
    void anOutcomeFromBeforeTheCrashIsRecorded();
    void advanceAndIntentAreOneTransaction();
    void postsAreOnTheTimelineAndInTheLedger();
    void aPostWithoutAnIncidentIsOnlySent();
    void twoProcessesShareOneStore();
    void behavesLikeTheModel();

private:
    void open();
    void close();
    QString declare(Priority priority);
    void settle();
    void advance(std::chrono::milliseconds by);
    RungState state(const QString& id, int level) {
        return m_engine->ladder(id).rungs.value(level - 1).state;
    }
    QStringList kinds(const QString& id);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestClock> m_clock;
    std::unique_ptr<store::Database> m_db;
    std::unique_ptr<incidents::Journal> m_journal;
    std::unique_ptr<delivery::Dispatcher> m_dispatcher;
    std::unique_ptr<Engine> m_engine;
    StubNotifier* m_channel = nullptr;  // owned by the dispatcher
};

void EngineTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_clock = std::make_unique<TestClock>();
    open();
}

void EngineTest::cleanup() {
    close();
}

void EngineTest::open() {
    m_db = std::move(*store::Database::open(m_folder->filePath(u"tocsin.db"_s)));
    m_journal = std::make_unique<incidents::Journal>(*m_db, *m_clock);
    m_dispatcher = std::make_unique<delivery::Dispatcher>(*m_db, *m_clock);
    m_engine = std::make_unique<Engine>(*m_db, *m_journal, policy(), *m_clock);
    auto channel = std::make_unique<StubNotifier>();
    m_channel = channel.get();
    m_dispatcher->addChannel(u"incidents"_s, std::move(channel));
    m_engine->attach(*m_dispatcher);
    QVERIFY(await(m_journal->load()));
    QVERIFY(await(m_dispatcher->start()));
    QVERIFY(await(m_engine->start()));
    settle();
}

void EngineTest::close() {
    m_engine.reset();
    m_dispatcher.reset();
    m_journal.reset();
    m_db.reset();
}

QString EngineTest::declare(Priority priority) {
    const auto id = await(m_engine->declare(declaration(priority)));
    settle();
    return id.value_or(QString());
}

void EngineTest::settle() {
    // Each round: what the store has queued, then what its answers set in motion, then what is due
    // at once, which a standing clock would not run.
    for (int quiet = 0; quiet < 4; ++quiet) {
        m_db->drain();
        QCoreApplication::processEvents();
        m_clock->advance(m_dispatcher->isBusy() ? 100ms : 1ms);
        if (m_dispatcher->isBusy()) quiet = 0;
    }
}

void EngineTest::advance(std::chrono::milliseconds by) {
    m_clock->advance(by);
    settle();
}

QStringList EngineTest::kinds(const QString& id) {
    QStringList out;
    const auto events = await(m_journal->timeline(id));
    for (const auto& event : *events)
        out.append(event.kind);
    return out;
}

void EngineTest::declaringPagesTheStartLevel() {
    const QString id = declare(Priority::P1);
    QCOMPARE(id, u"INC-1"_s);
    QCOMPARE(events(m_channel->arrived), QStringList{u"INC-1/level-2"_s});
    QCOMPARE(m_channel->arrived.first().mentions, QStringList{u"on-call-secondary"_s});
    QCOMPARE(m_channel->arrived.first().embeds.size(), 1);
    QCOMPARE(state(id, 1), RungState::Skipped);
    QCOMPARE(state(id, 2), RungState::Delivered);
    QCOMPARE(state(id, 3), RungState::Waiting);
    QCOMPARE(kinds(id), QStringList({u"declared"_s, u"paged"_s, u"delivered"_s}));
    QCOMPARE(m_journal->open().size(), 1);
    QCOMPARE(m_journal->find(id)->channel, u"incidents"_s);
    QCOMPARE(declare(Priority::P2), u"INC-2"_s);
}

void EngineTest::anIncidentNeedsATitle() {
    QSignalSpy failed(m_engine.get(), &Engine::failed);
    incidents::Declaration said = declaration(Priority::P1);
    said.title = u"  "_s;
    QVERIFY(!await(m_engine->declare(said)));
    QCOMPARE(failed.size(), 1);
    QVERIFY(m_journal->open().isEmpty());
}

void EngineTest::levelsFireAtTheirTime() {
    const QString id = declare(Priority::P2);
    advance(14min);
    QCOMPARE(m_channel->arrived.size(), 1);
    advance(1min);
    QCOMPARE(m_channel->arrived.last().event, u"INC-1/level-2"_s);
    advance(15min);
    QCOMPARE(m_channel->arrived.last().event, u"INC-1/level-3"_s);
    advance(15min);
    QCOMPARE(m_channel->arrived.last().event, u"INC-1/level-3/again-2"_s);
    QVERIFY(!m_channel->arrived.last().text.contains(u"late"_s));
    QCOMPARE(state(id, 3), RungState::Delivered);
}

void EngineTest::anOutageOfTheConsoleIsMadeUpFor() {
    const QString id = declare(Priority::P2);
    close();
    m_clock->advance(27min);
    open();
    QCOMPARE(events(m_channel->arrived), QStringList{u"INC-1/level-2"_s});
    QVERIFY2(m_channel->arrived.first().text.contains(u"late by 12 min"_s),
             qPrintable(m_channel->arrived.first().text));
    QVERIFY(m_engine->ladder(id).rungs.at(1).note.startsWith(u"late by 12 min"_s));
    advance(3min);
    QCOMPARE(m_channel->arrived.last().event, u"INC-1/level-3"_s);
}

void EngineTest::aClockJumpFiresAtOnce() {
    declare(Priority::P2);
    m_clock->jump(20min);
    settle();
    QCOMPARE(m_channel->arrived.last().event, u"INC-1/level-2"_s);
    QVERIFY(m_channel->arrived.last().text.contains(u"late by 5 min"_s));
    m_clock->jump(-20min);
    settle();
    QCOMPARE(m_channel->arrived.size(), 2);
    // Absolute deadlines: the third is due 30 minutes after the declaration by the wall clock.
    advance(29min);
    QCOMPARE(m_channel->arrived.size(), 2);
    advance(1min);
    QCOMPARE(m_channel->arrived.last().event, u"INC-1/level-3"_s);
}

void EngineTest::holdingNeedsAReasonAndATime() {
    const QString id = declare(Priority::P2);
    const QDateTime now = m_clock->now();
    QVERIFY(!await(m_engine->hold(id, u"commander"_s, u""_s, now.addSecs(60))));
    QVERIFY(!await(m_engine->hold(id, u"commander"_s, u"reason"_s, now)));
    QVERIFY(!await(m_engine->hold(id, u"commander"_s, u"reason"_s, {})));
    QVERIFY(!await(m_engine->hold(u"INC-9"_s, u"commander"_s, u"reason"_s, now.addSecs(60))));
    QVERIFY(!m_engine->ladder(id).held);
}

void EngineTest::aHoldEndsByItself() {
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

void EngineTest::acknowledgingStopsTheLadder() {
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->acknowledge(id, u"ben"_s)));
    QVERIFY(await(m_engine->acknowledge(id, u"ben"_s)));  // twice is once
    advance(24h);
    QCOMPARE(m_channel->arrived.size(), 1);
    QCOMPARE(kinds(id).count(u"acknowledged"_s), 1);
    QCOMPARE(m_journal->find(id)->phase, incidents::Phase::Assess);
    QVERIFY(m_journal->find(id)->acknowledgedAt.isValid());
}

void EngineTest::byHandPagesTheNextUntilThereIsNone() {
    const QString id = declare(Priority::P1);
    QVERIFY(await(m_engine->escalateNow(id, u"commander"_s)));
    settle();
    QCOMPARE(m_channel->arrived.last().event, u"INC-1/level-3"_s);
    QVERIFY(m_channel->arrived.last().text.contains(u"by hand"_s));
    const auto again = await(m_engine->escalateNow(id, u"commander"_s));
    QVERIFY(!again);
    QVERIFY(again.error().message.contains(u"nobody above"_s));
}

void EngineTest::resolvingClosesAndTells() {
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

void EngineTest::whatIsResolvedStaysSo() {
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->resolve(id, u"commander"_s, {})));
    for (const auto& late :
         {await(m_engine->acknowledge(id, u"x"_s)), await(m_engine->escalateNow(id, u"x"_s)),
          await(m_engine->resolve(id, u"x"_s, {}))}) {
        QVERIFY(!late);
        QVERIFY(late.error().message.contains(u"resolved already"_s));
    }
}

void EngineTest::aFailedPageIsOnTheLadder() {
    m_channel->script = {{StubNotifier::Kind::Fails, {ErrorCode::Refused, u"Too odd."_s, {}}}};
    const QString id = declare(Priority::P2);
    QCOMPARE(state(id, 1), RungState::Failed);
    QCOMPARE(m_engine->ladder(id).rungs.first().note, u"Too odd."_s);
    QVERIFY(kinds(id).contains(u"failed"_s));
    advance(15min);  // the next level is paged all the same
    QCOMPARE(state(id, 2), RungState::Delivered);
}

void EngineTest::aStoppedChannelIsOnTheRung() {
    m_channel->script = {{StubNotifier::Kind::Fails, {ErrorCode::NotFound, u"No webhook."_s, {}}}};
    const QString id = declare(Priority::P2);
    QCOMPARE(state(id, 1), RungState::Paged);
    QTRY_VERIFY(m_engine->ladder(id).rungs.first().note.contains(u"No webhook."_s));
    m_dispatcher->resume(u"incidents"_s);
    settle();
    QCOMPARE(state(id, 1), RungState::Delivered);
}

void EngineTest::anOutcomeFromBeforeTheCrashIsRecorded() {
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

void EngineTest::advanceAndIntentAreOneTransaction() {
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

void EngineTest::postsAreOnTheTimelineAndInTheLedger() {
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

void EngineTest::aPostWithoutAnIncidentIsOnlySent() {
    Message message;
    message.text = u"Does this channel work?"_s;
    message.event = u"test/1"_s;
    QVERIFY(await(m_engine->post({}, u"incidents"_s, message, u"commander"_s)));
    settle();
    QCOMPARE(events(m_channel->arrived), QStringList{u"test/1"_s});
    QVERIFY(m_journal->open().isEmpty());
}

void EngineTest::twoProcessesShareOneStore() {
    // The second one stands for a command that runs beside the console.
    const auto db = std::move(*store::Database::open(m_folder->filePath(u"tocsin.db"_s)));
    incidents::Journal journal(*db, *m_clock);
    Engine other(*db, journal, policy(), *m_clock);
    QVERIFY(await(other.follow()));
    const QString id = await(other.declare(declaration(Priority::P1))).value();
    const auto passes = [this](const std::function<bool()>& holds) {
        m_clock->advance(500ms);
        m_db->drain();
        QCoreApplication::processEvents();
        return holds();
    };
    QTRY_VERIFY(passes([&] { return state(id, 2) == RungState::Delivered; }));
    QTRY_VERIFY(passes([&] { return m_journal->find(id) != nullptr; }));
    QCOMPARE(events(m_channel->arrived), QStringList{u"INC-1/level-2"_s});
    QTRY_VERIFY(passes([&] { return other.ladder(id).rungs.at(1).state == RungState::Delivered; }));
    QVERIFY(await(other.resolve(id, u"ben"_s, {})));
    QTRY_VERIFY(passes([&] { return m_engine->ladder(id).closed; }));
    QTRY_VERIFY(passes([&] { return m_journal->open().isEmpty(); }));
    QTRY_COMPARE(events(m_channel->arrived),
                 QStringList({u"INC-1/level-2"_s, u"INC-1/resolved"_s}));
}

/// Random commands and random time against the pure rules alone.
void EngineTest::behavesLikeTheModel() {
    QRandomGenerator random(42);
    for (int round = 0; round < 12; ++round) {
        const Priority priority = random.bounded(2) ? Priority::P1 : Priority::P3;
        const QString id = declare(priority);
        Ladder model = plan(policy(), id, priority, m_clock->now());
        QStringList pages;
        const auto fire = [&] {
            if (holdIsOver(model, m_clock->now())) model = unheld(model);
            for (const Page& page : due(model, m_clock->now())) {
                pages.append(u"%1:%2"_s.arg(page.level).arg(page.times));
                model = paged(model, page, u"e"_s, m_clock->now());
            }
        };
        fire();
        for (int step = 0; step < 15 && !model.closed; ++step) {
            switch (random.bounded(7)) {
                case 0:
                    if (await(m_engine->acknowledge(id, u"a"_s)) && !model.acknowledgedAt.isValid())
                        model = acknowledged(model, u"a"_s, m_clock->now());
                    break;
                case 1: {
                    const QDateTime until = m_clock->now().addSecs(random.bounded(1, 3000));
                    QVERIFY(await(m_engine->hold(id, u"a"_s, u"r"_s, until)));
                    model = held(model, u"r"_s, until);
                    break;
                }
                case 2:
                    QVERIFY(await(m_engine->release(id, u"a"_s)));
                    if (model.held) model = released(model, m_clock->now());
                    break;
                case 3: {
                    const auto next = nextByHand(model, m_clock->now());
                    QCOMPARE(bool(await(m_engine->escalateNow(id, u"a"_s))), next.has_value());
                    if (!next) break;
                    pages.append(u"%1:%2"_s.arg(next->level).arg(next->times));
                    model = paged(model, *next, u"e"_s, m_clock->now());
                    break;
                }
                case 4:
                    close();
                    m_clock->advance(std::chrono::seconds(random.bounded(1200)));
                    open();
                    break;
                default:
                    advance(std::chrono::seconds(random.bounded(30)));
                    break;
            }
            settle();
            fire();
        }
        QVERIFY(await(m_engine->resolve(id, u"a"_s, {})));
        settle();
        QStringList actual;
        const auto messages = await(m_engine->messages(id)).value();
        for (const auto& entry : messages) {
            QCOMPARE(entry.state, delivery::EntryState::Confirmed);
            if (!entry.event.contains(u"/level-"_s)) continue;
            const QString level = entry.event.section(u"/level-"_s, 1).section(u'/', 0, 0);
            const QString times = entry.event.section(u"/again-"_s, 1);
            actual.append(level + u':' + (times.isEmpty() ? u"1"_s : times));
        }
        QCOMPARE(actual, pages);
    }
}

QTEST_GUILESS_MAIN(EngineTest)
#include "tst_engine.moc"
