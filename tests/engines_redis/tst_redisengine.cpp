#include "plugins/engines/redis/engine.h"

#include <QSignalSpy>
#include <QTest>
#include <csignal>
#include <thread>

#include "tests/engines_redis/asking.h"
#include "tests/support/redisserver.h"

using namespace tocsin;
using namespace tocsin::redis;
using test::ask;

/// The engine against a real Redis without a password.
class EngineTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup() { m_engine.reset(); }
    void tellsWhoIsThere();
    void answers_data();
    void answers();
    void writesAReceipt();
    void asksTheSizeFirst_data();
    void asksTheSizeFirst();
    void runsAScriptInOneGo();
    void samplesMonitor();
    void aSampleEndsWhenItShould();
    void asksTheSizesOfAllKeys();
    void tellsWhatTheServerItselfWouldSay();
    void namesTheCommandThatFits_data();
    void namesTheCommandThatFits();
    void noticesAMissingKey();
    void walksTheKeys();
    void selectsTheDatabase();
    void refusesAnotherDatabase();
    void hidesPasswordsInSettings();
    void runsAChangeWhenUnlocked();
    void forgetsAnUnlockThatEnded();
    void neverUnlocksTheDestructive();
    void stopsAtTheByteCap();
    void measuresBeforeItReads_data();
    void measuresBeforeItReads();
    void cutsAnArea();
    void keepsTheOrder();
    void judgesWithoutAConnection();
    void cancels();
    void timesOut();
    void connectsAgainAfterAKill();
    void reportsTheStates();
    void endsWithWorkPending();

private:
    support::RedisServer m_server;
    SystemClock m_clock;
    std::unique_ptr<Engine> m_engine;
};

