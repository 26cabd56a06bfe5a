#include <libpq-fe.h>

#include <QCryptographicHash>
#include <QProcess>
#include <QTcpServer>
#include <QtEndian>

#include "inspection/format.h"
#include "tests/engines_postgres/postgresfixture.h"

using namespace tocsin;
using namespace tocsin::postgres;

namespace {

/// One row of everything that a literal can get wrong.
const char kOdd[] =
    "DROP TABLE IF EXISTS odd, result; CREATE TABLE odd(%1); CREATE TABLE result(%1); "
    "GRANT SELECT ON odd TO oncall; INSERT INTO odd VALUES "
    " (-2147483648, repeat('9', 1000)::numeric / 7, 'NaN', E'it''s \\\\ \"x\" \\n\\té', "
    "'\\x00ff5c27', "
    "  '{{1,NULL},{-3,4}}', ARRAY['a\"b', 'c,d', NULL, '', 'NULL', E'\\\\'], 'infinity', "
    "  '0044-03-15 BC', '-1 year 2 days 03:04:05.000006', '{\"k\": \"it''s \\u00e9 \\\\\"}', true, "
    "B'0101', "
    "  '10.0.0.0/8', '9a3c1f9e-0000-4000-8000-000000000001', '24:00', '[1,5)'), "
    " (0, 'NaN', '-Infinity', '', '', '{}', '{}', '-infinity', 'epoch', '0', 'null', false, B'', "
    "'::1', "
    "  NULL, '00:00', 'empty'), "
    " (NULL, NULL, 1e-308, 'NULL', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, "
    "NULL, "
    "  NULL, NULL), (1, 1e-1000, 'Infinity', '$$;--', NULL, NULL, NULL, NULL, NULL, NULL, '[]', "
    "NULL, NULL, "
    "  NULL, NULL, NULL, NULL) ";

}  // namespace

class TestPostgresEngine : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void saysWhoItIs();
    void warnsOfPowerfulRoles();
    void keepsValuesExact_data();
    void keepsValuesExact();
    void insertsMakeTheSameRows();
    void tellsNullFromEmpty();
    void namesColumnsAndTypes();
    void receiptHashesEveryCell();
    void cancelStopsOnTheServer();
    void cancelReachesOnlyItsRun();
    void timeoutIsSaid();
    void lockTimeoutIsSaid();
    void streamsUpToTheCap();
    void aSinkTakesAllRows();
    void showsFirstRowsEarly();
    void errorsCarryPositions_data();
    void errorsCarryPositions();
    void connectErrorsAreSentences_data();
    void connectErrorsAreSentences();
    void fullServerIsSaid();
    void droppedMidResultIsSaidAndNotRepeated();
    void droppedWhileIdleConnectsAgain();
    void destroyingWhileBusyEndsTheStatement();
    void worksThroughASilentServer();

private:
    SystemClock m_clock;
    support::PostgresServer m_server;
    std::unique_ptr<PostgresEngine> m_engine;
};

void TestPostgresEngine::initTestCase() {
    QCOMPARE(m_server.start(), QString());
    m_server.sql(
        QStringLiteral("CREATE ROLE oncall LOGIN PASSWORD 'oncall-secret';"
                       "CREATE ROLE mighty LOGIN PASSWORD 'mighty-secret';"
                       "GRANT pg_signal_backend TO mighty;"
                       "CREATE TYPE mood AS ENUM ('calm');"
                       "CREATE TABLE held(id int); GRANT SELECT ON held TO oncall;"));
}

void TestPostgresEngine::init() {
    m_engine =
        engineFor(m_server.url(QStringLiteral("oncall")), m_clock, QStringLiteral("oncall-secret"));
    QVERIFY(m_engine);
}

