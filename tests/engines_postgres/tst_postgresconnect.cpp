#include <QHostInfo>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>

#include "tests/engines_postgres/postgresfixture.h"
#include "tests/support/sshserver.h"

using namespace tocsin;
using namespace tocsin::postgres;

namespace {

bool run(const QString& program, const QStringList& arguments, const QString& folder) {
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(program, arguments);
    return process.waitForFinished(60000) && process.exitCode() == 0;
}

bool openssl(const QString& folder, const QString& line) {
    return run(QStringLiteral("openssl"), line.split(u' ', Qt::SkipEmptyParts), folder);
}

bool put(const QString& path, const QByteArray& text) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() &&
           file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
}

}  // namespace

/// The ways to say where a server is, and the ways of getting there.
class TestPostgresConnect : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanup();
    void keywords();
    void parts();
    void partsThatContradict();
    void serviceFile();
    void passwordFile();
    void environment();
    void refusesPasswordsInKeywords();
    void badAddresses_data();
    void badAddresses();
    void verifiesCertificates();
    void throughSsh();
    void unknownHostKeyEndsIt();

private:
    Settings settingsWith(const QString& keywords, const QString& password = {}) const;

    SystemClock m_clock;
    support::PostgresServer m_server;
    int m_port = 0;
};

void TestPostgresConnect::initTestCase() {
    QCOMPARE(m_server.start(), QString());
    QCOMPARE(m_server.sql(QStringLiteral("CREATE ROLE oncall LOGIN PASSWORD 'oncall-secret'")),
             QString());
    m_port = QUrl(m_server.superuserUrl()).port();
}

void TestPostgresConnect::cleanup() {
    for (const char* name :
         {"PGSERVICEFILE", "PGPASSFILE", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD"})
        qunsetenv(name);
}

Settings TestPostgresConnect::settingsWith(const QString& keywords, const QString& password) const {
    Settings settings = settingsFor({}, password);
    settings.values[QStringLiteral("keywords")] = keywords;
    return settings;
}

#define VERIFY_OPENS(settings)                                                              \
    do {                                                                                    \
        const auto target = targetFrom(settings);                                           \
        QVERIFY2(target, target ? "" : qPrintable(target.error().message));                 \
        PostgresEngine engine(*target, m_clock);                                            \
        const auto opened = awaited(engine.open());                                         \
        QVERIFY2(opened,                                                                    \
                 opened ? "" : qPrintable(opened.error().message + opened.error().detail)); \
        QCOMPARE(opened->user, QStringLiteral("oncall"));                                   \
        QVERIFY(ran(engine, QStringLiteral("SELECT 1")));                                   \
    } while (false)

void TestPostgresConnect::keywords() {
    VERIFY_OPENS(
        settingsWith(QStringLiteral("host=127.0.0.1 port=%1 dbname=app user=oncall").arg(m_port),
                     QStringLiteral("oncall-secret")));
}

void TestPostgresConnect::parts() {
    Settings settings = settingsFor({}, QStringLiteral("oncall-secret"));
    settings.values[QStringLiteral("host")] = QStringLiteral("127.0.0.1");
    settings.values[QStringLiteral("port")] = QString::number(m_port);
    settings.values[QStringLiteral("database")] = QStringLiteral("app");
    settings.values[QStringLiteral("user")] = QStringLiteral("oncall");
    settings.values[QStringLiteral("sslmode")] = QStringLiteral("prefer");
    VERIFY_OPENS(settings);
    // What the address leaves out.
    Settings both = settingsFor(QStringLiteral("postgresql://127.0.0.1:%1/app").arg(m_port),
                                QStringLiteral("oncall-secret"));
    both.values[QStringLiteral("user")] = QStringLiteral("oncall");
    both.values[QStringLiteral("host")] = QStringLiteral("127.0.0.1");
    VERIFY_OPENS(both);
}

void TestPostgresConnect::partsThatContradict() {
    Settings settings = settingsFor(QStringLiteral("postgresql://oncall@db-1:5432/app"));
    settings.values[QStringLiteral("host")] = QStringLiteral("db-2");
    const auto target = targetFrom(settings);
    QVERIFY(!target);
    QCOMPARE(target.error().code, ErrorCode::Config);
    for (const char* word : {"two of host", "db-1", "db-2"})
        QVERIFY2(target.error().message.contains(QString::fromLatin1(word)),
                 qPrintable(target.error().message));
}

void TestPostgresConnect::serviceFile() {
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("pg_service.conf"));
    QVERIFY(put(file, "[prod]\nhost=127.0.0.1\nport=" + QByteArray::number(m_port) +
                          "\ndbname=app\nuser=oncall\n"));
    qputenv("PGSERVICEFILE", file.toUtf8());
    VERIFY_OPENS(settingsWith(QStringLiteral("service=prod"), QStringLiteral("oncall-secret")));
}

void TestPostgresConnect::passwordFile() {
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("pgpass"));
    QVERIFY(put(file, "127.0.0.1:*:app:oncall:oncall-secret\n"));
    qputenv("PGPASSFILE", file.toUtf8());
    VERIFY_OPENS(settingsFor(m_server.url(QStringLiteral("oncall"))));
}

