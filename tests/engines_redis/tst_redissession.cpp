#include <csignal>
#include <thread>

#include "tests/engines_redis/enginefixture.h"

using namespace tocsin;
using namespace tocsin::redis;

/// The conversation: in order, cancelled, late, broken, sampled, ended.
class SessionTest : public EngineFixture {
    Q_OBJECT
private slots:
    void initTestCase() { startServer(); }
    void init() { makeEngine(); }
    void cleanup() { m_engine.reset(); }
    void keepsTheOrder();
    void judgesWithoutAConnection();
    void cancels();
    void timesOut();
    void connectsAgainAfterAKill();
    void reportsTheStates();
    void endsWithWorkPending();
    void samplesMonitor();
    void aSampleEndsWhenItShould();
};

void SessionTest::keepsTheOrder() {
    QVector<QFuture<Result<QueryResult>>> runs;
    for (int i = 0; i < 200; ++i)
        runs << m_engine->run(
            {QStringLiteral("LINDEX long %1").arg(i), std::chrono::seconds(20), 1 << 20, {}});
    for (int i = 0; i < 200; ++i)
        QCOMPARE(test::settled(runs[i])->reply->text(), QByteArray::number(i));
}

void SessionTest::judgesWithoutAConnection() {
    Engine nowhere(test::addressOfPort(1), m_clock);
    QFuture<Verdict> verdict = nowhere.judge(QStringLiteral("FLUSHALL"));
    QTRY_VERIFY(verdict.isFinished());
    QCOMPARE(verdict.result().rule, QStringLiteral("destructive"));
    verdict = nowhere.judge(QStringLiteral("GET a"));
    QTRY_VERIFY(verdict.isFinished());
    QVERIFY(verdict.result().effect == Effect::ReadOnly);
    QVERIFY(nowhere.state() == EngineState::Closed);
    const auto result = ask(nowhere, QStringLiteral("GET a"));
    QVERIFY(!result);
    QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::Network));
    QVERIFY2(result.error().message.contains(QStringLiteral("Nothing listens at 127.0.0.1:1/0")),
             qPrintable(result.error().message));
}

void SessionTest::cancels() {
    QVERIFY(test::settled(m_engine->open()));
    test::Plain sleeper(m_server.port());
    // Another client keeps the server busy, so that our command has no answer for a while.
    std::thread busy([&] { test::Plain(m_server.port()).command({"DEBUG", "SLEEP", "1"}); });
    sleeper.command({"PING"});
    const QFuture<Result<QueryResult>> run =
        m_engine->run({QStringLiteral("PING"), std::chrono::seconds(20), 1 << 20, {}});
    m_engine->cancel();
    const auto result = test::settled(run);
    busy.join();
    if (!result) QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::Cancelled));
    QVERIFY(ask(*m_engine, QStringLiteral("PING")).has_value());
    m_engine->cancel();  // nothing runs: nothing happens
    QVERIFY(ask(*m_engine, QStringLiteral("PING")).has_value());
}

void SessionTest::timesOut() {
    QVERIFY(test::settled(m_engine->open()));
    const pid_t pid = static_cast<pid_t>(m_server.pid());
    ::kill(pid, SIGSTOP);
    const auto result = ask(*m_engine, QStringLiteral("PING"), std::chrono::milliseconds(150));
    ::kill(pid, SIGCONT);
    QVERIFY(!result);
    QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::Timeout));
    QVERIFY(result.error().message.contains(QStringLiteral("0.15 s")));
    QVERIFY(ask(*m_engine, QStringLiteral("PING")).has_value());
}

