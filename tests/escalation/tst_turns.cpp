// Reopened, merged, handed over: the ladder, the timeline and the channel go together.
#include <QTemporaryDir>
#include <QTest>

#include "escalation/engine.h"
#include "escalation/ladderstore.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace tocsin::escalation;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using incidents::Phase;
using incidents::Priority;
using tocsin::test::await;

class TurnsTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void reopeningStartsTheLadderAnew();
    void pagesOfTheLastRoundAreCalledOff();
    void aLevelThatThePolicyLostIsGone();
    void onlyTheResolvedIsReopened();
    void mergingStopsOneLadder();
    void mergingCallsOffItsPages();
    void nothingIsMergedIntoItself();
    void handingOverTellsTheChannel();

private:
    QString declare(const QString& title, const QStringList& keys);
    const incidents::Incident& incident(const QString& id) { return *m_journal->find(id); }
    QStringList sent();
    delivery::EntryState stateOf(const QString& event);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestClock> m_clock;
    std::unique_ptr<store::Database> m_db;
    std::unique_ptr<incidents::Journal> m_journal;
    std::unique_ptr<Engine> m_engine;
};

void TurnsTest::init() {
    Policy policy;
    policy.channel = u"incidents"_s;
    policy.levels = {{u"Primary"_s, 0min, u"primary"_s, {}, {}},
                     {u"Lead"_s, 30min, u"team"_s, {}, {}}};
    m_folder = std::make_unique<QTemporaryDir>();
    m_clock = std::make_unique<TestClock>();
    m_db = std::move(*store::Database::open(m_folder->filePath(u"tocsin.db"_s)));
    m_journal = std::make_unique<incidents::Journal>(*m_db, *m_clock);
    m_engine = std::make_unique<Engine>(*m_db, *m_journal, policy, *m_clock);
    QVERIFY(await(m_journal->load()));
    QVERIFY(await(m_engine->start()));
}

void TurnsTest::cleanup() {
    m_engine.reset();
    m_journal.reset();
    m_db.reset();
}

QString TurnsTest::declare(const QString& title, const QStringList& keys) {
    incidents::Declaration said;
    said.title = title;
    said.priority = Priority::P2;
    said.commander = u"ada"_s;
    said.keys = keys;
    said.alerts = {u"prod/"_s + keys.value(0)};
    return *await(m_engine->declare(said));
}

QStringList TurnsTest::sent() {
    QStringList out;
    const auto entries = await(m_db->read<QVector<delivery::Entry>>([](store::Transaction& tx) {
        auto all = delivery::Ledger::ofIncident(tx, u"INC-1"_s);
        return all;
    }));
    for (const delivery::Entry& entry : *entries)
        out << entry.event;
    return out;
}

delivery::EntryState TurnsTest::stateOf(const QString& event) {
    const auto entries = await(m_db->read<QVector<delivery::Entry>>(
        [](store::Transaction& tx) { return delivery::Ledger::ofIncident(tx, u"INC-1"_s); }));
    for (const delivery::Entry& entry : *entries)
        if (entry.event == event) return entry.state;
    return delivery::EntryState::Failed;
}

void TurnsTest::pagesOfTheLastRoundAreCalledOff() {
    const QString id = declare(u"Errors"_s, {u"error_rate"_s});
    QVERIFY(await(m_engine->resolve(id, u"ada"_s, u"rolled back"_s)));
    QVERIFY(await(m_engine->reopen(id, u"ada"_s, u"it is back"_s)));
    const QString page = u"INC-1/reopened-1/level-1"_s;
    QCOMPARE(stateOf(page), delivery::EntryState::Intent);
    QVERIFY(await(m_engine->acknowledge(id, u"ada"_s)));
    QCOMPARE(stateOf(page), delivery::EntryState::Cancelled);
}

void TurnsTest::aLevelThatThePolicyLostIsGone() {
    const QString id = declare(u"Errors"_s, {u"error_rate"_s});
    QVERIFY(await(m_engine->escalateNow(id, u"ada"_s, 2)));
    QVERIFY(await(m_engine->resolve(id, u"ada"_s, u"rolled back"_s)));
    Policy shorter = m_engine->policy();
    shorter.levels.removeLast();
    m_engine = std::make_unique<Engine>(*m_db, *m_journal, shorter, *m_clock);
    QVERIFY(await(m_engine->start()));
    QVERIFY(await(m_engine->reopen(id, u"ada"_s, u"it is back"_s)));
    const auto kept =
        await(m_db->read<Ladder>([&id](store::Transaction& tx) { return loadLadder(tx, id); }));
    QCOMPARE(kept->rungs.size(), 1);
}

