#include <QCryptographicHash>
#include <QTest>

#include "tests/engines_redis/asking.h"
#include "tests/support/redisserver.h"

using namespace tocsin;
using namespace tocsin::redis;
using test::ask;

/// Sizes are asked before values: single large elements, and elements that are only passed over,
/// on a real server.
class SizesTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup() { m_engine.reset(); }
    void refusesALargeElement_data();
    void refusesALargeElement();
    void readsFewOfMany_data();
    void readsFewOfMany();
    void readsAsManyAsMayBe_data();
    void readsAsManyAsMayBe();
    void asksPerLine_data();
    void asksPerLine();
    void asksForAllLinesTogether();
    void countsTheStepsOfAllLines_data();
    void countsTheStepsOfAllLines();
    void leavesWhatIsNoNumberToTheServer();
    void takesAMemberForAMember();
    void findsTheNearestOfASmallArea();
    void asksTheServersRulesForAScript();
    void saysThatTheServerWasNotAsked();
    void readsWhatItsMemoryIsNotToldOf();
    void readsNothingWhoseSizeIsKeptBack();
    void weighsTheSameLineOnceInAWhile();

private:
    QByteArray bytesSent();

    support::RedisServer m_server;
    SystemClock m_clock;
    std::unique_ptr<Engine> m_engine;
};

void SizesTest::initTestCase() {
    QCOMPARE(m_server.start(), QString());
    test::Plain plain(m_server.port());
    const auto large = [](char c) { return QByteArray(20 * 1024 * 1024, c); };
    for (const char c : {'a', 'b', 'c'}) {
        plain.command({"RPUSH", "list", large(c)});
        plain.command({"SADD", "set", large(c)});
        plain.command({"ZADD", "zset", "1", large(c)});
    }
    plain.command(
        {"HSET", "hash", "small", "1", "a", "1", "b", "1", "c", "1", "d", "1", "big", large('h')});
    plain.command({"XADD", "stream", "1-1", "f", large('s')});
    plain.command({"SET", "text", large('t')});
    plain.command({"HSET", "longname", QByteArray(2 * 1024 * 1024, 'n'), "v"});
    for (int from = 0; from < 200'000; from += 1000) {
        QByteArrayList list{"RPUSH", "manylist"};
        QByteArrayList scores{"ZADD", "manyscores"};
        QByteArrayList hash{"HSET", "manyhash"};
        QByteArrayList places{"GEOADD", "places"};
        for (int i = from; i < from + 1000; ++i) {
            const QByteArray number = QByteArray::number(i).rightJustified(90, '.');
            list << number;
            scores << QByteArray::number(i) << number;
            hash << number << number;
            places << QByteArray::number(13.0 + i * 0.0001, 'f', 6)
                   << QByteArray::number(52.0 + i * 0.0001, 'f', 6) << QByteArray::number(i);
        }
        for (const QByteArrayList& add : {list, scores, hash})
            QVERIFY(!plain.command(add).isError());
        if (from < 20'000) plain.command(places);
    }
    for (int i = 0; i < 200; ++i)
        plain.command({"XADD", "few", "*", "f", "x"});
    for (int i = 0; i < 300; ++i) {
        const QByteArray middle(200 * 1024, static_cast<char>('a' + i % 26));
        plain.command({"RPUSH", "middles", middle});
        plain.command({"XADD", "events", QByteArray::number(i + 1) + "-1", "f", middle});
        plain.command({"ZADD", "ranks", QByteArray::number(i), QByteArray::number(i) + middle});
    }
}

void SizesTest::init() {
    m_engine = std::make_unique<Engine>(test::addressOfPort(m_server.port()), m_clock);
}

QByteArray SizesTest::bytesSent() {
    const QByteArray info = test::Plain(m_server.port()).command({"INFO", "stats"}).text();
    return info.mid(info.indexOf("total_net_output_bytes:") + 23).split('\r').first();
}

void SizesTest::refusesALargeElement_data() {
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("looks");
    const auto row = [](const char* command, const char* looks) {
        QTest::newRow(command) << QString::fromLatin1(command) << QString::fromUtf8(looks);
    };
    row("HGET hash big", "HSTRLEN hash big");
    row("HGETALL list", "WRONGTYPE");
    row("HGETALL hash", "The 6 fields of");
    row("HVALS hash", "HSTRLEN hash FIELD says how long each is, and HGET reads a short one.");
    row("HSCAN hash 0", "one may be most of that");
    row("HRANDFIELD hash 2 WITHVALUES", "one may be most of that");
    row("LINDEX list 0", "no part of an element");
    row("LRANGE list 0 -1", "LLEN and MEMORY USAGE");
    row("LRANGE list 0 0", "An unlock does not change this");
    row("SMEMBERS set", "SCARD and MEMORY USAGE");
    row("SRANDMEMBER set", "SCARD and MEMORY USAGE");
    row("SRANDMEMBER set -3", "about 72.0 MB");
    row("SSCAN set 0", "no part of an element");
    row("ZSCAN zset 0", "no part of an element");
    row("ZRANDMEMBER zset", "no part of an element");
    row("ZRANGE zset 0 0", "ZCARD and MEMORY USAGE");
    row("ZRANGE zset 0 -1", "ZCARD and MEMORY USAGE");
    row("ZRANGEBYSCORE zset 0 9 LIMIT 0 1", "no part of an element");
    row("XREAD COUNT 1 STREAMS stream 0", "no part of an element");
    row("XRANGE stream - + COUNT 5", "no part of an element");
    row("XREVRANGE stream + - COUNT 1", "no part of an element");
    row("XINFO STREAM stream", "no part of an element");
    row("XINFO STREAM stream FULL", "no part of an element");
    row("SUNION set set", "144.0 MB");
    row("SDIFF set list", "72.0 MB");
    row("BITCOUNT text", "BITCOUNT text 0 16777215");
    row("BITPOS text 1", "BITPOS text 1 0 16777215");
    row("BITCOUNT text 0 -1", "BITCOUNT text 0 16777215");
    row("LPOS manylist x", "add MAXLEN 100000");
    row("XREAD COUNT 200 STREAMS events 0", "use COUNT 72");
    row("XREAD COUNT 1 COUNT 200 STREAMS events 0", "use COUNT 72");
    row("HRANDFIELD longname -100", "in one go");
    row("SRANDMEMBER set -10000", "in one go");
    row("XREAD COUNT 200 STREAMS few few few few few few few few few few few few few few few few "
        "few "
        "few few few few few few few few few few few few few few few few few few few few few few "
        "few few few few few few few few few few few few 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 "
        "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
        "of 51 streams in one go");
}

/// And nothing of it was sent.
void SizesTest::refusesALargeElement() {
    QFETCH(const QString, command);
    QFETCH(const QString, looks);
    QVERIFY(test::settled(m_engine->open()).has_value());
    const qint64 before = bytesSent().toLongLong();
    const auto result = ask(*m_engine, command);
    QVERIFY2(bytesSent().toLongLong() - before < 200'000, "too much was sent");
    QVERIFY(!result);
    if (looks == u"WRONGTYPE") return;
    QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::TooLarge));
    QCOMPARE(result.error().detail, QStringLiteral("size-before-value"));
    QVERIFY2(result.error().message.contains(looks), qPrintable(result.error().message));
}

