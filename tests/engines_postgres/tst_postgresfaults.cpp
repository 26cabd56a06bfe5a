#include <malloc.h>
#include <QDir>
#include <QThread>
#include <atomic>
#include <thread>

#include <QHostAddress>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>

#include "plugins/engines/postgres/session.h"
#include "plugins/engines/postgres/ways.h"
#include "tests/engines_postgres/postgresfixture.h"
#include "tests/support/othersession.h"

using namespace tocsin;
using namespace tocsin::postgres;

namespace {

/// Stands between the console and the server, and loses what it is told to lose.
class Proxy : public QObject {
    Q_OBJECT
public:
    explicit Proxy(quint16 target) : m_target(target) {
        m_server.listen(QHostAddress::LocalHost);
        connect(&m_server, &QTcpServer::newConnection, this, &Proxy::accept);
    }
    quint16 port() const { return m_server.serverPort(); }
    int cancelsLost() const { return m_cancelsLost; }
    void loseCancels() { m_losesCancels = true; }
    /// From now on nothing passes and nothing is closed: a cable that was cut.
    void cut() { m_cut = true; }

private:
    // Length 16 and this code: the whole of a cancel request (PostgreSQL's protocol, 55.7).
    static bool isCancel(const QByteArray& bytes) {
        return bytes.size() == 16 && bytes.startsWith(QByteArray::fromHex("0000001004d2162e"));
    }
    void accept() {
        QTcpSocket* near = m_server.nextPendingConnection();
        auto* far = new QTcpSocket(near);
        far->connectToHost(QHostAddress::LocalHost, m_target);
        connect(near, &QTcpSocket::readyRead, this, [this, near, far] {
            const QByteArray bytes = near->readAll();
            if (m_losesCancels && isCancel(bytes)) {
                ++m_cancelsLost;
                return near->abort();
            }
            if (!m_cut) far->write(bytes);
        });
        connect(far, &QTcpSocket::readyRead, this, [this, near, far] {
            const QByteArray bytes = far->readAll();
            if (!m_cut) near->write(bytes);
        });
        connect(far, &QTcpSocket::disconnected, near, &QTcpSocket::disconnectFromHost);
        connect(near, &QTcpSocket::disconnected, near, &QObject::deleteLater);
    }

    QTcpServer m_server;
    quint16 m_target;
    bool m_losesCancels = false;
    bool m_cut = false;
    int m_cancelsLost = 0;
};

/// Of this process, in bytes; `anew` forgets what it was before.
qint64 peakOfMemory(bool anew) {
    if (anew) {
        malloc_trim(0);
        QFile peak(QStringLiteral("/proc/self/clear_refs"));
        if (peak.open(QIODevice::WriteOnly)) peak.write("5");
    }
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly)) return 0;
    for (const QByteArray& line : status.readAll().split('\n'))
        if (line.startsWith("VmHWM:"))
            return line.mid(6).simplified().split(' ')[0].toLongLong() * 1024;
    return 0;
}

}  // namespace

/// What a bad day does to a conversation.
class TestPostgresFaults : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cancelAtAnyMoment();
    void spareConnectionCancels();
    void spareStandsInWhenNoSlotIsFree();
    void aDeadSpareIsReplaced();
    void aBrokenResolverHoldsNobodyUp();
    void everyAddressGetsItsShare();
    void waysAreLibpqsOwn();
    void runsDoNotWaitBehindJudgements();
    void statementThatIgnoresCancel();
    void networkCutMidResult();
    void heldChangeIsRolledBackByTheServer();
    void cancelBeforeCommitTakesItBack();
    void endedDuringCommitIsUnknown();
    void widestRow();
    void hugeCell();
    void killedBehindALargeRow();
    void roomThatOthersTake();
    void cellBeyondTheCap_data();
    void cellBeyondTheCap();
    void bytesThatAreNotUtf8();
    void longAndDeepStatements();
    void throughPgBouncer();
    void tenThousandRuns();

