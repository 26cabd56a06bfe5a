#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include "tests/support/postgresserver.h"
#include "tests/support/redisserver.h"
#include "tool.h"

using namespace tocsin;

class TestQuery : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void valuesAreExact();
    void formats_data();
    void formats();
    void refusals_data();
    void refusals();
    void anUnlockIsForOneStatement();
    void errorsPointAtThePlace();
    void placeholdersAreToBeFilledIn();
    void aTableObeysNoValue();
    void noticesAreToldOnce();
    void aCommentIsNoOption();
    void aSignalStopsTheStatement();
    void whatIsCutIsNoSuccess();
    void aChangeIsNeverCut();
    void aChangeIsInTheTimeline();
    void aTimelineThatCannotBeWrittenIsSaid();
    void aPartOfAReplySaysWhereTheRestIs();
    void contradictionsAreRefused_data();
    void contradictionsAreRefused();
    void redis();
    void rowsBeforeAnErrorAreKept();
    void redisKeepsArguments();
    void redisScriptsFail();
    void redisWantsTheNameToo();
    void redisIsLimited();
    void showsTheQueues();
    void showsTheServer();
    void showsItsLists_data();
    void showsItsLists();
    void showsTheJobsOfAQueue();
    void walksTheKeys();
    void measuresTheKeys();
    void saysThatAListIsRefused_data();
    void saysThatAListIsRefused();
    void aViewIsNoStatement_data();
    void aViewIsNoStatement();
    void tlsAtAPlainRedisIsHinted();
    void redisRefusals_data();
    void redisRefusals();

private:
    test::Outcome ask(const QString& connection, const QString& statement,
                      const QStringList& more = {}) {
        return m_tool.run(QStringList{QStringLiteral("query"), connection, statement} + more);
    }

    test::Tool m_tool;
    support::PostgresServer m_postgres{
        {.superuser = QStringLiteral("boss"),
         .initialSql =
             QStringLiteral("CREATE ROLE oncall LOGIN PASSWORD 'let me in'; CREATE TABLE t(a int); "
                            "INSERT INTO t VALUES (7); GRANT SELECT, DELETE ON t TO oncall; "
                            "CREATE TABLE wide(i int, pad text); INSERT INTO wide SELECT g, "
                            "repeat('x', 10000) FROM generate_series(1, 300) g; "
                            "GRANT SELECT, UPDATE ON wide TO oncall")}};
    support::RedisServer m_redis;
};

static const QString kPrimary = QStringLiteral("primary");
static const QString kCache = QStringLiteral("cache");
static const QString kJson = QStringLiteral("--json");

void TestQuery::initTestCase() {
    QVERIFY2(QFile::exists(qEnvironmentVariable("TOCSIN_BINARY")), "build the target tocsin first");
    QCOMPARE(m_postgres.start(), QString());
    QCOMPARE(m_redis.start(), QString());
    const QUrl redis(m_redis.url());
    m_tool.environment.insert(QStringLiteral("PRIMARY_PASSWORD"), QStringLiteral("let me in"));
    m_tool.environment.insert(QStringLiteral("CACHE_PASSWORD"), redis.password());
    m_tool.setWorkspace(
        QStringLiteral(
            "bundled: false\nconnections:\n"
            "  - {name: primary, kind: postgres, url: \"%1\", password: \"env:PRIMARY_PASSWORD\"}\n"
            "  - {name: slow, kind: postgres, url: \"%1\", password: \"env:PRIMARY_PASSWORD\", "
            "statement_timeout: 60s}\n"
            "  - {name: small, kind: postgres, url: \"%1\", password: \"env:PRIMARY_PASSWORD\", "
            "result_limit: 1, statement_timeout: 60s}\n"
            "  - {name: cache, kind: redis, url: \"%2\"%3}\n"
            "  - {name: narrow, kind: redis, url: \"%2\"%3, result_limit: 1}\n")
            .arg(m_postgres.url(QStringLiteral("oncall")),
                 redis.adjusted(QUrl::RemoveUserInfo).toString(),
                 redis.password().isEmpty() ? QString()
                                            : QStringLiteral(", password: \"env:CACHE_PASSWORD\""))
            .toUtf8());
}

