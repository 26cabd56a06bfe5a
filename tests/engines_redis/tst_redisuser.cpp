#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include "inspection/keyreading.h"
#include "inspection/queues.h"
#include "inspection/redisuser.h"
#include "inspection/serverlists.h"
#include "plugins/engines/redis/guard.h"
#include "tests/engines_redis/asking.h"
#include "tests/support/redisserver.h"

using namespace tocsin;
using namespace tocsin::redis;
using test::ask;

/// The ACL user that is recommended may do all that the guard lets run, and nothing else.
class UserTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void isTheOneOfTheDocs();
    void mayDoWhatTheGuardAllows();
    void mayChangeNothing();
    void seesAllOfTheWindow_data();
    void seesAllOfTheWindow();
    void isToldWhatTheRulesAreFor();

private:
    Address address() const;

    support::RedisServer m_server;
    SystemClock m_clock;
    CommandTable m_table = CommandTable::bundled();
};

void UserTest::initTestCase() {
    QCOMPARE(m_server.start(), QString());
    test::Plain plain(m_server.port());
    const auto table = CommandTable::fromReply(plain.command({"COMMAND"}));
    QVERIFY(table.has_value());
    m_table = *table;
    const auto rules = splitArguments(
        inspection::leastPrivilegeUser(QStringLiteral("oncall"), QStringLiteral("7.0.0")));
    QVERIFY(rules.has_value());
    const Reply made = plain.command(*rules);
    QVERIFY2(!made.isError(), made.text().constData());
    plain.command({"SET", "text", "1"});
    plain.command({"RPUSH", "list", "1"});
    plain.command({"HSET", "hash", "f", "1"});
    plain.command({"SADD", "set", "1"});
    plain.command({"ZADD", "zset", "1", "a"});
    plain.command({"XADD", "stream", "1-1", "f", "v"});
    plain.command({"XGROUP", "CREATE", "stream", "mail", "0"});
    plain.command({"HSET", "bull:mail:meta", "version", "bullmq:5.0.0"});
    plain.command({"HSET", "bull:mail:1", "name", "send", "data", "{}"});
    plain.command({"RPUSH", "bull:mail:active", "1"});
}

Address UserTest::address() const {
    Address address = test::addressOfPort(m_server.port());
    address.user = QStringLiteral("oncall");
    address.password = Secret(QStringLiteral("PASSWORD"));
    return address;
}