private:
    Settings production(quint16 port) const;
    QString socketUrl() const;
    QString active(const char* pattern) const;

    SystemClock m_clock;
    QTemporaryDir m_sockets;
    support::PostgresServer m_server{
        {.settings = {QStringLiteral("unix_socket_directories = '%1'").arg(m_sockets.path())},
         .hba = {QStringLiteral("local all all trust"),
                 QStringLiteral("host all all 127.0.0.1/32 scram-sha-256")}}};
};

QString TestPostgresFaults::socketUrl() const {
    const QUrl url(m_server.superuserUrl());
    return QStringLiteral("postgresql://%1@%2:%3/app")
        .arg(url.userName(), QString::fromLatin1(QUrl::toPercentEncoding(m_sockets.path())),
             QString::number(url.port()));
}

void TestPostgresFaults::initTestCase() {
    // The server is another user where the test is root.
    QFile(m_sockets.path()).setPermissions(QFile::Permissions(0x7777));
    QCOMPARE(m_server.start(), QString());
    QCOMPARE(m_server.sql(QStringLiteral(R"(
        CREATE ROLE oncall LOGIN PASSWORD 'oncall-secret' IN ROLE pg_monitor;
        CREATE FUNCTION deaf() RETURNS int LANGUAGE plpgsql STABLE AS $$
        BEGIN
          LOOP
            BEGIN PERFORM pg_sleep(20); EXIT; EXCEPTION WHEN query_canceled THEN NULL; END;
          END LOOP;
          RETURN 1;
        END$$;
        CREATE TABLE t(id int); INSERT INTO t VALUES (1); GRANT ALL ON t TO oncall;)")),
             QString());
}

Settings TestPostgresFaults::production(quint16 port) const {
    Settings settings = settingsFor(
        QStringLiteral("postgresql://oncall@127.0.0.1:%1/app?sslmode=disable&gssencmode=disable")
            .arg(port),
        QStringLiteral("oncall-secret"));
    settings.values[QStringLiteral("environment")] = QStringLiteral("production");
    settings.values[QStringLiteral("spare_connection")] = true;
    return settings;
}

QString TestPostgresFaults::active(const char* pattern) const {
    return m_server.sql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE state = "
                                       "'active' AND usename = 'oncall' AND query LIKE '%1'")
                            .arg(QString::fromLatin1(pattern)));
}

/// Between two of the guard's statements there is nothing to stop: such a cancel was once lost.
void TestPostgresFaults::cancelAtAnyMoment() {
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
    QCOMPARE(active("SELECT pg_sleep%"), QStringLiteral("0"));
}

void TestPostgresFaults::spareConnectionCancels() {
    Proxy proxy(static_cast<quint16>(QUrl(m_server.superuserUrl()).port()));
    proxy.loseCancels();
    PostgresEngine engine(*targetFrom(production(proxy.port())), m_clock);
    QVERIFY(awaited(engine.open()));
    const QString sessions =
        QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE usename = 'oncall'");
    QTRY_COMPARE(m_server.sql(sessions), QStringLiteral("2"));
    auto future = engine.run({QStringLiteral("SELECT pg_sleep(30)"), std::chrono::minutes(1)});
    QTRY_COMPARE(active("SELECT pg_sleep%"), QStringLiteral("1"));
    engine.cancel();
    const auto result = awaited(future);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Cancelled);
    QVERIFY2(result.error().message.contains(QStringLiteral("confirmed")),
             qPrintable(result.error().message));
    QVERIFY(proxy.cancelsLost() > 0);
    QVERIFY(ran(engine, QStringLiteral("SELECT 1")));
}