void TestQuery::valuesAreExact() {
    const QString statement = QStringLiteral(
        "SELECT 1e-400::numeric(500,400) = 1e-400::numeric AS same, 1e-30::numeric AS small, "
        "'2026-01-02 03:04:05.123456+00'::timestamptz AT TIME ZONE 'UTC' AS at, "
        "'infinity'::timestamp AS never, '4000000000'::xid AS xid, '24:00:00'::time AS midnight, "
        "NULL AS nothing, ''::text AS empty, 'é\t\"x\"'::text AS odd");
    const test::Outcome outcome = ask(kPrimary, statement, {kJson});
    QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    const QJsonArray row = outcome.json()[u"rows"][0].toArray();
    QCOMPARE(row[0].toString(), QStringLiteral("t"));
    QCOMPARE(row[1].toString(), QStringLiteral("0.000000000000000000000000000001"));
    QCOMPARE(row[2].toString(), QStringLiteral("2026-01-02 03:04:05.123456"));
    QCOMPARE(row[3].toString(), QStringLiteral("infinity"));
    QCOMPARE(row[4].toString(), QStringLiteral("4000000000"));
    QCOMPARE(row[5].toString(), QStringLiteral("24:00:00"));
    QVERIFY(row[6].isNull());
    QCOMPARE(row[7].toString(), QString());
    QCOMPARE(row[8].toString(), QStringLiteral("é\t\"x\""));
    QCOMPARE(outcome.json()[u"row_count"].toInt(), 1);
    QCOMPARE(outcome.json()[u"columns"][4][u"name"].toString(), QStringLiteral("xid"));
    QVERIFY(!outcome.json()[u"columns"][4][u"type"].toString().isEmpty());
    QVERIFY(outcome.json()[u"receipt"].isObject());
    QVERIFY(!outcome.out.contains("let me in"));
}

void TestQuery::formats_data() {
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("contains");
    QTest::newRow("csv") << QStringLiteral("csv") << QStringLiteral("a\n7\n");
    QTest::newRow("markdown") << QStringLiteral("markdown") << QStringLiteral("| 7 |");
    QTest::newRow("table") << QStringLiteral("table") << QStringLiteral("7");
    QTest::newRow("json") << QStringLiteral("json") << QStringLiteral("\"7\"");
}

void TestQuery::formats() {
    QFETCH(QString, format);
    QFETCH(QString, contains);
    const test::Outcome outcome =
        ask(kPrimary, QStringLiteral("SELECT a FROM t"), {QStringLiteral("--format"), format});
    QCOMPARE(outcome.status, 0);
    QString text = outcome.text();
    text.remove(QLatin1Char('\r'));
    QVERIFY2(text.contains(contains), outcome.out.constData());
}

void TestQuery::refusals_data() {
    QTest::addColumn<QString>("statement");
    for (const char* statement :
         {"DELETE FROM t", "WITH x AS (DELETE FROM t RETURNING a) SELECT * FROM x",
          "COMMIT; CREATE TABLE evil(a int)", "SELECT pg_terminate_backend(1)"})
        QTest::newRow(statement) << QString::fromLatin1(statement);
}

void TestQuery::refusals() {
    QFETCH(QString, statement);
    const test::Outcome outcome = ask(kPrimary, statement, {kJson});
    QCOMPARE(outcome.status, 1);
    QCOMPARE(outcome.json()[u"error"][u"code"].toString(), QStringLiteral("refused"));
    QVERIFY2(outcome.err.contains(QStringLiteral("--unlock")) ||
                 outcome.err.contains(QStringLiteral("one runs at a time")),
             qPrintable(outcome.err));
    QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM t")), QStringLiteral("1"));
}

void TestQuery::anUnlockIsForOneStatement() {
    const test::Outcome unlocked =
        ask(kPrimary, QStringLiteral("DELETE FROM t WHERE a = 99 RETURNING a"),
            {QStringLiteral("--unlock"), QStringLiteral("--reason"),
             QStringLiteral("test of the lock"), kJson});
    QVERIFY2(unlocked.status == 0, qPrintable(unlocked.err));
    QVERIFY(unlocked.out.contains("test of the lock"));
    QCOMPARE(ask(kPrimary, QStringLiteral("DELETE FROM t WHERE a = 99")).status, 1);
}

void TestQuery::errorsPointAtThePlace() {
    const test::Outcome outcome = ask(kPrimary, QStringLiteral("SELECT nothing\nFROM t"));
    QCOMPARE(outcome.status, 1);
    QVERIFY2(outcome.err.contains(QStringLiteral("  SELECT nothing\n         ^")),
             qPrintable(outcome.err));
}

void TestQuery::placeholdersAreToBeFilledIn() {
    const test::Outcome outcome = ask(kPrimary, QStringLiteral("SELECT a FROM t WHERE a = $1"));
    QCOMPARE(outcome.status, 1);
    QVERIFY2(outcome.err.contains(QStringLiteral("must be filled in")), qPrintable(outcome.err));
}

void TestQuery::aTableObeysNoValue() {
    const test::Outcome outcome =
        ask(kPrimary, QStringLiteral("SELECT E'a\\x1b[2Jb\\nc\\u009b1m\\u202e' AS odd"));
    QCOMPARE(outcome.status, 0);
    QVERIFY2(outcome.text().contains(QStringLiteral("a\\x1b[2Jb\\nc\\x9b1m\\u202e\n")),
             outcome.out.constData());
}

