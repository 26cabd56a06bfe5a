#include "inspection/commanddocs.h"

#include <QFile>
#include <QTest>

#include "tests/engines_redis/asking.h"
#include "tests/support/redisserver.h"

using namespace tocsin;
using namespace tocsin::inspection;

/// What is said of commands, against what a real Redis says of its own.
class CommandDocsTest : public QObject {
    Q_OBJECT
private slots:
    void bundlesWhatRedis7Says();
    void describesWhatAnOldServerLists();
    void describesWhereNobodyMayAsk();
};

/// With TOCSIN_WRITE_COMMANDS=FILE it writes what is bundled.
void CommandDocsTest::bundlesWhatRedis7Says() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    redis::test::Plain plain(server.port());
    if (!plain.command({"INFO", "server"}).text().contains("redis_version:7.0."))
        QSKIP("The bundled commands are those of Redis 7.0.");
    const auto docs = readCommandDocs(plain.command({"COMMAND", "DOCS"}));
    QVERIFY(docs.size() > 300);
    QFile file(qEnvironmentVariable("TOCSIN_WRITE_COMMANDS"));
    if (!file.fileName().isEmpty()) QVERIFY(file.open(QIODevice::WriteOnly));
    for (auto doc = docs.cbegin(); file.isOpen() && doc != docs.cend(); ++doc)
        file.write(
            QStringLiteral("%1\t%2\t%3\n").arg(doc.key(), doc->syntax, doc->summary).toUtf8());
    const auto bundled = bundledCommandDocs();
    QCOMPARE(bundled.keys(), docs.keys());
    for (auto doc = docs.cbegin(); doc != docs.cend(); ++doc) {
        QCOMPARE(bundled[doc.key()].syntax, doc->syntax);
        QVERIFY(bundled[doc.key()].summary.startsWith(doc->summary));
    }
}

/// Before Redis 7 a server lists its commands, and says nothing of them.
void CommandDocsTest::describesWhatAnOldServerLists() {
    const auto entry = [](const char* name) {
        return Reply(Reply::Kind::Array, {},
                     {Reply(Reply::Kind::BulkString, name), Reply(Reply::Kind::Integer, "2")});
    };
    const auto docs = readCommandDocs(
        Reply(Reply::Kind::Array, {}, {entry("get"), entry("client"), entry("acme.own")}));
    QCOMPARE(docs[QStringLiteral("GET")].syntax, QStringLiteral("key"));
    QVERIFY(docs[QStringLiteral("GET")].summary.endsWith(QStringLiteral("(of Redis 7.0)")));
    QVERIFY(docs.contains(QStringLiteral("CLIENT LIST")));
    QVERIFY(docs[QStringLiteral("ACME.OWN")].summary.isEmpty());
    QVERIFY(!docs.contains(QStringLiteral("HGET")));  // this server does not have it
}

void CommandDocsTest::describesWhereNobodyMayAsk() {
    const auto docs = readCommandDocs(Reply(Reply::Kind::Error, "NOPERM no COMMAND for you"));
    QVERIFY(docs.contains(QStringLiteral("SLOWLOG GET")));
    QVERIFY(docs[QStringLiteral("ZRANGE")].syntax.contains(QStringLiteral("[REV]")));
}

QTEST_GUILESS_MAIN(CommandDocsTest)
#include "tst_commanddocs.moc"