void TestPostgresFaults::spareStandsInWhenNoSlotIsFree() {
    support::PostgresServer small({.maxConnections = 6});
    QCOMPARE(small.start(), QString());
    small.sql(
        QStringLiteral("CREATE ROLE oncall LOGIN PASSWORD 'oncall-secret' IN ROLE "
                       "pg_signal_backend; CREATE ROLE other LOGIN PASSWORD 'other-secret'"));
    PostgresEngine engine(
        *targetFrom(production(static_cast<quint16>(QUrl(small.superuserUrl()).port()))), m_clock);
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

void TestPostgresFaults::aDeadSpareIsReplaced() {
    SystemClock fast(200);  // thirty seconds are a moment
    PostgresEngine engine(
        *targetFrom(production(static_cast<quint16>(QUrl(m_server.superuserUrl()).port()))), fast);
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

void TestPostgresFaults::aBrokenResolverHoldsNobodyUp() {
    using std::chrono::steady_clock;
    Target target = *targetFrom(production(5432));
    target.parameters["host"] = "db.example";
    // Outlives the looking up, as a resolver that hangs does.
    const auto open = std::make_shared<std::atomic<bool>>(false);
    Interrupt interrupt;
    const auto late =
        waysTo(target, interrupt, 1, steady_clock::now() + std::chrono::milliseconds(50),
               [open](const QByteArray&) -> Result<QByteArrayList> {
                   open->wait(false);
                   return QByteArrayList();
               });
    QVERIFY(!late);
    QCOMPARE(late.error().code, ErrorCode::Timeout);
    const auto soon = steady_clock::now() + std::chrono::minutes(10);
    const auto cancelled = waysTo(target, interrupt, 1, soon,
                                  [open, &interrupt](const QByteArray&) -> Result<QByteArrayList> {
                                      interrupt.cancelUpTo(1);  // while it waits
                                      open->wait(false);
                                      return QByteArrayList();
                                  });
    QVERIFY(!cancelled);
    QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
    open->store(true);
    open->notify_all();
    const auto unknown = waysTo(target, interrupt, 2, soon, [](const QByteArray&) {
        return Result<QByteArrayList>(fail(ErrorCode::Network, QStringLiteral("no such host")));
    });
    QVERIFY(!unknown);
    QVERIFY2(unknown.error().message.contains(QStringLiteral("not known here")),
             qPrintable(unknown.error().message));
    target.parameters["host"] = "localhost";
    target.parameters["port"] = QByteArray::number(QUrl(m_server.superuserUrl()).port());
    PostgresEngine engine(target, m_clock);
    QVERIFY(awaited(engine.open()));
}

/// One that takes the connection and says nothing, as behind a firewall, leaves time for the next.
void TestPostgresFaults::everyAddressGetsItsShare() {
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    Target target = *targetFrom(production(5432));
    target.connectTimeout = std::chrono::seconds(2);
    target.parameters["host"] = "127.0.0.1,localhost";
    target.parameters["port"] = QByteArray::number(silent.serverPort()) + ',' +
                                QByteArray::number(QUrl(m_server.superuserUrl()).port());
    PostgresEngine engine(target, m_clock);
    const auto opened = awaited(engine.open());
    QVERIFY2(opened, opened ? "" : qPrintable(opened.error().message + opened.error().detail));
    // None answers: what each said is in the detail.
    target.parameters["port"] = QByteArray::number(silent.serverPort());
    target.connectTimeout = std::chrono::milliseconds(300);
    PostgresEngine nowhere(target, m_clock);
    const auto late = awaited(nowhere.open());
    QVERIFY(!late);
    QCOMPARE(late.error().code, ErrorCode::Timeout);
}

void TestPostgresFaults::waysAreLibpqsOwn() {
    const auto soon = std::chrono::steady_clock::now() + std::chrono::minutes(10);
    Interrupt interrupt;
    const LookUp two = [](const QByteArray& host) {
        return host == "a" ? Result<QByteArrayList>(QByteArrayList{"10.0.0.1", "10.0.0.2"})
                           : Result<QByteArrayList>(QByteArrayList{"10.0.0.3"});
    };
    const auto spelled = [&](const Target& target) {
        QStringList texts;
        const auto ways = waysTo(target, interrupt, 1, soon, two);
        for (const Target& way : *ways)
            texts << QString::fromUtf8(way.parameters["host"] + '=' + way.parameters["hostaddr"] +
                                       ':' + way.parameters["port"]);
        return texts.join(u' ');
    };
    Target target = *targetFrom(settingsFor(QStringLiteral("postgresql://x@a:1,b:2/app")));
    QCOMPARE(spelled(target), QStringLiteral("a=10.0.0.1:1 a=10.0.0.2:1 b=10.0.0.3:2"));
    target.parameters["target_session_attrs"] = "prefer-standby";
    const auto ways = waysTo(target, interrupt, 1, soon, two);
    QCOMPARE(ways->size(), 6);
    QCOMPARE(ways->first().parameters["target_session_attrs"], QByteArray("standby"));
    QCOMPARE(ways->last().parameters["target_session_attrs"], QByteArray("any"));
    // A dead connection is noticed within seconds, unless somebody wants it otherwise.
    QCOMPARE(ways->first().parameters["tcp_user_timeout"], QByteArray("5000"));
    QCOMPARE(ways->first().parameters["keepalives_idle"], QByteArray("10"));
    const Target slow = *targetFrom(
        settingsFor(QStringLiteral("postgresql://x@10.0.0.9/app?tcp_user_timeout=90000")));
    QCOMPARE(spelled(slow), QStringLiteral("10.0.0.9=:5432"));
    QCOMPARE(waysTo(slow, interrupt, 1, soon, two)->first().parameters["tcp_user_timeout"],
             QByteArray("90000"));
    const Target socket =
        *targetFrom(settingsFor(QStringLiteral("postgresql://x@%2Frun%2Fpg/app")));
    QCOMPARE(spelled(socket), QStringLiteral("/run/pg=:5432"));
    QTemporaryDir folder;
    QFile services(folder.filePath(QStringLiteral("services")));
    QVERIFY(services.open(QIODevice::WriteOnly));
    services.write("[main]\nhost=b\nport=7\nkeepalives_idle=77\n");
    services.close();
    qputenv("PGSERVICEFILE", services.fileName().toUtf8());
    Settings service = settingsFor({});
    service.values[QStringLiteral("keywords")] = QStringLiteral("service=main user=x");
    const Target byService = *targetFrom(service);
    QCOMPARE(spelled(byService), QStringLiteral("b=10.0.0.3:7"));
    QVERIFY(!waysTo(byService, interrupt, 1, soon, two)
                 ->first()
                 .parameters.contains("keepalives_idle"));
    qunsetenv("PGSERVICEFILE");
    qputenv("PGHOST", "a");
    service.values[QStringLiteral("keywords")] = QStringLiteral("user=x port=3");
    QCOMPARE(spelled(*targetFrom(service)), QStringLiteral("a=10.0.0.1:3 a=10.0.0.2:3"));
    qunsetenv("PGHOST");
}

/// Each judgement waits for the lock longer than the test has patience.
void TestPostgresFaults::runsDoNotWaitBehindJudgements() {
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

void TestPostgresFaults::statementThatIgnoresCancel() {
    const auto engine =
        engineFor(m_server.url(QStringLiteral("oncall")), m_clock, QStringLiteral("oncall-secret"));
    QVERIFY(awaited(engine->open()));
    auto future = engine->run({QStringLiteral("SELECT deaf()"), std::chrono::minutes(1)});
    QTRY_COMPARE(active("SELECT deaf%"), QStringLiteral("1"));
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

void TestPostgresFaults::networkCutMidResult() {
    Proxy proxy(static_cast<quint16>(QUrl(m_server.superuserUrl()).port()));
    Settings settings = production(proxy.port());
    settings.values[QStringLiteral("spare_connection")] = false;
    PostgresEngine engine(*targetFrom(settings), m_clock);
    QVERIFY(awaited(engine.open()));
    QSignalSpy rows(&engine, &QueryEngine::rowsArrived);
    // Wide rows, because the server sends when 8 kB are full and not when a row is ready.
    auto future = engine.run({QStringLiteral("SELECT repeat('x', 9000), pg_sleep(0.001) FROM "
                                             "generate_series(1, 100000) g"),
                              std::chrono::seconds(2)});
    QTRY_VERIFY(!rows.isEmpty());
    proxy.cut();
    const auto result = awaited(future);
    QVERIFY(!result);
    QVERIFY2(result.error().code == ErrorCode::Timeout || result.error().code == ErrorCode::Network,
             qPrintable(result.error().message));
    QTRY_COMPARE(engine.state(), EngineState::Closed);  // told through the event loop
}

void TestPostgresFaults::heldChangeIsRolledBackByTheServer() {
    const auto engine =
        engineFor(m_server.url(QStringLiteral("oncall")), m_clock, QStringLiteral("oncall-secret"));
    Query query;
    query.text = QStringLiteral("UPDATE t SET id = 9");
    query.unlock = Unlock{QStringLiteral("test"), m_clock.now().addMSecs(1200)};
    query.hold = true;
    const auto held = awaited(engine->run(query));
    QVERIFY2(held, held ? "" : qPrintable(held.error().message));
    QVERIFY(held->held);
    QCOMPARE(ran(*engine, QStringLiteral("SELECT 1")).error().detail,
             QStringLiteral("held-change"));
    QTRY_COMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE state "
                                             "LIKE 'idle in%'")),
                 QStringLiteral("0"));
    const auto late = awaited(engine->decide(true));
    QVERIFY(!late);
    QVERIFY2(late.error().message.contains(QStringLiteral("Nothing was changed")),
             qPrintable(late.error().message));
    QCOMPARE(m_server.sql(QStringLiteral("SELECT id FROM t")), QStringLiteral("1"));
    QVERIFY(ran(*engine, QStringLiteral("SELECT 1")));
    QVERIFY(!awaited(engine->decide(false)));
}

/// The cancel arrives when the statement has ended and its COMMIT was not sent yet.
void TestPostgresFaults::cancelBeforeCommitTakesItBack() {
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

void TestPostgresFaults::endedDuringCommitIsUnknown() {
    m_server.sql(QStringLiteral(R"(
        CREATE TABLE slow(id int); GRANT ALL ON slow TO oncall;
        CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_sleep(30); RETURN NULL; END$$;
        CREATE CONSTRAINT TRIGGER late AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION dawdle();)"));
    const auto engine =
        engineFor(m_server.url(QStringLiteral("oncall")), m_clock, QStringLiteral("oncall-secret"));
    Query query{QStringLiteral("INSERT INTO slow VALUES (1)"), std::chrono::minutes(1)};
    query.unlock = Unlock{QStringLiteral("test"), m_clock.now().addSecs(60)};
    auto future = engine->run(query);
    QTRY_COMPARE(active("COMMIT%"), QStringLiteral("1"));
    m_server.sql(QStringLiteral(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COMMIT%' AND "
        "usename = 'oncall'"));
    const auto result = awaited(future);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Network);
    QVERIFY2(result.error().message.contains(QStringLiteral("not known")),
             qPrintable(result.error().message));
    QVERIFY(ran(*engine, QStringLiteral("SELECT 1")));
}

void TestPostgresFaults::widestRow() {
    const auto engine = engineFor(m_server.superuserUrl(), m_clock);
    QStringList columns;
    for (int i = 0; i < 1600; ++i)
        columns << QString::number(i);
    const auto result = ran(*engine, QStringLiteral("SELECT ") + columns.join(u','));
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    QCOMPARE(result->rows->columns().size(), 1600);
    QCOMPARE(cellText(*result->rows, 0, 1599), QStringLiteral("1599"));
}

void TestPostgresFaults::hugeCell() {
    const auto engine = engineFor(m_server.superuserUrl(), m_clock);
    Query query{QStringLiteral("SELECT repeat('x', id * 50000000) FROM t"),
                std::chrono::minutes(1)};
    const auto fits = awaited(engine->run(query));
    QVERIFY2(fits, fits ? "" : qPrintable(fits.error().message));
    QCOMPARE(fits->rows->cell(0, 0)->size(), 50000000);
    // One beyond the server's own limit is the server's error, not ours.
    query.text = QStringLiteral("SELECT repeat('x', id * 1100000000) FROM t");
    const auto tooLarge = awaited(engine->run(query));
    QVERIFY(!tooLarge);
    QVERIFY(ran(*engine, QStringLiteral("SELECT 1")));
}

/// The way that counts a large row leaves nothing behind, and takes nobody's descriptor.
void TestPostgresFaults::killedBehindALargeRow() {
    const auto openDescriptors = [] {
        return QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::Files | QDir::System).size();
    };
    const QString kill = QStringLiteral(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE "
        "'%of a size%' AND pid <> pg_backend_pid()");
    qsizetype before = 0;
    for (int turn = 0; turn < 3; ++turn) {
        {
            const auto engine = engineFor(m_server.superuserUrl(), m_clock);
            QVERIFY(ran(*engine, QStringLiteral("SELECT 1")));
            // The second row is made while the first one is read.
            Query query{QStringLiteral("SELECT repeat('x', n * id) /* of a size */ FROM t, "
                                       "generate_series(60000000, 60000200) n"),
                        std::chrono::minutes(1), 4LL << 30};
            query.sink = [&](const std::shared_ptr<const ResultSet>&) {
                m_server.sql(kill);
                return true;
            };
            const auto result = awaited(engine->run(query));
            QVERIFY(!result);
            QVERIFY(ran(*engine, QStringLiteral("SELECT 1")));
        }
        if (turn == 0) before = openDescriptors();
    }
    QCOMPARE(openDescriptors(), before);
}

/// A jump of the process's memory that has nothing to do with the rows only costs a copy.
void TestPostgresFaults::roomThatOthersTake() {
    std::atomic<bool> goOn = true;
    const std::unique_ptr<QThread> other(QThread::create([&goOn] {
        while (goOn) {
            const std::unique_ptr<char[]> room(new char[128U << 20U]);
            room[0] = 'x';
            std::this_thread::yield();
        }
    }));
    other->start();
    const auto engine = engineFor(m_server.superuserUrl(), m_clock);
    for (int turn = 0; turn < 60; ++turn) {
        const int size = 1 << (10 + turn % 15);
        const auto result =
            awaited(engine->run({QStringLiteral("SELECT repeat('x', %1 * id), n FROM t, "
                                                "generate_series(1, 3) n")
                                     .arg(size),
                                 std::chrono::minutes(1)}));
        if (!result) goOn = false;
        QVERIFY2(result, result ? "" : qPrintable(result.error().message));
        QCOMPARE(result->rows->rowCount(), 3);
        QCOMPARE(result->rows->cell(2, 0)->size(), size);
    }
    goOn = false;
    QVERIFY(other->wait(10000));
}

void TestPostgresFaults::cellBeyondTheCap_data() {
    QTest::addColumn<QString>("sql");
    QTest::addColumn<bool>("changes");
    QTest::addColumn<bool>("local");
    for (const bool local : {false, true}) {
        const auto row = [local](const char* title, const char* sql, bool changes = false) {
            QTest::addRow("%s, %s", title, local ? "by a local socket" : "by TCP")
                << QString::fromLatin1(sql) << changes << local;
        };
        row("the largest cell a server can send", "SELECT repeat('x', id * 1000000000) FROM t");
        row("behind a row that fits",
            "SELECT repeat('x', n * id) FROM t, (VALUES (1000), (500000000)) v(n)");
        row("behind one that nearly does not",
            "SELECT repeat('x', n * id) FROM t, (VALUES (200000000), (400000000)) v(n)");
        row("a constant, which the plan shows", "SELECT repeat('x', 500000000)");
        row("returned by a change", "UPDATE t SET id = 5 RETURNING repeat('x', id * 100000000)",
            true);
    }
}

/// libpq keeps a row until it is complete: the cap has to act before that.
void TestPostgresFaults::cellBeyondTheCap() {
    QFETCH(QString, sql);
    QFETCH(bool, changes);
    QFETCH(bool, local);
    const auto engine = engineFor(local ? socketUrl() : m_server.superuserUrl(), m_clock);
    QVERIFY(ran(*engine, QStringLiteral("SELECT 1")));
    Query query{sql, std::chrono::minutes(1)};
    if (changes) query.unlock = Unlock{QStringLiteral("test"), m_clock.now().addSecs(60)};
    const qint64 before = peakOfMemory(true);
    const auto result = awaited(engine->run(query));
    const qint64 grown = peakOfMemory(false) - before;
    qInfo("peak memory grew by %lld MB, the limit is %lld MB", grown / (1 << 20),
          query.byteCap / (1 << 20));
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::TooLarge);
    QVERIFY2(result.error().message.contains(QStringLiteral("larger than")),
             qPrintable(result.error().message));
    // Of a gigabyte. A row that fits is there twice: libpq's and ours. Sanitizers keep what is
    // freed for a while.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr qint64 kept = 256 << 20;
#else
    constexpr qint64 kept = 0;
#endif
    QVERIFY2(grown < 2 * query.byteCap + (64 << 20) + kept, qPrintable(QString::number(grown)));
    QCOMPARE(m_server.sql(QStringLiteral("SELECT id FROM t")), QStringLiteral("1"));
    QVERIFY(ran(*engine, QStringLiteral("SELECT 1")));
}

