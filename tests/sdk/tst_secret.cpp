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
    void knowsCommandsInAnySpelling_data();
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
    hides("ACL SETUSER ada on >\"hunt er2\" ~*", "er2");
    hides("ACL SETUSER ada <hunter2", "hunter2");
    hides("ACL SETUSER ada #5e884898da28047151d0e56f8dc62927", "5e884898");
    hides("ACL SETUSER ada !5e884898da28047151d0e56f8dc62927", "5e884898");
    hides("HELLO 3 AUTH ada \"hunt er2\" SETNAME x", "er2");
    hides("MIGRATE 127.0.0.1 1 k 0 10 AUTH hunter2", "hunter2");
    hides("migrate 127.0.0.1 1 auth 0 10 copy auth hunter2", "hunter2");
    hides("MIGRATE h 1 \"\" 0 10 AUTH2 ada hunter2 KEYS a b", "hunter2");
    hides("MIGRATE h 1 k 0 10 AUTH2 ada 'hunt er2'", "er2");
    hides("ACL DRYRUN default AUTH hunter2", "hunter2");
    hides("ACL DRYRUN default auth ada hunter2", "hunter2");
    hides("ACL DRYRUN default CONFIG SET requirepass hunter2", "hunter2");
    hides("COMMAND GETKEYS MIGRATE h 1 k 0 10 AUTH hunter2", "hunter2");
    hides("SENTINEL SET mymaster auth-pass hunter2", "hunter2");
    hides("sentinel set mymaster quorum 2 auth-pass hunter2", "hunter2");
    hides("SENTINEL CONFIG SET sentinel-pass hunter2", "hunter2");
    hides("CONFIG SET primaryauth hunter2", "hunter2");
    hides("CONFIG SET requirepass \\\n  hunter2", "hunter2");
    hides("it said: ran MIGRATE h 1 k 0 10 AUTH hunter2", "hunter2");
    hides("SELECT 1 FROM users WHERE user_password = 'hunt''er2'", "er2");
    hides("SELECT crypt(p, s) FROM u WHERE api_tokens<>E'hunter2'", "hunter2");
    hides("SELECT f(secret => 'hunter2')", "hunter2");
    hides("{\"db_password\": \"hunt\\\"er2\", \"id\": 5}", "er2");
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
    for (const char* text : {"Auth down",
                             "auth service",
                             "AUTH service is failing",
                             "ALTER ROLE app PASSWORD NULL",
                             "CONFIG GET requirepass",
                             "requirepass is not set there",
                             "ACL SETUSER ada on ~* +@all",
                             "MIGRATE 127.0.0.1 1 auth 0 10 COPY",
                             "MIGRATE h 1 \"\" 0 10 KEYS auth b",
                             "migrate the database to auth one of these days",
                             "ACL DRYRUN default GET auth",
                             "SENTINEL SET mymaster quorum 2",
                             "CONFIG SET maxmemory 1gb",
                             "HELLO 3",
                             "hello 3 of you",
                             "wrong password for ada",
                             "a > b",
                             "SELECT 'password' > 'x'",
                             "ls -a /tmp",
                             "WHERE token_count = 5 AND name = 'x'",
                             "write password: \"keychain:primary\" here",
                             "password: 'env:PGPASSWORD'",
                             "SELECT password FROM users WHERE id = '5'",
                             "{\"tokens\": 5}"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void SecretTest::leavesOtherWords() {
    QFETCH(const QString, text);
    QCOMPARE(redact(text), text);
}

void SecretTest::knowsCommandsInAnySpelling_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char* typed, const char* shown) {
        QTest::newRow(typed) << QString::fromUtf8(typed) << QString::fromUtf8(shown);
    };
    row("ping\nauth hunter2\nget a", "ping\nauth •••\nget a");
    row("Auth ada hunter2", "Auth ada •••");
    row("auth \"hunt er2\"", "auth •••");
    row("\"AUTH\" hunter2", "\"AUTH\" •••");
    row("auth ada \\\n hunter2\nget a", "auth ada \\\n •••\nget a");
    row("redis-cli -h db -n 2 auth ada hunter2", "redis-cli -h db -n 2 auth ada •••");
    row(" -a hunter2 PING\nDBSIZE", " -a ••• PING\nDBSIZE");
    row("redis-cli -a \"my hunter2\" PING", "redis-cli -a ••• PING");
    row("redis-cli --user bob --pass \"x hunter2\" PING", "redis-cli --user bob --pass ••• PING");
    row("redis-cli \"-a\" hunter2 PING", "redis-cli \"-a\" ••• PING");
    row("REDISCLI_AUTH=\"a hunter2\" redis-cli PING", "REDISCLI_AUTH=••• redis-cli PING");
    row("CONFIG SET ts-global-password hunter2", "CONFIG SET ts-global-password •••");
    row("--node db:6379 auth hunter2", "--node db:6379 auth •••");
    row("\"CONFIG\" 'SET' maxmemory 1 \"requirepass\" 'hunter 2' hz 10",
        "\"CONFIG\" 'SET' maxmemory 1 \"requirepass\" ••• hz 10");
    row("acl setuser ada on '>hunt er2' ~* nopass", "acl setuser ada on >••• ~* nopass");
    row("MIGRATE h 1 k 0 10 REPLACE AUTH2 ada hunter2 KEYS a",
        "MIGRATE h 1 k 0 10 REPLACE AUTH2 ada ••• KEYS a");
    row("GET auth\nHGET auth x\nLRANGE requirepass 0 9",
        "GET auth\nHGET auth x\nLRANGE requirepass 0 9");
}

void SecretTest::knowsCommandsInAnySpelling() {
    QFETCH(const QString, typed);
    QFETCH(const QString, shown);
    QCOMPARE(redactCommands(typed), shown);
    QCOMPARE(redactCommands(shown), shown);
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
