#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "store/ownership.h"
#include "tests/support/await.h"

using namespace tocsin;
using namespace tocsin::store;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using tocsin::test::await;

namespace {

/// A process as far as the engine is concerned. Its clock standing still is its being stopped.
struct Process {
    Process(const QString& folder, OwnerKind kind)
        : db(*Database::open(Database::fileIn(folder))),
          ownership(*db, folder, kind, clock),
          acquired(&ownership, &Ownership::acquired),
          lost(&ownership, &Ownership::lost),
          asked(&ownership, &Ownership::handOverRequested) {}

    void turn() {
        clock.advance(1000ms);
        settle();
    }
    void settle() {
        for (int i = 0; i < 4; ++i) {
            db->drain();
            QCoreApplication::processEvents();
        }
    }
    Result<void> act(const Fence& fence) {
        return await(db->write<void>(fence, [](Transaction& tx) -> Result<void> {
            auto done = tx.run(
                u"INSERT INTO incident_events(incident, at, actor, kind, text, "
                "detail) VALUES('INC-1', 0, 'engine', 'paged', '', '{}')"_s);
            if (!done) return tl::unexpected<Error>(done.error());
            return {};
        }));
    }

    TestClock clock;
    std::unique_ptr<Database> db;
    Ownership ownership;
    QSignalSpy acquired, lost, asked;
};

}  // namespace

class OwnershipTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_one = make(OwnerKind::Serve);
        m_two = make(OwnerKind::Serve);
    }
    void cleanup() {
        m_two.reset();
        m_one.reset();
    }

    void oneOwnsTheOtherWaits();
    void whoGivesUpIsSucceeded();
    void oneThatEndedIsSucceededAtOnce();
    void oneThatWasStoppedIsSucceededAndFenced();
    void anObserverThatWasStoppedItselfWaits();
    void anotherMachineIsJudgedByItsCount();
    void serveHandsOverToAConsoleAndTakesItBack();
    void anAskerThatNeverComesIsNotWaitedForForEver();
    void nobodyAsksAnEqual();
    void commandsTakeItOnlyWhenItIsFree();
    void oneOfManyWins();
    void aFolderThatCannotBeLockedHasNoOwner();

private:
    std::unique_ptr<Process> make(OwnerKind kind) {
        return std::make_unique<Process>(m_folder->path(), kind);
    }
    int turnsUntil(Process& process, const std::function<bool()>& done) {
        for (int turns = 0; turns <= 30; ++turns) {
            if (done()) return turns;
            process.turn();
        }
        return -1;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Process> m_one, m_two;
};

void OwnershipTest::oneOwnsTheOtherWaits() {
    m_one->ownership.begin();
    m_one->settle();
    QCOMPARE(m_one->acquired.size(), 1);
    QVERIFY(m_one->ownership.isHeld());
    m_two->ownership.begin();
    for (int i = 0; i < 20; ++i) {
        m_one->turn();
        m_two->turn();
    }
    QVERIFY(!m_two->ownership.isHeld());
    const Owner seen = m_two->ownership.owner();
    QCOMPARE(seen.kind, u"serve"_s);
    QCOMPARE(seen.pid, QCoreApplication::applicationPid());
    QCOMPARE(seen.since, m_one->ownership.owner().since);
    QCOMPARE(spoken(seen), u"serve (pid %1)"_s.arg(seen.pid));
    QVERIFY(m_one->act(m_one->ownership.fence()));
}

void OwnershipTest::whoGivesUpIsSucceeded() {
    m_one->ownership.begin();
    m_one->settle();
    m_two->ownership.begin();
    m_two->settle();
    const Fence old = m_one->ownership.fence();
    QVERIFY(await(m_one->ownership.end()));
    QVERIFY(!m_one->ownership.isHeld());
    m_two->turn();
    QVERIFY(m_two->ownership.isHeld());
    QVERIFY(m_two->ownership.fence().token() > old.token());
    const auto late = m_one->act(old);
    QVERIFY(!late && fencedOut(late.error()));
    m_one->turn();
    QVERIFY(!m_one->ownership.isHeld());
}

void OwnershipTest::oneThatEndedIsSucceededAtOnce() {
    // What a kill leaves behind: the row, and no sign of life.
    QVERIFY(await(m_one->db->write<bool>([](Transaction& tx) {
        Owner dead = thisProcess(OwnerKind::Console);
        dead.token = 7;
        return replaceOwner(tx, Owner(), dead);
    })));
    m_two->ownership.begin();
    m_two->settle();
    QVERIFY(m_two->ownership.isHeld());
    QCOMPARE(m_two->ownership.owner().token, 8);
}

void OwnershipTest::oneThatWasStoppedIsSucceededAndFenced() {
    m_one->ownership.begin();
    m_one->settle();
    m_two->ownership.begin();
    const Fence old = m_one->ownership.fence();
    QVERIFY(m_one->act(old));
    const int turns = turnsUntil(*m_two, [this] { return m_two->ownership.isHeld(); });
    QVERIFY2(turns > 4 && turns <= 9, qPrintable(QString::number(turns)));
    // It wakes up and acts at once, before it had a chance to look.
    const auto late = m_one->act(old);
    QVERIFY(!late && fencedOut(late.error()));
    QVERIFY(late.error().message.contains(spoken(m_two->ownership.owner())));
    QCOMPARE(m_one->lost.size(), 0);
    m_one->turn();
    QCOMPARE(m_one->lost.size(), 1);
    QVERIFY(!m_one->ownership.isHeld());
    // And the other way round: the sign of a sleeper is in nobody's way.
    QVERIFY(turnsUntil(*m_one, [this] { return m_one->ownership.isHeld(); }) > 4);
    QVERIFY(m_one->act(m_one->ownership.fence()));
}

