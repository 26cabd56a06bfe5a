#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include "tests/engines_redis/asking.h"
#include "tests/support/redisserver.h"
#include "tests/support/sshserver.h"

using namespace tocsin;
using namespace tocsin::redis;
using test::ask;

/// Passwords, ACL users, TLS.
class LoginTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void logsIn_data();
    void logsIn();
    void refusesToLogIn_data();
    void refusesToLogIn();
    void saysWhatAUserMayNotDo();
    void theRecommendedUserCanLook();
    void hidesTheSecret();
    void fallsBackToResp2();
    void shakesHands();
    void distrusts_data();
    void distrusts();
    void distrustsWhatIsOver();
    void throughSsh_data();
    void throughSsh();
    void anUnknownHostKeyEndsTheTunnel();
    void cancelsWhileSshConnects();
    void throughAUnixSocket();
    void saysThatTheOtherSideSpeaksTls();

private:
    Address secured(const char* certificate = "server.pem") const;
    void openssl(const QStringList& arguments);
    QString pem(const char* name) const { return m_keys.filePath(QString::fromLatin1(name)); }

    QTemporaryDir m_keys;
    SystemClock m_clock;
    support::RedisServer m_server{drill::RedisOptions{
        QStringLiteral("default-pass"),
        {QStringLiteral("user oncall on >oncall-pass ~* &* -@all +@read -@dangerous -@scripting "
                        "+@connection -client +client|list +client|info +client|setname +info "
                        "+role +slowlog|get +latency|latest +config|get +memory|usage "
                        "+cluster|info +cluster|nodes +command +acl|whoami"),
         QStringLiteral(
             "user narrow on >narrow-pass ~mail:* -@all +get +strlen +set +hello +ping +command"),
         QStringLiteral("user old on >old-pass ~* +@all -hello"),
         QStringLiteral("user off off >off-pass ~* +@all")}}};
    std::unique_ptr<support::RedisServer> m_tls;
};