void TestPostgresConnect::environment() {
    qputenv("PGHOST", "127.0.0.1");
    qputenv("PGPORT", QByteArray::number(m_port));
    qputenv("PGUSER", "oncall");
    qputenv("PGPASSWORD", "oncall-secret");
    VERIFY_OPENS(settingsWith(QStringLiteral("dbname=app")));
    QCOMPARE(targetFrom(settingsWith(QStringLiteral("dbname=app")))->address(),
             QStringLiteral("127.0.0.1:%1/app").arg(m_port));
}

void TestPostgresConnect::refusesPasswordsInKeywords() {
    const auto target =
        targetFrom(settingsWith(QStringLiteral("host=db user=x password='hunter2-secret'")));
    QVERIFY(!target);
    QCOMPARE(target.error().code, ErrorCode::Config);
    QVERIFY(!target.error().message.contains(QStringLiteral("hunter2")));
}

void TestPostgresConnect::badAddresses_data() {
    QTest::addColumn<QString>("keywords");
    QTest::addColumn<QString>("ssh");
    QTest::newRow("none") << QString() << QString();
    QTest::newRow("unknown keyword") << QStringLiteral("hots=db") << QString();
    QTest::newRow("ssh option") << QStringLiteral("host=db") << QStringLiteral("-oProxyCommand=id");
    QTest::newRow("ssh words") << QStringLiteral("host=db") << QStringLiteral("a -o x");
    QTest::newRow("tunnel to a socket") << QStringLiteral("host=/tmp") << QStringLiteral("bastion");
    QTest::newRow("tunnel to two") << QStringLiteral("host=a,b") << QStringLiteral("bastion");
}

void TestPostgresConnect::badAddresses() {
    QFETCH(QString, keywords);
    QFETCH(QString, ssh);
    Settings settings = settingsWith(keywords);
    settings.values[QStringLiteral("ssh")] = ssh;
    const auto target = targetFrom(settings);
    QVERIFY(!target);
    QCOMPARE(target.error().code, ErrorCode::Config);
}

