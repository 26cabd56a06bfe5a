#include <QFile>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>

#include "tests/engines_redis/asking.h"
#include "tests/support/redisserver.h"

using namespace tocsin;
using namespace tocsin::redis;
using test::ask;

/// A primary and a replica under a real Sentinel.
class SentinelTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void saysThatNobodyAnswers();
    void saysThatTheNameIsUnknown();
    void cancelsTheSearch();
    void followsAFailover();

private:
    Address watched(quint16 sentinelPort) const;

    SystemClock m_clock;
    QTemporaryDir m_folder;
    support::RedisServer m_primary;
    std::unique_ptr<support::RedisServer> m_replica;
    QProcess m_sentinel;
    quint16 m_port = 0;
};

Address SentinelTest::watched(quint16 sentinelPort) const {
    Address address = test::addressOfPort(sentinelPort);
    address.sentinel = QStringLiteral("mymaster");
    address.sentinels = {{address.host, sentinelPort}};
    return address;
}

void SentinelTest::initTestCase() {
    QCOMPARE(m_primary.start(), QString());
    m_replica = std::make_unique<support::RedisServer>(
        drill::RedisOptions{{}, {QStringLiteral("replicaof 127.0.0.1 %1").arg(m_primary.port())}});
    QCOMPARE(m_replica->start(), QString());
    QTcpServer free;
    QVERIFY(free.listen(QHostAddress::LocalHost));
    m_port = free.serverPort();
    free.close();
    QFile file(m_folder.filePath(QStringLiteral("sentinel.conf")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QStringLiteral("bind 127.0.0.1\nport %1\ndir %2\n"
                              "sentinel monitor mymaster 127.0.0.1 %3 1\n"
                              "sentinel down-after-milliseconds mymaster 300\n"
                              "sentinel failover-timeout mymaster 2000\n")
                   .arg(m_port)
                   .arg(m_folder.path())
                   .arg(m_primary.port())
                   .toUtf8());
    file.close();
    m_sentinel.start(drill::LocalRedis::binary(), {file.fileName(), QStringLiteral("--sentinel")});
    QVERIFY(m_sentinel.waitForStarted());
    // It knows the replica only some time after it found the primary.
    QTRY_VERIFY_WITH_TIMEOUT(
        toText(test::Plain(m_port).command({"SENTINEL", "REPLICAS", "mymaster"}))
            .contains(QString::number(m_replica->port())),
        30'000);
}

void SentinelTest::cleanupTestCase() {
    m_sentinel.kill();
    m_sentinel.waitForFinished();
}

void SentinelTest::saysThatNobodyAnswers() {
    Address address = watched(1);
    Engine engine(address, m_clock);
    const auto result = ask(engine, QStringLiteral("PING"));
    QVERIFY(!result);
    QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::Network));
    QVERIFY2(result.error().message.contains(QStringLiteral("127.0.0.1:1")),
             qPrintable(result.error().message));
}

void SentinelTest::saysThatTheNameIsUnknown() {
    Address address = watched(m_port);
    address.sentinel = QStringLiteral("nobody");
    Engine engine(address, m_clock);
    const auto result = ask(engine, QStringLiteral("PING"));
    QVERIFY(!result);
    QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::Config));
    QVERIFY(result.error().message.contains(QStringLiteral("“nobody”")));
}

void SentinelTest::cancelsTheSearch() {
    QTcpServer silent;  // takes the connection and says nothing
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    Address address = watched(silent.serverPort());
    address.sentinels += address.sentinels.first();
    Engine engine(address, m_clock);
    auto future = engine.run({QStringLiteral("PING"), std::chrono::seconds(20)});
    QTRY_VERIFY(silent.hasPendingConnections());
    engine.cancel();
    const auto result = test::settled(future);
    QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::Cancelled));
}

void SentinelTest::followsAFailover() {
    // The first Sentinel is gone, the second one answers.
    Address address = watched(m_port);
    address.sentinels.prepend({address.host, 1});
    Engine engine(address, m_clock);
    test::Plain(m_primary.port()).command({"SET", "who", "primary"});
    const auto before = ask(engine, QStringLiteral("GET who"));
    QVERIFY2(before.has_value(), before ? "" : qPrintable(before.error().message));
    QVERIFY(before->receipt.server.address.contains(QString::number(m_primary.port())));
    QTRY_COMPARE(test::Plain(m_replica->port()).command({"GET", "who"}).text(),
                 QByteArray("primary"));
    ::kill(static_cast<pid_t>(m_primary.pid()), SIGKILL);
    QTRY_VERIFY_WITH_TIMEOUT(
        toText(test::Plain(m_replica->port()).command({"ROLE"})).contains(QStringLiteral("master")),
        30'000);
    QTRY_VERIFY_WITH_TIMEOUT(
        toText(test::Plain(m_port).command({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster"}))
            .contains(QString::number(m_replica->port())),
        30'000);
    // Nothing is sent twice: what met the broken connection says so, what comes next is answered.
    auto after = ask(engine, QStringLiteral("GET who"));
    if (!after) after = ask(engine, QStringLiteral("GET who"));
    QVERIFY2(after.has_value(), after ? "" : qPrintable(after.error().message));
    QCOMPARE(after->reply->text(), QByteArray("primary"));
    QVERIFY(after->receipt.server.address.contains(QString::number(m_replica->port())));
}

QTEST_GUILESS_MAIN(SentinelTest)
#include "tst_redissentinel.moc"