void LoginTest::openssl(const QStringList& arguments) {
    QProcess process;
    process.start(QStringLiteral("openssl"), arguments);
    QVERIFY(process.waitForFinished(60'000));
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
}

void LoginTest::initTestCase() {
    QCOMPARE(m_server.start(), QString());
    const auto authority = [this](const char* name) {
        openssl({QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"),
                 QStringLiteral("rsa:2048"), QStringLiteral("-nodes"), QStringLiteral("-days"),
                 QStringLiteral("2"), QStringLiteral("-subj"), QStringLiteral("/CN=Test authority"),
                 QStringLiteral("-keyout"), pem(name) + QStringLiteral(".key"),
                 QStringLiteral("-out"), pem(name) + QStringLiteral(".pem")});
    };
    authority("ca");
    authority("stranger");
    openssl({QStringLiteral("req"), QStringLiteral("-newkey"), QStringLiteral("rsa:2048"),
             QStringLiteral("-nodes"), QStringLiteral("-subj"),
             QStringLiteral("/CN=cache.internal"), QStringLiteral("-addext"),
             QStringLiteral("subjectAltName=DNS:cache.internal"), QStringLiteral("-keyout"),
             pem("server.key"), QStringLiteral("-out"), pem("server.csr")});
    openssl({QStringLiteral("x509"), QStringLiteral("-req"), QStringLiteral("-in"),
             pem("server.csr"), QStringLiteral("-CA"), pem("ca.pem"), QStringLiteral("-CAkey"),
             pem("ca.key"), QStringLiteral("-CAcreateserial"), QStringLiteral("-days"),
             QStringLiteral("2"), QStringLiteral("-copy_extensions"), QStringLiteral("copy"),
             QStringLiteral("-out"), pem("server.pem")});
    // Signed alike, and over since yesterday.
    openssl({QStringLiteral("x509"), QStringLiteral("-req"), QStringLiteral("-in"),
             pem("server.csr"), QStringLiteral("-CA"), pem("ca.pem"), QStringLiteral("-CAkey"),
             pem("ca.key"), QStringLiteral("-CAcreateserial"), QStringLiteral("-days"),
             QStringLiteral("-1"), QStringLiteral("-copy_extensions"), QStringLiteral("copy"),
             QStringLiteral("-out"), pem("expired.pem")});

    drill::RedisOptions options;
    m_tls = std::make_unique<support::RedisServer>(options);
    // The TLS listener sits beside the plain one, one port higher.
    QCOMPARE(m_tls->start(), QString());
    test::Plain plain(m_tls->port());
    for (const auto& [name, value] :
         {std::pair("tls-cert-file", "server.pem"), std::pair("tls-key-file", "server.key"),
          std::pair("tls-ca-cert-file", "ca.pem")})
        plain.command({"CONFIG", "SET", name, pem(value).toUtf8()});
}

Address LoginTest::secured(const char* certificate) const {
    test::Plain plain(m_tls->port());
    QTcpServer free;
    free.listen(QHostAddress::LocalHost);
    const quint16 port = free.serverPort();
    free.close();
    const Reply set =
        plain.command({"CONFIG", "SET", "tls-cert-file", pem(certificate).toUtf8(), "tls-key-file",
                       pem("server.key").toUtf8(), "tls-ca-cert-file", pem("ca.pem").toUtf8(),
                       "tls-auth-clients", "yes", "tls-port", QByteArray::number(port)});
    if (set.isError()) qWarning("%s", set.text().constData());
    Address address = test::addressOfPort(port);
    address.tls = true;
    address.caFile = pem("ca.pem");
    address.serverName = QStringLiteral("cache.internal");
    address.certificateFile = pem("server.pem");
    address.keyFile = pem("server.key");
    return address;
}

void LoginTest::logsIn_data() {
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("password");
    QTest::addColumn<QString>("whoami");
    QTest::newRow("default user") << ""
                                  << "default-pass"
                                  << "default";
    QTest::newRow("ACL user") << "oncall"
                              << "oncall-pass"
                              << "oncall";
}

void LoginTest::logsIn() {
    QFETCH(const QString, user);
    QFETCH(const QString, password);
    QFETCH(const QString, whoami);
    Address address = test::addressOfPort(m_server.port());
    address.user = user;
    address.password = Secret(password);
    Engine engine(address, m_clock);
    const auto identity = test::settled(engine.open());
    QVERIFY2(identity.has_value(), identity ? "" : qPrintable(identity.error().message));
    QCOMPARE(identity->user, whoami);
    QCOMPARE(ask(engine, QStringLiteral("GET x"))->receipt.server.user, whoami);
}

void LoginTest::refusesToLogIn_data() {
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("password");
    QTest::addColumn<QString>("says");
    QTest::newRow("no password") << ""
                                 << ""
                                 << "wants a password";
    QTest::newRow("wrong password") << ""
                                    << "wrong-pass"
                                    << "does not accept the password of user “default”";
    QTest::newRow("unknown user") << "nobody"
                                  << "oncall-pass"
                                  << "user “nobody”";
    QTest::newRow("user that is off") << "off"
                                      << "off-pass"
                                      << "user “off”";
}

void LoginTest::refusesToLogIn() {
    QFETCH(const QString, user);
    QFETCH(const QString, password);
    QFETCH(const QString, says);
    Address address = test::addressOfPort(m_server.port());
    address.user = user;
    address.password = Secret(password);
    Engine engine(address, m_clock);
    const auto result = ask(engine, QStringLiteral("PING"));
    QVERIFY(!result);
    QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::Auth));
    QVERIFY2(result.error().message.contains(says), qPrintable(result.error().message));
    QVERIFY(engine.state() == EngineState::Closed);
}

void LoginTest::saysWhatAUserMayNotDo() {
    Address address = test::addressOfPort(m_server.port());
    address.user = QStringLiteral("narrow");
    address.password = Secret(QStringLiteral("narrow-pass"));
    Engine engine(address, m_clock);
    QVERIFY(ask(engine, QStringLiteral("GET mail:1")).has_value());
    for (const char* text : {"GET other", "LLEN mail:1"}) {
        const auto result = ask(engine, QString::fromLatin1(text));
        QVERIFY(!result);
        QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::Auth));
        QVERIFY2(result.error().message.contains(QStringLiteral("“narrow”")),
                 qPrintable(result.error().message));
        QVERIFY(result.error().detail.startsWith(QStringLiteral("NOPERM")));
    }
}