/// verify-full: the authority, the name and the dates; the client's own certificate as the login.
void TestPostgresConnect::verifiesCertificates() {
    const QTemporaryDir folder;
    const QString f = folder.path();
    const auto authority = [&f](const QString& name) {
        return openssl(f, QStringLiteral("req -x509 -newkey rsa:2048 -nodes -keyout %1.key -out "
                                         "%1.crt -days 5 -subj /CN=%1")
                              .arg(name));
    };
    const auto leaf = [&f](const QString& name, const QString& subject, const QString& days) {
        return openssl(f, QStringLiteral("req -newkey rsa:2048 -nodes -keyout %1.key -out %1.csr "
                                         "-subj /CN=%2")
                              .arg(name, subject)) &&
               openssl(f, QStringLiteral("x509 -req -in %1.csr -CA root.crt -CAkey root.key "
                                         "-CAcreateserial -days %2 -out %1.crt")
                              .arg(name, days));
    };
    QVERIFY(authority(QStringLiteral("root")) && authority(QStringLiteral("other")));
    QVERIFY(leaf(QStringLiteral("server"), QStringLiteral("localhost"), QStringLiteral("5")));
    QVERIFY(leaf(QStringLiteral("expired"), QStringLiteral("localhost"), QStringLiteral("-1")));
    QVERIFY(leaf(QStringLiteral("oncall"), QStringLiteral("oncall"), QStringLiteral("5")));
    // The server, which is another user, must be able to read its key and nobody else may.
    QFile(f).setPermissions(QFile::Permissions(0x7755));
    const auto serverWith = [&f](const QString& certificate) {
        run(QStringLiteral("chown"),
            {QStringLiteral("postgres"), certificate + QStringLiteral(".key")}, f);
        QFile(f + u'/' + certificate + QStringLiteral(".key"))
            .setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        drill::PostgresOptions options;
        options.settings = {QStringLiteral("ssl = on"),
                            QStringLiteral("ssl_cert_file = '%1/%2.crt'").arg(f, certificate),
                            QStringLiteral("ssl_key_file = '%1/%2.key'").arg(f, certificate),
                            QStringLiteral("ssl_ca_file = '%1/root.crt'").arg(f)};
        options.hba = {QStringLiteral("local all all trust"),
                       QStringLiteral("hostssl all oncall all cert"),
                       QStringLiteral("host all all all trust")};
        options.initialSql = QStringLiteral("CREATE ROLE oncall LOGIN");
        return options;
    };
    const auto opened = [this, &f](const support::PostgresServer& server, const QString& host,
                                   const QString& root) {
        Settings settings = settingsWith(
            QStringLiteral("host=%1 hostaddr=127.0.0.1 port=%2 dbname=app user=oncall "
                           "sslmode=verify-full sslrootcert=%3/%4.crt sslcert=%3/oncall.crt "
                           "sslkey=%3/oncall.key")
                .arg(host, QString::number(QUrl(server.superuserUrl()).port()), f, root));
        PostgresEngine engine(*targetFrom(settings), m_clock);
        return awaited(engine.open());
    };
    support::PostgresServer good(serverWith(QStringLiteral("server")));
    QCOMPARE(good.start(), QString());
    const auto fine = opened(good, QStringLiteral("localhost"), QStringLiteral("root"));
    QVERIFY2(fine, fine ? "" : qPrintable(fine.error().message + fine.error().detail));
    // Refused, and for what it is: another name, another authority, another day.
    const auto says = [](const Result<ServerIdentity>& answer, const char* words) {
        const QString said = answer ? QStringLiteral("it connected") : answer.error().message;
        const bool right = !answer && answer.error().code == ErrorCode::Auth &&
                           said.contains(QLatin1String(words));
        if (!right) qWarning().noquote() << said << (answer ? QString() : answer.error().detail);
        return right;
    };
    QVERIFY(says(opened(good, QStringLiteral("elsewhere"), QStringLiteral("root")),
                 "is for another host"));
    QVERIFY(says(opened(good, QStringLiteral("localhost"), QStringLiteral("other")),
                 "did not sign it"));
    support::PostgresServer late(serverWith(QStringLiteral("expired")));
    QCOMPARE(late.start(), QString());
    QVERIFY(says(opened(late, QStringLiteral("localhost"), QStringLiteral("root")), "has expired"));
    QVERIFY(!opened(good, QStringLiteral("localhost"), QStringLiteral("nowhere")));
    // Against a server without encryption nothing is sent in the clear either.
    Settings plain = settingsWith(
        QStringLiteral("host=127.0.0.1 port=%1 dbname=app user=oncall sslmode=verify-full "
                       "sslrootcert=%2/root.crt")
            .arg(m_port)
            .arg(f));
    PostgresEngine engine(*targetFrom(plain), m_clock);
    const auto refused = awaited(engine.open());
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.contains(QStringLiteral("does not offer encryption")),
             qPrintable(refused.error().message + refused.error().detail));
}

void TestPostgresConnect::throughSsh() {
    support::SshServer ssh;
    QVERIFY(ssh.start());
    Settings settings =
        settingsWith(QStringLiteral("host=127.0.0.1 port=%1 dbname=app user=oncall").arg(m_port),
                     QStringLiteral("oncall-secret"));
    settings.values[QStringLiteral("ssh")] = QStringLiteral("bastion");
    settings.values[QStringLiteral("ssh_config")] = ssh.config();
    settings.values[QStringLiteral("connect_timeout")] = 20000;
    PostgresEngine engine(*targetFrom(settings), m_clock);
    const auto opened = awaited(engine.open());
    QVERIFY2(opened, opened ? ""
                            : qPrintable(opened.error().message + opened.error().detail +
                                         QString::fromUtf8(ssh.said())));
    QVERIFY(ran(engine, QStringLiteral("SELECT 1")));
    // A cancel goes the same way.
    auto future = engine.run({QStringLiteral("SELECT pg_sleep(30)"), std::chrono::minutes(1)});
    QTRY_COMPARE(engine.state(), EngineState::Busy);
    engine.cancel();
    QCOMPARE(awaited(future).error().code, ErrorCode::Cancelled);
}

void TestPostgresConnect::unknownHostKeyEndsIt() {
    support::SshServer ssh;
    QVERIFY(ssh.start());
    QVERIFY(ssh.knows("other"));
    Settings settings =
        settingsWith(QStringLiteral("host=127.0.0.1 port=%1 dbname=app user=oncall").arg(m_port),
                     QStringLiteral("oncall-secret"));
    settings.values[QStringLiteral("ssh")] = QStringLiteral("bastion");
    settings.values[QStringLiteral("ssh_config")] = ssh.config();
    settings.values[QStringLiteral("connect_timeout")] = 20000;
    PostgresEngine engine(*targetFrom(settings), m_clock);
    const auto opened = awaited(engine.open());
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Auth);
    QVERIFY2(opened.error().message.contains(QStringLiteral("host key")),
             qPrintable(opened.error().message + opened.error().detail));
}

QTEST_GUILESS_MAIN(TestPostgresConnect)
#include "tst_postgresconnect.moc"