void TestPostgresEngine::saysWhoItIs() {
    const auto identity = awaited(m_engine->open());
    QVERIFY(identity);
    QCOMPARE(identity->product, QStringLiteral("PostgreSQL"));
    QCOMPARE(identity->user, QStringLiteral("oncall"));
    QVERIFY(identity->address.endsWith(QStringLiteral("/app")));
    QVERIFY(!identity->replica);
    QTRY_COMPARE(m_engine->state(), EngineState::Ready);
    QCOMPARE(m_server.sql(QStringLiteral("SELECT application_name FROM pg_stat_activity "
                                         "WHERE usename = 'oncall'")),
             QStringLiteral("tocsin"));
    const auto limits = ran(*m_engine, QStringLiteral("SELECT current_setting('lock_timeout')"));
    QCOMPARE(cellText(*limits->rows, 0, 0), QStringLiteral("1s"));
}

void TestPostgresEngine::warnsOfPowerfulRoles() {
    const auto plain = awaited(m_engine->open());
    QCOMPARE(plain->warnings.size(), 1);  // only that pg_monitor is missing
    QVERIFY(plain->warnings[0].contains(QStringLiteral("pg_monitor")));
    const auto mighty =
        engineFor(m_server.url(QStringLiteral("mighty")), m_clock, QStringLiteral("mighty-secret"));
    QVERIFY(
        awaited(mighty->open())->warnings.join(u' ').contains(QStringLiteral("pg_signal_backend")));
    const auto super = engineFor(m_server.superuserUrl(), m_clock);
    QVERIFY(awaited(super->open())->warnings.join(u' ').contains(QStringLiteral("superuser")));
}

void TestPostgresEngine::keepsValuesExact_data() {
    QTest::addColumn<QString>("sql");
    static const char* const values[] = {
        "1e-400::numeric",
        "123456789012345678901234567890.123456789::numeric",
        "'NaN'::numeric, 'Infinity'::float8, '-0'::float8",
        "0.1::float8 + 0.2::float8, 1.1::float4",
        "'2024-02-29 23:59:59.999999+00'::timestamptz",
        "'2024-02-29 23:59:59.000001'::timestamp",
        "'infinity'::timestamptz, '-infinity'::date",
        "'0044-03-15 BC'::date, '4713-01-01 00:00:00 BC'::timestamp",
        "'24:00:00'::time, '24:00:00+05'::timetz",
        "'4000000000'::xid, '18446744073709551615'::xid8, 4000000000::oid",
        "'9223372036854775807'::int8, '-9223372036854775808'::int8",
        "'\\xdeadbeef00'::bytea",
        "'1 mon -2 days +03:04:05.000006'::interval",
        "ARRAY['a,b', NULL, 'c\"d', '']",
        "'{\"b\": 1, \"a\":  2}'::json, '{\"b\": 1, \"a\":  2}'::jsonb",
        "'ä€😀'::text, E'tab\\tend'",
        "true, 'calm'::mood, ROW(1, 'x', NULL)",
        "'12.34'::money, '(1,2)'::point, '10.0.0.1/8'::inet, B'0101'",
        "'a fat cat'::tsvector, '[1,5)'::int4range",
    };
    for (const char* value : values)
        QTest::newRow(value) << QString::fromUtf8(value);
}

/// Byte for byte what psql prints.
void TestPostgresEngine::keepsValuesExact() {
    QFETCH(QString, sql);
    const QString text = QStringLiteral("SELECT ") + sql;
    const auto result = ran(*m_engine, text);
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    QByteArray ours;
    for (int c = 0; c < result->rows->columns().size(); ++c)
        ours +=
            (c ? "\x1f" : "") + result->rows->cell(0, c).value_or(QByteArrayView()).toByteArray();
    QProcess psql;
    psql.start(drill::LocalPostgres::binaryFolder() + QStringLiteral("/psql"),
               {QStringLiteral("-XAtw"), QStringLiteral("-F\x1f"), QStringLiteral("-d"),
                m_server.superuserUrl(), QStringLiteral("-c"), text});
    QVERIFY(psql.waitForFinished());
    QCOMPARE(psql.readAllStandardError(), QByteArray());
    QCOMPARE(ours + '\n', psql.readAllStandardOutput());
}

