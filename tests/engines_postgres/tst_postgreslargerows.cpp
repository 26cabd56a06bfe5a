#include <malloc.h>

#include <QDir>
#include <QFile>
#include <QThread>
#include <atomic>

#include "tests/engines_postgres/oncallserver.h"

using namespace tocsin;
using namespace tocsin::postgres;

namespace {

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

/// Rows that are larger, wider or stranger than anybody expects.
class TestPostgresLargeRows : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QCOMPARE(m_oncall.start(), QString()); }
    void widestRow();
    void hugeCell();
    void killedBehindALargeRow();
    void roomThatOthersTake();
    void cellBeyondTheCap_data();
    void cellBeyondTheCap();
    void bytesThatAreNotUtf8();
    void longAndDeepStatements();

private:
    SystemClock m_clock;
    OncallServer m_oncall;
    support::PostgresServer& m_server = m_oncall.server;
};

void TestPostgresLargeRows::widestRow() {
    const auto engine = engineFor(m_server.superuserUrl(), m_clock);
    QStringList columns;
    for (int i = 0; i < 1600; ++i)
        columns << QString::number(i);
    const auto result = ran(*engine, QStringLiteral("SELECT ") + columns.join(u','));
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    QCOMPARE(result->rows->columns().size(), 1600);
    QCOMPARE(cellText(*result->rows, 0, 1599), QStringLiteral("1599"));
}

void TestPostgresLargeRows::hugeCell() {
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
void TestPostgresLargeRows::killedBehindALargeRow() {
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
void TestPostgresLargeRows::roomThatOthersTake() {
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

void TestPostgresLargeRows::cellBeyondTheCap_data() {
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
void TestPostgresLargeRows::cellBeyondTheCap() {
    QFETCH(QString, sql);
    QFETCH(bool, changes);
    QFETCH(bool, local);
    const auto engine = engineFor(local ? m_oncall.socketUrl() : m_server.superuserUrl(), m_clock);
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

void TestPostgresLargeRows::bytesThatAreNotUtf8() {
    m_server.sql(
        QStringLiteral("CREATE DATABASE ascii ENCODING 'SQL_ASCII' LC_COLLATE 'C' "
                       "LC_CTYPE 'C' TEMPLATE template0"));
    const auto engine = engineFor(m_server.superuserUrl(QStringLiteral("ascii")), m_clock);
    const auto result = ran(*engine, QStringLiteral("SELECT convert_from('\\xfffe', 'SQL_ASCII')"));
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    QCOMPARE(result->rows->cell(0, 0)->toByteArray(), QByteArray("\xff\xfe"));
}

void TestPostgresLargeRows::longAndDeepStatements() {
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

QTEST_GUILESS_MAIN(TestPostgresLargeRows)
#include "tst_postgreslargerows.moc"