void SizesTest::readsFewOfMany_data() {
    QTest::addColumn<QString>("command");
    for (const char* command : {"LRANGE manylist 0 99",
                                "LRANGE manylist -100 -1",
                                "LINDEX manylist 100000",
                                "HSCAN manyhash 0 COUNT 200",
                                "HGET hash small",
                                "HMGET hash small",
                                "HKEYS hash",
                                "HRANDFIELD hash 2",
                                "HRANDFIELD manyhash 10 WITHVALUES",
                                "ZSCAN manyscores 0",
                                "ZRANGE manyscores 0 99",
                                "ZRANDMEMBER manyscores 5",
                                "LPOS manylist x MAXLEN 1000",
                                "ZRANGEBYSCORE manyscores 10 50",
                                "ZRANGEBYSCORE manyscores -inf +inf LIMIT 1000 10",
                                "BITCOUNT text 0 1000",
                                "GETRANGE text 0 99",
                                "XREAD COUNT 2 STREAMS events 0",
                                "XREVRANGE events + - COUNT 5",
                                "XINFO STREAM events",
                                "LINDEX middles 5",
                                "LRANGE middles 0 9",
                                "ZRANGEBYSCORE ranks 5 9",
                                "XREAD COUNT 5 STREAMS nothing 0",
                                "GEOSEARCH places FROMLONLAT 13 52 BYRADIUS 900 km COUNT 10 ANY",
                                "LINDEX nothing 0",
                                "LRANGE manylist 0 99\nLRANGE manylist 100 199\nHGET hash small",
                                "SINTER set nothing"})
        QTest::newRow(command) << QString::fromLatin1(command);
}