void SessionTest::connectsAgainAfterAKill() {
    QVERIFY(ask(*m_engine, QStringLiteral("PING")).has_value());
    QSignalSpy states(m_engine.get(), &QueryEngine::stateChanged);
    test::Plain(m_server.port()).command({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    QTRY_VERIFY(m_engine->state() == EngineState::Closed);
    QVERIFY(ask(*m_engine, QStringLiteral("PING")).has_value());
}

void SessionTest::reportsTheStates() {
    QSignalSpy states(m_engine.get(), &QueryEngine::stateChanged);
    QVERIFY(ask(*m_engine, QStringLiteral("PING")).has_value());
    QTRY_COMPARE(states.count(), 3);
    QCOMPARE(states[0][0].value<EngineState>(), EngineState::Opening);
    QCOMPARE(states[1][0].value<EngineState>(), EngineState::Busy);
    QCOMPARE(states[2][0].value<EngineState>(), EngineState::Ready);
    m_engine->close();
    QTRY_VERIFY(m_engine->state() == EngineState::Closed);
}

void SessionTest::endsWithWorkPending() {
    QVector<QFuture<Result<QueryResult>>> runs;
    for (int i = 0; i < 50; ++i)
        runs << m_engine->run(
            {QStringLiteral("LRANGE long 0 9000"), std::chrono::seconds(20), 1 << 24, {}});
    m_engine.reset();
    for (const auto& run : runs) {
        QVERIFY(run.isFinished());
        if (!run.result())
            QCOMPARE(nameOf(run.result().error().code), nameOf(ErrorCode::Cancelled));
    }
}

void SessionTest::samplesMonitor() {
    const auto refused = ask(*m_engine, QStringLiteral("--monitor 1"));
    QVERIFY(!refused);
    QCOMPARE(refused.error().detail, QStringLiteral("monitor"));
    const Query query{QStringLiteral("--monitor 1"), std::chrono::seconds(5), 1 << 20,
                      Unlock{QStringLiteral("who hammers it?"), m_clock.now().addSecs(60)}};
    QSignalSpy arrived(m_engine.get(), &QueryEngine::rowsArrived);
    auto future = m_engine->run(query);
    test::Plain plain(m_server.port());
    qsizetype seenBefore = 0;
    while (!future.isFinished()) {
        plain.command({"GET", "job:7"});
        QCoreApplication::processEvents();
        if (!arrived.isEmpty() && !future.isFinished())
            seenBefore = arrived.last()[0].value<std::shared_ptr<const ResultSet>>()->rowCount();
    }
    QVERIFY(seenBefore > 0);  // while it lasted
    const auto rows = arrived.last()[0].value<std::shared_ptr<const ResultSet>>();
    QCOMPARE(rows->cell(0, 2)->toByteArray(), QByteArray("\"GET\" \"job:7\""));
    const auto result = future.result();
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
    QVERIFY(toText(*result->reply).contains(QStringLiteral("job:7")));
    QVERIFY(ask(*m_engine, QStringLiteral("PING")).has_value());
}

void SessionTest::aSampleEndsWhenItShould() {
    Query query{QStringLiteral("--monitor 30"), std::chrono::seconds(5), 1 << 20,
                Unlock{QStringLiteral("who hammers it?"), m_clock.now().addSecs(60)}};
    QSignalSpy arrived(m_engine.get(), &QueryEngine::rowsArrived);
    test::Plain plain(m_server.port());
    auto future = m_engine->run(query);
    while (arrived.isEmpty()) {
        plain.command({"GET", "job:7"});
        QCoreApplication::processEvents();
    }
    m_engine->cancel();
    const auto cancelled = test::settled(future);
    QVERIFY(!cancelled);
    QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
    QVERIFY(ask(*m_engine, QStringLiteral("PING")).has_value());
    QElapsedTimer since;
    since.start();
    future = m_engine->run(query);
    while (!future.isFinished()) {
        plain.command({"GET", "job:7"});
        QCoreApplication::processEvents();
    }
    const auto full = future.result();
    QVERIFY2(full.has_value(), full ? "" : qPrintable(full.error().message));
    QVERIFY(full->truncated);
    QCOMPARE(full->receipt.rows, 5'000);
    QVERIFY(full->receipt.total <= std::chrono::milliseconds(since.elapsed()));
    QVERIFY2(full->notices.join(u' ').contains(QStringLiteral("ended early")),
             qPrintable(full->notices.join(u' ')));
}

QTEST_GUILESS_MAIN(SessionTest)
#include "tst_redissession.moc"
