#include "plugins/engines/redis/guard.h"

#include <QTest>

#include "tests/engines_redis/asking.h"
#include "tests/support/redisserver.h"

using namespace tocsin;
using namespace tocsin::redis;

/// The guard against what a real server lists, and against the same server's data.
class GuardTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void judges_data();
    void judges();
    void classifiesEveryCommandOfTheServer();
    void allowsExactlyTheKnownOnes();
    void agreesWithTheBundledTable();
    void believesNoLyingServer();
    void believesNoModule_data();
    void believesNoModule();
    void trustsNoContainerFlag();
    void nothingRefusedChangesTheData_data();
    void nothingRefusedChangesTheData();
    void noRefusedCommandReachesTheServer();
    void noAllowedCommandChangesAnything();

private:
    // DEBUG DIGEST tells whether any byte of the data changed.
    support::RedisServer m_server{
        drill::RedisOptions{.configuration = {QStringLiteral("enable-debug-command yes")}}};
    CommandTable m_table = CommandTable::bundled();
};

void GuardTest::initTestCase() {
    QCOMPARE(m_server.start(), QString());
    test::Plain plain(m_server.port());
    const auto table = CommandTable::fromReply(plain.command({"COMMAND"}));
    QVERIFY(table.has_value());
    m_table = *table;
    for (const char* name : {"a", "b", "c"})
        plain.command({"SET", name, "1"});
    plain.command({"RPUSH", "list", "1", "2", "3"});
    plain.command({"ZADD", "zset", "1", "x"});
}