void TestPostgresFaults::bytesThatAreNotUtf8() {
    m_server.sql(
        QStringLiteral("CREATE DATABASE ascii ENCODING 'SQL_ASCII' LC_COLLATE 'C' "
                       "LC_CTYPE 'C' TEMPLATE template0"));
    const auto engine = engineFor(m_server.superuserUrl(QStringLiteral("ascii")), m_clock);
    const auto result = ran(*engine, QStringLiteral("SELECT convert_from('\\xfffe', 'SQL_ASCII')"));
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    QCOMPARE(result->rows->cell(0, 0)->toByteArray(), QByteArray("\xff\xfe"));
}

void TestPostgresFaults::longAndDeepStatements() {
    const auto engine = engineFor(m_server.superuserUrl(), m_clock);
    const QString deep =
        QStringLiteral("SELECT ") + QString(20000, u'(') + u'1' + QString(20000, u')');
    QVERIFY(!ran(*engine, deep));
    QVERIFY(!ran(*engine, QStringLiteral("SELECT 1") + QStringLiteral("+1").repeated(40000)));
    QVERIFY(!ran(*engine, QStringLiteral("SELECT '") + QString(200000, u'x') + u'\''));
    const auto fine =
        ran(*engine, QStringLiteral("SELECT '") + QString(90000, u'x') + QStringLiteral("'"));
    QVERIFY2(fine, fine ? "" : qPrintable(fine.error().message));
}