/// What is copied as INSERT is what was there, to the server.
void TestPostgresEngine::insertsMakeTheSameRows() {
    const QString columns = QStringLiteral(
        "a int, n numeric, f float8, t text, b bytea, i int[], ts text[], at timestamptz, "
        "bc timestamp, span interval, doc jsonb, yes bool, bits bit varying, place inet, \"odd "
        "\"\"name\" uuid, night time, numbers int4range");
    QCOMPARE(m_server.sql(QString::fromUtf8(kOdd).arg(columns)), QString());
    const auto answer = ran(*m_engine, QStringLiteral("SELECT * FROM odd"));
    QVERIFY2(answer, answer ? "" : qPrintable(answer.error().message));
    const QByteArray inserts = inspection::toText(*answer->rows, inspection::Format::Insert);
    QCOMPARE(m_server.sql(QString::fromUtf8(inserts)), QString());
    QCOMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM result")), QStringLiteral("4"));
    QCOMPARE(m_server.sql(QStringLiteral(
                 "SELECT count(*) FROM (TABLE odd EXCEPT ALL TABLE result) AS missing")),
             QStringLiteral("0"));
    // A result without columns has rows all the same.
    const auto bare = ran(*m_engine, QStringLiteral("SELECT FROM odd"));
    QVERIFY(bare);
    QCOMPARE(bare->rows->rowCount(), 4);
    const QByteArray rows = inspection::toText(*bare->rows, inspection::Format::Insert);
    QCOMPARE(m_server.sql(QStringLiteral("DROP TABLE result; CREATE TABLE result();") +
                          QString::fromUtf8(rows)),
             QString());
    QCOMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM result")), QStringLiteral("4"));
    m_server.sql(QStringLiteral("DROP TABLE odd, result"));
}

void TestPostgresEngine::tellsNullFromEmpty() {
    const auto result = ran(*m_engine, QStringLiteral("SELECT NULL, ''"));
    QVERIFY(result);
    QVERIFY(!result->rows->cell(0, 0));
    QCOMPARE(result->rows->cell(0, 1)->size(), 0);
}

void TestPostgresEngine::namesColumnsAndTypes() {
    const auto result =
        ran(*m_engine, QStringLiteral("SELECT 1 AS n, now() AS at, 'calm'::mood AS m, "
                                      "ARRAY['calm'::mood] AS ms, 1.5::numeric(9,2) AS d "
                                      "WHERE false"));
    QVERIFY(result);
    QCOMPARE(result->rows->rowCount(), 0);
    QStringList columns;
    for (const Column& column : result->rows->columns())
        columns << column.name + u' ' + column.type + QLatin1String(column.numeric ? "#" : "");
    QCOMPARE(columns, (QStringList{"n integer#", "at timestamp with time zone", "m mood",
                                   "ms mood[]", "d numeric#"}));
}

void TestPostgresEngine::receiptHashesEveryCell() {
    const auto result = ran(*m_engine, QStringLiteral("SELECT 'ab' AS a, NULL AS b UNION ALL "
                                                      "SELECT '', 'c'"));
    QVERIFY(result);
    QByteArray bytes(
        "\0\0\0\2"
        "\0\0\0\2"
        "ab"
        "\xff\xff\xff\xff"
        "\0\0\0\0"
        "\0\0\0\1"
        "c",
        23);
    QCOMPARE(result->receipt.sha256,
             QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
    QCOMPARE(result->receipt.rows, 2);
    QCOMPARE(result->receipt.connection, QStringLiteral("primary"));
    QVERIFY(result->receipt.startedAt.isValid());
    const auto moved = ran(*m_engine, QStringLiteral("SELECT 'a' AS a, 'b' AS b UNION ALL "
                                                     "SELECT '', 'c'"));
    QVERIFY(moved->receipt.sha256 != result->receipt.sha256);
}

void TestPostgresEngine::cancelStopsOnTheServer() {
    QVERIFY(awaited(m_engine->open()));
    auto future = m_engine->run({QStringLiteral("SELECT pg_sleep(30)"), std::chrono::minutes(1)});
    const QString running = QStringLiteral(
        "SELECT count(*) FROM pg_stat_activity WHERE state = "
        "'active' AND query LIKE 'SELECT pg_sleep%'");
    QTRY_COMPARE(m_server.sql(running), QStringLiteral("1"));
    m_engine->cancel();
    const auto result = awaited(future);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Cancelled);
    QCOMPARE(m_server.sql(running), QStringLiteral("0"));
    QVERIFY(ran(*m_engine, QStringLiteral("SELECT 1")));
}