void TurnsTest::reopeningStartsTheLadderAnew() {
    const QString id = declare(u"Errors"_s, {u"error_rate"_s});
    QVERIFY(await(m_engine->acknowledge(id, u"ada"_s)));
    QVERIFY(await(m_engine->resolve(id, u"ada"_s, u"rolled back"_s)));
    QVERIFY(!incident(id).isOpen());
    m_clock->advance(5min);
    QVERIFY(await(m_engine->reopen(id, u"Tocsin"_s, u"error_rate fires again"_s)));
    QVERIFY(incident(id).isOpen());
    QCOMPARE(incident(id).phase, Phase::Acknowledge);
    QCOMPARE(incident(id).reopenings, 1);
    const Ladder ladder = m_engine->ladder(id);
    QVERIFY(!ladder.closed);
    QCOMPARE(ladder.rungs.value(0).state, RungState::Paged);
    QCOMPARE(ladder.rungs.value(1).dueAt, m_clock->now().addSecs(30 * 60));
    QVERIFY(await(m_engine->acknowledge(id, u"ada"_s)));
    QCOMPARE(incident(id).phase, Phase::Investigate);
    QVERIFY(await(m_engine->resolve(id, u"ada"_s, u"really rolled back"_s)));
    // Every message has a name the ledger had not seen.
    QCOMPARE(sent(), (QStringList{u"INC-1/level-1"_s, u"INC-1/resolved"_s, u"INC-1/reopened-1"_s,
                                  u"INC-1/reopened-1/level-1"_s, u"INC-1/reopened-1/resolved"_s}));
}

void TurnsTest::onlyTheResolvedIsReopened() {
    const QString id = declare(u"Errors"_s, {u"error_rate"_s});
    const auto result = await(m_engine->reopen(id, u"ada"_s, {}));
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Refused);
}

void TurnsTest::mergingStopsOneLadder() {
    const QString first = declare(u"Errors"_s, {u"error_rate"_s});
    const QString second = declare(u"Pool full"_s, {u"database_connections"_s});
    QVERIFY(await(m_journal->record(
        first, u"ada"_s, incidents::addTask({u"check deploys"_s, u"ben"_s, 10min, {}}))));
    QVERIFY(await(m_engine->merge(first, second, u"ada"_s)));
    QVERIFY(!incident(first).isOpen());
    QCOMPARE(incident(first).mergedInto, second);
    QVERIFY(m_engine->ladder(first).closed);
    QVERIFY(incident(second).isOpen());
    QVERIFY(!m_engine->ladder(second).closed);
    QCOMPARE(incident(second).absorbed, QStringList{first});
    QCOMPARE(incident(second).keys, (QStringList{u"database_connections"_s, u"error_rate"_s}));
    QCOMPARE(incident(second).tasks.size(), 1);
    m_clock->advance(40min);
    QTRY_VERIFY2(
        (m_clock->advance(1ms), m_engine->ladder(second).rungs.value(1).state) == RungState::Paged,
        "the other ladder goes on");
    QCOMPARE(m_engine->ladder(first).rungs.value(1).state, RungState::Cancelled);
    QVERIFY(sent().contains(u"INC-1/merged"_s));
}

void TurnsTest::mergingCallsOffItsPages() {
    const QString first = declare(u"Errors"_s, {u"error_rate"_s});
    const QString second = declare(u"Pool full"_s, {u"database_connections"_s});
    QCOMPARE(stateOf(u"INC-1/level-1"_s), delivery::EntryState::Intent);
    QVERIFY(await(m_engine->merge(first, second, u"ada"_s)));
    QCOMPARE(stateOf(u"INC-1/level-1"_s), delivery::EntryState::Cancelled);
}

void TurnsTest::nothingIsMergedIntoItself() {
    const QString id = declare(u"Errors"_s, {u"error_rate"_s});
    QVERIFY(!await(m_engine->merge(id, id, u"ada"_s)));
    QVERIFY(!await(m_engine->merge(id, u"INC-7"_s, u"ada"_s)));
    QVERIFY(incident(id).isOpen());
}

void TurnsTest::handingOverTellsTheChannel() {
    const QString id = declare(u"Errors"_s, {u"error_rate"_s});
    QVERIFY(await(m_engine->handOver(id, u"ada"_s, u"ben"_s, u"pool still full @everyone"_s)));
    QCOMPARE(incident(id).commander, u"ben"_s);
    QVERIFY(!incident(id).lastUpdateAt.isValid());  // it is not an update
    const auto entries = await(m_engine->messages(id));
    QVERIFY(entries->last().message.text.contains(u"ben takes command"_s));
    QVERIFY(entries->last().message.mentions.isEmpty());
    QVERIFY(!await(m_engine->handOver(id, u"ada"_s, u"ben"_s, {})));
    QVERIFY(!await(m_engine->handOver(id, u"ada"_s, u" "_s, {})));
}

QTEST_GUILESS_MAIN(TurnsTest)
#include "tst_turns.moc"