void TestQuery::noticesAreToldOnce() {
    const test::Outcome outcome =
        ask(kPrimary, QStringLiteral("DELETE FROM t WHERE a = 99"),
            {QStringLiteral("--unlock"), QStringLiteral("--reason"), QStringLiteral("test")});
    QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    const QStringList lines =
        (outcome.text() + outcome.err).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QCOMPARE(QSet<QString>(lines.begin(), lines.end()).size(), lines.size());
}

void TestQuery::aCommentIsNoOption() {
    const test::Outcome outcome =
        ask(kPrimary, QStringLiteral("-- why\nSELECT a FROM t"), {QStringLiteral("--json")});
    QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    QCOMPARE(outcome.json()[u"rows"][0][0].toString(), QStringLiteral("7"));
}

void TestQuery::aSignalStopsTheStatement() {
    // What the guard asks before is over at once; the statement itself lasts.
    const QString running = QStringLiteral(
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE "
        "'%generate_ser' || 'ies%' AND query_start < clock_timestamp() - interval '500 ms'");
    QProcess process;
    process.setProcessEnvironment(m_tool.environment);
    process.start(qEnvironmentVariable("TOCSIN_BINARY"),
                  {QStringLiteral("query"), QStringLiteral("slow"),
                   QStringLiteral("SELECT count(*) FROM generate_series(1, 100000000000)")});
    QTRY_COMPARE_WITH_TIMEOUT(m_postgres.sql(running), QStringLiteral("1"), 20000);
    process.terminate();
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 20000);
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(m_postgres.sql(running), QStringLiteral("0"), 10000);
}

void TestQuery::whatIsCutIsNoSuccess() {
    const QString small = QStringLiteral("small");
    const QString statement =
        QStringLiteral("SELECT g, repeat('x', 200) AS pad FROM generate_series(1, 50000) g");
    const test::Outcome json = ask(small, statement, {kJson});
    QCOMPARE(json.status, 1);
    QVERIFY(json.json()[u"truncated"].toBool());
    QVERIFY2(json.err.contains(QStringLiteral("are not all")), qPrintable(json.err));
    const test::Outcome table = ask(small, statement);
    QCOMPARE(table.status, 1);
    const test::Outcome csv =
        ask(small, statement, {QStringLiteral("--format"), QStringLiteral("csv")});
    QVERIFY2(csv.status == 0, qPrintable(csv.err));
    QCOMPARE(csv.out.count('\n'), 50001);
    QVERIFY(csv.out.startsWith("g,pad"));
    const test::Outcome none = ask(small, QStringLiteral("SELECT a FROM t WHERE a < 0"),
                                   {QStringLiteral("--format"), QStringLiteral("csv")});
    QCOMPARE(none.status, 0);
    QCOMPARE(none.out.trimmed(), QByteArray("a"));
}

void TestQuery::aChangeIsNeverCut() {
    const test::Outcome outcome = ask(
        QStringLiteral("small"), QStringLiteral("UPDATE wide SET i = i + 1000 RETURNING *"),
        {QStringLiteral("--unlock"), QStringLiteral("--reason"), QStringLiteral("test"), kJson});
    QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    const QJsonDocument json = outcome.json();
    QVERIFY(json[u"truncated"].toBool());
    QVERIFY(json[u"rows"].toArray().size() < 300);
    QCOMPARE(json[u"notices"][0].toString(), QStringLiteral("committed"));
    QCOMPARE(json[u"notices"][1].toString(), QStringLiteral("UPDATE 300"));
    QVERIFY2(json[u"notices"][2].toString().contains(QStringLiteral("do not run it again")),
             outcome.err.toUtf8().constData());
    QVERIFY(!outcome.err.contains(QStringLiteral("stopped at")));
    QCOMPARE(m_postgres.sql(QStringLiteral("SELECT count(*) FROM wide WHERE i > 1000")),
             QStringLiteral("300"));
}

/// Reads the timeline as `tocsin incident show` gives it.
static QStringList timelineOf(const test::Tool& tool, const QString& id) {
    QStringList lines;
    const auto shown =
        tool.run({QStringLiteral("incident"), QStringLiteral("show"), id, kJson}).json();
    for (const auto& event : shown[u"timeline"].toArray())
        lines << event[u"text"].toString();
    return lines;
}

