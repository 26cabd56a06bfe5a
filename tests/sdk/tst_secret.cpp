#include <QTest>

#include "sdk/secret.h"

using namespace tocsin;

class SecretTest : public QObject {
    Q_OBJECT
private slots:
    void redactsTheShapesOfCredentials_data();
    void redactsTheShapesOfCredentials();
    void leavesOtherWords_data();
    void leavesOtherWords();
    void knowsCommandsInAnySpelling();
    void redactsEveryKnownSecretAnywhere();
};

void SecretTest::redactsTheShapesOfCredentials_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("hidden");
    QTest::newRow("url") << "postgresql://oncall:s3same@db:5432/app"
                         << "s3same";
    QTest::newRow("redis url without user") << "rediss://:hunter22@cache:6380"
                                            << "hunter22";
    QTest::newRow("webhook") << "POST https://discord.com/api/v10/webhooks/12345/aB-c_9.z?wait=true"
                             << "aB-c_9.z";
    QTest::newRow("bearer") << "Authorization: Bearer glsa_abcdef"
                            << "glsa_abcdef";
    QTest::newRow("basic") << "authorization: basic dXNlcjpwdw=="
                           << "dXNlcjpwdw==";
    QTest::newRow("keyword") << "host=db password=swordfish dbname=app"
                             << "swordfish";
    const auto hides = [](const char* text, const char* hidden) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(hidden);
    };
    hides("ALTER ROLE app PASSWORD 'hunter2'", "hunter2");
    hides("alter user app with encrypted password E'hunt\\'er2' valid until 'x'", "er2");
    hides("CREATE ROLE app PASSWORD 'it''s2'; SELECT 1", "s2");
    hides("ALTER ROLE app PASSWORD 'hunter2", "hunter2");
    hides("ALTER ROLE app PASSWORD $p$hun\nter2$p$", "ter2");
    hides("AUTH hunter2", "hunter2");
    hides("AUTH oncall hunter2\nGET a", "hunter2");
    hides("cache:6379> AUTH hunter2", "hunter2");
    hides("hello 3 auth oncall hunter2 setname x", "hunter2");
    hides("CONFIG SET requirepass hunter2", "hunter2");
    hides("config set maxmemory 1gb masterauth \"hunt er2\" requirepass other", "er2");
    hides("config set masterauth one requirepass hunter2", "hunter2");
    hides("masterauth hunter2", "hunter2");
    hides("ACL SETUSER ada on >one >hunter2 ~*", "hunter2");
    hides("ACL SETUSER ada on \">hunt er2\" ~*", "er2");
    hides("redis-cli -h db -a hunter2 INFO", "hunter2");
    hides("redis-cli --pass hunter2 INFO", "hunter2");
    QTest::newRow("query") << "https://x.test/a?token=abc123&b=1"
                           << "abc123";
}

void SecretTest::redactsTheShapesOfCredentials() {
    QFETCH(const QString, text);
    QFETCH(const QString, hidden);
    QVERIFY(text.contains(hidden));
    QVERIFY2(!redact(text).contains(hidden), qPrintable(redact(text)));
    QCOMPARE(redact(redact(text)), redact(text));
}

void SecretTest::leavesOtherWords_data() {
    QTest::addColumn<QString>("text");
    for (const char* text :
         {"Auth down", "auth service", "AUTH service is failing", "ALTER ROLE app PASSWORD NULL",
          "CONFIG GET requirepass", "requirepass is not set there", "ACL SETUSER ada on ~* +@all",
          "wrong password for ada", "a > b", "SELECT 'password' > 'x'", "ls -a /tmp"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void SecretTest::leavesOtherWords() {
    QFETCH(const QString, text);
    QCOMPARE(redact(text), text);
}

void SecretTest::knowsCommandsInAnySpelling() {
    QCOMPARE(redactCommands(QStringLiteral("ping\nauth hunter2\nget a")),
             QStringLiteral("ping\nauth •••\nget a"));
    QCOMPARE(redactCommands(QStringLiteral("Auth ada hunter2")), QStringLiteral("Auth ada •••"));
}

void SecretTest::redactsEveryKnownSecretAnywhere() {
    const Secret secret(QStringLiteral("correct horse"));
    QCOMPARE(redact(QStringLiteral("said correct horse twice: correct horse")),
             QStringLiteral("said ••• twice: •••"));
    QCOMPARE(secret.reveal(), QStringLiteral("correct horse"));
    const Secret tiny(QStringLiteral("ab"));
    QCOMPARE(redact(QStringLiteral("grab a cab")), QStringLiteral("grab a cab"));
}

QTEST_GUILESS_MAIN(SecretTest)
#include "tst_secret.moc"
