// The wall clock is set, the machine sleeps, seconds leap: nothing is paged early, late without a
// word, or twice.
#include "escalation/timekeeper.h"
#include "tests/escalation/enginerig.h"

using namespace tocsin;
using namespace tocsin::test;
using namespace Qt::StringLiterals;

class ClockJumpsTest : public EngineRig {
    Q_OBJECT
private slots:
    void init() { begin(); }
    void cleanup() { close(); }
    void aClockThatIsSetMovesTheDeadlines_data();
    void aClockThatIsSetMovesTheDeadlines();
    void isNoticedByTheNextCommand();
    void aSleepPagesWhatFellDueOnce();
    void aSleepAndAStepTogether();
    void aLeapSecondIsNoJump_data();
    void aLeapSecondIsNoJump();
    void slowCorrectionIsNoJump();
    void holdsAndSilencesMoveToo();
    void workBeforeTheJumpCounts();
    void aChangedSeverityKnowsOfTheJump();
    void resolvedIncidentsHearNothing();
    void aJumpWhileNothingRan();
    void anotherStartOfTheMachineCannotBeCompared();
    void oneWhoOnlyFollowsWritesNothing();
    void oneWhoComesBeforeTheOwnerNotices();
    void theStoreRefusesAtFirst();
};

void ClockJumpsTest::aClockThatIsSetMovesTheDeadlines_data() {
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QString>("said");
    QTest::newRow("+1 h") << qint64{3600} << u"set forward by 1 h"_s;
    QTest::newRow("-1 h") << qint64{-3600} << u"set back by 1 h"_s;
    QTest::newRow("+1 y") << qint64{365 * 86400} << u"set forward by 365 d"_s;
    QTest::newRow("-1 y") << qint64{-365 * 86400} << u"set back by 365 d"_s;
    QTest::newRow("+2 s") << qint64{2} << u"set forward by 2 s"_s;
}

void ClockJumpsTest::aClockThatIsSetMovesTheDeadlines() {
    QFETCH(qint64, seconds);
    QFETCH(QString, said);
    const QString id = declare(Priority::P2);
    advance(10min);
    m_clock->jump(std::chrono::seconds(seconds));
    settle();
    QCOMPARE(arrived().size(), 1);
    QVERIFY2(this->said(id, u"clock"_s).contains(said), qPrintable(this->said(id, u"clock"_s)));
    advance(5min - 1s);
    QCOMPARE(arrived().size(), 1);  // never early
    advance(1s);
    QCOMPARE(arrived().last(), u"INC-1/level-2"_s);  // and not late
    QVERIFY(!m_channel->arrived.last().text.contains(u"late"_s));
    advance(15min);
    QCOMPARE(arrived().last(), u"INC-1/level-3"_s);
    advance(15min);
    QCOMPARE(arrived(), QStringList({u"INC-1/level-1"_s, u"INC-1/level-2"_s, u"INC-1/level-3"_s,
                                     u"INC-1/level-3/again-2"_s}));
    QCOMPARE(kinds(id).count(u"clock"_s), 1);
}

void ClockJumpsTest::isNoticedByTheNextCommand() {
    const QString id = declare(Priority::P2);
    m_clock->jumpUnnoticed(1h);
    QVERIFY(await(m_engine->hold(id, u"a"_s, u"r"_s, m_clock->now().addSecs(60))));
    settle();
    QCOMPARE(arrived().size(), 1);
    QCOMPARE(kinds(id).count(u"clock"_s), 1);
    advance(15min);
    QCOMPARE(arrived().last(), u"INC-1/level-2"_s);
    // What is declared after the jump, before anybody noticed it, is on the new clock already.
    m_clock->jumpUnnoticed(-1h);
    const QString second = declare(Priority::P2);
    advance(14min);
    QCOMPARE(state(second, 2), RungState::Waiting);
    advance(1min);
    QCOMPARE(state(second, 2), RungState::Delivered);
    QCOMPARE(kinds(second).count(u"clock"_s), 0);
}