void GuardTest::judges_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("rule");
    QTest::addColumn<bool>("unlockable");
    const auto row = [](const char* text, const char* rule, bool unlockable) {
        QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(rule) << unlockable;
    };
    for (const char* ok :
         {"GET a", "get a", "LRANGE list 0 -1", "SCAN 0 MATCH a* COUNT 500", "EXISTS a",
          "XREAD COUNT 10 STREAMS s 0", "MEMORY USAGE a", "OBJECT ENCODING a", "XINFO STREAM s",
          "XINFO STREAM s FULL", "XPENDING s g", "XPENDING s g IDLE 5000000 - + 100",
          "XINFO STREAM s FULL COUNT 100", "XREAD COUNT 1 STREAMS block 0", "DBSIZE",
          "ZCOUNT zset 0 1"})
        row(ok, "allowed", false);
    for (const char* ok : {"PING",
                           "INFO memory",
                           "ROLE",
                           "SLOWLOG GET 10",
                           "slowlog len",
                           "CLIENT LIST",
                           "CLIENT INFO",
                           "LATENCY LATEST",
                           "LATENCY HISTORY x",
                           "CONFIG GET maxmemory",
                           "MEMORY STATS",
                           "MEMORY DOCTOR",
                           "CLUSTER INFO",
                           "CLUSTER NODES",
                           "CLUSTER SLOTS",
                           "COMMAND",
                           "COMMAND COUNT",
                           "COMMAND DOCS get",
                           "ACL WHOAMI",
                           "ACL DRYRUN default GET a",
                           "LASTSAVE",
                           "TIME",
                           "PUBSUB CHANNELS",
                           "ACL USERS",
                           "MODULE LIST",
                           "CLUSTER REPLICAS x",
                           "SCRIPT EXISTS x",
                           "CONFIG HELP"})
        row(ok, "allowed", false);
    for (const char* no :
         {"SET a 2", "DEL a", "LPOP list", "EXPIRE a 1", "GETEX a", "GETDEL a", "SORT list",
          "XADD s * a 1", "RENAME a z", "MIGRATE h 1 a 0 1", "BITFIELD a GET u8 0",
          "GEORADIUS g 1 1 1 m", "XGROUP CREATE s g 0", "RESTORE x 0 y"})
        row(no, "write-command", true);
    for (const char* no : {"BGSAVE", "CLIENT KILL ID 1", "ACL LIST", "ACL GETUSER default",
                           "SLOWLOG RESET", "LATENCY RESET", "CONFIG RESETSTAT", "ACL LOG"})
        row(no, "admin-command", true);
    for (const char* no :
         {"EVAL 'return 1' 0", "EVALSHA x 0", "EVAL_RO 'return 1' 0", "FCALL f 0", "FCALL_RO f 0",
          "EVALSHA_RO x 0", "SCRIPT FLUSH", "SCRIPT LOAD x", "SCRIPT KILL", "FUNCTION LOAD x",
          "FUNCTION RESTORE x", "FUNCTION DELETE x", "FUNCTION KILL", "FUNCTION FLUSH"})
        row(no, "script", false);
    for (const char* no : {"PUBLISH c m", "MEMORY PURGE", "SPUBLISH c m", "CLIENT UNPAUSE",
                           "FUNCTION LIST", "FUNCTION STATS"})
        row(no, no[0] == 'C' ? "admin-command" : "not-in-allow-list", true);
    for (const char* no :
         {"FLUSHALL", "flushdb async", "SHUTDOWN NOSAVE", "DEBUG SLEEP 1", "SWAPDB 0 1"})
        row(no, "destructive", false);
    for (const char* no : {"CONFIG SET maxmemory 1", "CONFIG REWRITE", "MODULE LOAD x",
                           "ACL SETUSER x on", "ACL DELUSER x", "ACL LOAD", "ACL SAVE"})
        row(no, "server-settings", false);
    for (const char* no :
         {"REPLICAOF NO ONE", "SLAVEOF h 1", "CLUSTER RESET HARD", "FAILOVER", "CLUSTER DELSLOTS 1",
          "CLUSTER ADDSLOTS 1", "CLUSTER ADDSLOTSRANGE 1 2", "CLUSTER DELSLOTSRANGE 1 2",
          "CLUSTER MEET h 1", "CLUSTER BUMPEPOCH", "CLUSTER SET-CONFIG-EPOCH 1"})
        row(no, "topology", false);
    for (const char* no :
         {"KEYS *", "keys bull:*", "SORT_RO list", "LCS a b", "SAVE", "CLIENT PAUSE 1000"})
        row(no, "blocks-server", false);
    for (const char* no : {"MONITOR", "SUBSCRIBE c", "PSUBSCRIBE *", "SSUBSCRIBE c", "PSYNC ? -1"})
        row(no, "endless", false);
    for (const char* no : {"BLPOP list 0", "BRPOPLPUSH a b 0", "BZPOPMIN z 0", "WAIT 1 0",
                           "XREAD BLOCK 0 STREAMS s $"})
        row(no, "blocking", false);
    for (const char* no : {"MULTI", "EXEC", "SELECT 1", "AUTH x", "HELLO 2", "CLIENT REPLY OFF",
                           "CLIENT TRACKING ON", "RESET", "QUIT", "WATCH a"})
        row(no, "session-state", false);
    for (const char* no : {"SCAN 0 COUNT 4294967296",
                           "HSCAN h 0 COUNT 1000000",
                           "SCAN 0 COUNT 1 COUNT 100000000",
                           "SCAN 0 COUNT 100000000 MATCH COUNT",
                           "XREAD COUNT 5000000 STREAMS s 0",
                           "XREAD COUNT 0 STREAMS s 0",
                           "XREAD STREAMS COUNT 0",
                           "XREAD STREAMS s 0",
                           "MEMORY USAGE a SAMPLES 0",
                           "SRANDMEMBER s -1000000000",
                           "XINFO STREAM s FULL COUNT 0",
                           "XINFO STREAM s FULL COUNT 10001",
                           "XPENDING s g - + 1000000",
                           "XPENDING s g IDLE 5 - + 1000000 me",
                           "ZRANGEBYSCORE z -inf +inf LIMIT 900000 10",
                           "ZRANGE z - + BYLEX LIMIT 100001 1",
                           "ZREVRANGEBYLEX z + - LIMIT 900000 10",
                           "ZRANGEBYSCORE z -inf +inf LIMIT -1 10",
                           "ZRANGE z 0 9 BYSCORE LIMIT -5 1",
                           "LOLWUT VERSION 6 1000 1000"})
        row(no, "heavy-arguments", false);
    row("TOUCH a", "touch", true);
    row("PFCOUNT a", "writes-while-reading", true);
    row("WIBBLE a", "unknown-command", false);
    row("CLIENT WIBBLE", "unknown-command", false);
    row("CLIENT", "incomplete", false);
}

