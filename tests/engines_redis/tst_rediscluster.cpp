#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

#include "inspection/connection.h"
#include "inspection/queuewatch.h"
#include "tests/engines_redis/asking.h"
#include "tests/engines_redis/fakeserver.h"
#include "tests/support/redisserver.h"

using namespace tocsin;
using namespace tocsin::redis;
using test::ask;

/// Two real nodes that share the slots.
class ClusterTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void followsTheSlot();
    void comesBackHome();
    void saysWhereItAsked();
    void saysThatItIsANode();
    void walkFindsBothNodes_data();
    void walkFindsBothNodes();
    void scriptsAreAskedWhereTheirKeysAre();
    void sizesAreAskedThereToo();
    void clientsOfAllNodesAreListed();
    void findsTheQueuesOfAllNodes();
    void oneCommandIsOfAllOrSaysOfWhich();
    void asksTheNodeThatIsNamed();
    void namesOnlyNodesOfTheCluster();
    void aLateAnswerIsNobodys();
    void asksWhereAKeyIsGoing();
    void doesNotRunInCircles_data();
    void doesNotRunInCircles();
    void aSumThatLacksANodeIsNone();
    void knowsItselfByTheClustersName();

private:
    static QStringList nodeLines();

    SystemClock m_clock;
    support::RedisServer m_first{drill::RedisOptions{{}, nodeLines()}};
    support::RedisServer m_second{drill::RedisOptions{{}, nodeLines()}};
};

/// The bus has a port of its own; the usual one, 10 000 higher, may not exist.
QStringList ClusterTest::nodeLines() {
    QTcpServer free;
    if (!free.listen(QHostAddress::LocalHost)) qFatal("no free port");
    return {QStringLiteral("cluster-enabled yes"),
            QStringLiteral("cluster-port %1").arg(free.serverPort())};
}

