#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>
#include <csignal>

#include "inspection/connection.h"
#include "tests/engines_redis/asking.h"
#include "tests/engines_redis/fakeserver.h"
#include "tests/support/redissentinel.h"

using namespace tocsin;
using namespace tocsin::redis;
using test::ask;
using test::FakeServer;

namespace {

QByteArray named(const FakeServer& server) {
    const QByteArray port = QByteArray::number(server.port());
    return "*2\r\n$9\r\n127.0.0.1\r\n$" + QByteArray::number(port.size()) + "\r\n" + port + "\r\n";
}

QByteArray switched(const FakeServer& from, const FakeServer& to) {
    const QByteArray text = "mymaster 127.0.0.1 " + QByteArray::number(from.port()) +
                            " 127.0.0.1 " + QByteArray::number(to.port());
    return "*3\r\n$7\r\nmessage\r\n$14\r\n+switch-master\r\n$" + QByteArray::number(text.size()) +
           "\r\n" + text + "\r\n";
}

/// A Sentinel that can be made to say anything, and two servers it may name.
struct Fakes {
    FakeServer sentinel, one, two;

    Fakes() {
        sentinel.answers = {
            {"SENTINEL", named(one)},
            {"PING", "+PONG\r\n"},
            {"SUBSCRIBE", "*3\r\n$9\r\nsubscribe\r\n$14\r\n+switch-master\r\n:1\r\n"}};
        one.answers = two.answers = {{"INFO", "+redis_version:7.0.15\r\n"},
                                     {"PING", "+PONG\r\n"},
                                     {"ROLE", "*1\r\n$6\r\nmaster\r\n"}};
    }
    qsizetype subscriptions() const { return sentinel.asked.count("SUBSCRIBE"); }
    /// Whoever listens begins anew, having read all it was told.
    bool listensAnew() {
        const auto before = subscriptions();
        sentinel.hangUp("SUBSCRIBE");
        return QTest::qWaitFor([&] { return subscriptions() > before; }, 30'000);
    }
};

}  // namespace

/// A primary and a replica under a real Sentinel.
class SentinelTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void saysThatNobodyAnswers();
    void saysThatTheNameIsUnknown();
    void cancelsTheSearch();
    void passesASilentSentinelBy();
    void followsASwitchByItself();
    void followsAFailover();
    void checksWhatALateSentinelNames();
    void keepsASwitchThatMeetsTheLogin();
    void asksLessOftenWhereItMayNotListen();
    void staysClosedAfterASwitch();
    void staysWhereASwitchIsTakenBack();

private:
    Address watched(quint16 sentinelPort) const;