/// The rules that docs/redis-guard.md recommends.
void LoginTest::theRecommendedUserCanLook() {
    Address address = test::addressOfPort(m_server.port());
    address.user = QStringLiteral("oncall");
    address.password = Secret(QStringLiteral("oncall-pass"));
    Engine engine(address, m_clock);
    for (const char* text : {"INFO memory", "ROLE", "SLOWLOG GET 5", "CLIENT LIST",
                             "LATENCY LATEST", "CONFIG GET maxmemory-policy", "MEMORY USAGE x",
                             "LLEN bull:mail:wait", "--scan --pattern bull:*", "GET x", "XLEN s"}) {
        const auto result = ask(engine, QString::fromLatin1(text));
        QVERIFY2(result.has_value(), result ? text : qPrintable(result.error().detail));
    }
    // The second wall: even unlocked, this user cannot change anything.
    const auto write =
        test::settled(engine.run({QStringLiteral("SET x 1"), std::chrono::seconds(5), 1 << 20,
                                  Unlock{QStringLiteral("test"), m_clock.now().addSecs(60)}}));
    QVERIFY(!write);
    QCOMPARE(nameOf(write.error().code), nameOf(ErrorCode::Auth));
}

void LoginTest::hidesTheSecret() {
    Address address = test::addressOfPort(m_server.port());
    address.password = Secret(QStringLiteral("wrong-pass-word"));
    Engine engine(address, m_clock);
    const auto result = ask(engine, QStringLiteral("PING"));
    QVERIFY(!result);
    QVERIFY(!(result.error().message + result.error().detail)
                 .contains(QStringLiteral("wrong-pass-word")));
}

void LoginTest::fallsBackToResp2() {
    Address address = test::addressOfPort(m_server.port());
    address.user = QStringLiteral("old");
    address.password = Secret(QStringLiteral("old-pass"));
    // Renamed away, as some hosts do; with only an ACL the server would still log in through HELLO.
    support::RedisServer server(drill::RedisOptions{QStringLiteral("p4ssw0rd"),
                                                    {QStringLiteral("rename-command HELLO \"\"")}});
    QCOMPARE(server.start(), QString());
    Address renamed = test::addressOfPort(server.port());
    renamed.password = Secret(QStringLiteral("p4ssw0rd"));
    Engine engine(renamed, m_clock);
    const auto result = ask(engine, QStringLiteral("CLIENT GETNAME"));
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
    QCOMPARE(result->reply->text(), QByteArray("tocsin"));
    QVERIFY(result->receipt.guards.contains(QStringLiteral("RESP2")));
    QVERIFY(result->receipt.server.version.startsWith(QStringLiteral("7.")));
    renamed.password = Secret(QStringLiteral("not-this-one"));
    Engine wrong(renamed, m_clock);
    QCOMPARE(nameOf(ask(wrong, QStringLiteral("PING")).error().code), nameOf(ErrorCode::Auth));
}

void LoginTest::shakesHands() {
    Engine engine(secured(), m_clock);
    const auto result = ask(engine, QStringLiteral("PING"));
    QVERIFY2(result.has_value(),
             result ? "" : qPrintable(result.error().message + result.error().detail));
    QCOMPARE(result->reply->text(), QByteArray("PONG"));
}

void LoginTest::distrusts_data() {
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("says");
    QTest::newRow("another authority") << "stranger"
                                       << "is not trusted";
    QTest::newRow("another name") << "name"
                                  << "is not trusted";
    QTest::newRow("the system's authorities") << "system"
                                              << "is not trusted";
    QTest::newRow("no such file") << "file"
                                  << "cannot be read";
    QTest::newRow("no certificate of ours") << "client"
                                            << "";
}

void LoginTest::distrusts() {
    QFETCH(const QString, what);
    QFETCH(const QString, says);
    Address address = secured();
    if (what == u"stranger") address.caFile = pem("stranger.pem");
    if (what == u"system") address.caFile.clear();
    if (what == u"name") address.serverName = QStringLiteral("other.internal");
    if (what == u"file") address.caFile = pem("missing.pem");
    if (what == u"client") address.certificateFile.clear();
    Engine engine(address, m_clock);
    const auto result = ask(engine, QStringLiteral("PING"));
    QVERIFY(!result);
    QVERIFY2(result.error().message.contains(says), qPrintable(result.error().message));
    QVERIFY(result.error().code == ErrorCode::Network || result.error().code == ErrorCode::Config);
}

void LoginTest::distrustsWhatIsOver() {
    Engine engine(secured("expired.pem"), m_clock);
    const auto result = ask(engine, QStringLiteral("PING"));
    QVERIFY(!result);
    QVERIFY2(result.error().message.contains(QStringLiteral("expired")),
             qPrintable(result.error().message));
    QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::Network));
}

/// The way through a real sshd; the certificate stays that of the server behind it.
void LoginTest::throughSsh_data() {
    QTest::addColumn<bool>("tls");
    QTest::newRow("plain") << false;
    QTest::newRow("TLS") << true;
}