void TestQuery::aChangeIsInTheTimeline() {
    const auto declare = [this](const QString& title) {
        return m_tool
            .run({QStringLiteral("incident"), QStringLiteral("declare"), QStringLiteral("--title"),
                  title, QStringLiteral("--severity"), QStringLiteral("P2"), kJson})
            .json()[u"id"]
            .toString();
    };
    const QString one = declare(QStringLiteral("One")), two = declare(QStringLiteral("Two"));
    const QStringList unlock{QStringLiteral("--unlock"), QStringLiteral("--reason"),
                             QStringLiteral("blocks the queue")};
    const test::Outcome gone = ask(kCache, QStringLiteral("DEL victim"), unlock);
    QVERIFY2(gone.status == 0, qPrintable(gone.err));
    QCOMPARE(gone.text().trimmed(), QStringLiteral("(integer) 0"));
    QVERIFY2(gone.err.contains(QStringLiteral("unlocked: blocks the queue")), qPrintable(gone.err));
    for (const QString& id : {one, two}) {
        const QString timeline = timelineOf(m_tool, id).join(QLatin1Char('\n'));
        QVERIFY2(timeline.contains(
                     QStringLiteral("ran unlock of cache: for one statement: blocks the queue\n"
                                    "ran DEL victim on cache: (integer) 0")),
                 qPrintable(timeline));
    }
    const QString statement = QStringLiteral("DELETE FROM t WHERE a = 99");
    const test::Outcome named =
        ask(kPrimary, statement, unlock + QStringList{QStringLiteral("--incident"), two});
    QVERIFY2(named.status == 0, qPrintable(named.err));
    QVERIFY(timelineOf(m_tool, two)
                .contains(QStringLiteral("ran %1 on primary: committed, DELETE 0").arg(statement)));
    QVERIFY(!timelineOf(m_tool, one).join(QLatin1Char(' ')).contains(statement));
    const test::Outcome failed = ask(kPrimary, QStringLiteral("DELETE FROM nowhere"), unlock);
    QCOMPARE(failed.status, 1);
    QVERIFY(timelineOf(m_tool, one)
                .last()
                .startsWith(QStringLiteral("DELETE FROM nowhere on primary failed: ")));
    const test::Outcome unknown =
        ask(kPrimary, statement,
            unlock + QStringList{QStringLiteral("--incident"), QStringLiteral("INC-99")});
    QCOMPARE(unknown.status, 1);
    QVERIFY2(unknown.err.contains(QStringLiteral("nothing was run")), qPrintable(unknown.err));
    // One that only looks is no change.
    QCOMPARE(ask(kPrimary, QStringLiteral("SELECT 1")).status, 0);
    QCOMPARE(timelineOf(m_tool, one).filter(QStringLiteral("SELECT 1")).size(), 0);
}

void TestQuery::aTimelineThatCannotBeWrittenIsSaid() {
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("tocsin.sqlite")));
    const test::Outcome outcome =
        ask(kPrimary, QStringLiteral("DELETE FROM t WHERE a = 99"),
            {QStringLiteral("--unlock"), QStringLiteral("--reason"), QStringLiteral("test"),
             QStringLiteral("--data"), folder.path()});
    QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    QVERIFY2(outcome.err.contains(QStringLiteral("The timeline is not written")),
             qPrintable(outcome.err));
}

void TestQuery::aPartOfAReplySaysWhereTheRestIs() {
    const QStringList unlock{QStringLiteral("--unlock"), QStringLiteral("--reason"),
                             QStringLiteral("test")};
    const QString push =
        QStringLiteral("RPUSH long") + QStringLiteral(" 1").repeated(12000);  // 10 000 are a part
    QCOMPARE(ask(kCache, push, unlock).status, 0);
    const QString statement = QStringLiteral("LRANGE long 0 -1");
    const test::Outcome part =
        m_tool.run({QStringLiteral("query"), kCache, QStringLiteral("--"), statement});
    QCOMPARE(part.status, 1);
    QVERIFY2(part.err.contains(QStringLiteral("tocsin query cache -- 'LRANGE long ")),
             qPrintable(part.err));
    QVERIFY(!part.err.contains(QStringLiteral("--format csv")));
    const auto json = m_tool
                          .run({QStringLiteral("query"), QStringLiteral("--json"), kCache,
                                QStringLiteral("--"), statement})
                          .json();
    QVERIFY(json[u"truncated"].toBool());
    QVERIFY(json[u"next_page"].toString().startsWith(QStringLiteral("LRANGE long ")));
    QCOMPARE(ask(kCache, QStringLiteral("DEL long"), unlock).status, 0);
}

void TestQuery::contradictionsAreRefused_data() {
    QTest::addColumn<QStringList>("args");
    const auto row = [](const char* args) {
        QTest::newRow(args) << QString::fromLatin1(args).split(QLatin1Char(' '));
    };
    row("primary SELECT --format csv --json");
    row("cache PING --format csv");
    row("cache PING --format markdown");
}