void TestPostgresEngine::cancelReachesOnlyItsRun() {
    QVERIFY(awaited(m_engine->open()));
    for (int i = 0; i < 50; ++i) {
        auto first =
            m_engine->run({QStringLiteral("SELECT count(*) FROM generate_series(1, 20000)")});
        m_engine->cancel();
        auto second = m_engine->run({QStringLiteral("SELECT 2")});
        awaited(first);
        const auto result = awaited(second);
        QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    }
}

void TestPostgresEngine::timeoutIsSaid() {
    const auto result = awaited(
        m_engine->run({QStringLiteral("SELECT pg_sleep(30)"), std::chrono::milliseconds(200)}));
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Timeout);
    QVERIFY(result.error().message.contains(QStringLiteral("statement_timeout")));
}

void TestPostgresEngine::lockTimeoutIsSaid() {
    PGconn* holder = PQconnectdb(m_server.superuserUrl().toUtf8().constData());
    PQclear(PQexec(holder, "BEGIN; LOCK TABLE held IN ACCESS EXCLUSIVE MODE"));
    const auto result = ran(*m_engine, QStringLiteral("SELECT * FROM held"));
    PQfinish(holder);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Timeout);
    QVERIFY(result.error().message.contains(QStringLiteral("Activity")));
}

void TestPostgresEngine::streamsUpToTheCap() {
    Query query{QStringLiteral("SELECT g, md5(g::text), repeat('x', 100) FROM "
                               "generate_series(1, 1000000) g"),
                std::chrono::minutes(1)};
    query.byteCap = 20 * 1024 * 1024;
    const auto cut = awaited(m_engine->run(query));
    QVERIFY2(cut, cut ? "" : qPrintable(cut.error().message));
    QVERIFY(cut->truncated);
    QVERIFY(cut->rows->byteSize() < query.byteCap + 1024 * 1024);
    QVERIFY(cut->rows->rowCount() > 1000 && cut->rows->rowCount() < 1000000);
    QVERIFY(cut->notices.join(u' ').contains(QStringLiteral("20 MB")));
    query.byteCap = 1024LL * 1024 * 1024;
    const auto whole = awaited(m_engine->run(query));
    QVERIFY(whole);
    QVERIFY(!whole->truncated);
    QCOMPARE(whole->rows->rowCount(), 1000000);
    QCOMPARE(cellText(*whole->rows, 999999, 0), QStringLiteral("1000000"));
}

void TestPostgresEngine::aSinkTakesAllRows() {
    Query query{QStringLiteral("SELECT g, repeat('x', 300) FROM generate_series(1, 200000) g"),
                std::chrono::minutes(1)};
    const auto kept = awaited(m_engine->run(query));
    QVERIFY(kept && !kept->truncated);
    query.byteCap = 1024 * 1024;
    std::atomic<qsizetype> rows = 0;
    std::atomic<qint64> largest = 0;
    query.sink = [&](const std::shared_ptr<const ResultSet>& set) {
        rows += set->rowCount();
        largest = std::max<qint64>(largest, set->byteSize());
        return true;
    };
    const auto given = awaited(m_engine->run(query));
    QVERIFY2(given, given ? "" : qPrintable(given.error().message));
    QVERIFY(!given->truncated);
    QCOMPARE(given->rows->rowCount(), 0);
    QCOMPARE(given->rows->columns().size(), 2);
    QCOMPARE(rows.load(), qsizetype(200000));
    QCOMPARE(given->receipt.rows, 200000);
    QCOMPARE(given->receipt.sha256, kept->receipt.sha256);
    QVERIFY2(largest < 6 * 1024 * 1024, qPrintable(QString::number(largest)));
    // A full disk stops the statement on the server.
    query.text = QStringLiteral(
        "SELECT g, pg_sleep(CASE WHEN g > 9000 THEN 30 ELSE 0 END) FROM "
        "generate_series(1, 9001) g");
    query.sink = [](const std::shared_ptr<const ResultSet>&) { return false; };
    const auto stopped = awaited(m_engine->run(query));
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    QVERIFY(ran(*m_engine, QStringLiteral("SELECT 1")));
}

