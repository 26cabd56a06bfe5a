#include <QTest>

#include "sdk/secret.h"

using namespace tocsin;

class SecretTest : public QObject {
    Q_OBJECT
private slots:
    void redactsTheShapesOfCredentials_data();
    void redactsTheShapesOfCredentials();
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
