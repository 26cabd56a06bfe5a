#include <QPromise>
#include <QtTest>

#include "inspection/connection.h"

using namespace tocsin;
using namespace tocsin::inspection;
using namespace std::chrono_literals;

namespace {

/// Answers when told to, and remembers what it was asked.
class ScriptedEngine : public QueryEngine {
public:
    QFuture<Result<ServerIdentity>> open() override {
        QPromise<Result<ServerIdentity>> promise;
        promise.start();
        promise.addResult(
            Result<ServerIdentity>(ServerIdentity{"PostgreSQL", "15", "me", "x", false, {}}));
        promise.finish();
        return promise.future();
    }
    void close() override { ++closes; }
    QFuture<Verdict> judge(const QString& text) override {
        judged << text;
        return {};
    }
    QFuture<Result<QueryResult>> run(const Query& query) override {
        queries << query;
        auto promise = std::make_shared<QPromise<Result<QueryResult>>>();
        promise->start();
        promises << promise;
        return promise->future();
    }
    void cancel() override { ++cancels; }
    QFuture<Result<QString>> decide(bool commit) override {
        decisions << commit;
        QPromise<Result<QString>> promise;
        promise.start();
        promise.addResult(Result<QString>(QStringLiteral("done")));
        promise.finish();
        return promise.future();
    }
    EngineState state() const override { return EngineState::Ready; }

    void answer(int index, const Result<QueryResult>& result) {
        promises[index]->addResult(result);
        promises[index]->finish();
    }

    QVector<Query> queries;
    QVector<std::shared_ptr<QPromise<Result<QueryResult>>>> promises;
    QStringList judged;
    int cancels = 0;
    int closes = 0;
    QVector<bool> decisions;
};

}  // namespace

class TestConnection : public QObject {
    Q_OBJECT
private slots:
    void init();
    void readsInfoWithoutSecrets();
    void takesTurns();
    void cancelForgetsWhoWaits();
    void unlockNeedsAReasonAndEnds();
    void unlockGoesWithTheStatementThatStarts();
    void looksWithoutTheUnlock();
    void ownUnlockOutlivesTheLock();
    void watchesBesideWhatRuns();
    void takesItsTurnWithoutASlot();
    void lockingRollsBackWhatIsHeld();
    void answersWithItsProblem();
    void learnsWhoTheServerIs();
    void destroyingKeepsEveryPromise();

private:
    TestClock m_clock;
    ScriptedEngine* m_engine = nullptr;
    ScriptedEngine* m_side = nullptr;
    std::unique_ptr<Connection> m_connection;
};

void TestConnection::init() {
    auto engine = std::make_unique<ScriptedEngine>();
    m_engine = engine.get();
    m_connection = std::make_unique<Connection>(
        ConnectionInfo{QStringLiteral("primary"), QStringLiteral("postgres"), {}},
        std::move(engine), Error{}, m_clock);
}

void TestConnection::readsInfoWithoutSecrets() {
    Settings settings;
    settings.name = QStringLiteral("primary");
    settings.kind = QStringLiteral("postgres");
    settings.values[QStringLiteral("url")] =
        QStringLiteral("postgresql://oncall:hunter22@db:5432/app?sslmode=require");
    settings.values[QStringLiteral("statement_timeout")] = 7000;
    const ConnectionInfo info = connectionInfo(settings);
    QCOMPARE(info.place, QStringLiteral("oncall@db:5432/app"));
    QCOMPARE(info.timeout, std::chrono::milliseconds(7000));
    QVERIFY(info.isProduction());
    settings.values[QStringLiteral("environment")] = QStringLiteral("staging");
    QVERIFY(!connectionInfo(settings).isProduction());
}

void TestConnection::takesTurns() {
    QSignalSpy started(m_connection.get(), &Connection::started);
    QSignalSpy finished(m_connection.get(), &Connection::finished);
    auto first = m_connection->run(QStringLiteral("one"));
    auto second = m_connection->run(QStringLiteral("two"));
    QCOMPARE(started.size(), 1);
    QCOMPARE(m_engine->queries.size(), 1);
    m_engine->answer(0, QueryResult{});
    QTRY_COMPARE(m_engine->queries.size(), 2);
    QVERIFY(first.isFinished());
    QVERIFY(!second.isFinished());
    m_engine->answer(1, fail(ErrorCode::Timeout, QStringLiteral("late")));
    QTRY_VERIFY(second.isFinished());
    QCOMPARE(second.result().error().code, ErrorCode::Timeout);
    QCOMPARE(finished.size(), 1);
}

