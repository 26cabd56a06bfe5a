#include "plugins/engines/postgres/session.h"
#include "tests/engines_postgres/oncallserver.h"
#include "tests/engines_postgres/proxy.h"

using namespace tocsin;
using namespace tocsin::postgres;

/// A statement is stopped within a moment, whatever else is wrong.
class TestPostgresCancel : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QCOMPARE(m_oncall.start(), QString()); }
    void cancelAtAnyMoment();
    void spareConnectionCancels();
    void spareStandsInWhenNoSlotIsFree();
    void aDeadSpareIsReplaced();
    void runsDoNotWaitBehindJudgements();
    void statementThatIgnoresCancel();
    void cancelBeforeCommitTakesItBack();

private:
    SystemClock m_clock;
    OncallServer m_oncall;
    support::PostgresServer& m_server = m_oncall.server;
};

/// Between two of the guard's statements there is nothing to stop: such a cancel was once lost.
void TestPostgresCancel::cancelAtAnyMoment() {
    const auto engine =
        engineFor(m_server.url(QStringLiteral("oncall")), m_clock, QStringLiteral("oncall-secret"));
    QVERIFY(awaited(engine->open()));
    for (int i = 0; i < 60; ++i) {
        auto future = engine->run({QStringLiteral("SELECT pg_sleep(30)"), std::chrono::minutes(1)});
        QElapsedTimer spin;
        spin.start();
        while (spin.nsecsElapsed() < i * 60'000) {
        }
        engine->cancel();
        const auto result = awaited(future);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
        QVERIFY2(!result.error().message.contains(QStringLiteral("closed")),
                 qPrintable(result.error().message));
    }
    QVERIFY(ran(*engine, QStringLiteral("SELECT 1")));
    QCOMPARE(m_oncall.active("SELECT pg_sleep%"), QStringLiteral("0"));
}

void TestPostgresCancel::spareConnectionCancels() {
    Proxy proxy(static_cast<quint16>(QUrl(m_server.superuserUrl()).port()));
    proxy.loseCancels();
    PostgresEngine engine(*targetFrom(m_oncall.production(proxy.port())), m_clock);
    QVERIFY(awaited(engine.open()));
    const QString sessions =
        QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE usename = 'oncall'");
    QTRY_COMPARE(m_server.sql(sessions), QStringLiteral("2"));
    auto future = engine.run({QStringLiteral("SELECT pg_sleep(30)"), std::chrono::minutes(1)});
    QTRY_COMPARE(m_oncall.active("SELECT pg_sleep%"), QStringLiteral("1"));
    engine.cancel();
    const auto result = awaited(future);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Cancelled);
    QVERIFY2(result.error().message.contains(QStringLiteral("confirmed")),
             qPrintable(result.error().message));
    QVERIFY(proxy.cancelsLost() > 0);
    QVERIFY(ran(engine, QStringLiteral("SELECT 1")));
}

void TestPostgresCancel::spareStandsInWhenNoSlotIsFree() {
    support::PostgresServer small({.maxConnections = 6});
    QCOMPARE(small.start(), QString());
    small.sql(
        QStringLiteral("CREATE ROLE oncall LOGIN PASSWORD 'oncall-secret' IN ROLE "
                       "pg_signal_backend; CREATE ROLE other LOGIN PASSWORD 'other-secret'"));
    PostgresEngine engine(
        *targetFrom(m_oncall.production(static_cast<quint16>(QUrl(small.superuserUrl()).port()))),
        m_clock);
    QTRY_VERIFY(awaited(engine.open()));
    const QString mine =
        QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE usename = 'oncall'");
    QTRY_COMPARE(small.sql(mine), QStringLiteral("2"));
    // The session dies, and before it can come back somebody takes the last slots.
    small.sql(
        QStringLiteral("SELECT pg_terminate_backend(min(pid)) FROM pg_stat_activity WHERE "
                       "usename = 'oncall'"));
    QTRY_COMPARE(small.sql(mine), QStringLiteral("1"));
    std::vector<std::unique_ptr<PostgresEngine>> others;
    for (int i = 0; i < 4; ++i) {
        others.push_back(
            engineFor(small.url(QStringLiteral("other")), m_clock, QStringLiteral("other-secret")));
        awaited(others.back()->open());
    }
    const auto result = ran(engine, QStringLiteral("SELECT count(*) FROM pg_stat_activity"));
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    QVERIFY2(result->receipt.server.warnings.join(u' ').contains(QStringLiteral("spare")),
             qPrintable(result->receipt.server.warnings.join(u' ')));
    // And it can be cancelled without any slot.
    auto future = engine.run({QStringLiteral("SELECT pg_sleep(30)"), std::chrono::minutes(1)});
    QTRY_COMPARE(engine.state(), EngineState::Busy);
    engine.cancel();
    QCOMPARE(awaited(future).error().code, ErrorCode::Cancelled);
}