void UserTest::isTheOneOfTheDocs() {
    QFile file(QFINDTESTDATA("../../docs/redis-guard.md"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    static const QRegularExpression block(QStringLiteral("\\n    (ACL SETUSER (?:.*\\n)+?)\\n"));
    QString rules = block.match(QString::fromUtf8(file.readAll())).captured(1);
    QCOMPARE(rules.remove(u'\\').simplified(),
             inspection::leastPrivilegeUser(QStringLiteral("oncall"), QStringLiteral("7.2.0")));
}

/// DRYRUN says what a user may do, once the command has as many arguments as it takes.
void UserTest::mayDoWhatTheGuardAllows() {
    test::Plain plain(m_server.port());
    int asked = 0;
    for (const QByteArray& leaf : m_table.leaves()) {
        if (judge(leaf.split('|'), m_table).verdict.effect != Effect::ReadOnly) continue;
        if (leaf.endsWith("|help")) continue;
        Reply said(Reply::Kind::Error, "never asked");
        QByteArrayList dryRun = QByteArrayList{"ACL", "DRYRUN", "oncall"} + leaf.split('|');
        for (int i = 0; i < 8 && said.isError(); ++i, dryRun << "1")
            said = plain.command(dryRun);
        QVERIFY2(said.text() == "OK", (leaf + ": " + said.text()).constData());
        ++asked;
    }
    QVERIFY(asked > 120);
}

void UserTest::mayChangeNothing() {
    test::Plain plain(m_server.port());
    for (const QByteArray& leaf : m_table.leaves()) {
        const auto flags = m_table.flags(leaf);
        if (!flags->contains("write") && !flags->contains("admin")) continue;
        const auto judgement = judge(leaf.split('|'), m_table);
        if (judgement.verdict.effect == Effect::ReadOnly) continue;
        QByteArrayList dryRun = QByteArrayList{"ACL", "DRYRUN", "oncall"} + leaf.split('|');
        for (int i = 0; i < 8; ++i, dryRun << "1")
            QVERIFY2(plain.command(dryRun).text() != "OK", leaf.constData());
    }
}

void UserTest::seesAllOfTheWindow_data() {
    using namespace inspection;
    QTest::addColumn<QString>("script");
    const auto row = [](const QString& script) {
        QTest::newRow(qPrintable(script.left(60).simplified())) << script;
    };
    for (const char* script :
         {"CLUSTER NODES\nPING", "INFO\nPING", "SLOWLOG GET 128\nPING", "LATENCY LATEST\nPING",
          "LATENCY HISTORY fork\nPING", "CLIENT LIST\nPING", "PUBSUB CHANNELS\nPUBSUB NUMPAT",
          "PUBSUB NUMSUB a\nPING", "MEMORY DOCTOR\nLATENCY DOCTOR", "DBSIZE\nPING", "COMMAND\nPING",
          "COMMAND DOCS\nPING", "COMMAND COUNT\nPING", "--scan --pattern 'bull:*'",
          "TYPE text\nPTTL text\nMEMORY USAGE text", "BITCOUNT text 0 9\nPING"})
        row(QString::fromLatin1(script));
    row(settingsScript());
    for (const char* type : {"text", "list", "hash", "set", "zset", "stream"}) {
        row(factsScript(type, true));
        KeyFacts facts;
        facts.key = type;
        facts.type =
            type == QByteArray("text") ? QStringLiteral("string") : QString::fromLatin1(type);
        row(valueScript(facts));
    }
    ValuePage groups;
    groups.rows << QVector<QByteArray>{"mail"};
    row(consumersScript("stream", groups));
    const auto id = queueOfKey("bull:mail:meta");
    QVERIFY(id.has_value());
    Queue queue;
    queue.id = *id;
    queue.lookedAt = {"1"};
    row(countScript({*id}, QDateTime::currentDateTimeUtc()));
    row(lookScript({queue}));
    for (const JobState state : {JobState::Waiting, JobState::Active, JobState::Delayed,
                                 JobState::Failed, JobState::Completed, JobState::Prioritized})
        row(idScript(queue, state, 10));
    row(jobScript(queue, {"1"}));
    row(dataCommand(queue, "1"));
}

/// Whatever else is said of it, as that this is no cluster.
void UserTest::seesAllOfTheWindow() {
    QFETCH(const QString, script);
    Engine engine(address(), m_clock);
    const auto identity = test::settled(engine.open());
    QVERIFY2(identity && identity->warnings.isEmpty(),
             identity ? qPrintable(identity->warnings.join(u' ')) : "not open");
    const auto result = ask(engine, script);
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
    QVERIFY2(!toText(*result->reply).contains(QStringLiteral("NOPERM")),
             qPrintable(toText(*result->reply)));
    QVERIFY(!result->receipt.guards.join(u';').contains(QStringLiteral("may not")));
}

void UserTest::isToldWhatTheRulesAreFor() {
    Engine engine(address(), m_clock);
    const auto result =
        test::settled(engine.run({QStringLiteral("SET text 2"), std::chrono::seconds(5), 1 << 20,
                                  Unlock{QStringLiteral("test"), m_clock.now().addSecs(60)}}));
    QVERIFY(!result);
    QVERIFY2(result.error().message.contains(
                 QStringLiteral("may do whatever runs here without an unlock")),
             qPrintable(result.error().message));
}

QTEST_GUILESS_MAIN(UserTest)
#include "tst_redisuser.moc"