void TestPostgresEngine::showsFirstRowsEarly() {
    QSignalSpy spy(m_engine.get(), &QueryEngine::rowsArrived);
    auto future = m_engine->run({QStringLiteral("SELECT g, pg_sleep(CASE WHEN g > 8000 THEN 30 "
                                                "ELSE 0 END) FROM generate_series(1, 8001) g"),
                                 std::chrono::minutes(1)});
    QTRY_VERIFY(!spy.isEmpty());
    QVERIFY(!future.isFinished());
    m_engine->cancel();
    QVERIFY(!awaited(future));
}

void TestPostgresEngine::errorsCarryPositions_data() {
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("at");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("syntax") << "SELECT * FORM pg_class"
                            << "FORM" << ErrorCode::Parse;
    QTest::newRow("table") << "SELECT * FROM nowhere"
                           << "nowhere" << ErrorCode::NotFound;
    QTest::newRow("column") << "SELECT 'é😀', nothing FROM pg_class"
                            << "nothing" << ErrorCode::NotFound;
    QTest::newRow("function") << "SELECT 1,\n nofunc(1)"
                              << "nofunc" << ErrorCode::NotFound;
    QTest::newRow("type") << "SELECT 1 + 'x'::text"
                          << "+" << ErrorCode::NotFound;
}

void TestPostgresEngine::errorsCarryPositions() {
    QFETCH(QString, sql);
    QFETCH(QString, at);
    QFETCH(ErrorCode, code);
    const auto result = ran(*m_engine, sql);
    QVERIFY(!result);
    QCOMPARE(result.error().code, code);
    QVERIFY(result.error().position);
    QCOMPARE(*result.error().position, static_cast<int>(sql.indexOf(at)));
    QVERIFY(ran(*m_engine, QStringLiteral("SELECT 1")));
}

void TestPostgresEngine::connectErrorsAreSentences_data() {
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("password");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("says");
    const auto url = [this](const QString& role, const QString& database = {}) {
        return m_server.url(role, {}, database);
    };
    QTest::newRow("wrong password") << url("oncall") << "wrong-password" << ErrorCode::Auth
                                    << "refuses the password of role oncall";
    QTest::newRow("no password") << url("oncall") << "" << ErrorCode::Auth
                                 << "password: keychain:primary";
    QTest::newRow("no database") << url("oncall", "nothere") << "oncall-secret"
                                 << ErrorCode::NotFound << "no database nothere";
    QTest::newRow("nobody listens") << "postgresql://x@127.0.0.1:1/x"
                                    << "" << ErrorCode::Network << "Nothing listens there";
    QTest::newRow("unknown host") << "postgresql://x@no-such-host.invalid/x"
                                  << "" << ErrorCode::Network << "not known here";
}

void TestPostgresEngine::connectErrorsAreSentences() {
    QFETCH(QString, url);
    QFETCH(QString, password);
    QFETCH(ErrorCode, code);
    QFETCH(QString, says);
    const auto engine = engineFor(url, m_clock, password);
    QVERIFY(engine);
    const auto result = ran(*engine, QStringLiteral("SELECT 1"));
    QVERIFY(!result);
    QVERIFY2(result.error().message.contains(says),
             qPrintable(result.error().message + result.error().detail));
    QCOMPARE(result.error().code, code);
    QVERIFY(!(result.error().message + result.error().detail).contains("wrong-password"));
    QTRY_COMPARE(engine->state(), EngineState::Closed);
}