void TestConnection::cancelForgetsWhoWaits() {
    auto first = m_connection->run(QStringLiteral("one"));
    auto second = m_connection->run(QStringLiteral("two"));
    m_connection->cancel();
    QCOMPARE(m_engine->cancels, 1);
    QVERIFY(second.isFinished());
    QCOMPARE(second.result().error().code, ErrorCode::Cancelled);
    QVERIFY(!first.isFinished());  // the engine says when
    m_engine->answer(0, fail(ErrorCode::Cancelled, QStringLiteral("stopped")));
    QTRY_VERIFY(first.isFinished());
    QCOMPARE(m_engine->queries.size(), 1);
}

void TestConnection::unlockNeedsAReasonAndEnds() {
    QVERIFY(!m_connection->unlock(QStringLiteral("  "), 1min));
    QVERIFY(!m_connection->unlock(QStringLiteral("why"), 6min));
    QVERIFY(!m_connection->unlock(QStringLiteral("why"), 0ms));
    QVERIFY(!m_connection->unlocked());
    QSignalSpy changed(m_connection.get(), &Connection::unlockChanged);
    const auto unlock = m_connection->unlock(QStringLiteral("end the blocker"), 5min);
    QVERIFY(unlock);
    QCOMPARE(unlock->until, m_clock.now().addSecs(300));
    m_clock.advance(299s);
    QVERIFY(m_connection->unlocked());
    m_clock.advance(1s);
    QVERIFY(!m_connection->unlocked());
    QCOMPARE(changed.size(), 2);
    // The wall clock decides: after a jump there is no unlock left.
    QVERIFY(m_connection->unlock(QStringLiteral("again"), 1min));
    m_clock.jump(2h);
    QVERIFY(!m_connection->unlocked());
}

void TestConnection::unlockGoesWithTheStatementThatStarts() {
    m_connection->run(QStringLiteral("before"));
    QVERIFY(m_connection->unlock(QStringLiteral("why"), 1min));
    m_connection->run(QStringLiteral("after"));
    QVERIFY(!m_engine->queries[0].unlock);
    m_engine->answer(0, QueryResult{});
    QTRY_COMPARE(m_engine->queries.size(), 2);
    QVERIFY(m_engine->queries[1].unlock);
    QCOMPARE(m_engine->queries[1].unlock->reason, QStringLiteral("why"));
    m_connection->lock();
    m_engine->answer(1, QueryResult{});
    m_connection->run(QStringLiteral("locked"));
    QTRY_COMPARE(m_engine->queries.size(), 3);
    QVERIFY(!m_engine->queries[2].unlock);
}

void TestConnection::looksWithoutTheUnlock() {
    QVERIFY(m_connection->unlock(QStringLiteral("why"), 1min));
    m_connection->look(QStringLiteral("one"));
    QVERIFY(!m_engine->queries[0].unlock);
    QVERIFY(!m_engine->queries[0].hold);
    m_engine->answer(0, QueryResult{});
    m_connection->change(QStringLiteral("two"));
    QTRY_COMPARE(m_engine->queries.size(), 2);
    QVERIFY(m_engine->queries[1].unlock);
    QVERIFY(m_engine->queries[1].hold);
}

/// Given for one statement, it goes with that one, however many others come first.
void TestConnection::ownUnlockOutlivesTheLock() {
    m_connection->look(QStringLiteral("first"));
    const auto unlock = m_connection->unlock(QStringLiteral("why"), 1min);
    m_connection->runWith(QStringLiteral("signal"), *unlock);
    m_connection->lock();
    m_connection->run(QStringLiteral("third"));
    m_engine->answer(0, QueryResult{});
    QTRY_COMPARE(m_engine->queries.size(), 2);
    QVERIFY(m_engine->queries[1].unlock);
    m_engine->answer(1, QueryResult{});
    QTRY_COMPARE(m_engine->queries.size(), 3);
    QVERIFY(!m_engine->queries[2].unlock);
}

