#include <sys/stat.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "tests/support/keyring.h"
#include "workspace/secrets.h"

using namespace tocsin;
using namespace tocsin::workspace;

/// Waits for a future while the event loop runs.
template <typename T>
static Result<T> awaited(QFuture<Result<T>> future) {
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 30000))
        return fail(ErrorCode::Timeout, QStringLiteral("no answer in the test"));
    return future.result();
}

class TestSecrets : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void keepsAndGivesBack();
    void replacesAndRemoves();
    void missingEntry();
    void environment();
    void file_data();
    void file();
    void fileThatIsNone_data();
    void fileThatIsNone();
    void allOfAnEntry();
    void oneOfAnEntryIsMissing();
    void lockedKeyring();
    void withoutAKeyring();

private:
    support::Keyring m_keyring;
    TestClock m_clock;
    Secrets m_secrets{m_clock};
    QTemporaryDir m_folder;
};

void TestSecrets::initTestCase() {
    QCOMPARE(m_keyring.start(), QString());
}

void TestSecrets::keepsAndGivesBack() {
    const QString value = QStringLiteral("pässword with spaces & 'quotes' 🔔");
    const auto stored = awaited(m_secrets.store(QStringLiteral("primary"), Secret(value)));
    QVERIFY2(stored.has_value(),
             stored ? "" : qPrintable(stored.error().message + stored.error().detail));
    const auto secret =
        awaited(m_secrets.resolve({SecretReference::Where::Keychain, QStringLiteral("primary")}));
    QVERIFY2(secret.has_value(), secret ? "" : qPrintable(secret.error().message));
    QCOMPARE(secret->reveal(), value);
}

void TestSecrets::replacesAndRemoves() {
    const QString name = QStringLiteral("replaced");
    QVERIFY(awaited(m_secrets.store(name, Secret(QStringLiteral("first value")))).has_value());
    QVERIFY(awaited(m_secrets.store(name, Secret(QStringLiteral("second value")))).has_value());
    const SecretReference reference{SecretReference::Where::Keychain, name};
    QCOMPARE(awaited(m_secrets.resolve(reference))->reveal(), QStringLiteral("second value"));
    QVERIFY(awaited(m_secrets.remove(name)).has_value());
    QCOMPARE(awaited(m_secrets.resolve(reference)).error().code, ErrorCode::NotFound);
    QVERIFY(awaited(m_secrets.remove(name)).has_value());  // gone is gone
}

void TestSecrets::missingEntry() {
    const auto secret =
        awaited(m_secrets.resolve({SecretReference::Where::Keychain, QStringLiteral("nobody")}));
    QVERIFY(!secret);
    QCOMPARE(secret.error().code, ErrorCode::NotFound);
    QVERIFY(secret.error().message.contains(QStringLiteral("`tocsin secret set nobody`")));
    QVERIFY(secret.error().message.contains(QStringLiteral("env:NAME")));
}

void TestSecrets::environment() {
    qputenv("TOCSIN_TEST_SECRET", "from outside");
    const SecretReference reference{SecretReference::Where::Environment,
                                    QStringLiteral("TOCSIN_TEST_SECRET")};
    QCOMPARE(awaited(m_secrets.resolve(reference))->reveal(), QStringLiteral("from outside"));
    qputenv("TOCSIN_TEST_SECRET", "");
    QVERIFY(
        awaited(m_secrets.resolve(reference)).error().message.contains(QStringLiteral("empty")));
    qunsetenv("TOCSIN_TEST_SECRET");
    const auto missing = awaited(m_secrets.resolve(reference));
    QCOMPARE(missing.error().code, ErrorCode::NotFound);
    QVERIFY(missing.error().message.contains(QStringLiteral("TOCSIN_TEST_SECRET")));
}

void TestSecrets::file_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<uint>("mode");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("says");
    QTest::newRow("good") << QByteArray("swordfish\n") << 0600u << QStringLiteral("swordfish")
                          << QString();
    QTest::newRow("read only") << QByteArray("swordfish") << 0400u << QStringLiteral("swordfish")
                               << QString();
    QTest::newRow("CRLF") << QByteArray("swordfish\r\n") << 0600u << QStringLiteral("swordfish")
                          << QString();
    QTest::newRow("spaces stay") << QByteArray(" a b \n") << 0600u << QStringLiteral(" a b ")
                                 << QString();
    QTest::newRow("world") << QByteArray("swordfish\n") << 0644u << QString()
                           << QStringLiteral("`chmod 600 ");
    QTest::newRow("group") << QByteArray("swordfish\n") << 0640u << QString()
                           << QStringLiteral("`chmod 600 ");
    QTest::newRow("empty") << QByteArray("\n") << 0600u << QString() << QStringLiteral("is empty");
    QTest::newRow("the first line") << QByteArray("s3cret\r\nwritten down by ada\n") << 0600u
                                    << QStringLiteral("s3cret") << QString();
    QTest::newRow("huge") << QByteArray(100000, 'x') << 0600u << QString()
                          << QStringLiteral("64 kB");
}