void TestPostgresEngine::fullServerIsSaid() {
    support::PostgresServer small({.maxConnections = 4});
    QCOMPARE(small.start(), QString());
    small.sql(QStringLiteral("CREATE ROLE oncall LOGIN PASSWORD 'oncall-secret'"));
    auto held =
        engineFor(small.url(QStringLiteral("oncall")), m_clock, QStringLiteral("oncall-secret"));
    // The session that made the role may still be leaving the only slot there is.
    QTRY_VERIFY(awaited(held->open()));
    const auto refused =
        engineFor(small.url(QStringLiteral("oncall")), m_clock, QStringLiteral("oncall-secret"));
    const auto result = awaited(refused->open());
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Unavailable);
    QVERIFY(result.error().message.contains(QStringLiteral("no free connection slot")));
    // The one that is open can still be cancelled, which needs no slot.
    auto future = held->run({QStringLiteral("SELECT pg_sleep(30)"), std::chrono::minutes(1)});
    QTRY_COMPARE(held->state(), EngineState::Busy);
    held->cancel();
    QCOMPARE(awaited(future).error().code, ErrorCode::Cancelled);
}

void TestPostgresEngine::droppedMidResultIsSaidAndNotRepeated() {
    QVERIFY(awaited(m_engine->open()));
    auto future = m_engine->run({QStringLiteral("SELECT pg_sleep(30)"), std::chrono::minutes(1)});
    QTRY_COMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE state = "
                                             "'active' AND usename = 'oncall'")),
                 QStringLiteral("1"));
    m_server.sql(
        QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                       "usename = 'oncall'"));
    const auto result = awaited(future);
    QVERIFY(!result);
    QVERIFY(result.error().code == ErrorCode::Unavailable ||
            result.error().code == ErrorCode::Network);
    QVERIFY2(result.error().message.contains(QStringLiteral("connect anew")),
             qPrintable(result.error().message));
    QTRY_COMPARE(m_engine->state(), EngineState::Closed);
    QVERIFY(ran(*m_engine, QStringLiteral("SELECT 1")));
}

void TestPostgresEngine::droppedWhileIdleConnectsAgain() {
    QVERIFY(awaited(m_engine->open()));
    m_server.sql(
        QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                       "usename = 'oncall'"));
    QTRY_COMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE usename "
                                             "= 'oncall'")),
                 QStringLiteral("0"));
    const auto result = ran(*m_engine, QStringLiteral("SELECT 1"));
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
}

void TestPostgresEngine::destroyingWhileBusyEndsTheStatement() {
    QVERIFY(awaited(m_engine->open()));
    auto future = m_engine->run({QStringLiteral("SELECT pg_sleep(30)"), std::chrono::minutes(1)});
    QTRY_COMPARE(m_engine->state(), EngineState::Busy);
    m_engine.reset();
    QVERIFY(future.isFinished());
    QVERIFY(!future.result());
    QTRY_COMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE usename "
                                             "= 'oncall'")),
                 QStringLiteral("0"));
}

/// A server that accepts and then says nothing.
void TestPostgresEngine::worksThroughASilentServer() {
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    Settings settings =
        settingsFor(QStringLiteral("postgresql://x@127.0.0.1:%1/x").arg(silent.serverPort()));
    settings.values[QStringLiteral("connect_timeout")] = 300;
    PostgresEngine engine(*targetFrom(settings), m_clock);
    const auto late = awaited(engine.open());
    QVERIFY(!late);
    QCOMPARE(late.error().code, ErrorCode::Timeout);
    settings.values[QStringLiteral("connect_timeout")] = 60000;
    PostgresEngine patient(*targetFrom(settings), m_clock);
    auto future = patient.open();
    QTRY_COMPARE(patient.state(), EngineState::Opening);
    patient.cancel();
    QCOMPARE(awaited(future).error().code, ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestPostgresEngine)
#include "tst_postgresengine.moc"