void TestQuery::contradictionsAreRefused() {
    QFETCH(QStringList, args);
    const test::Outcome outcome = m_tool.run(QStringList{QStringLiteral("query")} + args);
    QCOMPARE(outcome.status, 2);
    QVERIFY(outcome.out.isEmpty());
    QVERIFY(outcome.err.contains(QStringLiteral("format")));
}

void TestQuery::tlsAtAPlainRedisIsHinted() {
    QUrl url = QUrl(m_redis.url()).adjusted(QUrl::RemoveUserInfo);
    url.setScheme(QStringLiteral("rediss"));
    test::Tool tool;
    tool.setWorkspace("bundled: false\nconnections:\n  - {name: cache, kind: redis, url: \"" +
                      url.toEncoded() + "\", statement_timeout: 1s}\n");
    const test::Outcome outcome =
        tool.run({QStringLiteral("query"), kCache, QStringLiteral("PING")});
    QCOMPARE(outcome.status, 1);
    QVERIFY2(outcome.err.contains(QStringLiteral("redis://")), qPrintable(outcome.err));
}

void TestQuery::redisWantsTheNameToo() {
    const QStringList unlock{QStringLiteral("--unlock"), QStringLiteral("--reason"),
                             QStringLiteral("test")};
    const test::Outcome without = ask(kCache, QStringLiteral("FLUSHDB"), unlock);
    QCOMPARE(without.status, 1);
    QVERIFY2(without.err.contains(QStringLiteral("--name cache")), qPrintable(without.err));
    const test::Outcome with = ask(kCache, QStringLiteral("FLUSHDB"),
                                   unlock + QStringList{QStringLiteral("--name"), kCache});
    QVERIFY2(with.status == 0, qPrintable(with.err));
}

void TestQuery::redisIsLimited() {
    const QStringList unlock{QStringLiteral("--unlock"), QStringLiteral("--reason"),
                             QStringLiteral("test")};
    QCOMPARE(ask(kCache, QStringLiteral("SETRANGE wide 900000 x"), unlock).status, 0);
    const QString twice = QStringLiteral("GET wide\nGET wide");
    const test::Outcome fits = ask(kCache, twice);
    QVERIFY2(fits.status == 0, qPrintable(fits.err));
    const test::Outcome limited = ask(QStringLiteral("narrow"), twice);
    QCOMPARE(limited.status, 1);
    QVERIFY2(limited.err.contains(QStringLiteral("1048576 bytes")), qPrintable(limited.err));
    QCOMPARE(ask(kCache, QStringLiteral("DEL wide"), unlock).status, 0);
}

void TestQuery::showsTheQueues() {
    const QStringList unlock{QStringLiteral("--unlock"), QStringLiteral("--reason"),
                             QStringLiteral("test")};
    const QStringList queues{QStringLiteral("query"), kCache, QStringLiteral("--view"),
                             QStringLiteral("queues")};
    const test::Outcome none = m_tool.run(queues);
    QVERIFY2(none.status == 0 && none.out.contains("no queue"), qPrintable(none.err + none.text()));
    QCOMPARE(ask(kCache, QStringLiteral("HSET bull:mail:meta version bullmq:5.1"), unlock).status,
             0);
    QCOMPARE(ask(kCache, QStringLiteral("RPUSH bull:mail:wait 1 2"), unlock).status, 0);
    for (const char* id : {"8", "9"}) {
        const QString job = QString::fromLatin1(id);
        QCOMPARE(ask(kCache, QStringLiteral("ZADD bull:mail:failed 1 ") + job, unlock).status, 0);
        QCOMPARE(ask(kCache, QStringLiteral("HSET bull:mail:%1 failedReason 'no user %1'").arg(job),
                     unlock)
                     .status,
                 0);
    }
    const test::Outcome text = m_tool.run(queues);
    QVERIFY2(text.status == 0, qPrintable(text.err));
    QVERIFY2(text.out.contains("bull:mail") && text.out.contains("no worker is connected"),
             text.out.constData());
    const auto json = m_tool.run(queues + QStringList{kJson}).json();
    const QJsonObject mail = json[u"queues"].toArray().first().toObject();
    QCOMPARE(mail[u"queue"].toString(), QStringLiteral("bull:mail"));
    QCOMPARE(mail[u"waiting"].toInt(), 2);
    QCOMPARE(mail[u"state"].toString(), QStringLiteral("stuck"));
    QCOMPARE(mail[u"signs"].toArray().size(), 3);
    QCOMPARE(mail[u"version"].toString(), QStringLiteral("5.1"));
    QVERIFY(mail.contains(u"concurrency") && mail[u"concurrency"].isNull());
    QCOMPARE(mail[u"prioritized"].toInt(-1), 0);
    QCOMPARE(mail[u"failures"].toArray().size(), 1);
    QCOMPARE(mail[u"failures"].toArray().first()[u"jobs"].toInt(), 2);
}