void TestConnection::watchesBesideWhatRuns() {
    m_connection->setSide([this] {
        auto side = std::make_unique<ScriptedEngine>();
        m_side = side.get();
        return side;
    });
    m_connection->run(QStringLiteral("SELECT waits"));
    QVERIFY(!m_side);  // made when it is needed
    auto watched = m_connection->watch(QStringLiteral("SELECT who"));
    QVERIFY(m_side);
    QCOMPARE(m_side->queries.size(), 1);
    QVERIFY(!m_side->queries[0].unlock);
    m_connection->judge(QStringLiteral("SELECT typed"));
    QCOMPARE(m_side->judged, QStringList{QStringLiteral("SELECT typed")});
    // A signal that frees the one that runs must not stand behind it.
    QSignalSpy asked(m_connection.get(), &Connection::changeAsked);
    auto signalled = m_connection->runWith(QStringLiteral("SELECT pg_terminate_backend(7)"),
                                           {QStringLiteral("why"), m_clock.now().addSecs(60)});
    QCOMPARE(m_side->queries.size(), 2);
    QCOMPARE(m_side->queries[1].unlock->reason, QStringLiteral("why"));
    QCOMPARE(asked.size(), 0);
    m_connection->cancel();  // means what a person ran
    QCOMPARE(m_side->cancels, 0);
    m_side->answer(0, QueryResult{});
    QTRY_VERIFY(watched.isFinished());
    QCOMPARE(watched.result()->receipt.connection, QStringLiteral("primary"));
    m_clock.advance(59s);
    m_side->answer(1, QueryResult{});
    QTRY_VERIFY(signalled.isFinished());
    m_clock.advance(59s);
    QCOMPARE(m_side->closes, 0);
    m_clock.advance(2s);
    QCOMPARE(m_side->closes, 1);  // its slot is free again
    m_engine->answer(0, QueryResult{});
    QTRY_VERIFY(!m_connection->isBusy());
    m_connection->judge(QStringLiteral("SELECT more"));
    QCOMPARE(m_engine->judged, QStringList{QStringLiteral("SELECT more")});
}

void TestConnection::takesItsTurnWithoutASlot() {
    m_connection->setSide([this] {
        auto side = std::make_unique<ScriptedEngine>();
        m_side = side.get();
        return side;
    });
    const auto full = fail(ErrorCode::Unavailable, QStringLiteral("no slot"));
    auto watched = m_connection->watch(QStringLiteral("SELECT who"));
    m_side->answer(0, full);
    QTRY_COMPARE(m_engine->queries.size(), 1);
    m_engine->answer(0, QueryResult{});
    QTRY_VERIFY(watched.isFinished());
    QVERIFY(watched.result());
    // Behind a statement that waits it would say nothing at all.
    m_connection->run(QStringLiteral("SELECT waits"));
    auto beside = m_connection->watch(QStringLiteral("SELECT who"));
    m_side->answer(1, full);
    QTRY_VERIFY(beside.isFinished());
    QCOMPARE(beside.result().error().code, ErrorCode::Unavailable);
    QCOMPARE(m_engine->queries.size(), 2);
}

void TestConnection::lockingRollsBackWhatIsHeld() {
    QVERIFY(m_connection->unlock(QStringLiteral("why"), 1min));
    QSignalSpy held(m_connection.get(), &Connection::heldChanged);
    m_connection->change(QStringLiteral("UPDATE t"));
    QueryResult result;
    result.held = true;
    m_engine->answer(0, result);
    QTRY_COMPARE(held.size(), 1);
    QVERIFY(m_connection->isHolding());
    m_clock.advance(61s);  // nobody decided
    QCOMPARE(m_engine->decisions, QVector<bool>{false});
    QTRY_COMPARE(held.size(), 2);
    QVERIFY(!m_connection->isHolding());
    QCOMPARE(held[1][1].toString(), QStringLiteral("done"));
}

void TestConnection::answersWithItsProblem() {
    Connection broken({QStringLiteral("b"), {}, {}}, nullptr,
                      Error{ErrorCode::Auth, QStringLiteral("Store the secret."), {}}, m_clock);
    QSignalSpy failed(&broken, &Connection::failed);
    auto future = broken.run(QStringLiteral("SELECT 1"));
    QVERIFY(future.isFinished());
    QCOMPARE(future.result().error().message, QStringLiteral("Store the secret."));
    QCOMPARE(failed.size(), 1);
    QVERIFY(!broken.open().result());
    broken.cancel();
}

void TestConnection::learnsWhoTheServerIs() {
    QSignalSpy changed(m_connection.get(), &Connection::identityChanged);
    m_connection->open();
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(m_connection->identity()->user, QStringLiteral("me"));
    m_connection->open();
    QCoreApplication::processEvents();
    QCOMPARE(changed.size(), 1);
}

void TestConnection::destroyingKeepsEveryPromise() {
    auto first = m_connection->run(QStringLiteral("one"));
    auto second = m_connection->run(QStringLiteral("two"));
    m_connection.reset();
    QVERIFY(first.isFinished() && second.isFinished());
    QCOMPARE(first.result().error().code, ErrorCode::Cancelled);
    QCOMPARE(second.result().error().code, ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestConnection)
#include "tst_connection.moc"