void ClockJumpsTest::aSleepPagesWhatFellDueOnce() {
    const QString id = declare(Priority::P2);
    m_clock->suspend(8h);
    settle();
    QCOMPARE(arrived(), QStringList({u"INC-1/level-1"_s, u"INC-1/level-2"_s, u"INC-1/level-3"_s}));
    QVERIFY(m_channel->arrived.last().text.contains(u"late by 7 h 30 min"_s));
    QVERIFY(said(id, u"clock"_s).contains(u"slept for 8 h"_s));
    settle();
    QCOMPARE(arrived().size(), 3);
    advance(15min);
    QCOMPARE(arrived().last(), u"INC-1/level-3/again-2"_s);
}

void ClockJumpsTest::aSleepAndAStepTogether() {
    const QString id = declare(Priority::P2);
    m_clock->jumpUnnoticed(-1h);
    m_clock->suspend(20min);
    settle();
    QCOMPARE(arrived(), QStringList({u"INC-1/level-1"_s, u"INC-1/level-2"_s}));
    QVERIFY(said(id, u"clock"_s).contains(u"slept for 20 min"_s));
    QVERIFY(said(id, u"clock"_s).contains(u"set back by 1 h"_s));
    advance(10min);
    QCOMPARE(arrived().last(), u"INC-1/level-3"_s);
}

void ClockJumpsTest::aLeapSecondIsNoJump_data() {
    QTest::addColumn<int>("seconds");
    QTest::newRow("inserted") << -1;
    QTest::newRow("removed") << 1;
}

void ClockJumpsTest::aLeapSecondIsNoJump() {
    QFETCH(int, seconds);
    const QString id = declare(Priority::P2);
    // In the very second in which level 2 falls due, and again after it.
    advance(15min - 500ms);
    m_clock->jump(std::chrono::seconds(seconds));
    settle();
    advance(2s);
    QCOMPARE(arrived().count(u"INC-1/level-2"_s), 1);
    m_clock->jump(-1s);
    settle();
    advance(3s);
    QCOMPARE(arrived().count(u"INC-1/level-2"_s), 1);
    QVERIFY(!kinds(id).contains(u"clock"_s));
}

void ClockJumpsTest::slowCorrectionIsNoJump() {
    const QString id = declare(Priority::P2);
    for (int i = 0; i < 10; ++i) {
        m_clock->jump(500ms);
        settle();
    }
    QVERIFY(!kinds(id).contains(u"clock"_s));
    Timekeeper keeper(*m_clock);
    m_clock->jumpUnnoticed(-1600ms);
    QCOMPARE(keeper.look().step, -1600ms);
    QVERIFY(!keeper.look().any());
}

void ClockJumpsTest::holdsAndSilencesMoveToo() {
    const QString held = declare(Priority::P2), silent = declare(Priority::P2);
    QVERIFY(await(m_engine->hold(held, u"a"_s, u"r"_s, m_clock->now().addSecs(3600))));
    QVERIFY(await(m_engine->acknowledge(silent, u"ben"_s, 30min)));
    m_clock->jump(24h);
    settle();
    QVERIFY(m_engine->ladder(held).held);
    QVERIFY(m_engine->ladder(silent).acknowledgedAt.isValid());
    advance(30min);
    QVERIFY(!m_engine->ladder(silent).acknowledgedAt.isValid());
    QVERIFY(m_engine->ladder(held).held);
    advance(30min);
    QVERIFY(!m_engine->ladder(held).held);
}

void ClockJumpsTest::workBeforeTheJumpCounts() {
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->acknowledge(id, u"ben"_s, 30min)));
    advance(20min);
    QVERIFY(await(m_journal->append(id, u"ben"_s, u"note"_s, u"still at it"_s)));
    m_clock->jump(-24h);
    settle();
    advance(29min);
    QVERIFY(m_engine->ladder(id).acknowledgedAt.isValid());
    advance(1min);
    QVERIFY(!m_engine->ladder(id).acknowledgedAt.isValid());
}

void ClockJumpsTest::aChangedSeverityKnowsOfTheJump() {
    const QString id = declare(Priority::P2);
    m_clock->jump(24h);
    settle();
    QVERIFY(await(m_engine->changePriority(id, u"ben"_s, Priority::P1)));
    advance(29min);
    QCOMPARE(arrived(), QStringList({u"INC-1/level-1"_s, u"INC-1/level-2"_s}));
    advance(1min);
    QCOMPARE(arrived().last(), u"INC-1/level-3"_s);
}