void GuardTest::judges() {
    QFETCH(const QString, text);
    QFETCH(const QString, rule);
    QFETCH(const bool, unlockable);
    const auto line = parseCommandLine(text);
    QVERIFY(line.has_value());
    const Judgement judgement = judge(line->arguments, m_table);
    if (rule == QLatin1String("allowed")) {
        QVERIFY2(judgement.verdict.effect == Effect::ReadOnly,
                 qPrintable(judgement.verdict.rule + judgement.verdict.reason));
        return;
    }
    QVERIFY(judgement.verdict.effect != Effect::ReadOnly);
    QCOMPARE(judgement.verdict.rule, rule);
    const bool needsName = rule == u"destructive" || rule == u"server-settings" ||
                           rule == u"topology" || rule == u"blocks-server" || rule == u"script" ||
                           rule == u"unknown-command";
    const Leave leave = unlockable  ? Leave::Unlock
                        : needsName ? Leave::UnlockAndName
                                    : Leave::Never;
    QVERIFY2(judgement.leave == leave, qPrintable(rule));
    QVERIFY(judgement.verdict.reason.endsWith(u'.'));
    QVERIFY(judgement.verdict.remedy.endsWith(u'.'));
}

void GuardTest::classifiesEveryCommandOfTheServer() {
    const auto leaves = m_table.leaves();
    QVERIFY2(leaves.size() > 330, qPrintable(QString::number(leaves.size())));
    int allowed = 0;
    for (const QByteArray& leaf : leaves) {
        const Judgement judgement = judge(leaf.split('|'), m_table);
        QVERIFY2(!judgement.verdict.rule.isEmpty() && judgement.verdict.rule != u"unknown-command",
                 leaf.constData());
        const auto flags = m_table.flags(leaf);
        const bool isAllowed = judgement.verdict.effect == Effect::ReadOnly;
        QVERIFY2(!(isAllowed && flags->contains("write")), leaf.constData());
        QVERIFY2(isAllowed || !judgement.verdict.remedy.isEmpty(), leaf.constData());
        if (isAllowed) ++allowed;
    }
    qInfo("%lld leaf commands, %d run read-only", static_cast<long long>(leaves.size()), allowed);
}

/// The whole list, so that a change to the guard shows here.
void GuardTest::allowsExactlyTheKnownOnes() {
    const CommandTable bundled = CommandTable::bundled();
    for (const QByteArray& leaf : m_table.leaves()) {
        if (judge(leaf.split('|'), m_table).verdict.effect != Effect::ReadOnly) continue;
        const bool known = judge(leaf.split('|'), bundled).verdict.effect == Effect::ReadOnly;
        QVERIFY2(known, leaf.constData());
    }
}

void GuardTest::agreesWithTheBundledTable() {
    const CommandTable bundled = CommandTable::bundled();
    for (const QByteArray& leaf : bundled.leaves()) {
        const bool offline = judge(leaf.split('|'), bundled).verdict.effect == Effect::ReadOnly;
        const bool online = judge(leaf.split('|'), m_table).verdict.effect == Effect::ReadOnly;
        QVERIFY2(offline == online, leaf.constData());
    }
}

/// A server that flags everything `readonly` gains nothing for the commands that are known.
void GuardTest::believesNoLyingServer() {
    ReplyBuilder lie;
    for (const char* name :
         {"flushall", "shutdown", "keys", "eval", "monitor", "config|set", "debug", "subscribe"})
        lie.add(
            Reply(Reply::Kind::Array, {},
                  {Reply(Reply::Kind::BulkString, name), Reply(Reply::Kind::Integer, "-1"),
                   Reply(Reply::Kind::Set, {}, {Reply(Reply::Kind::SimpleString, "readonly")})}));
    const Reply lies = lie.take();
    const auto table = CommandTable::fromReply(lies);
    QVERIFY(table.has_value());
    for (const QByteArray& leaf : table->leaves())
        QVERIFY2(judge(leaf.split('|'), *table).verdict.effect != Effect::ReadOnly,
                 leaf.constData());
}