/// Transaction mode: each transaction may be another server session, so every limit is set inside.
void TestPostgresFaults::throughPgBouncer() {
    QTemporaryDir folder;
    QTcpServer probe;
    QVERIFY(probe.listen(QHostAddress::LocalHost));
    const quint16 port = probe.serverPort();
    probe.close();
    const auto write = [&folder](const char* name, const QByteArray& text) {
        QFile file(folder.filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    };
    write("users.txt", "\"oncall\" \"oncall-secret\"\n");
    write("bouncer.ini",
          "[databases]\napp = host=127.0.0.1 port=" +
              QByteArray::number(QUrl(m_server.superuserUrl()).port()) +
              "\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = " + QByteArray::number(port) +
              "\nauth_type = plain\nauth_file = " + folder.filePath("users.txt").toUtf8() +
              "\npool_mode = transaction\ndefault_pool_size = 1\nunix_socket_dir =\nlogfile =\n");
    QProcess bouncer;
    QStringList arguments{folder.filePath(QStringLiteral("bouncer.ini"))};
    QFile(folder.path())
        .setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadOther |
                        QFile::ExeOther | QFile::ReadGroup | QFile::ExeGroup);
    if (geteuid() == 0) arguments.prepend(QStringLiteral("-unobody"));
    bouncer.start(QStringLiteral("/usr/sbin/pgbouncer"), arguments);
    QVERIFY(bouncer.waitForStarted());
    const auto engine = engineFor(QStringLiteral("postgresql://oncall@127.0.0.1:%1/app").arg(port),
                                  m_clock, QStringLiteral("oncall-secret"));
    QTRY_VERIFY2(awaited(engine->open()), bouncer.readAllStandardError().constData());
    const auto result = ran(*engine, QStringLiteral("SELECT count(*) FROM t"));
    QVERIFY2(result, result ? "" : qPrintable(result.error().message + result.error().detail));
    QVERIFY(result->receipt.guards.contains(QStringLiteral("verified: transaction_read_only on")));
    QVERIFY(result->receipt.guards.contains(QStringLiteral("verified: statement_timeout 5 s")));
    QVERIFY(!ran(*engine, QStringLiteral("DELETE FROM t")));
    // Whoever shares the server's session finds it as it was, also after a change.
    const QString through =
        QStringLiteral("postgresql://oncall:oncall-secret@127.0.0.1:%1/app").arg(port);
    const support::OtherSession application(m_server, QStringLiteral("shop"), through);
    application.say("SELECT pg_advisory_lock(1234); SET work_mem = '77MB';");
    const auto locks = [this] {
        return m_server.sql(
            QStringLiteral("SELECT count(*) FROM pg_locks WHERE locktype = "
                           "'advisory' AND objid = 1234"));
    };
    QTRY_COMPARE(locks(), QStringLiteral("1"));
    const Unlock unlock{QStringLiteral("test"), m_clock.now().addSecs(60)};
    const auto changed = ran(*engine, QStringLiteral("INSERT INTO t VALUES (2)"), unlock);
    QVERIFY2(changed, changed ? "" : qPrintable(changed.error().message));
    QCOMPARE(locks(), QStringLiteral("1"));
    const auto memory = ran(*engine, QStringLiteral("SELECT current_setting('work_mem')"));
    QVERIFY2(memory, memory ? "" : qPrintable(memory.error().message));
    QCOMPARE(cellText(*memory->rows, 0, 0), QStringLiteral("77MB"));
    application.say("INSERT INTO t VALUES (3);");
    QTRY_COMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM t WHERE id = 3")),
                 QStringLiteral("1"));
    auto future = engine->run({QStringLiteral("SELECT pg_sleep(30)"), std::chrono::minutes(1)});
    QTRY_COMPARE(active("SELECT pg_sleep%"), QStringLiteral("1"));
    engine->cancel();
    QCOMPARE(awaited(future).error().code, ErrorCode::Cancelled);
    bouncer.kill();
    bouncer.waitForFinished();
    QVERIFY(!ran(*engine, QStringLiteral("SELECT 1")));
}

/// Nothing piles up over a long watch.
void TestPostgresFaults::tenThousandRuns() {
    const auto engine = engineFor(m_server.superuserUrl(), m_clock);
    const auto inUse = [] {
        const auto heap = mallinfo2();
        return static_cast<qint64>(heap.uordblks + heap.hblkhd);
    };
    const auto runs = [&engine](int count) {
        QVector<QFuture<Result<QueryResult>>> queued;
        for (int i = 0; i < count; ++i) {
            queued << engine->run({QStringLiteral("SELECT id FROM t WHERE id = 1")});
            if (queued.size() < 64 && i + 1 < count) continue;
            for (auto& future : queued)
                if (!awaited(future)) return false;
            queued.clear();
        }
        return true;
    };
    QVERIFY(runs(3000));
    const qint64 before = inUse();
    QVERIFY(runs(7000));
    const qint64 grown = inUse() - before;
    QVERIFY2(grown < 1024 * 1024, qPrintable(QString::number(grown)));
}

QTEST_GUILESS_MAIN(TestPostgresFaults)
#include "tst_postgresfaults.moc"