void ClockJumpsTest::resolvedIncidentsHearNothing() {
    const QString id = declare(Priority::P2);
    QVERIFY(await(m_engine->resolve(id, u"ben"_s, {})));
    m_clock->jump(1h);
    settle();
    QVERIFY(!kinds(id).contains(u"clock"_s));
}

void ClockJumpsTest::aJumpWhileNothingRan() {
    const QString id = declare(Priority::P2);
    advance(5min);
    close();
    m_clock->jumpUnnoticed(1h);
    open();
    QCOMPARE(arrived(), QStringList());
    QVERIFY2(said(id, u"clock"_s).contains(u"set forward by 1 h"_s),
             qPrintable(said(id, u"clock"_s)));
    advance(10min - 1s);
    QCOMPARE(arrived(), QStringList());
    advance(1s);
    QCOMPARE(arrived(), QStringList{u"INC-1/level-2"_s});
    close();  // once is enough
    open();
    QCOMPARE(kinds(id).count(u"clock"_s), 1);
}

void ClockJumpsTest::anotherStartOfTheMachineCannotBeCompared() {
    const QString id = declare(Priority::P2);
    close();
    m_clock->restartMachine();
    m_clock->jumpUnnoticed(20min);
    open();
    QCOMPARE(arrived(), QStringList{u"INC-1/level-2"_s});  // the wall clock is believed
    QCOMPARE(kinds(id).count(u"clock"_s), 0);
}

void ClockJumpsTest::oneWhoOnlyFollowsWritesNothing() {
    const QString id = declare(Priority::P2);
    const auto db = std::move(*store::Database::open(m_folder->filePath(u"tocsin.db"_s)));
    incidents::Journal journal(*db, *m_clock);
    Engine other(*db, journal, threeLevels(), *m_clock);
    QVERIFY(await(other.follow()));
    m_clock->jump(1h);
    settle();
    db->drain();
    QCOMPARE(kinds(id).count(u"clock"_s), 1);
}

void ClockJumpsTest::oneWhoComesBeforeTheOwnerNotices() {
    const QString id = declare(Priority::P2);
    advance(5min);
    const auto db = std::move(*store::Database::open(m_folder->filePath(u"tocsin.db"_s)));
    incidents::Journal journal(*db, *m_clock);
    Engine other(*db, journal, threeLevels(), *m_clock);
    QVERIFY(await(other.follow()));
    m_clock->jumpUnnoticed(1h);
    const QString later = await(other.declare(declaration(Priority::P2))).value();
    advance(10min - 10s);
    QCOMPARE(arrived(), QStringList({u"INC-1/level-1"_s, u"INC-2/level-1"_s}));
    advance(15s);
    QCOMPARE(arrived().last(), u"INC-1/level-2"_s);
    advance(5min - 20s);
    QCOMPARE(arrived().last(), u"INC-1/level-2"_s);
    advance(15s);
    QCOMPARE(arrived().last(), u"INC-2/level-2"_s);
    QCOMPARE(kinds(id).count(u"clock"_s), 1);
    QCOMPARE(kinds(later).count(u"clock"_s), 0);
}

void ClockJumpsTest::theStoreRefusesAtFirst() {
    const QString id = declare(Priority::P2);
    const auto run = [this](const QString& sql) {
        QVERIFY(await(m_db->write<void>([sql](store::Transaction& tx) -> Result<void> {
            if (auto done = tx.run(sql); !done) return tl::unexpected<Error>(done.error());
            return {};
        })));
    };
    run(u"CREATE TRIGGER broken BEFORE INSERT ON incident_events WHEN NEW.kind IN ('clock', "
        u"'paged') "
        "BEGIN SELECT RAISE(ABORT, 'no'); END"_s);
    m_clock->jump(-1h);
    settle();
    QCOMPARE(kinds(id).count(u"clock"_s), 0);
    run(u"DROP TRIGGER broken"_s);
    advance(10s);
    QCOMPARE(kinds(id).count(u"clock"_s), 1);
    advance(15min - 10s);
    QCOMPARE(arrived().last(), u"INC-1/level-2"_s);
}

QTEST_GUILESS_MAIN(ClockJumpsTest)
#include "tst_clockjumps.moc"