void GuardTest::believesNoModule_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("flag");
    QTest::addColumn<QString>("rule");
    const QString module = QStringLiteral("module-command");
    const QString unheard = QStringLiteral("not-in-allow-list");
    QTest::newRow("flagged") << QByteArray("ft.config") << QByteArray("module") << module;
    QTest::newRow("older") << QByteArray("json.get") << QByteArray("readonly") << module;
    QTest::newRow("newer") << QByteArray("vsim") << QByteArray("readonly") << unheard;
    QTest::newRow("gone since") << QByteArray("stralgo") << QByteArray("readonly") << unheard;
    QTest::newRow("looked at since") << QByteArray("httl") << QByteArray("readonly") << QString();
}

void GuardTest::believesNoModule() {
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, flag);
    QFETCH(const QString, rule);
    const Reply entry(Reply::Kind::Array, {},
                      {Reply(Reply::Kind::BulkString, name), Reply(Reply::Kind::Integer, "-1"),
                       Reply(Reply::Kind::Set, {},
                             {Reply(Reply::Kind::SimpleString, "readonly"),
                              Reply(Reply::Kind::SimpleString, flag)})});
    const auto table = CommandTable::fromReply(Reply(Reply::Kind::Array, {}, {entry}));
    QVERIFY(table.has_value());
    const Judgement judgement = judge({name, "SET", "x"}, *table);
    QCOMPARE(judgement.verdict.effect == Effect::ReadOnly, rule.isEmpty());
    if (!rule.isEmpty()) QCOMPARE(judgement.verdict.rule, rule);
}

void GuardTest::trustsNoContainerFlag() {
    const Reply old(
        Reply::Kind::Array, {},
        {Reply(Reply::Kind::Array, {},
               {Reply(Reply::Kind::BulkString, "memory"), Reply(Reply::Kind::Integer, "-2"),
                Reply(Reply::Kind::Array, {}, {Reply(Reply::Kind::SimpleString, "readonly")})})});
    const auto table = CommandTable::fromReply(old);
    QVERIFY(table.has_value());
    QVERIFY(judge({"MEMORY", "PURGE"}, *table).verdict.effect != Effect::ReadOnly);
    QVERIFY(judge({"MEMORY", "USAGE", "a"}, *table).verdict.effect == Effect::ReadOnly);
}