void TestSecrets::file() {
    QFETCH(QByteArray, content);
    QFETCH(uint, mode);
    QFETCH(QString, value);
    QFETCH(QString, says);
    const QString path = m_folder.filePath(QStringLiteral("secret"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    QCOMPARE(::chmod(qPrintable(path), mode), 0);

    const auto secret = awaited(m_secrets.resolve({SecretReference::Where::File, path}));
    QCOMPARE(secret.has_value(), says.isEmpty());
    if (secret)
        QCOMPARE(secret->reveal(), value);
    else
        QVERIFY2(secret.error().message.contains(says), qPrintable(secret.error().message));
    QVERIFY(QFile::remove(path));
}

void TestSecrets::fileThatIsNone_data() {
    QTest::addColumn<QString>("path");
    QTest::newRow("missing") << m_folder.filePath(QStringLiteral("nowhere"));
    QTest::newRow("folder") << m_folder.path();
    QTest::newRow("device") << QStringLiteral("/dev/zero");
    const QString pipe = m_folder.filePath(QStringLiteral("pipe"));
    ::mkfifo(qPrintable(pipe), 0600);
    QTest::newRow("pipe") << pipe;
}

void TestSecrets::fileThatIsNone() {
    QFETCH(QString, path);
    const auto secret = awaited(m_secrets.resolve({SecretReference::Where::File, path}));
    QVERIFY(!secret);
    QVERIFY2(secret.error().message.contains(path), qPrintable(secret.error().message));
}

void TestSecrets::allOfAnEntry() {
    qputenv("TOCSIN_TEST_SECRET", "from outside");
    QVERIFY(
        awaited(m_secrets.store(QStringLiteral("token"), Secret(QStringLiteral("from inside")))));
    Entry entry;
    entry.settings.name = QStringLiteral("prod");
    entry.settings.values.insert(QStringLiteral("url"), QStringLiteral("http://x"));
    entry.secrets = {
        {QStringLiteral("password"),
         {SecretReference::Where::Environment, QStringLiteral("TOCSIN_TEST_SECRET")}},
        {QStringLiteral("token"), {SecretReference::Where::Keychain, QStringLiteral("token")}}};
    const auto settings = awaited(m_secrets.resolveAll(entry));
    QVERIFY(settings.has_value());
    QCOMPARE(settings->secret(QStringLiteral("password")).reveal(), QStringLiteral("from outside"));
    QCOMPARE(settings->secret(QStringLiteral("token")).reveal(), QStringLiteral("from inside"));
    QCOMPARE(settings->text(QStringLiteral("url")), QStringLiteral("http://x"));
    QCOMPARE(awaited(m_secrets.resolveAll(Entry{})).has_value(), true);
}

void TestSecrets::oneOfAnEntryIsMissing() {
    Entry entry;
    entry.settings.name = QStringLiteral("prod");
    entry.secrets = {
        {QStringLiteral("password"),
         {SecretReference::Where::Environment, QStringLiteral("TOCSIN_NOBODY")}},
        {QStringLiteral("token"), {SecretReference::Where::Keychain, QStringLiteral("token")}}};
    const auto settings = awaited(m_secrets.resolveAll(entry));
    QVERIFY(!settings);
    for (const char* part : {"password", "prod", "TOCSIN_NOBODY"})
        QVERIFY2(settings.error().message.contains(QLatin1String(part)),
                 qPrintable(settings.error().message));
}

void TestSecrets::lockedKeyring() {
    QCOMPARE(m_keyring.restartLocked(), QString());
    const auto secret =
        awaited(m_secrets.resolve({SecretReference::Where::Keychain, QStringLiteral("primary")}));
    QVERIFY(!secret);
    QVERIFY(secret.error().message.contains(QStringLiteral("locked")));
    QVERIFY(secret.error().message.contains(QStringLiteral("env:NAME or file:PATH")));
}

/// Last: the keyring does not come back.
void TestSecrets::withoutAKeyring() {
    m_keyring.stopKeyring();
    const auto secret =
        awaited(m_secrets.resolve({SecretReference::Where::Keychain, QStringLiteral("primary")}));
    QVERIFY(!secret);
    QCOMPARE(secret.error().code, ErrorCode::Unavailable);
    QVERIFY(secret.error().message.contains(QStringLiteral("env:NAME or file:PATH")));
    const auto stored =
        awaited(m_secrets.store(QStringLiteral("x"), Secret(QStringLiteral("yyyy"))));
    QVERIFY(!stored);
}

QTEST_GUILESS_MAIN(TestSecrets)
#include "tst_secrets.moc"