void LoginTest::throughSsh() {
    QFETCH(const bool, tls);
    support::SshServer ssh;
    QVERIFY(ssh.start());
    Address address = tls ? secured() : test::addressOfPort(m_tls->port());
    address.ssh = QStringLiteral("bastion");
    address.sshConfig = ssh.config();
    address.connectTimeout = std::chrono::seconds(20);
    Engine engine(address, m_clock);
    const auto result = ask(engine, QStringLiteral("CLIENT INFO"));
    QVERIFY2(result.has_value(),
             result ? "" : qPrintable(result.error().message + result.error().detail));
    QVERIFY(ask(engine, QStringLiteral("PING")));
    // The tunnel stays while the connection is closed and made again.
    engine.close();
    QVERIFY(ask(engine, QStringLiteral("PING")));
}

void LoginTest::anUnknownHostKeyEndsTheTunnel() {
    support::SshServer ssh;
    QVERIFY(ssh.start());
    QVERIFY(ssh.knows("other"));
    Address address = test::addressOfPort(m_tls->port());
    address.ssh = QStringLiteral("bastion");
    address.sshConfig = ssh.config();
    address.connectTimeout = std::chrono::seconds(20);
    Engine engine(address, m_clock);
    const auto result = ask(engine, QStringLiteral("PING"));
    QVERIFY(!result);
    QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::Auth));
    QVERIFY2(result.error().message.contains(QStringLiteral("host key")),
             qPrintable(result.error().message));
}

void LoginTest::cancelsWhileSshConnects() {
    // Somebody who takes the connection and never says a word.
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    Address address = test::addressOfPort(m_tls->port());
    address.ssh = QStringLiteral("ssh://127.0.0.1:%1").arg(silent.serverPort());
    address.connectTimeout = std::chrono::seconds(60);
    Engine engine(address, m_clock);
    const QFuture<Result<QueryResult>> run =
        engine.run({QStringLiteral("PING"), std::chrono::seconds(60), 1 << 20, {}});
    QTRY_VERIFY(silent.hasPendingConnections());
    engine.cancel();
    const auto result = test::settled(run);
    QVERIFY(!result);
    QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::Cancelled));
}

void LoginTest::throughAUnixSocket() {
    const QString path = m_keys.filePath(QStringLiteral("redis.sock"));
    support::RedisServer server(drill::RedisOptions{{}, {QStringLiteral("unixsocket ") + path}});
    QCOMPARE(server.start(), QString());
    test::Plain plain(server.port());
    plain.command({"SELECT", "2"});
    plain.command({"SET", "here", "two"});
    Settings settings;
    settings.name = QStringLiteral("cache");
    settings.values[QStringLiteral("url")] = QStringLiteral("unix://%1?db=2").arg(path);
    const auto address = addressOf(settings);
    QVERIFY2(address.has_value(), address ? "" : qPrintable(address.error().message));
    Engine engine(*address, m_clock);
    const auto result = ask(engine, QStringLiteral("GET here"));
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
    QCOMPARE(result->reply->text(), QByteArray("two"));
    QVERIFY(result->receipt.server.address.contains(path));
    plain.command({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    QTRY_VERIFY(engine.state() == EngineState::Closed);
    QVERIFY(ask(engine, QStringLiteral("PING")));
    Address nowhere = *address;
    nowhere.socket += QStringLiteral(".none");
    Engine gone(nowhere, m_clock);
    const auto missing = ask(gone, QStringLiteral("PING"));
    QVERIFY(!missing);
    QVERIFY2(missing.error().message.contains(QStringLiteral("unixsocket")),
             qPrintable(missing.error().message));
}

void LoginTest::saysThatTheOtherSideSpeaksTls() {
    Address address = secured();
    address.tls = false;
    Engine engine(address, m_clock);
    const auto result = ask(engine, QStringLiteral("PING"));
    QVERIFY(!result);
    QVERIFY2(result.error().message.contains(QStringLiteral("rediss://")),
             qPrintable(result.error().message));

    Address plain = test::addressOfPort(m_tls->port());
    plain.tls = true;
    Engine other(plain, m_clock);
    const auto handshake = ask(other, QStringLiteral("PING"), std::chrono::seconds(3));
    QVERIFY(!handshake);
    QVERIFY2(handshake.error().message.contains(QStringLiteral("TLS")) ||
                 handshake.error().code == ErrorCode::Timeout,
             qPrintable(handshake.error().message));
}

QTEST_GUILESS_MAIN(LoginTest)
#include "tst_redislogin.moc"
