#include <malloc.h>

#include <QFile>
#include <QHostAddress>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <atomic>

#include "plugins/engines/postgres/ways.h"
#include "tests/engines_postgres/oncallserver.h"
#include "tests/engines_postgres/proxy.h"
#include "tests/support/othersession.h"

using namespace tocsin;
using namespace tocsin::postgres;

/// What a bad day does to a conversation.
class TestPostgresFaults : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QCOMPARE(m_oncall.start(), QString()); }
    void aBrokenResolverHoldsNobodyUp();
    void everyAddressGetsItsShare();
    void waysAreLibpqsOwn();
    void networkCutMidResult();
    void heldChangeIsRolledBackByTheServer();
    void endedDuringCommitIsUnknown();
    void throughPgBouncer();
    void tenThousandRuns();

private:
    SystemClock m_clock;
    OncallServer m_oncall;
    support::PostgresServer& m_server = m_oncall.server;
};

void TestPostgresFaults::aBrokenResolverHoldsNobodyUp() {
    using std::chrono::steady_clock;
    Target target = *targetFrom(m_oncall.production(5432));
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
    Target target = *targetFrom(m_oncall.production(5432));
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

void TestPostgresFaults::networkCutMidResult() {
    Proxy proxy(static_cast<quint16>(QUrl(m_server.superuserUrl()).port()));
    Settings settings = m_oncall.production(proxy.port());
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
    QTRY_COMPARE(m_oncall.active("COMMIT%"), QStringLiteral("1"));
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
    QTRY_COMPARE(m_oncall.active("SELECT pg_sleep%"), QStringLiteral("1"));
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