void OwnershipTest::anObserverThatWasStoppedItselfWaits() {
    m_one->ownership.begin();
    m_one->settle();
    m_two->ownership.begin();
    m_two->turn();
    // Both slept for an hour (a suspend); the observer happens to wake first.
    m_two->clock.jump(1h);
    m_two->turn();
    m_two->turn();
    QVERIFY(!m_two->ownership.isHeld());
    m_one->turn();
    for (int i = 0; i < 5; ++i)
        m_two->turn();
    QVERIFY(!m_two->ownership.isHeld());
}

void OwnershipTest::anotherMachineIsJudgedByItsCount() {
    QVERIFY(await(m_one->db->write<bool>([](Transaction& tx) {
        Owner far = thisProcess(OwnerKind::Serve);
        far.host = u"elsewhere"_s;
        far.token = 3;
        return replaceOwner(tx, Owner(), far);
    })));
    auto sign = LifeSign::take(m_folder->filePath(u"engine.lock"_s), 3);
    QVERIFY(sign);
    m_two->ownership.begin();
    for (int i = 0; i < 10; ++i) {
        sign->beat();
        m_two->turn();
    }
    QVERIFY(!m_two->ownership.isHeld());
    QVERIFY(spoken(m_two->ownership.owner()).endsWith(u"on elsewhere)"_s));
    QVERIFY(turnsUntil(*m_two, [this] { return m_two->ownership.isHeld(); }) > 4);
}

void OwnershipTest::serveHandsOverToAConsoleAndTakesItBack() {
    m_one->ownership.begin();
    m_one->settle();
    auto console = make(OwnerKind::Console);
    console->ownership.begin();
    console->settle();
    QVERIFY(!console->ownership.isHeld());
    m_one->turn();
    QCOMPARE(m_one->asked.size(), 1);
    QCOMPARE(m_one->asked.first().first().toString(), spoken(thisProcess(OwnerKind::Console)));
    m_one->turn();
    QCOMPARE(m_one->asked.size(), 1);  // once
    QVERIFY(m_one->ownership.isHeld());
    QVERIFY(await(m_one->ownership.release()));
    // Whoever looks first: it is the console's.
    m_one->turn();
    QVERIFY(!m_one->ownership.isHeld());
    console->turn();
    QVERIFY(console->ownership.isHeld());
    m_one->turn();
    QCOMPARE(m_one->ownership.owner().kind, u"console"_s);
    console.reset();
    m_one->turn();
    QVERIFY(m_one->ownership.isHeld());
}

void OwnershipTest::anAskerThatNeverComesIsNotWaitedForForEver() {
    m_one->ownership.begin();
    m_one->settle();
    auto console = make(OwnerKind::Console);
    console->ownership.begin();
    console->settle();
    m_one->turn();
    QVERIFY(await(m_one->ownership.release()));
    console.reset();
    const int turns = turnsUntil(*m_one, [this] { return m_one->ownership.isHeld(); });
    QVERIFY2(turns >= 2 && turns <= 6, qPrintable(QString::number(turns)));
}

void OwnershipTest::nobodyAsksAnEqual() {
    auto first = make(OwnerKind::Console);
    auto second = make(OwnerKind::Console);
    first->ownership.begin();
    first->settle();
    for (Process* each : {second.get(), m_one.get()}) {
        each->ownership.begin();
        each->turn();
    }
    first->turn();
    QCOMPARE(first->asked.size(), 0);
}

void OwnershipTest::commandsTakeItOnlyWhenItIsFree() {
    auto command = make(OwnerKind::Cli);
    QVERIFY(*await(command->ownership.tryOnce()));
    QVERIFY(*await(command->ownership.tryOnce()));
    auto other = make(OwnerKind::Cli);
    QVERIFY(!*await(other->ownership.tryOnce()));
    // Serve wants it for good, so it asks the command.
    m_one->ownership.begin();
    m_one->settle();
    command->turn();
    QCOMPARE(command->asked.size(), 1);
    command.reset();
    m_one->turn();
    QVERIFY(m_one->ownership.isHeld());
    QVERIFY(!*await(other->ownership.tryOnce()));
}

void OwnershipTest::oneOfManyWins() {
    std::vector<std::unique_ptr<Process>> many;
    for (int i = 0; i < 6; ++i)
        many.push_back(make(OwnerKind::Serve));
    for (int round = 0; round < 5; ++round) {
        for (const auto& each : many)
            each->ownership.begin();
        for (int i = 0; i < 3; ++i)
            for (const auto& each : many)
                each->turn();
        const auto holds = [](const auto& each) { return each->ownership.isHeld(); };
        QCOMPARE(std::count_if(many.begin(), many.end(), holds), 1);
        many.erase(std::find_if(many.begin(), many.end(), holds));
    }
}

void OwnershipTest::aFolderThatCannotBeLockedHasNoOwner() {
    Process process(m_folder->path(), OwnerKind::Console);
    Ownership nowhere(*process.db, u"/proc"_s, OwnerKind::Console, process.clock);
    const auto owns = await(nowhere.tryOnce());
    QVERIFY(!owns);
    QVERIFY(owns.error().message.contains(u"/proc/engine.lock"_s));
    QVERIFY(!nowhere.isHeld());
}

QTEST_GUILESS_MAIN(OwnershipTest)
#include "tst_ownership.moc"