void TestQuery::showsTheServer() {
    const QStringList server{QStringLiteral("query"), kCache, QStringLiteral("--view"),
                             QStringLiteral("server")};
    const test::Outcome text = m_tool.run(server);
    QVERIFY2(text.status == 0 && text.out.contains("MEMORY"), qPrintable(text.err + text.text()));
    const auto json = m_tool.run(server + QStringList{kJson}).json();
    QVERIFY(json[u"memory"].toDouble() > 0);
    QVERIFY(json[u"findings"].isArray());
    QCOMPARE(json[u"role"].toString(), QStringLiteral("master"));
    QCOMPARE(json[u"maxmemoryPolicy"].toString(), QStringLiteral("noeviction"));
    QVERIFY(json[u"evictedKeys"].isDouble());
    QCOMPARE(json[u"persistence"][u"loading"].toBool(true), false);
    // Queues are looked for where it matters.
    const auto set = [this](const QString& setting) {
        return ask(kCache, QStringLiteral("CONFIG SET ") + setting,
                   {QStringLiteral("--unlock"), QStringLiteral("--reason"), QStringLiteral("test"),
                    QStringLiteral("--name"), kCache})
            .status;
    };
    QCOMPARE(set(QStringLiteral("maxmemory-policy allkeys-lru")), 0);
    const QByteArray before = m_tool.run(server).out;
    QCOMPARE(set(QStringLiteral("maxmemory-policy noeviction")), 0);
    QVERIFY2(before.contains("with queues on it, jobs are lost"), before.constData());
}

void TestQuery::showsItsLists_data() {
    QTest::addColumn<QString>("heading");
    QTest::newRow("slowlog") << QString();
    QTest::newRow("latency") << QString();
    QTest::newRow("clients") << QStringLiteral("ADDRESS");
    QTest::newRow("settings") << QStringLiteral("VALUE");
    QTest::newRow("channels") << QString();
    QTest::newRow("doctors") << QStringLiteral("MEMORY DOCTOR");
}

void TestQuery::showsItsLists() {
    QFETCH(QString, heading);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    const QStringList view{QStringLiteral("query"), kCache, QStringLiteral("--view"), name};
    const test::Outcome text = m_tool.run(view);
    QVERIFY2(text.status == 0 && text.text().contains(heading), qPrintable(text.err + text.text()));
    const test::Outcome json = m_tool.run(view + QStringList{kJson});
    QVERIFY2(json.json()[name].isArray(), json.out.constData());
    if (!heading.isEmpty()) QVERIFY(!json.json()[name].toArray().isEmpty());
}

void TestQuery::showsTheJobsOfAQueue() {
    const QStringList unlock{QStringLiteral("--unlock"), QStringLiteral("--reason"),
                             QStringLiteral("test")};
    for (const char* write :
         {"HSET bull:letters:meta version bullmq:5.1", "LPUSH bull:letters:wait 8",
          "HSET bull:letters:8 name welcome timestamp 1700000000000 data secret",
          "ZADD bull:letters:failed 1 9",
          "HSET bull:letters:9 name welcome timestamp 1700000000000 failedReason refused",
          "ZADD bull:letters:waiting-children 1 6", "HSET bull:letters:6 name parcel",
          "ZADD bull:letters:completed 1 7", "HSET bull:letters:7 name done"})
        QCOMPARE(ask(kCache, QString::fromLatin1(write), unlock).status, 0);
    const QStringList view{QStringLiteral("--view"), QStringLiteral("jobs")};
    const test::Outcome text = ask(kCache, QStringLiteral("bull:letters"), view);
    QVERIFY2(text.status == 0 && text.text().contains(QStringLiteral("refused")),
             qPrintable(text.err));
    QVERIFY(!text.text().contains(QStringLiteral("secret")));
    // Only who works on a job holds its lock.
    QVERIFY2(!text.text().contains(QStringLiteral("no lock")), qPrintable(text.text()));
    const auto jobs = ask(kCache, QStringLiteral("bull:letters"), view + QStringList{kJson}).json();
    QStringList told;
    for (const QJsonValue& job : jobs[QStringLiteral("jobs")].toArray())
        told << job[QStringLiteral("id")].toString() + u' ' +
                    job[QStringLiteral("state")].toString();
    QCOMPARE(told.join(u", "),
             QStringLiteral("8 waiting, 6 waiting for children, 9 failed, 7 completed"));
    const test::Outcome none = ask(kCache, QStringLiteral("bull:nothing"), view);
    QVERIFY2(none.status == 1 && none.err.contains(QStringLiteral("bull:letters")),
             qPrintable(none.err));
}