void ClusterTest::initTestCase() {
    QCOMPARE(m_first.start(), QString());
    QCOMPARE(m_second.start(), QString());
    test::Plain first(m_first.port());
    test::Plain second(m_second.port());
    QCOMPARE(first.command({"CLUSTER", "ADDSLOTSRANGE", "0", "8191"}).text(), QByteArray("OK"));
    QCOMPARE(second.command({"CLUSTER", "ADDSLOTSRANGE", "8192", "16383"}).text(),
             QByteArray("OK"));
    const QByteArray bus = second.command({"CONFIG", "GET", "cluster-port"}).children()[1].text();
    first.command({"CLUSTER", "MEET", "127.0.0.1", QByteArray::number(m_second.port()), bus});
    for (const auto* server : {&m_first, &m_second})
        QTRY_VERIFY_WITH_TIMEOUT(test::Plain(server->port())
                                     .command({"CLUSTER", "INFO"})
                                     .text()
                                     .contains("cluster_state:ok"),
                                 30'000);
    // The slots of a and b: 15495 and 3300.
    QCOMPARE(second.command({"SET", "a", "in the second"}).text(), QByteArray("OK"));
    QCOMPARE(first.command({"SET", "b", "in the first"}).text(), QByteArray("OK"));
}

void ClusterTest::followsTheSlot() {
    Engine engine(test::addressOfPort(m_first.port()), m_clock);
    QCOMPARE(ask(engine, QStringLiteral("GET b"))->reply->text(), QByteArray("in the first"));
    const auto moved = ask(engine, QStringLiteral("GET a"));
    QVERIFY2(moved.has_value(), moved ? "" : qPrintable(moved.error().message));
    QCOMPARE(moved->reply->text(), QByteArray("in the second"));
    QCOMPARE(ask(engine, QStringLiteral("GET b"))->reply->text(), QByteArray("in the first"));
}

/// One key that is elsewhere does not take everything after it along.
void ClusterTest::comesBackHome() {
    Engine engine(test::addressOfPort(m_first.port()), m_clock);
    QVERIFY(ask(engine, QStringLiteral("GET a")));
    const auto info = ask(engine, QStringLiteral("INFO server"));
    QVERIFY(info);
    QVERIFY2(info->reply->text().contains("tcp_port:" + QByteArray::number(m_first.port())),
             info->reply->text().constData());
    QVERIFY(info->receipt.server.address.contains(QString::number(m_first.port())));
}

void ClusterTest::saysWhereItAsked() {
    Engine engine(test::addressOfPort(m_first.port()), m_clock);
    const auto moved = ask(engine, QStringLiteral("STRLEN a"));
    QVERIFY(moved.has_value());
    QVERIFY(moved->notices.join(u' ').contains(QStringLiteral("Slot 15495")));
    QVERIFY(moved->receipt.server.address.contains(QString::number(m_second.port())));
}

void ClusterTest::saysThatItIsANode() {
    Engine engine(test::addressOfPort(m_first.port()), m_clock);
    const auto identity = test::settled(engine.open());
    QVERIFY(identity.has_value());
    QVERIFY(identity->warnings.join(u' ').contains(QStringLiteral("cluster")));
}

void ClusterTest::walkFindsBothNodes_data() {
    QTest::addColumn<bool>("inParts");
    QTest::newRow("at once") << false;
    QTest::newRow("in parts") << true;
}

void ClusterTest::walkFindsBothNodes() {
    QFETCH(const bool, inParts);
    Engine engine(test::addressOfPort(m_first.port()), m_clock);
    QSet<QByteArray> keys;
    QByteArray cursor = inParts ? "0" : "";
    do {
        const auto part = ask(
            engine,
            QStringLiteral("--scan --pattern ?") +
                (inParts ? QStringLiteral(" --cursor ") + QString::fromLatin1(cursor) : QString()));
        QVERIFY2(part.has_value(), part ? "" : qPrintable(part.error().message));
        const ReplyView reply = *part->reply;
        for (const ReplyView key : inParts ? reply.children()[1].children() : reply.children())
            keys.insert(key.text());
        cursor = inParts ? reply.children()[0].text() : "0";
    } while (cursor != "0");
    QCOMPARE(keys, (QSet<QByteArray>{"a", "b"}));
}

void ClusterTest::scriptsAreAskedWhereTheirKeysAre() {
    Engine engine(test::addressOfPort(m_first.port()), m_clock);
    const auto both = ask(engine, QStringLiteral("GET a\nGET b\nTYPE a\nPING"));
    QVERIFY2(both.has_value(), both ? "" : qPrintable(both.error().message));
    const ReplyChildren replies = both->reply->children();
    QCOMPARE(replies.size(), 4U);
    QCOMPARE(replies[0].text(), QByteArray("in the second"));
    QCOMPARE(replies[1].text(), QByteArray("in the first"));
    QCOMPARE(replies[2].text(), QByteArray("string"));
    QCOMPARE(replies[3].text(), QByteArray("PONG"));
}

/// A long list on another node is as long as one here.
void ClusterTest::sizesAreAskedThereToo() {
    test::Plain second(m_second.port());
    QByteArrayList push{"RPUSH", "{a}long"};
    for (int i = 0; i < 20'000; ++i)
        push << "x";
    second.command(push);
    Engine engine(test::addressOfPort(m_first.port()), m_clock);
    const auto refused = ask(engine, QStringLiteral("LRANGE {a}long 0 -1\nPING"));
    second.command({"DEL", "{a}long"});
    QVERIFY(!refused);
    QCOMPARE(nameOf(refused.error().code), nameOf(ErrorCode::TooLarge));
}

void ClusterTest::clientsOfAllNodesAreListed() {
    test::Plain first(m_first.port());
    test::Plain second(m_second.port());
    first.command({"CLIENT", "SETNAME", "of-the-first"});
    second.command({"CLIENT", "SETNAME", "of-the-second"});
    Engine engine(test::addressOfPort(m_first.port()), m_clock);
    const auto listed = ask(engine, QStringLiteral("CLIENT LIST\nDBSIZE"));
    QVERIFY(listed.has_value());
    QCOMPARE(listed->reply->children()[1].text(), QByteArray("2"));
    const QByteArray clients = listed->reply->children()[0].text();
    QVERIFY2(clients.contains("of-the-first") && clients.contains("of-the-second"),
             clients.constData());
}

void ClusterTest::findsTheQueuesOfAllNodes() {
    test::Plain first(m_first.port());
    test::Plain second(m_second.port());
    first.command({"HSET", "bull:{b}:meta", "version", "bullmq:5.1"});
    first.command({"RPUSH", "bull:{b}:wait", "1"});
    second.command({"HSET", "bull:{a}:meta", "version", "bullmq:5.1"});
    second.command({"RPUSH", "bull:{a}:wait", "1", "2"});
    inspection::ConnectionInfo info;
    info.name = QStringLiteral("cluster");
    info.kind = QStringLiteral("redis");
    inspection::Connection connection(
        info, std::make_unique<Engine>(test::addressOfPort(m_first.port()), m_clock), Error{},
        m_clock);
    inspection::QueueWatch watch(connection, m_clock);
    QSignalSpy changed(&watch, &inspection::QueueWatch::changed);
    QSignalSpy failed(&watch, &inspection::QueueWatch::failed);
    watch.find();
    QTRY_VERIFY(!changed.isEmpty() || !failed.isEmpty());
    first.command({"DEL", "bull:{b}:meta", "bull:{b}:wait"});
    second.command({"DEL", "bull:{a}:meta", "bull:{a}:wait"});
    QVERIFY2(failed.isEmpty(),
             failed.isEmpty() ? "" : qPrintable(failed.first().first().value<Error>().message));
    QCOMPARE(watch.queues().size(), 2);
    QCOMPARE(watch.queues()[0].waiting, 2);
    QCOMPARE(watch.queues()[1].waiting, 1);
}

void ClusterTest::oneCommandIsOfAllOrSaysOfWhich() {
    test::Plain first(m_first.port());
    test::Plain second(m_second.port());
    first.command({"CLIENT", "SETNAME", "of-the-first"});
    second.command({"CLIENT", "SETNAME", "of-the-second"});
    Engine engine(test::addressOfPort(m_first.port()), m_clock);
    const auto keys = ask(engine, QStringLiteral("DBSIZE"));
    QVERIFY2(keys.has_value(), keys ? "" : qPrintable(keys.error().message));
    QCOMPARE(keys->reply->text(), QByteArray("2"));
    QVERIFY(keys->notices.join(u' ').contains(QStringLiteral("all 2 primaries")));
    const auto clients = ask(engine, QStringLiteral("CLIENT LIST"));
    QVERIFY(clients.has_value());
    QVERIFY(clients->reply->text().contains("of-the-first"));
    QVERIFY(clients->reply->text().contains("of-the-second"));
    const auto info = ask(engine, QStringLiteral("INFO server"));
    QVERIFY(info.has_value());
    QVERIFY2(info->notices.join(u' ').contains(
                 QStringLiteral("one node of the cluster tells, 127.0.0.1:%1").arg(m_first.port())),
             qPrintable(info->notices.join(u' ')));
}

void ClusterTest::asksTheNodeThatIsNamed() {
    Engine engine(test::addressOfPort(m_first.port()), m_clock);
    const QString at = QStringLiteral("--node 127.0.0.1:%1 ").arg(m_second.port());
    const QByteArray port = "tcp_port:" + QByteArray::number(m_second.port());
    const auto alone = ask(engine, at + QStringLiteral("INFO server"));
    QVERIFY2(alone.has_value(), alone ? "" : qPrintable(alone.error().message));
    QVERIFY(alone->reply->text().contains(port));
    QVERIFY(alone->receipt.server.address.contains(QString::number(m_second.port())));
    QVERIFY(alone->notices.isEmpty());
    const auto both =
        ask(engine, at + QStringLiteral("INFO server\n") + at + QStringLiteral("DBSIZE"));
    QVERIFY2(both.has_value(), both ? "" : qPrintable(both.error().message));
    QVERIFY(both->reply->children()[0].text().contains(port));
    QCOMPARE(both->reply->children()[1].text(), QByteArray("1"));
    QVERIFY(both->receipt.guards.contains(
        QStringLiteral("asked at node 127.0.0.1:%1").arg(m_second.port())));
    // What is not there is not looked for elsewhere, and what changes is refused as everywhere.
    const auto elsewhere = ask(engine, at + QStringLiteral("GET b"));
    QVERIFY(!elsewhere);
    QVERIFY(elsewhere.error().detail.startsWith(QStringLiteral("MOVED")));
    const auto refused = ask(engine, at + QStringLiteral("SET a 1"));
    QVERIFY(!refused);
    QCOMPARE(nameOf(refused.error().code), nameOf(ErrorCode::Refused));
    QVERIFY(ask(engine, QStringLiteral("INFO server"))
                ->reply->text()
                .contains("tcp_port:" + QByteArray::number(m_first.port())));
}

/// The login goes to nobody else.
void ClusterTest::namesOnlyNodesOfTheCluster() {
    QTcpServer stranger;
    QVERIFY(stranger.listen(QHostAddress::LocalHost));
    QSignalSpy met(&stranger, &QTcpServer::newConnection);
    Engine engine(test::addressOfPort(m_first.port()), m_clock);
    const QString at = QStringLiteral("--node 127.0.0.1:%1 ").arg(stranger.serverPort());
    for (const QString& text : {at + QStringLiteral("INFO"),
                                at + QStringLiteral("INFO\n") + at + QStringLiteral("PING")}) {
        const auto result = ask(engine, text);
        QVERIFY(!result);
        QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::NotFound));
    }
    QVERIFY(met.isEmpty());
    const auto mixed = ask(engine, at + QStringLiteral("INFO\nPING"));
    QCOMPARE(nameOf(mixed.error().code), nameOf(ErrorCode::Parse));
}