void EngineTest::initTestCase() {
    QCOMPARE(m_server.start(), QString());
    test::Plain plain(m_server.port());
    for (int i = 0; i < 3000; ++i)
        plain.command({"SET", "job:" + QByteArray::number(i), "x"});
    plain.command({"CONFIG", "SET", "enable-debug-command", "yes"});
    QByteArrayList push{"RPUSH", "long"};
    for (int i = 0; i < 20'000; ++i)
        push << QByteArray::number(i);
    plain.command(push);
    plain.command({"RPUSH", "bull:mail:wait", "1", "2"});
    plain.command({"ZADD", "bull:mail:failed", "1", "a", "2", "b", "3", "c"});
    plain.command({"HSET", "hash", "name", "mail", "at", "1"});
    plain.command({"XADD", "stream", "*", "f", "v"});
    plain.command({"SADD", "set", "a"});
    plain.command({"SET", "big", QByteArray(17 * 1024 * 1024, 'x')});
    plain.command({"SET", "binary", QByteArray("\0\xff\r\n", 4)});
    for (int from = 0; from < 20'000; from += 1000) {
        QByteArrayList wide{"HSET", "wide"};
        QByteArrayList scores{"ZADD", "scores"};
        for (int i = from; i < from + 1000; ++i) {
            const QByteArray number = QByteArray::number(i);
            wide << "f" + number << number;
            scores << number << "m" + number;
            plain.command({"XADD", "events", "*", "n", number});
        }
        plain.command(wide);
        plain.command(scores);
    }
    for (int i = 0; i < 2000; ++i)
        plain.command({"RPUSH", "heavy", QByteArray(20'000, 'h')});
    plain.command({"SELECT", "2"});
    plain.command({"SET", "only-here", "two"});
}

void EngineTest::init() {
    m_engine = std::make_unique<Engine>(test::addressOfPort(m_server.port()), m_clock);
}

void EngineTest::tellsWhoIsThere() {
    const auto identity = test::settled(m_engine->open());
    QVERIFY2(identity.has_value(), identity ? "" : qPrintable(identity.error().message));
    QCOMPARE(identity->product, QStringLiteral("Redis"));
    QVERIFY(identity->version.startsWith(QStringLiteral("7.")));
    QCOMPARE(identity->user, QStringLiteral("default"));
    QVERIFY(!identity->replica);
    QCOMPARE(identity->address, QStringLiteral("127.0.0.1:%1/0").arg(m_server.port()));
    QVERIFY(identity->warnings.join(u' ').contains(QStringLiteral("“default” may write")));
}

void EngineTest::answers_data() {
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* command, const char* text) {
        QTest::newRow(command) << QString::fromLatin1(command) << QString::fromLatin1(text);
    };
    row("PING", "PONG");
    row("LLEN bull:mail:wait", "(integer) 2");
    row("redis-cli -u redis://elsewhere:1 LLEN bull:mail:wait", "(integer) 2");
    row("LRANGE bull:mail:wait 0 -1", "1) \"1\"\n2) \"2\"");
    row("GET nothing", "(nil)");
    row("GET binary", "\"\\x00\\xff\\r\\n\"");
    row("HGETALL hash", "1# \"name\" => \"mail\"\n2# \"at\" => \"1\"");
    row("SMEMBERS set", "1~ \"a\"");
    row("ZSCORE bull:mail:failed b", "(double) 2");
    row("EXISTS hash", "(integer) 1");
    row("TYPE hash", "hash");
    row("CLIENT GETNAME", "\"tocsin\"");
    row("ACL WHOAMI", "\"default\"");
}

void EngineTest::answers() {
    QFETCH(const QString, command);
    QFETCH(const QString, text);
    const auto result = ask(*m_engine, command);
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
    QVERIFY(result->reply);
    QCOMPARE(toText(*result->reply), text);
}

void EngineTest::writesAReceipt() {
    const auto result = ask(*m_engine, QStringLiteral(" LRANGE long 0 99 "));
    QVERIFY(result);
    const Receipt& receipt = result->receipt;
    QCOMPARE(receipt.connection, QStringLiteral("cache"));
    QCOMPARE(receipt.statement, QStringLiteral("LRANGE long 0 99"));
    QCOMPARE(receipt.rows, 100);
    QCOMPARE(receipt.sha256.size(), 64);
    QVERIFY(receipt.bytes > 500);
    QVERIFY(receipt.firstRow.count() > 0 && receipt.firstRow <= receipt.total);
    QVERIFY(receipt.verdict.effect == Effect::ReadOnly);
    QCOMPARE(receipt.server.user, QStringLiteral("default"));
    const QString guards = receipt.guards.join(u';');
    QVERIFY2(guards.contains(QStringLiteral("RESP3")) &&
                 guards.contains(QStringLiteral("COMMAND")) &&
                 guards.contains(QStringLiteral("LLEN 20000")),
             qPrintable(guards));
    const auto again = ask(*m_engine, QStringLiteral("LRANGE long 0 99"));
    QCOMPARE(again->receipt.sha256, receipt.sha256);
    const auto other = ask(*m_engine, QStringLiteral("LRANGE long 1 100"));
    QVERIFY(other->receipt.sha256 != receipt.sha256);
}

void EngineTest::asksTheSizeFirst_data() {
    QTest::addColumn<QString>("command");
    QTest::addColumn<int>("rows");
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("next");
    QTest::newRow("list") << "LRANGE long 0 -1" << 10'000 << "0"
                          << "LRANGE long 10000 -1";
    QTest::newRow("list's tail") << "LRANGE long -15000 -1" << 10'000 << "5000"
                                 << "LRANGE long 15000 -1";
    QTest::newRow("string") << "get big" << 1 << QString() << "GETRANGE big 16777216 -1";
    QTest::newRow("hash") << "HGETALL wide" << 0 << QString() << "HSCAN wide ";
    QTest::newRow("scores") << "ZRANGEBYSCORE scores -inf +inf" << 10'000 << "m0"
                            << "ZRANGEBYSCORE scores -inf +inf LIMIT 10000 10000";
    QTest::newRow("stream") << "XRANGE events - +" << 10'000 << QString() << "XRANGE events (";
    QTest::newRow("elements of 20 kB") << "LRANGE heavy 0 -1" << 0 << QString() << "LRANGE heavy ";
}

/// What is too much in one go is read in part, and how it goes on is said.
void EngineTest::asksTheSizeFirst() {
    QFETCH(const QString, command);
    QFETCH(const int, rows);
    QFETCH(const QString, first);
    QFETCH(const QString, next);
    const auto result = ask(*m_engine, command);
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
    QVERIFY(result->truncated);
    QVERIFY(result->receipt.bytes < 20LL * 1024 * 1024);
    QVERIFY2(result->nextPage.startsWith(next), qPrintable(result->nextPage));
    QVERIFY(result->notices.join(u' ').contains(QStringLiteral("first part")));
    if (rows > 0) QCOMPARE(result->receipt.rows, rows);
    if (!first.isEmpty())
        QCOMPARE(QString::fromUtf8(result->reply->children().front().text()), first);
    const auto more = ask(*m_engine, result->nextPage);
    QVERIFY2(more.has_value(), more ? "" : qPrintable(more.error().message));
}

void EngineTest::runsAScriptInOneGo() {
    const auto result =
        ask(*m_engine, QStringLiteral("# how long\nLLEN long\nredis-cli GET hash\n\n"
                                      "HGET hash \\\n  name\n"));
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
    QCOMPARE(result->receipt.rows, 3);
    QCOMPARE(result->receipt.sha256.size(), 64);
    QCOMPARE(result->reply->children()[0].text(), QByteArray("20000"));
    QVERIFY(result->reply->children()[1].isError());
    QCOMPARE(result->reply->children()[2].text(), QByteArray("mail"));
    test::Plain plain(m_server.port());
    const auto refused = ask(*m_engine, QStringLiteral("PING\nDEL hash\nPING"));
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.contains(QStringLiteral("Command 2 of 3 (DEL hash)")),
             qPrintable(refused.error().message));
    QCOMPARE(plain.command({"EXISTS", "hash"}).text(), QByteArray("1"));
    QString many;
    for (int i = 0; i < 20'000; ++i)
        many += QStringLiteral("GET job:%1\n").arg(i % 3000);
    QCOMPARE(ask(*m_engine, many)->reply->children().size(), 20'000U);
}

void EngineTest::samplesMonitor() {
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

void EngineTest::aSampleEndsWhenItShould() {
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

void EngineTest::asksTheSizesOfAllKeys() {
    test::Plain plain(m_server.port());
    for (int i = 0; i < 12; ++i) {
        QByteArrayList add{"SADD", i < 6 ? "setA" : "setB"};
        for (int n = 0; n < 1000; ++n)
            add << QByteArray::number(i * 1000 + n);
        plain.command(add);
    }
    plain.command({"SADD", "setC", "1"});
    for (const char* text :
         {"SUNION setA setB", "SDIFF setA setB", "ZUNION 2 setA setB", "SUNION setA setB\nPING"}) {
        const auto result = ask(*m_engine, QString::fromLatin1(text));
        QVERIFY2(!result && result.error().detail == QStringLiteral("size-before-value"), text);
    }
    for (const char* text : {"SUNION setA setC", "SINTER setA setC", "SUNION nothing"})
        QVERIFY2(ask(*m_engine, QString::fromLatin1(text)).has_value(), text);
    QByteArrayList score{"ZADD", "ranks"};
    for (int i = 0; i < 11'000; ++i)
        score << "1" << QByteArray::number(i);
    plain.command(score);
    for (const char* text : {"ZRANGEBYSCORE ranks 0 9 LIMIT 0 -1", "ZRANGEBYSCORE ranks 0 9",
                             "ZRANGE ranks 0 9 BYSCORE LIMIT 0 5000000"}) {
        const auto part = ask(*m_engine, QString::fromLatin1(text));
        QVERIFY2(part && part->truncated, text);
        QCOMPARE(part->reply->children().size(), 10'000U);
        const auto rest = ask(*m_engine, part->nextPage);
        QVERIFY2(rest.has_value(), qPrintable(part->nextPage));
        QCOMPARE(rest->reply->children().size(), 1'000U);
    }
    plain.command({"DEL", "setA", "setB", "setC", "ranks"});
}

/// The server's own rules are asked and told, whatever the guard says.
void EngineTest::tellsWhatTheServerItselfWouldSay() {
    const auto may = ask(*m_engine, QStringLiteral("DEL hash"));
    QVERIFY2(may.error().message.contains(QStringLiteral("only this guard stands before it")),
             qPrintable(may.error().message));
    test::Plain(m_server.port())
        .command({"ACL", "SETUSER", "reader", "on", ">geheim", "~*", "&*", "-@all", "+@read",
                  "+@connection", "+acl|dryrun", "+acl|whoami", "+info", "+command", "+role"});
    Address address = test::addressOfPort(m_server.port());
    address.user = QStringLiteral("reader");
    address.password = Secret(QStringLiteral("geheim"));
    Engine engine(address, m_clock);
    QVERIFY(test::settled(engine.open())->warnings.isEmpty());
    const auto mayNot = ask(engine, QStringLiteral("DEL hash"));
    QVERIFY2(mayNot.error().message.contains(QStringLiteral("refuse it to its user “reader”")),
             qPrintable(mayNot.error().message));
    QVERIFY(ask(engine, QStringLiteral("GET job:1"))
                ->receipt.guards.contains(QStringLiteral("ACL DRYRUN: “reader” may")));
}

void EngineTest::namesTheCommandThatFits_data() {
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("fits");
    QTest::newRow("LLEN of a sorted set") << "LLEN bull:mail:failed"
                                          << "ZCARD bull:mail:failed";
    QTest::newRow("ZCARD of a list") << "ZCARD bull:mail:wait"
                                     << "LLEN bull:mail:wait";
    QTest::newRow("GET of a hash") << "GET hash"
                                   << "HSCAN hash 0 COUNT 200";
    QTest::newRow("SMEMBERS of a stream") << "SMEMBERS stream"
                                          << "XREVRANGE stream + - COUNT 20";
    QTest::newRow("HGETALL of a set") << "HGETALL set"
                                      << "SSCAN set 0 COUNT 200";
    QTest::newRow("LRANGE of a string") << "LRANGE job:1 0 1"
                                        << "GET job:1";
}

void EngineTest::namesTheCommandThatFits() {
    QFETCH(const QString, command);
    QFETCH(const QString, fits);
    const auto result = ask(*m_engine, command);
    QVERIFY(!result);
    QVERIFY2(result.error().message.endsWith(QStringLiteral("use: ") + fits),
             qPrintable(result.error().message));
    QVERIFY(result.error().detail.startsWith(QStringLiteral("WRONGTYPE")));
    QVERIFY(ask(*m_engine, fits).has_value());
}

void EngineTest::noticesAMissingKey() {
    const auto missing = ask(*m_engine, QStringLiteral("LLEN bull:mail:waiting"));
    QVERIFY(missing);
    QVERIFY2(missing->notices.join(u' ').contains(QStringLiteral("bull:mail:wait”")),
             qPrintable(missing->notices.join(u' ')));
    QVERIFY(ask(*m_engine, QStringLiteral("LLEN bull:mail:wait"))->notices.isEmpty());
}

void EngineTest::walksTheKeys() {
    const auto result =
        ask(*m_engine, QStringLiteral("redis-cli --scan --pattern 'job:*' --count 100"));
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
    QSet<QByteArray> keys;
    for (const ReplyView key : result->reply->children())
        keys.insert(key.text());
    QCOMPARE(keys.size(), 3000);
    QVERIFY(!result->truncated);
    QCOMPARE(result->receipt.sha256.size(), 64);
    // In parts, for whoever has other things to do between them.
    QSet<QByteArray> inParts;
    QByteArray cursor = "0";
    do {
        const auto part = ask(*m_engine, QStringLiteral("--scan --pattern job:* --cursor ") +
                                             QString::fromLatin1(cursor));
        QVERIFY(part && part->reply->children().size() == 3);
        QVERIFY(part->reply->children()[2].text().toInt() >= 1);
        for (const ReplyView key : part->reply->children()[1].children())
            inParts.insert(key.text());
        cursor = part->reply->children()[0].text();
    } while (cursor != "0");
    QCOMPARE(inParts, keys);
    const auto typed = ask(*m_engine, QStringLiteral("--scan --type stream"));
    QCOMPARE(typed->reply->children().size(), 2U);
}

void EngineTest::selectsTheDatabase() {
    Address address = test::addressOfPort(m_server.port());
    address.database = 2;
    Engine engine(address, m_clock);
    QCOMPARE(toText(*ask(engine, QStringLiteral("GET only-here"))->reply),
             QStringLiteral("\"two\""));
    address.database = 99;
    Engine beyond(address, m_clock);
    const auto result = ask(beyond, QStringLiteral("PING"));
    QVERIFY(!result);
    QVERIFY(result.error().message.contains(QStringLiteral("number at the end of the url")));
}

void EngineTest::refusesAnotherDatabase() {
    const auto result = ask(*m_engine, QStringLiteral("redis-cli -n 2 GET only-here"));
    QVERIFY(!result);
    QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::Refused));
    QVERIFY(result.error().message.contains(QStringLiteral("database 2")));
}

void EngineTest::hidesPasswordsInSettings() {
    test::Plain(m_server.port()).command({"CONFIG", "SET", "masterauth", "topsecret99"});
    const auto result = ask(*m_engine, QStringLiteral("CONFIG GET *"));
    QVERIFY(result);
    const QString text = toText(*result->reply);
    QVERIFY(text.contains(QStringLiteral("maxmemory-policy")));
    QVERIFY(!text.contains(QStringLiteral("topsecret99")));
}

void EngineTest::runsAChangeWhenUnlocked() {
    Query query{QStringLiteral("SET made-by-hand 1"), std::chrono::seconds(5), 1 << 20,
                Unlock{QStringLiteral("test"), m_clock.now().addSecs(60)}};
    const auto result = test::settled(m_engine->run(query));
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
    QCOMPARE(result->receipt.unlockReason, QStringLiteral("test"));
    query.text = QStringLiteral("DEL made-by-hand");
    QCOMPARE(test::settled(m_engine->run(query))->reply->text(), QByteArray("1"));
}

void EngineTest::forgetsAnUnlockThatEnded() {
    const Query query{QStringLiteral("DEL hash"), std::chrono::seconds(5), 1 << 20,
                      Unlock{QStringLiteral("test"), m_clock.now().addMSecs(-1)}};
    const auto result = test::settled(m_engine->run(query));
    QVERIFY(!result);
    QCOMPARE(result.error().detail, QStringLiteral("write-command"));
    QVERIFY(result.error().message.contains(QStringLiteral("unlock")));
}

void EngineTest::neverUnlocksTheDestructive() {
    for (const char* text :
         {"FLUSHALL", "FLUSHDB", "SHUTDOWN", "DEBUG SLEEP 0", "CONFIG SET maxmemory 1", "KEYS *",
          "SWAPDB 0 1", "REPLICAOF NO ONE", "CLUSTER RESET", "PING\nFLUSHALL", "SAVE",
          "ACL SETUSER x on", "EVAL \"return redis.call('FLUSHALL')\" 0",
          "PING\nEVAL \"return redis.call('FLUSHALL')\" 0", "SCRIPT FLUSH", "FCALL f 0"}) {
        const Query query{QString::fromLatin1(text), std::chrono::seconds(5), 1 << 20,
                          Unlock{QStringLiteral("test"), m_clock.now().addSecs(60)}};
        const auto result = test::settled(m_engine->run(query));
        QVERIFY2(!result, text);
        QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::Refused));
    }
    QVERIFY(test::Plain(m_server.port()).command({"DBSIZE"}).text().toInt() > 3000);
    // Unlocked, and its name typed: a person has said it three times.
    const QString before = QString::fromUtf8(
        test::Plain(m_server.port()).command({"CONFIG", "GET", "hz"}).children()[1].text());
    Query query{QStringLiteral("CONFIG SET hz %1").arg(before), std::chrono::seconds(5), 1 << 20,
                Unlock{QStringLiteral("test"), m_clock.now().addSecs(60)}};
    query.typedName = QStringLiteral("cach");
    QVERIFY(!test::settled(m_engine->run(query)));
    query.typedName = QStringLiteral("cache");
    const auto result = test::settled(m_engine->run(query));
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
    QVERIFY(result->receipt.guards.contains(QStringLiteral("name typed by a person")));
    query.unlock.reset();
    QVERIFY(!test::settled(m_engine->run(query)));
    query.unlock = Unlock{QStringLiteral("test"), m_clock.now().addSecs(60)};
    query.text = QStringLiteral("MONITOR");
    QVERIFY(!test::settled(m_engine->run(query)));
}

void EngineTest::stopsAtTheByteCap() {
    Query query{QStringLiteral("LRANGE long 0 5000"), std::chrono::seconds(5), 10'000, {}};
    const auto result = test::settled(m_engine->run(query));
    QVERIFY(!result);
    QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::TooLarge));
    QVERIFY(ask(*m_engine, QStringLiteral("PING")).has_value());
    // Each reply is small enough, together they are not.
    query.text = QStringLiteral("GETRANGE big 0 5999\nGETRANGE big 0 5999\nPING");
    const auto together = test::settled(m_engine->run(query));
    QVERIFY(!together);
    QCOMPARE(nameOf(together.error().code), nameOf(ErrorCode::TooLarge));
    QVERIFY(ask(*m_engine, QStringLiteral("PING")).has_value());
}

void EngineTest::measuresBeforeItReads_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("list of 40 MB") << "DUMP heavy"
                                   << "one go";
    QTest::newRow("in a script") << "DUMP heavy\nPING"
                                 << "one go";
    QTest::newRow("several texts") << "MGET big job:1 big"
                                   << "3 values";
    QTest::newRow("several texts in a script") << "MGET big job:1 big\nPING"
                                               << "values";
    QTest::newRow("fields") << "HMGET bulky a b"
                            << "2 values";
}

void EngineTest::measuresBeforeItReads() {
    QFETCH(const QString, text);
    QFETCH(const QString, says);
    test::Plain plain(m_server.port());
    const QByteArray tenMb(10 * 1024 * 1024, 'b');
    plain.command({"HSET", "bulky", "a", tenMb, "b", tenMb});
    const auto result = ask(*m_engine, text);
    plain.command({"DEL", "bulky"});
    QVERIFY(!result);
    QCOMPARE(result.error().detail, QStringLiteral("size-before-value"));
    QVERIFY2(result.error().message.contains(says), qPrintable(result.error().message));
    for (const char* small : {"DUMP hash", "MGET job:1 job:2", "HMGET hash name at", "DUMP none"})
        QVERIFY2(ask(*m_engine, QString::fromLatin1(small)).has_value(), small);
}

/// An area may hold every member; a small part of them is all there is to say.
void EngineTest::cutsAnArea() {
    test::Plain plain(m_server.port());
    for (int from = 0; from < 12'000; from += 1000) {
        QByteArrayList add{"GEOADD", "places"};
        for (int i = from; i < from + 1000; ++i)
            add << "13.4"
                << "52.5"
                << "p" + QByteArray::number(i);
        plain.command(add);
    }
    const auto all = ask(*m_engine, QStringLiteral("GEOSEARCH places FROMLONLAT 13.4 52.5 BYRADIUS "
                                                   "1 km"));
    QVERIFY2(all.has_value(), all ? "" : qPrintable(all.error().message));
    QVERIFY(all->truncated);
    QCOMPARE(all->receipt.rows, 10'000);
    const auto none = ask(*m_engine, QStringLiteral("GEORADIUS_RO places 0 0 1 km"));
    QVERIFY2(none.has_value(), none ? "" : qPrintable(none.error().message));
    QVERIFY(!none->truncated);
    QVERIFY(none->notices.isEmpty());
    plain.command({"DEL", "places"});
}

void EngineTest::keepsTheOrder() {
    QVector<QFuture<Result<QueryResult>>> runs;
    for (int i = 0; i < 200; ++i)
        runs << m_engine->run(
            {QStringLiteral("LINDEX long %1").arg(i), std::chrono::seconds(20), 1 << 20, {}});
    for (int i = 0; i < 200; ++i)
        QCOMPARE(test::settled(runs[i])->reply->text(), QByteArray::number(i));
}

void EngineTest::judgesWithoutAConnection() {
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

void EngineTest::cancels() {
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

void EngineTest::timesOut() {
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

void EngineTest::connectsAgainAfterAKill() {
    QVERIFY(ask(*m_engine, QStringLiteral("PING")).has_value());
    QSignalSpy states(m_engine.get(), &QueryEngine::stateChanged);
    test::Plain(m_server.port()).command({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    QTRY_VERIFY(m_engine->state() == EngineState::Closed);
    QVERIFY(ask(*m_engine, QStringLiteral("PING")).has_value());
}

void EngineTest::reportsTheStates() {
    QSignalSpy states(m_engine.get(), &QueryEngine::stateChanged);
    QVERIFY(ask(*m_engine, QStringLiteral("PING")).has_value());
    QTRY_COMPARE(states.count(), 3);
    QCOMPARE(states[0][0].value<EngineState>(), EngineState::Opening);
    QCOMPARE(states[1][0].value<EngineState>(), EngineState::Busy);
    QCOMPARE(states[2][0].value<EngineState>(), EngineState::Ready);
    m_engine->close();
    QTRY_VERIFY(m_engine->state() == EngineState::Closed);
}

void EngineTest::endsWithWorkPending() {
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

QTEST_GUILESS_MAIN(EngineTest)
#include "tst_redisengine.moc"