void TestQuery::walksTheKeys() {
    const QStringList unlock{QStringLiteral("--unlock"), QStringLiteral("--reason"),
                             QStringLiteral("test")};
    for (const char* write : {"SET walk:soon x EX 60", "SET walk:never y", "HSET walk:hash a 1"})
        QCOMPARE(ask(kCache, QString::fromLatin1(write), unlock).status, 0);
    const auto found = [this](const QStringList& more) {
        const auto json =
            ask(kCache, QStringLiteral("walk:*"),
                QStringList{QStringLiteral("--view"), QStringLiteral("keys"), kJson} + more)
                .json();
        QStringList keys;
        for (const QJsonValue& key : json[QStringLiteral("keys")].toArray())
            keys << key.toString();
        keys.sort();
        return keys.join(QLatin1Char(' '));
    };
    QCOMPARE(found({}), QStringLiteral("walk:hash walk:never walk:soon"));
    QCOMPARE(found({QStringLiteral("--type"), QStringLiteral("hash")}),
             QStringLiteral("walk:hash"));
    QCOMPARE(found({QStringLiteral("--expires"), QStringLiteral("10m")}),
             QStringLiteral("walk:soon"));
    QCOMPARE(found({QStringLiteral("--expires"), QStringLiteral("never"),
                    QStringLiteral("--min-size"), QStringLiteral("1000000")}),
             QString());
    const test::Outcome text =
        m_tool.run({QStringLiteral("query"), kCache, QStringLiteral("walk:n*"),
                    QStringLiteral("--view"), QStringLiteral("keys")});
    QCOMPARE(text.text().trimmed(), QStringLiteral("walk:never"));
}

void TestQuery::measuresTheKeys() {
    const QStringList unlock{QStringLiteral("--unlock"), QStringLiteral("--reason"),
                             QStringLiteral("test")};
    for (const QString& write :
         {QStringLiteral("SET sized:a:1 ") + QString(5000, u'x'), QStringLiteral("SET sized:a:2 x"),
          QStringLiteral("SET sized:b:1 x EX 900")})
        QCOMPARE(ask(kCache, write, unlock).status, 0);
    const QStringList view{QStringLiteral("query"), kCache, QStringLiteral("sized:*"),
                           QStringLiteral("--view"), QStringLiteral("sizes")};
    const test::Outcome text = m_tool.run(view);
    QVERIFY2(text.status == 0, qPrintable(text.err));
    QVERIFY2(text.text().startsWith(QStringLiteral("PREFIX")), qPrintable(text.text()));
    QVERIFY2(text.err.contains(QStringLiteral("3 measured, a fair sample of the 3 found")),
             qPrintable(text.err));
    const auto json = m_tool.run(view + QStringList{kJson}).json();
    const auto heaviest = json[u"keys"][0];
    QCOMPARE(heaviest[u"key"].toString(), QStringLiteral("sized:a:1"));
    QVERIFY(heaviest[u"bytes"].toInt() > 5000);
    QVERIFY(heaviest[u"expiresInMs"].isNull());
    QCOMPARE(json[u"prefixes"][0][u"prefix"].toString(), QStringLiteral("sized:a:*"));
    QCOMPARE(json[u"prefixes"][0][u"neverExpire"].toInt(), 2);
    QCOMPARE(json[u"measured"].toInt(), 3);
}

/// A list that the server keeps to itself is not an empty one.
void TestQuery::saysThatAListIsRefused_data() {
    QTest::addColumn<QString>("command");
    QTest::newRow("settings") << QStringLiteral("config");
    QTest::newRow("channels") << QStringLiteral("pubsub");
    QTest::newRow("sizes") << QStringLiteral("memory");
}

void TestQuery::saysThatAListIsRefused() {
    QFETCH(QString, command);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    const auto set = [this](const QString& rule) {
        return ask(kCache, QStringLiteral("ACL SETUSER default ") + rule,
                   {QStringLiteral("--unlock"), QStringLiteral("--reason"), QStringLiteral("test"),
                    QStringLiteral("--name"), kCache});
    };
    QCOMPARE(ask(kCache, QStringLiteral("SET listed x"),
                 {QStringLiteral("--unlock"), QStringLiteral("--reason"), QStringLiteral("test")})
                 .status,
             0);
    const test::Outcome taken = set(u'-' + command);
    QVERIFY2(taken.status == 0, qPrintable(taken.err));
    const test::Outcome refused =
        m_tool.run({QStringLiteral("query"), kCache, QStringLiteral("--view"), name});
    QCOMPARE(set(u'+' + command).status, 0);
    QCOMPARE(refused.status, 1);
    QVERIFY2(refused.out.isEmpty() && refused.err.contains("NOPERM"), qPrintable(refused.err));
}