    SystemClock m_clock;
    support::RedisServer m_primary;
    std::unique_ptr<support::RedisServer> m_replica;
    support::RedisSentinel m_sentinel;
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
    QVERIFY(m_sentinel.start(m_primary.port(), m_replica->port()));
    m_port = m_sentinel.port();
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

void SentinelTest::passesASilentSentinelBy() {
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    Address address = watched(silent.serverPort());
    address.sentinels << Place{address.host, m_port};
    Engine engine(address, m_clock);
    const auto result = ask(engine, QStringLiteral("PING"), std::chrono::seconds(8));
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
}

/// The old primary lives and keeps its clients, as one does that only the Sentinels have lost: they
/// are told to switch, and nothing is asked meanwhile.
void SentinelTest::followsASwitchByItself() {
    Address address = watched(m_port);
    address.name = QStringLiteral("cache");
    inspection::ConnectionInfo info;
    info.name = address.name;
    info.kind = QStringLiteral("redis");
    inspection::Connection connection(info, std::make_unique<Engine>(address, m_clock), Error{},
                                      m_clock);
    QVERIFY(test::settled(connection.open()));
    QVERIFY(connection.identity()->address.contains(QString::number(m_primary.port())));
    const auto clients = [this] { return m_sentinel.ask({"CLIENT", "LIST"}).text(); };
    QTRY_VERIFY2(clients().contains(" sub=1 "), clients().constData());
    QSignalSpy learned(&connection, &inspection::Connection::identityChanged);
    QVERIFY(m_sentinel.failOver());
    QTRY_VERIFY_WITH_TIMEOUT(!learned.isEmpty(), 30'000);
    const auto& now = connection.identity();
    QVERIFY2(now->address.contains(QString::number(m_replica->port())), qPrintable(now->address));
    QVERIFY(now->warnings.join(u' ').contains(QStringLiteral("A failover, seen at")));
    QTRY_VERIFY(connection.engine()->state() == EngineState::Ready);
    // And back, for what comes next.
    learned.clear();
    QVERIFY(m_sentinel.failOver());
    QTRY_VERIFY_WITH_TIMEOUT(
        connection.identity()->address.contains(QString::number(m_primary.port())), 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(
        toText(test::Plain(m_primary.port()).command({"ROLE"})).contains(QStringLiteral("master")),
        30'000);
    QTRY_VERIFY_WITH_TIMEOUT(toText(test::Plain(m_replica->port()).command({"ROLE"}))
                                 .contains(QStringLiteral("connected")),
                             30'000);
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

/// It names a server that says it is a replica; then that one becomes the primary.
void SentinelTest::checksWhatALateSentinelNames() {
    Fakes fakes;
    Engine engine(watched(fakes.sentinel.port()), m_clock);
    QVERIFY(ask(engine, QStringLiteral("PING")));
    QTRY_COMPARE(fakes.subscriptions(), 1);
    fakes.two.answers["ROLE"] = "*1\r\n$5\r\nslave\r\n";
    fakes.sentinel.answers["SENTINEL"] = named(fakes.two);
    QVERIFY(fakes.listensAnew());
    QTRY_VERIFY(fakes.two.asked.contains("ROLE"));
    QVERIFY(!fakes.two.asked.contains("COMMAND"));
    const auto stays = ask(engine, QStringLiteral("PING"));
    QVERIFY(stays->receipt.server.address.contains(QString::number(fakes.one.port())));
    fakes.two.answers["ROLE"] = "*1\r\n$6\r\nmaster\r\n";
    QVERIFY(fakes.listensAnew());
    QTRY_VERIFY(fakes.two.asked.contains("COMMAND"));
}

void SentinelTest::keepsASwitchThatMeetsTheLogin() {
    Fakes fakes;
    Engine engine(watched(fakes.sentinel.port()), m_clock);
    QVERIFY(ask(engine, QStringLiteral("PING")));
    QTRY_COMPARE(fakes.subscriptions(), 1);
    fakes.one.answers["HELLO"] = QByteArray("");
    fakes.one.hangUp("PING");
    QTRY_VERIFY(engine.state() == EngineState::Closed);
    auto asked = engine.run({QStringLiteral("PING"), std::chrono::seconds(20)});
    QTRY_COMPARE(fakes.one.asked.count("HELLO"), 2);
    fakes.sentinel.tell("SUBSCRIBE", switched(fakes.one, fakes.two));
    QVERIFY(fakes.listensAnew());
    fakes.one.tell("HELLO", "-ERR no\r\n");
    QVERIFY(test::settled(asked));
    QTRY_VERIFY(fakes.two.asked.contains("COMMAND"));
}

/// The pauses are one second and two.
void SentinelTest::asksLessOftenWhereItMayNotListen() {
    Fakes fakes;
    fakes.sentinel.answers["SUBSCRIBE"] = "-NOPERM no\r\n";
    Engine engine(watched(fakes.sentinel.port()), m_clock);
    QVERIFY(ask(engine, QStringLiteral("PING")));
    QTRY_COMPARE(fakes.subscriptions(), 1);
    QElapsedTimer since;
    since.start();
    QTRY_COMPARE_WITH_TIMEOUT(fakes.subscriptions(), 3, 30'000);
    QVERIFY2(since.elapsed() > 2'500, qPrintable(QString::number(since.elapsed())));
}

void SentinelTest::staysClosedAfterASwitch() {
    Fakes fakes;
    fakes.one.answers["GET"] = QByteArray("");
    Engine engine(watched(fakes.sentinel.port()), m_clock);
    auto asked = engine.run({QStringLiteral("GET a"), std::chrono::seconds(60)});
    QTRY_COMPARE(fakes.subscriptions(), 1);
    QTRY_VERIFY(fakes.one.asked.contains("GET"));
    fakes.sentinel.tell("SUBSCRIBE", switched(fakes.one, fakes.two));
    QVERIFY(fakes.listensAnew());
    engine.close();
    QCOMPARE(nameOf(test::settled(asked).error().code), nameOf(ErrorCode::Cancelled));
    // What is asked next opens it again, where the Sentinels say.
    QVERIFY(ask(engine, QStringLiteral("PING")));
    QCOMPARE(fakes.two.connections, 0);
}

/// There and back while a command runs: where it is now is the primary again.
void SentinelTest::staysWhereASwitchIsTakenBack() {
    Fakes fakes;
    fakes.one.answers["GET"] = QByteArray("");
    Engine engine(watched(fakes.sentinel.port()), m_clock);
    auto asked = engine.run({QStringLiteral("GET a"), std::chrono::seconds(60)});
    QTRY_COMPARE(fakes.subscriptions(), 1);
    QTRY_VERIFY(fakes.one.asked.contains("GET"));
    fakes.sentinel.tell("SUBSCRIBE", switched(fakes.one, fakes.two));
    fakes.sentinel.tell("SUBSCRIBE", switched(fakes.two, fakes.one));
    QVERIFY(fakes.listensAnew());
    fakes.one.tell("GET", "$1\r\nb\r\n");
    QCOMPARE(test::settled(asked)->reply->text(), QByteArray("b"));
    const auto next = ask(engine, QStringLiteral("PING"));
    QVERIFY(next->receipt.server.address.contains(QString::number(fakes.one.port())));
    QCOMPARE(fakes.two.connections, 0);
}

QTEST_GUILESS_MAIN(SentinelTest)
#include "tst_redissentinel.moc"
