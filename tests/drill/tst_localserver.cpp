#include <QDir>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>
#include <csignal>

#include "tests/support/postgresserver.h"
#include "tests/support/redisserver.h"

using namespace tocsin;

class TestLocalServer : public QObject {
    Q_OBJECT
private slots:
    void postgresServesWhatWasAskedFor();
    void postgresRefusesAWrongPassword();
    void aBrokenInitialStatementFails();
    void redisAnswersAndAsksForItsPassword();
    void stopLeavesNothing();
    void destructionLeavesNothing();
    void goneWhileItIsFilled();
    void anUnexpectedEndIsTold();
};

void TestLocalServer::postgresServesWhatWasAskedFor() {
    support::PostgresServer server(
        {.maxConnections = 17,
         .settings = {QStringLiteral("work_mem = '5MB'")},
         .superuser = QStringLiteral("boss"),
         .database = QStringLiteral("shop"),
         .initialSql =
             QStringLiteral("CREATE ROLE oncall LOGIN PASSWORD 'x'; CREATE TABLE t(a int); "
                            "INSERT INTO t VALUES (7); GRANT SELECT ON t TO oncall")});
    QCOMPARE(server.start(), QString());
    QCOMPARE(server.sql(QStringLiteral("SHOW max_connections")), QStringLiteral("17"));
    QCOMPARE(server.sql(QStringLiteral("SHOW work_mem")), QStringLiteral("5MB"));
    QCOMPARE(server.sql(QStringLiteral("SELECT current_user || '@' || current_database()")),
             QStringLiteral("boss@shop"));
    const auto cell = drill::runSql(server.url(QStringLiteral("oncall"), QStringLiteral("x")),
                                    QStringLiteral("SELECT a FROM t"));
    QVERIFY(cell.has_value());
    QCOMPARE(*cell, QStringLiteral("7"));
}

void TestLocalServer::postgresRefusesAWrongPassword() {
    support::PostgresServer server;
    QCOMPARE(server.start(), QString());
    const auto answer = drill::runSql(server.url(server.superuser(), QStringLiteral("wrong")),
                                      QStringLiteral("SELECT 1"));
    QVERIFY(!answer);
    QVERIFY2(answer.error().message.contains(QStringLiteral("password authentication failed")),
             qPrintable(answer.error().message));
}

void TestLocalServer::aBrokenInitialStatementFails() {
    support::PostgresServer server({.initialSql = QStringLiteral("SELEC 1")});
    const QString problem = server.start();
    QVERIFY2(problem.contains(QStringLiteral("syntax error")), qPrintable(problem));
    QVERIFY(server.folder().isEmpty());
    QCOMPARE(server.pid(), 0);
}

void TestLocalServer::redisAnswersAndAsksForItsPassword() {
    support::RedisServer server({.password = QStringLiteral("hush")});
    QCOMPARE(server.start(), QString());
    QTcpSocket socket;
    socket.connectToHost(server.host(), server.port());
    socket.write("PING\r\nAUTH hush\r\nPING\r\n");
    QByteArray answer;
    QTRY_VERIFY((answer += socket.readAll()).endsWith("+PONG\r\n"));
    QVERIFY2(answer.startsWith("-NOAUTH"), answer.constData());
}

void TestLocalServer::stopLeavesNothing() {
    support::PostgresServer postgres;
    support::RedisServer redis;
    for (drill::LocalServer* server : QVector<drill::LocalServer*>{&postgres, &redis}) {
        QCOMPARE(support::started(*server), QString());
        const QString folder = server->folder();
        const auto pid = static_cast<pid_t>(server->pid());
        QVERIFY(QDir(folder).exists());
        QVERIFY(support::stopped(*server));
        QVERIFY(!QDir(folder).exists());
        QVERIFY(::kill(pid, 0) != 0);
    }
}

void TestLocalServer::destructionLeavesNothing() {
    auto server = std::make_unique<support::PostgresServer>();
    QCOMPARE(server->start(), QString());
    const QString folder = server->folder();
    const auto pid = static_cast<pid_t>(server->pid());
    server.reset();
    QVERIFY(!QDir(folder).exists());
    QTRY_VERIFY(::kill(pid, 0) != 0);
}

void TestLocalServer::goneWhileItIsFilled() {
    auto server = std::make_unique<support::PostgresServer>(
        drill::PostgresOptions{.initialSql = QStringLiteral("SELECT pg_sleep(60)")});
    static_cast<drill::LocalServer&>(*server).start();
    QTRY_VERIFY_WITH_TIMEOUT(server->log().contains("ready to accept connections"), 60000);
    const QString folder = server->folder();
    server.reset();
    QVERIFY(!QDir(folder).exists());
}

void TestLocalServer::anUnexpectedEndIsTold() {
    support::RedisServer server;
    QCOMPARE(server.start(), QString());
    QSignalSpy died(&server, &drill::LocalServer::died);
    ::kill(static_cast<pid_t>(server.pid()), SIGKILL);
    QTRY_COMPARE(died.size(), 1);
    QVERIFY(!server.isReady());
}

QTEST_GUILESS_MAIN(TestLocalServer)
#include "tst_localserver.moc"
