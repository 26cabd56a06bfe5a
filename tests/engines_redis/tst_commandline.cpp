#include <QTest>

#include "plugins/engines/redis/commandline.h"

using namespace tocsin;
using namespace tocsin::redis;

class CommandLineTest : public QObject {
    Q_OBJECT
private slots:
    void splits_data();
    void splits();
    void refuses_data();
    void refuses();
    void dropsTheWrapper_data();
    void dropsTheWrapper();
    void readsAScan();
    void writesItselfWithoutSecrets();
    void encodes();
};

void CommandLineTest::splits_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArrayList>("words");
    const auto row = [](const char* name, const char* text, const QByteArrayList& words) {
        QTest::newRow(name) << QString::fromUtf8(text) << words;
    };
    row("plain", "LLEN  bull:mail:wait ", {"LLEN", "bull:mail:wait"});
    row("empty", "  ", {});
    row("double quotes", R"(SET k "a b")", {"SET", "k", "a b"});
    row("escapes", R"(SET k "\n\r\t\a\b\\\"q")", {"SET", "k", "\n\r\t\a\b\\\"q"});
    row("hex", R"(SET k "\x00\xfF\x7")", {"SET", "k", QByteArray("\0\xffx7", 4)});
    row("single quotes", R"(SET k 'a "b" \n \'c\'')", {"SET", "k", R"(a "b" \n 'c')"});
    row("empty word", R"(SET k "")", {"SET", "k", ""});
    row("quote within a word", R"(GET a"b c")", {"GET", "ab c"});
    row("backslash outside quotes", R"(GET a\n)", {"GET", R"(a\n)"});
    row("UTF-8", "GET Ärger", {"GET", QByteArray("Ärger")});
}

void CommandLineTest::splits() {
    QFETCH(const QString, text);
    QFETCH(const QByteArrayList, words);
    const auto split = splitArguments(text);
    QVERIFY2(split.has_value(), split ? "" : qPrintable(split.error().message));
    QCOMPARE(*split, words);
}

void CommandLineTest::refuses_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("position");
    QTest::newRow("open double quote") << QStringLiteral("GET \"abc") << 4;
    QTest::newRow("open single quote") << QStringLiteral("GET ä 'abc") << 6;
    QTest::newRow("quote then text") << QStringLiteral("GET \"a\"b") << 7;
    QTest::newRow("nothing") << QString() << -1;
    QTest::newRow("redis-cli alone") << QStringLiteral("redis-cli -h cache") << -1;
    QTest::newRow("endless option") << QStringLiteral("redis-cli --stat") << -1;
    QTest::newRow("latency history") << QStringLiteral("redis-cli -h x --latency-history") << -1;
    QTest::newRow("script") << QStringLiteral("redis-cli --eval x.lua") << -1;
    QTest::newRow("unknown option") << QStringLiteral("redis-cli --wibble PING") << -1;
    QTest::newRow("giant count") << QStringLiteral("redis-cli --scan --count 4294967296") << -1;
    QTest::newRow("node without port") << QStringLiteral("--node 10.0.0.2 INFO") << -1;
    QTest::newRow("node alone") << QStringLiteral("--node") << -1;
    QTest::newRow("walk of one node") << QStringLiteral("--node h:1 --scan") << -1;
    QTest::newRow("cursor that is none") << QStringLiteral("redis-cli --scan --cursor 12x") << -1;
}

void CommandLineTest::refuses() {
    QFETCH(const QString, text);
    QFETCH(const int, position);
    const auto line = parseCommandLine(text);
    QVERIFY(!line);
    QCOMPARE(nameOf(line.error().code), nameOf(ErrorCode::Parse));
    QVERIFY(!line.error().message.isEmpty());
    QCOMPARE(line.error().position.value_or(-1), position);
}

void CommandLineTest::dropsTheWrapper_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArrayList>("words");
    QTest::newRow("bare") << "redis-cli PING" << QByteArrayList{"PING"};
    QTest::newRow("url") << "redis-cli -u redis://x:secret@h:1/2 LLEN q"
                         << QByteArrayList{"LLEN", "q"};
    QTest::newRow("path and many")
        << "/usr/bin/redis-cli -h h -p 6379 -a pw -n 0 --tls --no-auth-warning -e INFO memory"
        << QByteArrayList{"INFO", "memory"};
    QTest::newRow("node") << "redis-cli --node 10.0.0.2:6381 INFO" << QByteArrayList{"INFO"};
    QTest::newRow("option after the command stays")
        << "redis-cli GET -h" << QByteArrayList{"GET", "-h"};
    QTest::newRow("password before it")
        << "REDISCLI_AUTH=hunter2 redis-cli PING" << QByteArrayList{"PING"};
    QTest::newRow("no wrapper") << "LRANGE q -1 -1" << QByteArrayList{"LRANGE", "q", "-1", "-1"};
}

void CommandLineTest::dropsTheWrapper() {
    QFETCH(const QString, text);
    QFETCH(const QByteArrayList, words);
    const auto line = parseCommandLine(text);
    QVERIFY2(line.has_value(), line ? "" : qPrintable(line.error().message));
    QCOMPARE(line->arguments, words);
}

void CommandLineTest::readsAScan() {
    const auto line = parseCommandLine(
        QStringLiteral("redis-cli -n 3 --scan --pattern 'bull:*:meta' --count 100"));
    QVERIFY(line && line->scan);
    QCOMPARE(line->scan->pattern, QByteArray("bull:*:meta"));
    QCOMPARE(line->scan->count, 100);
    QCOMPARE(line->database.value_or(-1), 3);
    QVERIFY(line->arguments.isEmpty());
    const auto plain = parseCommandLine(QStringLiteral("--pattern x --scan"));
    QVERIFY(plain && plain->scan);
    QCOMPARE(plain->scan->pattern, QByteArray("x"));
}

void CommandLineTest::writesItselfWithoutSecrets() {
    const auto line =
        parseCommandLine(QStringLiteral("redis-cli -a hunter2 SET \"a b\" \"\\x00\" plain"));
    QVERIFY(line);
    QCOMPARE(line->text(), QStringLiteral("SET \"a b\" \"\\x00\" plain"));
    QCOMPARE(*splitArguments(line->text()), line->arguments);
    for (const char* text : {"redis-cli --pass=hunter2 PING", "redis-cli -ahunter2 PING"}) {
        const auto refused = parseCommandLine(QString::fromLatin1(text));
        QVERIFY(!refused);
        QVERIFY2(!refused.error().message.contains(QStringLiteral("hunter2")),
                 qPrintable(refused.error().message));
    }
}

void CommandLineTest::encodes() {
    QCOMPARE(encode({"GET", QByteArray("a\0b", 3), ""}),
             QByteArray("*3\r\n$3\r\nGET\r\n$3\r\na\0b\r\n$0\r\n\r\n", 28));
}

QTEST_GUILESS_MAIN(CommandLineTest)
#include "tst_commandline.moc"