/// What a node answers after its job was given up is not taken for an answer to the next one.
void ClusterTest::aLateAnswerIsNobodys() {
    test::Plain second(m_second.port());
    Engine engine(test::addressOfPort(m_first.port()), m_clock);
    QVERIFY(ask(engine, QStringLiteral("GET a\nPING")));
    for (int i = 0; i < 3; ++i) {
        second.command({"CLIENT", "PAUSE", "400", "ALL"});
        const auto late =
            ask(engine, QStringLiteral("GET a\nPING"), std::chrono::milliseconds(100));
        QVERIFY(!late);
        QCOMPARE(nameOf(late.error().code), nameOf(ErrorCode::Timeout));
        const auto next = ask(engine, QStringLiteral("STRLEN a\nECHO next"));
        QVERIFY2(next.has_value(), next ? "" : qPrintable(next.error().message));
        QCOMPARE(next->reply->children()[0].text(), QByteArray("13"));
        QCOMPARE(next->reply->children()[1].text(), QByteArray("next"));
    }
}

/// While a slot moves, what already moved is told by the node that is given it, when asked for so.
void ClusterTest::asksWhereAKeyIsGoing() {
    test::Plain first(m_first.port());
    test::Plain second(m_second.port());
    const QByteArray slot = first.command({"CLUSTER", "KEYSLOT", "{b}gone"}).text();
    const QByteArray from = first.command({"CLUSTER", "MYID"}).text();
    const QByteArray to = second.command({"CLUSTER", "MYID"}).text();
    QCOMPARE(first.command({"SET", "{b}gone", "already there"}).text(), QByteArray("OK"));
    QCOMPARE(second.command({"CLUSTER", "SETSLOT", slot, "IMPORTING", from}).text(),
             QByteArray("OK"));
    QCOMPARE(first.command({"CLUSTER", "SETSLOT", slot, "MIGRATING", to}).text(), QByteArray("OK"));
    const Reply sent = first.command(
        {"MIGRATE", "127.0.0.1", QByteArray::number(m_second.port()), "{b}gone", "0", "5000"});
    QCOMPARE(sent.text(), QByteArray("OK"));
    Engine engine(test::addressOfPort(m_first.port()), m_clock);
    const auto gone = ask(engine, QStringLiteral("GET {b}gone"));
    const auto stays = ask(engine, QStringLiteral("GET b"));
    for (auto* node : {&first, &second})
        node->command({"CLUSTER", "SETSLOT", slot, "STABLE"});
    QVERIFY2(gone.has_value(), gone ? "" : qPrintable(gone.error().message));
    QCOMPARE(gone->reply->text(), QByteArray("already there"));
    QVERIFY(gone->notices.join(u' ').contains(QStringLiteral("is moving")));
    QVERIFY2(gone->receipt.guards.join(u' ').contains(QStringLiteral("STRLEN 13")),
             qPrintable(gone->receipt.guards.join(u' ')));
    QVERIFY2(stays.has_value(), stays ? "" : qPrintable(stays.error().message));
    QCOMPARE(stays->reply->text(), QByteArray("in the first"));
}

