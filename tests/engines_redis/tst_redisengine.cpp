#include <QSet>
#include <algorithm>

#include "tests/engines_redis/enginefixture.h"

using namespace tocsin;
using namespace tocsin::redis;

/// What the engine answers, what it says beside it, and what it refuses.
class EngineTest : public EngineFixture {
    Q_OBJECT
private slots:
    void initTestCase() { startServer(); }
    void init() { makeEngine(); }
    void cleanup() { m_engine.reset(); }
    void tellsWhoIsThere();
    void answers_data();
    void answers();
    void writesAReceipt();
    void runsAScriptInOneGo();
    void leavesNoPasswordInTheSlowLog();
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
    void aNewNameHidesNothing();
    void anOldNameProvesNothing();
};

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

void EngineTest::runsAScriptInOneGo() {
    const auto result =
        ask(*m_engine, QStringLiteral("# how long\nLLEN long\nredis-cli GET hash\n\n"
                                      "HGET hash \\\n  name\n"));
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
    QCOMPARE(result->receipt.rows, 3);
    QCOMPARE(result->receipt.sha256.size(), 64);
    QCOMPARE(result->replyTimes.size(), 3);
    QVERIFY(result->replyTimes.first().count() > 0);
    QVERIFY(std::is_sorted(result->replyTimes.begin(), result->replyTimes.end()));
    QCOMPARE(result->replyTimes.last(), result->receipt.total);
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

/// The server's slow log keeps what stands behind ACL DRYRUN, and others may have asked it.
void EngineTest::leavesNoPasswordInTheSlowLog() {
    test::Plain plain(m_server.port());
    plain.command({"CONFIG", "SET", "slowlog-log-slower-than", "0"});
    plain.command({"CONFIG", "SET", "slowlog-max-len", "1000"});
    for (const char* refused :
         {"AUTH hunter2", "CONFIG SET requirepass hunter2", "ACL SETUSER x on >hunter2",
          "MIGRATE h 1 k 0 1 AUTH hunter2", "PING\nAUTH hunter2"})
        QVERIFY2(!ask(*m_engine, QString::fromLatin1(refused)), refused);
    const QByteArray own = toText(plain.command({"SLOWLOG", "GET", "-1"})).toUtf8();
    QVERIFY(own.contains("DRYRUN"));
    QVERIFY(!own.contains("hunter2"));
    plain.command({"ACL", "DRYRUN", "default", "AUTH", "hunter3"});
    const auto shown = ask(*m_engine, QStringLiteral("SLOWLOG GET 1000"));
    QVERIFY2(shown.has_value(), shown ? "" : qPrintable(shown.error().message));
    const QString text = toText(*shown->reply);
    QVERIFY(text.contains(QStringLiteral("DRYRUN")));
    QVERIFY(!text.contains(QStringLiteral("hunter3")));
    plain.command({"CONFIG", "SET", "slowlog-log-slower-than", "10000"});
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

/// COMMAND goes on listing what was renamed by its old name.
void EngineTest::aNewNameHidesNothing() {
    support::RedisServer server{
        drill::RedisOptions{{}, {QStringLiteral("rename-command FLUSHALL wipe")}}};
    QCOMPARE(server.start(), QString());
    test::Plain plain(server.port());
    plain.command({"SET", "a", "1"});
    Engine engine(test::addressOfPort(server.port()), m_clock);
    Query query{QStringLiteral("wipe"), std::chrono::seconds(5), 1 << 20,
                Unlock{QStringLiteral("test"), m_clock.now().addSecs(60)}};
    const auto refused = test::settled(engine.run(query));
    QVERIFY(!refused);
    QCOMPARE(refused.error().detail, QStringLiteral("unknown-command"));
    QCOMPARE(plain.command({"DBSIZE"}).text(), QByteArray("1"));
    query.typedName = QStringLiteral("cache");
    QVERIFY(test::settled(engine.run(query)).has_value());
    QCOMPARE(plain.command({"DBSIZE"}).text(), QByteArray("0"));
}

/// Nor is what carries a reader's old name a reader.
void EngineTest::anOldNameProvesNothing() {
    support::RedisServer server{
        drill::RedisOptions{{},
                            {QStringLiteral("rename-command GET oldget"),
                             QStringLiteral("rename-command FLUSHALL get")}}};
    QCOMPARE(server.start(), QString());
    test::Plain plain(server.port());
    plain.command({"SET", "a", "1"});
    Engine engine(test::addressOfPort(server.port()), m_clock);
    const auto refused = test::ask(engine, QStringLiteral("GET async"));
    QVERIFY(!refused);
    QCOMPARE(refused.error().detail, QStringLiteral("unknown-command"));
    QCOMPARE(plain.command({"DBSIZE"}).text(), QByteArray("1"));
    QVERIFY(test::ask(engine, QStringLiteral("STRLEN a")).has_value());
}

QTEST_GUILESS_MAIN(EngineTest)
#include "tst_redisengine.moc"