void TestQuery::aViewIsNoStatement_data() {
    QTest::addColumn<QStringList>("args");
    QTest::addColumn<int>("status");
    const auto row = [](const char* args, int status) {
        QTest::newRow(args) << QString::fromLatin1(args).split(QLatin1Char(' ')) << status;
    };
    row("cache PING --view queues", 2);
    row("cache --view wibble", 2);
    row("cache --view jobs", 2);
    row("cache PING --type hash", 2);
    row("cache --view sizes a b", 2);
    row("cache --view keys --expires soon", 2);
    row("cache --view keys --min-size much", 2);
    row("--view queues", 2);
    row("primary --view queues", 1);
}

void TestQuery::aViewIsNoStatement() {
    QFETCH(QStringList, args);
    QFETCH(int, status);
    const test::Outcome outcome = m_tool.run(QStringList{QStringLiteral("query")} + args);
    QCOMPARE(outcome.status, status);
    QVERIFY(outcome.out.isEmpty());
    QVERIFY2(outcome.err.contains(QStringLiteral("--view")), qPrintable(outcome.err));
}

void TestQuery::redis() {
    const test::Outcome pong = ask(kCache, QStringLiteral("PING"), {kJson});
    QVERIFY2(pong.status == 0, qPrintable(pong.err));
    QCOMPARE(pong.json()[u"reply"].toString(), QStringLiteral("PONG"));
    QVERIFY(pong.json()[u"receipt"].isObject());
    const test::Outcome words = m_tool.run(
        {QStringLiteral("query"), kCache, QStringLiteral("LLEN"), QStringLiteral("queue"), kJson});
    QCOMPARE(words.json()[u"reply"].toInt(-1), 0);
}

/// What came before the error was printed already or is now, and the error says that it ended.
void TestQuery::rowsBeforeAnErrorAreKept() {
    const test::Outcome outcome =
        ask(kPrimary, QStringLiteral("SELECT 1 / (900 - i), i FROM generate_series(1, 1000) i"),
            {QStringLiteral("--format"), QStringLiteral("csv")});
    QCOMPARE(outcome.status, 1);
    QCOMPARE(outcome.out.trimmed().count('\n'), 899);  // a head before the 899 rows
    QVERIFY2(outcome.err.contains(QStringLiteral("ivision by zero")), qPrintable(outcome.err));
}

/// A word of the shell is an argument of the command, as with redis-cli.
void TestQuery::redisKeepsArguments() {
    const auto words = [this](const QStringList& command, const QStringList& options = {}) {
        return m_tool.run(QStringList{QStringLiteral("query"), kCache} + options +
                          QStringList{QStringLiteral("--")} + command);
    };
    const QString key = QStringLiteral("my \"own\" key");
    const QStringList unlock{QStringLiteral("--unlock"), QStringLiteral("--reason"),
                             QStringLiteral("test")};
    const test::Outcome set = words({QStringLiteral("SET"), key, QStringLiteral("a b")}, unlock);
    QVERIFY2(set.status == 0, qPrintable(set.err));
    QVERIFY(words({QStringLiteral("GET"), key}).out.contains("a b"));
    QVERIFY(words({QStringLiteral("EXISTS"), QStringLiteral("my"), QStringLiteral("key")})
                .out.contains('0'));
}

/// One command's error is the script's.
void TestQuery::redisScriptsFail() {
    const QStringList unlock{QStringLiteral("--unlock"), QStringLiteral("--reason"),
                             QStringLiteral("test")};
    QCOMPARE(ask(kCache, QStringLiteral("SET plain text"), unlock).status, 0);
    QCOMPARE(ask(kCache, QStringLiteral("PING\nGET plain")).status, 0);
    const test::Outcome failed = ask(kCache, QStringLiteral("PING\nLLEN plain"));
    QCOMPARE(failed.status, 1);
    QVERIFY2(failed.err.contains(QStringLiteral("1 of the commands failed")),
             qPrintable(failed.err));
    QVERIFY(failed.out.contains("PONG"));
}

void TestQuery::redisRefusals_data() {
    QTest::addColumn<QString>("statement");
    for (const char* statement : {"FLUSHALL", "EVAL 'return 1' 0", "SET a b", "KEYS *"})
        QTest::newRow(statement) << QString::fromLatin1(statement);
}

void TestQuery::redisRefusals() {
    QFETCH(QString, statement);
    const test::Outcome outcome = ask(kCache, statement);
    QCOMPARE(outcome.status, 1);
    QVERIFY(outcome.out.isEmpty());
    QVERIFY(!outcome.err.isEmpty());
}

QTEST_GUILESS_MAIN(TestQuery)
#include "tst_query.moc"