/// A server that always sends its clients to itself; one that is of no cluster gets no login more.
void ClusterTest::doesNotRunInCircles_data() {
    QTest::addColumn<QByteArray>("mode");
    QTest::addColumn<int>("logins");
    QTest::newRow("cluster") << QByteArray("cluster") << 6;
    QTest::newRow("alone") << QByteArray("standalone") << 1;
}

void ClusterTest::doesNotRunInCircles() {
    QFETCH(const QByteArray, mode);
    QFETCH(const int, logins);
    const QByteArray info = "redis_version:7.0.15\r\nredis_mode:" + mode + "\r\n";
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    int connections = 0;
    connect(&server, &QTcpServer::newConnection, this, [&] {
        ++connections;
        QTcpSocket* socket = server.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [&server, &info, socket] {
            RespDecoder decoder;
            decoder.feed(socket->readAll());
            for (auto asked = decoder.next(); asked && *asked; asked = decoder.next()) {
                const QByteArray name = (*asked)->children().front().text();
                if (name == "GET" || name == "STRLEN")
                    socket->write("-MOVED 1 127.0.0.1:" + QByteArray::number(server.serverPort()) +
                                  "\r\n");
                else
                    socket->write(name == "INFO" ? '$' + QByteArray::number(info.size()) + "\r\n" +
                                                       info + "\r\n"
                                                 : "-ERR no\r\n");
            }
        });
    });
    Engine engine(test::addressOfPort(server.serverPort()), m_clock);
    const auto result = ask(engine, QStringLiteral("GET a"));
    QVERIFY(!result);
    QVERIFY2(result.error().detail.startsWith(QStringLiteral("MOVED")),
             qPrintable(result.error().message));
    QCOMPARE(connections, logins);
}