/// However large the key as a whole is.
void SizesTest::readsFewOfMany() {
    QFETCH(const QString, command);
    const auto result = ask(*m_engine, command);
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
    QVERIFY(!result->truncated);
}

void SizesTest::readsAsManyAsMayBe_data() {
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("next");
    QTest::newRow("list") << "LRANGE middles 0 199"
                          << "LRANGE middles ";
    QTest::newRow("sorted set") << "ZRANGE ranks 0 -1"
                                << "ZRANGE ranks ";
    QTest::newRow("by score") << "ZRANGEBYSCORE ranks 0 299 LIMIT 0 200"
                              << "ZRANGEBYSCORE ranks 0 299 LIMIT ";
    QTest::newRow("stream") << "XRANGE events - + COUNT 200"
                            << "XRANGE events (";
}

void SizesTest::readsAsManyAsMayBe() {
    QFETCH(const QString, command);
    QFETCH(const QString, next);
    const auto result = ask(*m_engine, command);
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
    QVERIFY(result->truncated);
    QVERIFY2(result->receipt.rows > 50 && result->receipt.rows < 90,
             qPrintable(QString::number(result->receipt.rows)));
    QVERIFY(result->receipt.bytes < 18LL * 1024 * 1024);
    QVERIFY2(result->nextPage.startsWith(next), qPrintable(result->nextPage));
}

void SizesTest::asksPerLine_data() {
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("says");
    QTest::newRow("list") << "PING\nLRANGE list 0 -1"
                          << "Command 2 of 2: ";
    QTest::newRow("bounded") << "LRANGE list 0 1\nPING"
                             << "Command 1 of 2: ";
    QTest::newRow("field") << "HGET hash big\nPING"
                           << "HSTRLEN hash big";
    QTest::newRow("fields") << "HMGET hash small big\nPING"
                            << "20.0 MB in 2 values";
    QTest::newRow("stream") << "XREAD COUNT 1 STREAMS stream 0\nPING"
                            << "Nothing of the script was sent.";
    QTest::newRow("area") << "GEOSEARCH places FROMLONLAT 13 52 BYRADIUS 1 m COUNT 1\nPING"
                          << "ANY behind COUNT";
}