void TestPostgresCancel::aDeadSpareIsReplaced() {
    SystemClock fast(200);  // thirty seconds are a moment
    PostgresEngine engine(*targetFrom(m_oncall.production(
                              static_cast<quint16>(QUrl(m_server.superuserUrl()).port()))),
                          fast);
    QVERIFY(awaited(engine.open()));
    const QString sessions =
        QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE usename = 'oncall'");
    QTRY_COMPARE(m_server.sql(sessions), QStringLiteral("2"));
    const auto own = ran(engine, QStringLiteral("SELECT pg_backend_pid()"));
    QVERIFY(own);
    m_server.sql(
        QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = "
                       "'oncall' AND pid <> %1")
            .arg(cellText(*own->rows, 0, 0)));
    QTRY_COMPARE(m_server.sql(sessions), QStringLiteral("1"));
    QTRY_VERIFY(ran(engine, QStringLiteral("SELECT 1")) &&
                m_server.sql(sessions) == QStringLiteral("2"));
}

/// Each judgement waits for the lock longer than the test has patience.
void TestPostgresCancel::runsDoNotWaitBehindJudgements() {
    Settings settings =
        settingsFor(m_server.url(QStringLiteral("oncall")), QStringLiteral("oncall-secret"));
    settings.values[QStringLiteral("statement_timeout")] = 120000;
    settings.values[QStringLiteral("lock_timeout")] = 120000;
    PostgresEngine engine(*targetFrom(settings), m_clock);
    QVERIFY(awaited(engine.open()));
    const auto other = engineFor(m_server.superuserUrl(), m_clock);
    Query lock;
    lock.text = QStringLiteral("LOCK TABLE t");
    lock.hold = true;
    lock.unlock = Unlock{QStringLiteral("test"), m_clock.now().addSecs(120)};
    QVERIFY(awaited(other->run(lock)));
    QVector<QFuture<Verdict>> verdicts;
    for (int i = 0; i < 20; ++i)
        verdicts << engine.judge(QStringLiteral("SELECT %1 FROM t").arg(i));
    const QString waiting =
        QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
    QTRY_COMPARE(m_server.sql(waiting), QStringLiteral("1"));
    // All but the newest, which waits, have answered with what the text says.
    for (int i = 0; i < 19; ++i)
        QVERIFY(awaited(verdicts[i]).effect == Effect::ReadOnly);
    QVERIFY(!verdicts.last().isFinished());
    engine.cancel();  // means no judgement
    QVERIFY(ran(engine, QStringLiteral("SELECT 1")));
    QCOMPARE(awaited(verdicts.last()).rule, QStringLiteral("parse"));
    QVERIFY(awaited(other->decide(false)));
    QCOMPARE(awaited(engine.judge(QStringLiteral("SELECT * FROM t"))).rule,
             QStringLiteral("proved"));
}

void TestPostgresCancel::statementThatIgnoresCancel() {
    const auto engine =
        engineFor(m_server.url(QStringLiteral("oncall")), m_clock, QStringLiteral("oncall-secret"));
    QVERIFY(awaited(engine->open()));
    auto future = engine->run({QStringLiteral("SELECT deaf()"), std::chrono::minutes(1)});
    QTRY_COMPARE(m_oncall.active("SELECT deaf%"), QStringLiteral("1"));
    engine->cancel();
    const auto result = awaited(future);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Cancelled);
    QVERIFY2(result.error().detail.contains(QStringLiteral("socket closed")),
             qPrintable(result.error().detail));
    QVERIFY(result.error().message.contains(QStringLiteral("pid ")));
    QVERIFY(ran(*engine, QStringLiteral("SELECT 1")));
    m_server.sql(
        QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                       "query LIKE 'SELECT deaf%'"));
}

/// The cancel arrives when the statement has ended and its COMMIT was not sent yet.
void TestPostgresCancel::cancelBeforeCommitTakesItBack() {
    Interrupt interrupt;
    Session::Listeners listeners;
    listeners.state = [](EngineState) {};
    listeners.rows = [&interrupt](const std::shared_ptr<const ResultSet>&) {
        interrupt.cancelUpTo(1);
    };
    Session session(*targetFrom(settingsFor(m_server.url(QStringLiteral("oncall")),
                                            QStringLiteral("oncall-secret"))),
                    interrupt, m_clock, listeners);
    Query query;
    query.text = QStringLiteral("UPDATE t SET id = 8");
    query.unlock = Unlock{QStringLiteral("test"), m_clock.now().addSecs(60)};
    const auto result = session.run(1, query);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Cancelled);
    QVERIFY2(result.error().message.contains(QStringLiteral("before COMMIT")),
             qPrintable(result.error().message));
    QCOMPARE(m_server.sql(QStringLiteral("SELECT id FROM t")), QStringLiteral("1"));
    query.text = QStringLiteral("SELECT id FROM t");
    QVERIFY(session.run(2, query));
}

QTEST_GUILESS_MAIN(TestPostgresCancel)
#include "tst_postgrescancel.moc"