/// The second of three primaries is still loading.
void ClusterTest::aSumThatLacksANodeIsNone() {
    test::FakeServer own, loading, last;
    QByteArray ranges = "*3\r\n";
    for (const auto* node : {&own, &loading, &last})
        ranges +=
            "*3\r\n:1\r\n:2\r\n*3\r\n$9\r\n127.0.0.1\r\n:" + QByteArray::number(node->port()) +
            (node == &own ? "\r\n$3\r\nown\r\n" : "\r\n$5\r\nother\r\n");
    own.answers = {{"INFO", "+redis_mode:cluster\r\n"},
                   {"CLUSTER SLOTS", ranges},
                   {"CLUSTER MYID", "$3\r\nown\r\n"},
                   {"DBSIZE", ":100\r\n"}};
    loading.answers = {{"DBSIZE", "-LOADING Redis is loading the dataset in memory\r\n"}};
    last.answers = {{"DBSIZE", ":50\r\n"}};
    Engine engine(test::addressOfPort(own.port()), m_clock);
    const auto alone = ask(engine, QStringLiteral("DBSIZE"));
    QVERIFY2(!alone, alone ? alone->reply->text().constData() : "");
    QVERIFY2(alone.error().detail.startsWith(QStringLiteral("LOADING")) ||
                 alone.error().message.contains(QStringLiteral("load")),
             qPrintable(alone.error().message));
    QVERIFY2(alone.error().message.contains(QStringLiteral("127.0.0.1:%1").arg(loading.port())),
             qPrintable(alone.error().message));
    QVERIFY(last.asked.contains("DBSIZE"));
    const auto both = ask(engine, QStringLiteral("DBSIZE\nPING"));
    QVERIFY2(both.has_value(), both ? "" : qPrintable(both.error().message));
    QVERIFY(both->reply->children()[0].isError());
}

/// The cluster calls it by an address that leads nowhere from here.
void ClusterTest::knowsItselfByTheClustersName() {
    test::FakeServer own;
    own.answers = {
        {"INFO", "+redis_mode:cluster\r\n"},
        {"CLUSTER SLOTS", "*0\r\n"},
        {"CLUSTER MYID", "$3\r\nown\r\n"},
        {"CLUSTER NODES", "+own 127.255.0.1:1@2 myself,master - 0 0 1 connected 0-16383\r\n"},
        {"DBSIZE", ":100\r\n"},
        {"PING", "+PONG\r\n"}};
    Engine engine(test::addressOfPort(own.port()), m_clock);
    const QString at = QStringLiteral("--node 127.255.0.1:1 ");
    const auto alone = ask(engine, at + QStringLiteral("DBSIZE"));
    QVERIFY2(alone.has_value(), alone ? "" : qPrintable(alone.error().message));
    QCOMPARE(alone->reply->text(), QByteArray("100"));
    const auto both = ask(engine, at + QStringLiteral("DBSIZE\n") + at + QStringLiteral("PING"));
    QVERIFY2(both.has_value(), both ? "" : qPrintable(both.error().message));
    QCOMPARE(both->reply->children()[0].text(), QByteArray("100"));
}

QTEST_GUILESS_MAIN(ClusterTest)
#include "tst_rediscluster.moc"