void SizesTest::asksPerLine() {
    QFETCH(const QString, script);
    QFETCH(const QString, says);
    QVERIFY(test::settled(m_engine->open()).has_value());
    const qint64 before = bytesSent().toLongLong();
    const auto result = ask(*m_engine, script);
    QVERIFY(bytesSent().toLongLong() - before < 200'000);
    QVERIFY(!result);
    QCOMPARE(result.error().detail, QStringLiteral("size-before-value"));
    QVERIFY2(result.error().message.contains(says), qPrintable(result.error().message));
    QVERIFY(ask(*m_engine, QStringLiteral("PING")).has_value());
}

void SizesTest::asksForAllLinesTogether() {
    QString script;
    for (int i = 0; i < 5; ++i)
        script += QStringLiteral("LRANGE middles %1 %2\n").arg(i * 60).arg(i * 60 + 59);
    const auto result = ask(*m_engine, script + QStringLiteral("GETRANGE text 0 15000000"));
    QVERIFY(!result);
    QVERIFY2(result.error().message.startsWith(QStringLiteral("These 6 commands would read about")),
             qPrintable(result.error().message));
    QVERIFY(ask(*m_engine, script.section(u'\n', 0, 1)).has_value());
}

/// A script is one block to the server, so that what it goes through adds up.
void SizesTest::countsTheStepsOfAllLines_data() {
    QTest::addColumn<QString>("line");
    QTest::newRow("passed over") << "LPOS manylist none MAXLEN 100000";
    QTest::newRow("returned") << "LRANGE manylist 0 9999";
    QTest::newRow("walked") << "SCAN 0 COUNT 10000";
    QTest::newRow("written out") << "XINFO CONSUMERS events group";
    QTest::newRow("told of itself") << "COMMAND DOCS\nCOMMAND DOCS";
}

void SizesTest::countsTheStepsOfAllLines() {
    QFETCH(const QString, line);
    test::Plain(m_server.port()).command({"XGROUP", "CREATE", "events", "group", "0"});
    QVERIFY(ask(*m_engine, QStringLiteral("PING\n") + line));
    const auto result = ask(*m_engine, (line + u'\n').repeated(30));
    QVERIFY(!result);
    QVERIFY2(result.error().message.contains(QStringLiteral("elements together")) ||
                 result.error().message.contains(QStringLiteral("MB")),
             qPrintable(result.error().message));
}

void SizesTest::leavesWhatIsNoNumberToTheServer() {
    const auto result = ask(*m_engine, QStringLiteral("LRANGE manylist 0 abc"));
    QVERIFY(!result);
    QVERIFY2(result.error().message.contains(QStringLiteral("not an integer")) ||
                 result.error().detail.contains(QStringLiteral("not an integer")),
             qPrintable(result.error().message + result.error().detail));
}

void SizesTest::takesAMemberForAMember() {
    test::Plain(m_server.port()).command({"GEOADD", "places", "13.0", "52.0", "ASC"});
    const auto all = ask(
        *m_engine, QStringLiteral("GEOSEARCH places BYRADIUS 22000 km FROMMEMBER ASC COUNT 10"));
    QVERIFY(!all);
    QVERIFY2(all.error().message.contains(QStringLiteral("More than 10")),
             qPrintable(all.error().message));
    test::Plain(m_server.port()).command({"ZREM", "places", "ASC"});
}

void SizesTest::findsTheNearestOfASmallArea() {
    const QString search =
        QStringLiteral("GEOSEARCH places FROMLONLAT 13 52 BYRADIUS %1 ASC COUNT 2");
    const auto few = ask(*m_engine, search.arg(QStringLiteral("30 m")));
    QVERIFY2(few.has_value(), few ? "" : qPrintable(few.error().message));
    QCOMPARE(toText(*few->reply), QStringLiteral("1) \"0\"\n2) \"1\""));
    QVERIFY2(few->receipt.guards.join(u';').contains(QStringLiteral("members in the area")),
             qPrintable(few->receipt.guards.join(u';')));
    const auto all =
        ask(*m_engine, search.arg(QStringLiteral("900 km")) + QStringLiteral(" WITHDIST"));
    QVERIFY(!all);
    QVERIFY2(all.error().message.contains(QStringLiteral("More than 10")),
             qPrintable(all.error().message));
    const auto first =
        ask(*m_engine, QStringLiteral("GEOSEARCH places FROMLONLAT 13 52 BYRADIUS 900 km"));
    QVERIFY(first && first->truncated);
    QCOMPARE(first->receipt.rows, 10'000);
}

void SizesTest::asksTheServersRulesForAScript() {
    const auto may = ask(*m_engine, QStringLiteral("PING\nLLEN list"));
    QVERIFY(may);
    QVERIFY(may->receipt.guards.contains(QStringLiteral("ACL DRYRUN: “default” may")));
    // What was asked aside is not in the hash of the replies.
    QCOMPARE(may->receipt.sha256,
             QCryptographicHash::hash("+PONG\r\n:3\r\n", QCryptographicHash::Sha256).toHex());
    QString many;
    for (int i = 0; i < 100; ++i)
        many += QStringLiteral("PING\nLLEN list\n");
    QVERIFY(ask(*m_engine, many)
                ->receipt.guards.contains(QStringLiteral(
                    "ACL DRYRUN: “default” may (one line of each of 2 commands was asked)")));
    test::Plain(m_server.port())
        .command({"ACL", "SETUSER", "reader", "on", ">geheim", "~*", "+@read", "+@connection",
                  "+acl|dryrun", "+acl|whoami", "+info", "+command", "+role", "-llen"});
    Address address = test::addressOfPort(m_server.port());
    address.user = QStringLiteral("reader");
    address.password = Secret(QStringLiteral("geheim"));
    Engine engine(address, m_clock);
    const auto mayNot = ask(engine, QStringLiteral("PING\nLLEN list\nGET text2"));
    QVERIFY2(mayNot.has_value(), mayNot ? "" : qPrintable(mayNot.error().message));
    QVERIFY2(
        mayNot->receipt.guards.contains(QStringLiteral("ACL DRYRUN: “reader” may not (command 2)")),
        qPrintable(mayNot->receipt.guards.join(u';')));
}

void SizesTest::saysThatTheServerWasNotAsked() {
    test::Plain(m_server.port())
        .command({"ACL", "SETUSER", "silent", "on", ">geheim", "~*", "+@read", "+@connection",
                  "+acl|whoami"});
    Address address = test::addressOfPort(m_server.port());
    address.user = QStringLiteral("silent");
    address.password = Secret(QStringLiteral("geheim"));
    Engine engine(address, m_clock);
    for (const char* text : {"EXISTS text", "PING\nEXISTS text"}) {
        const auto result = ask(engine, QString::fromLatin1(text));
        QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
        QVERIFY2(result->receipt.guards.contains(
                     QStringLiteral("the server was not asked (ACL DRYRUN is not allowed)")),
                 qPrintable(result->receipt.guards.join(u';')));
    }
}

/// A user who may not ask MEMORY USAGE reads by counts alone, as before there was anything to know.
void SizesTest::readsWhatItsMemoryIsNotToldOf() {
    test::Plain(m_server.port())
        .command({"ACL", "SETUSER", "counter", "on", ">geheim", "~*", "+@read", "+@connection",
                  "-memory|usage"});
    Address address = test::addressOfPort(m_server.port());
    address.user = QStringLiteral("counter");
    address.password = Secret(QStringLiteral("geheim"));
    Engine engine(address, m_clock);
    const auto few = ask(engine, QStringLiteral("LRANGE manylist 0 99"));
    QVERIFY2(few.has_value(), few ? "" : qPrintable(few.error().message));
    QVERIFY(!ask(engine, QStringLiteral("HGET hash big")).has_value());
}

/// Who may not know how large it is does not read all of it.
void SizesTest::readsNothingWhoseSizeIsKeptBack() {
    test::Plain(m_server.port())
        .command({"ACL", "SETUSER", "blind", "on", ">geheim", "~*", "+@read", "+@connection",
                  "-strlen", "-llen", "-scard", "-hlen", "-memory|usage"});
    Address address = test::addressOfPort(m_server.port());
    address.user = QStringLiteral("blind");
    address.password = Secret(QStringLiteral("geheim"));
    Engine engine(address, m_clock);
    for (const char* command : {"GET text", "LRANGE manylist 0 -1", "SMEMBERS set", "HGETALL hash",
                                "DUMP text", "SINTERCARD 2 set set", "MGET text text"}) {
        const auto result = ask(engine, QString::fromLatin1(command));
        QVERIFY2(!result, command);
        QVERIFY2(result.error().message.contains(QStringLiteral("does not tell this user")),
                 qPrintable(result.error().message));
    }
    QVERIFY(ask(engine, QStringLiteral("LRANGE manylist 0 9")).has_value());
}

/// What looks every few seconds asks for sizes every half a minute, and what was read tells its
/// own.
void SizesTest::weighsTheSameLineOnceInAWhile() {
    test::Plain plain(m_server.port());
    plain.command({"HSET", "seen", "f", "x", "large", QByteArray(100'000, 'x')});
    TestClock clock;
    Engine engine(test::addressOfPort(m_server.port()), clock);
    plain.command({"CONFIG", "RESETSTAT"});
    const auto asked = [&](const QString& field) {
        const auto result = ask(engine, QStringLiteral("HGET seen %1\nPING").arg(field));
        if (!result) qFatal("%s", qPrintable(result.error().message));
        const QByteArray stats = plain.command({"INFO", "commandstats"}).text();
        const qsizetype at = stats.indexOf("cmdstat_hstrlen:calls=");
        return at < 0 ? 0 : stats.mid(stats.indexOf('=', at) + 1, 12).split(',').first().toInt();
    };
    QCOMPARE(asked(QStringLiteral("f")), 1);
    QCOMPARE(asked(QStringLiteral("f")), 1);
    clock.advance(std::chrono::seconds(29));
    QCOMPARE(asked(QStringLiteral("f")), 1);
    clock.advance(std::chrono::seconds(29));
    QCOMPARE(asked(QStringLiteral("f")), 1);
    clock.advance(std::chrono::seconds(31));
    QCOMPARE(asked(QStringLiteral("f")), 2);
    // What is small by itself is not so by the thousand, known or not.
    plain.command({"HSET", "seen", "most", QByteArray(60'000, 'x')});
    QCOMPARE(asked(QStringLiteral("most")), 3);
    const auto many = ask(engine, QStringLiteral("HGET seen most\n").repeated(1200));
    QVERIFY(!many && many.error().detail == QStringLiteral("size-before-value"));
    QCOMPARE(asked(QStringLiteral("large")), 4);  // may grow past what is let through
    QCOMPARE(asked(QStringLiteral("large")), 5);
}

QTEST_GUILESS_MAIN(SizesTest)
#include "tst_redissizes.moc"