void GuardTest::nothingRefusedChangesTheData_data() {
    QTest::addColumn<QString>("text");
    for (const char* text : {"FLUSHALL",
                             "FLUSHDB",
                             "SET d 1",
                             "DEL a",
                             "UNLINK a",
                             "LPOP list",
                             "RENAME a z",
                             "GETDEL a",
                             "EVAL \"redis.call('del','a')\" 0",
                             "SHUTDOWN NOSAVE",
                             "SWAPDB 0 1",
                             "MOVE a 1",
                             "SPOP a",
                             "XADD s * f v",
                             "KEYS *",
                             "CONFIG SET maxmemory 1mb",
                             "DEBUG SLEEP 0",
                             "REPLICAOF 127.0.0.1 1",
                             "redis-cli -n 0 FLUSHALL",
                             "  flushAll  ",
                             "COPY a q",
                             "SORT list STORE q",
                             "ZRANGESTORE q zset 0 -1"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void GuardTest::nothingRefusedChangesTheData() {
    QFETCH(const QString, text);
    SystemClock clock;
    Engine engine(test::addressOfPort(m_server.port()), clock);
    const auto result = test::ask(engine, text);
    QVERIFY(!result);
    QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::Refused));
    QVERIFY(!result.error().detail.isEmpty());
    test::Plain plain(m_server.port());
    QCOMPARE(plain.command({"DBSIZE"}).text(), QByteArray("5"));
    QCOMPARE(plain.command({"GET", "a"}).text(), QByteArray("1"));
    QCOMPARE(plain.command({"LLEN", "list"}).text(), QByteArray("3"));
}

/// Every command that the real server lists, whole table: those refused never arrive there.
void GuardTest::noRefusedCommandReachesTheServer() {
    SystemClock clock;
    Engine engine(test::addressOfPort(m_server.port()), clock);
    QVERIFY(test::settled(engine.open()).has_value());
    test::Plain plain(m_server.port());
    const Reply digest = plain.command({"DEBUG", "DIGEST"});
    const Reply settings = plain.command({"CONFIG", "GET", "max*"});
    QCOMPARE(digest.text().size(), 40);
    plain.command({"CONFIG", "RESETSTAT"});
    QSet<QByteArray> refused;
    for (const QByteArray& leaf : m_table.leaves()) {
        if (judge(leaf.split('|'), m_table).verdict.effect == Effect::ReadOnly) continue;
        const QString text = QString::fromLatin1(leaf).replace(u'|', u' ');
        // With and without plausible arguments, bare and behind redis-cli.
        for (const QString& each : {text, text + QStringLiteral(" a 1"),
                                    QStringLiteral("redis-cli ") + text + QStringLiteral(" a")}) {
            const auto result = test::ask(engine, each);
            QVERIFY2(!result, qPrintable(each));
            QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::Refused));
        }
        refused << leaf;
    }
    QVERIFY2(refused.size() > 200, qPrintable(QString::number(refused.size())));
    const QByteArray counted = plain.command({"INFO", "commandstats"}).text();
    for (const QByteArray& leaf : std::as_const(refused)) {
        if (leaf == "config|resetstat") continue;  // the fixture's own
        QVERIFY2(!counted.contains("cmdstat_" + leaf + ':'), leaf.constData());
    }
    QVERIFY(counted.contains("cmdstat_acl|dryrun:"));
    QCOMPARE(plain.command({"DBSIZE"}).text(), QByteArray("5"));
    QCOMPARE(plain.command({"DEBUG", "DIGEST"}).text(), digest.text());
    QCOMPARE(toText(plain.command({"CONFIG", "GET", "max*"})), toText(settings));
    QVERIFY(plain.command({"INFO", "replication"}).text().contains("role:master"));
}

/// The other half: what runs is run, on keys of every type, and the server counts no change.
void GuardTest::noAllowedCommandChangesAnything() {
    test::Plain plain(m_server.port());
    QByteArrayList add{"PFADD", "seen"};
    for (int i = 0; i < 3'000; ++i)
        add << QByteArray::number(i);
    plain.command(add);
    const auto changes = [&plain] {
        const QByteArray info = plain.command({"INFO", "persistence"}).text();
        return info.mid(info.indexOf("rdb_changes_since_last_save:"), 60).split('\r').first();
    };
    const QByteArray before = changes();
    const Reply digest = plain.command({"DEBUG", "DIGEST"});
    SystemClock clock;
    Engine engine(test::addressOfPort(m_server.port()), clock);
    int ran = 0;
    for (const QByteArray& leaf : m_table.leaves()) {
        const QString text = QString::fromLatin1(leaf).replace(u'|', u' ');
        for (const char* rest : {"", " a", " seen", " list", " zset", " list 0 1", " zset 0 1"}) {
            const QString line = text + QLatin1String(rest);
            const auto parsed = parseCommandLine(line);
            if (!parsed || judge(parsed->arguments, m_table).verdict.effect != Effect::ReadOnly)
                continue;
            (void)test::ask(engine, line);  // many are wrong about their key, which is fine
            ++ran;
        }
    }
    QVERIFY(ran > 500);
    QCOMPARE(changes(), before);
    QCOMPARE(plain.command({"DEBUG", "DIGEST"}).text(), digest.text());
    plain.command({"DEL", "seen"});
}

QTEST_GUILESS_MAIN(GuardTest)
#include "tst_redisguard.moc"
