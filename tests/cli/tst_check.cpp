// tocsin check, and tocsin secret, which mends what it finds most often.
#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "runbooktext.h"
#include "tests/support/keyring.h"
#include "tests/support/stubhttp.h"
#include "tool.h"

using namespace tocsin;
using test::kRunbook;

class TestCheck : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void checkNamesEveryMistake();
    void checkIsQuietWhenAllIsWell();
    void checkReadsTheRunbooks();
    void checkConnectsWhenAsked();
    void whatAPluginWouldRefuse_data();
    void whatAPluginWouldRefuse();
    void checkNamesBrokenPlugins();
    void secretsComeFromStdin();
    void secretsAreNeverArguments();

private:
    test::Tool m_tool;
};

/// Without the note that these workspaces page nobody.
static QJsonArray findingsOf(const QJsonDocument& document) {
    QJsonArray findings;
    for (const QJsonValue& finding : document.array())
        if (finding[u"rule"] != QStringLiteral("nobody-paged")) findings << finding;
    return findings;
}

static QStringList rulesOf(const QJsonDocument& document) {
    QStringList rules;
    for (const QJsonValue& finding : document.array())
        if (finding[u"rule"] != QStringLiteral("nobody-paged"))
            rules << finding[u"rule"].toString();
    return rules;
}

void TestCheck::initTestCase() {
    QVERIFY2(QFile::exists(qEnvironmentVariable("TOCSIN_BINARY")), "build the target tocsin first");
}

void TestCheck::checkNamesEveryMistake() {
    m_tool.setWorkspace(
        "bundled: false\nrunbooks: [nowhere]\nsorces: []\n"
        "connections:\n  - {name: a, kind: postgres, url: \"postgresql://u:hunter22@h/d\"}\n"
        "  - {name: b, kind: redis, url: \"redis://h\", password: \"env:TOCSIN_NOBODY\"}\n");
    const test::Outcome outcome = m_tool.run({QStringLiteral("check"), QStringLiteral("--json")});
    QCOMPARE(outcome.status, 1);
    QCOMPARE(rulesOf(outcome.json()),
             (QStringList{QStringLiteral("missing-path"), QStringLiteral("unknown-key"),
                          QStringLiteral("literal-secret"), QStringLiteral("secret")}));
    const QJsonObject first = findingsOf(outcome.json()).first().toObject();
    QCOMPARE(first[u"file"].toString(), m_tool.path(QStringLiteral("tocsin.yaml")));
    QCOMPARE(first[u"line"].toInt(), 2);
    QCOMPARE(first[u"column"].toInt(), 12);
    QCOMPARE(first[u"severity"].toString(), QStringLiteral("error"));
    QVERIFY(!first[u"message"].toString().isEmpty());
    QVERIFY(!outcome.out.contains("hunter22"));

    const test::Outcome lines = m_tool.run({QStringLiteral("check")});
    QCOMPARE(lines.status, 1);
    QVERIFY2(lines.text().contains(m_tool.path(QStringLiteral("tocsin.yaml:2:12: error: "))),
             lines.out.constData());
}

void TestCheck::checkIsQuietWhenAllIsWell() {
    m_tool.setWorkspace("bundled: false\n");
    const test::Outcome outcome = m_tool.run({QStringLiteral("check"), QStringLiteral("--json")});
    QCOMPARE(outcome.json().array().size(), 1);
    QCOMPARE(outcome.json()[0][u"rule"].toString(), QStringLiteral("nobody-paged"));
    QCOMPARE(outcome.json()[0][u"severity"].toString(), QStringLiteral("note"));
    QCOMPARE(outcome.status, 0);
    // The bundled runbooks alone are no reason to fail, whatever the team has not connected.
    m_tool.setWorkspace("workspace: {name: Test}\n");
    const test::Outcome bundled = m_tool.run({QStringLiteral("check"), QStringLiteral("--json")});
    QVERIFY2(bundled.status == 0, bundled.out.constData());
}

void TestCheck::checkReadsTheRunbooks() {
    m_tool.setWorkspace("bundled: false\nrunbooks: [queue.md]\n");
    m_tool.write(QStringLiteral("queue.md"), kRunbook);
    const test::Outcome outcome = m_tool.run({QStringLiteral("check"), QStringLiteral("--json")});
    QCOMPARE(outcome.status, 1);
    const QStringList rules = rulesOf(outcome.json());
    QCOMPARE(rules.count(QStringLiteral("dead-link")), 2);
    QCOMPARE(rules.count(QStringLiteral("no-connection")), 2);
    QCOMPARE(rules.count(QStringLiteral("unbound-placeholder")), 1);  // $TARGET_HOST

    m_tool.setWorkspace(
        "bundled: false\nrunbooks: [queue.md]\nvariables: {target_host: web-1}\n"
        "connections:\n  - {name: c, kind: redis, url: \"redis://h\"}\n");
    const QStringList fewer =
        rulesOf(m_tool.run({QStringLiteral("check"), QStringLiteral("--json")}).json());
    QCOMPARE(fewer.count(QStringLiteral("no-connection")), 1);
    QCOMPARE(fewer.count(QStringLiteral("unbound-placeholder")), 0);
}

void TestCheck::checkConnectsWhenAsked() {
    support::StubHttp server;
    server.answer(QStringLiteral("/health"), {});
    server.answer(QStringLiteral("/api/v10/webhooks/1/good"), {200, "{\"id\":\"1\"}"});
    m_tool.environment.insert(QStringLiteral("GOOD_HOOK"),
                              server.url(QStringLiteral("/api/webhooks/1/good")).toString());
    m_tool.environment.insert(QStringLiteral("GONE_HOOK"),
                              server.url(QStringLiteral("/api/webhooks/2/gone")).toString());
    const QByteArray base = server.url(QStringLiteral("/")).toEncoded().chopped(1);
    m_tool.setWorkspace(
        "bundled: false\n"
        "sources:\n  - {name: dead, kind: alertmanager, url: http://127.0.0.1:1}\n"
        "connections:\n  - {name: cache, kind: redis, url: \"redis://127.0.0.1:1\"}\n"
        "probes:\n  - {name: up, kind: http, url: " +
        base +
        "/health}\n"
        "  - {name: gone, kind: http, url: http://127.0.0.1:1}\n"
        "channels:\n  - {name: good, kind: discord, webhook: \"env:GOOD_HOOK\", base: " +
        base +
        "}\n"
        "  - {name: deleted, kind: discord, webhook: \"env:GONE_HOOK\", base: " +
        base + "}\n");
    QCOMPARE(m_tool.run({QStringLiteral("check")}).status, 0);
    QVERIFY(server.requests().isEmpty());

    const test::Outcome live =
        m_tool.run({QStringLiteral("check"), QStringLiteral("--live"), QStringLiteral("--json")});
    QCOMPARE(live.status, 1);
    QStringList lines;
    for (const QJsonValue& finding : live.json().array()) {
        if (finding[u"severity"] == QStringLiteral("note")) continue;
        QCOMPARE(finding[u"rule"].toString(), QStringLiteral("live"));
        lines << QString::number(finding[u"line"].toInt());
    }
    QVERIFY2(lines.join(QLatin1Char(' ')) == QStringLiteral("3 5 8 11"), live.out.constData());
    QVERIFY(!live.out.contains("webhooks/2/gone"));
    for (const QByteArray& request : server.requests())
        QVERIFY(!request.startsWith("POST"));
}

void TestCheck::whatAPluginWouldRefuse_data() {
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QString>("rule");
    QTest::addColumn<int>("column");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const char* yaml, const char* rule, int column,
                        const char* says) {
        QTest::newRow(name) << QByteArray(yaml) << QString::fromLatin1(rule) << column
                            << QString::fromUtf8(says);
    };
    row("mysql", "connections:\n  - {name: a, kind: postgres, url: mysql://h/d}\n", "bad-url", 36,
        "postgresql://");
    row("no address", "connections:\n  - {name: a, kind: postgres}\n", "unusable", 1,
        "has no address");
    row("http redis", "connections:\n  - {name: a, kind: redis, url: http://h}\n", "bad-url", 33,
        "redis://");
    row("redis database", "connections:\n  - {name: a, kind: redis, url: redis://h/app}\n",
        "bad-value", 33, "the number at the end");
    row("ftp source", "sources:\n  - {name: a, kind: alertmanager, url: ftp://h}\n", "bad-url", 40,
        "https://");
    row("receiver",
        "sources:\n  - {name: a, kind: alertmanager, url: http://h, receiver: \"/[(\"}\n",
        "unusable", 1, "regular expression");
    row("status", "probes:\n  - {name: a, kind: http, url: http://h, status: abc}\n", "bad-value",
        50, "not “abc”");
    row("status below", "probes:\n  - {name: a, kind: http, url: http://h, status: 299-200}\n",
        "unusable", 1, "299-200");
    row("channel id",
        "channels:\n  - {name: a, kind: discord, bot: \"env:TOCSIN_BOT\", channel_id: general}\n",
        "bad-value", 65, "not “general”");
    row("mention",
        "channels:\n  - {name: a, kind: discord, webhook: \"env:TOCSIN_HOOK\", mentions: {a: "
        "\"@oncall\"}}\n",
        "bad-value", 72, "user:ID");
}

void TestCheck::whatAPluginWouldRefuse() {
    QFETCH(QByteArray, yaml);
    QFETCH(QString, rule);
    QFETCH(int, column);
    QFETCH(QString, says);
    test::Tool tool;
    tool.environment.insert(QStringLiteral("TOCSIN_HOOK"),
                            QStringLiteral("https://discord.com/api/webhooks/1/good"));
    tool.environment.insert(QStringLiteral("TOCSIN_BOT"), QString(40, QLatin1Char('b')));
    tool.setWorkspace("bundled: false\n" + yaml);
    const test::Outcome outcome = tool.run({QStringLiteral("check"), QStringLiteral("--json")});
    QCOMPARE(outcome.status, 1);
    QCOMPARE(rulesOf(outcome.json()), QStringList{rule});
    QCOMPARE(findingsOf(outcome.json())[0][u"line"].toInt(), 3);
    QCOMPARE(findingsOf(outcome.json())[0][u"column"].toInt(), column);
    QVERIFY2(findingsOf(outcome.json())[0][u"message"].toString().contains(says),
             outcome.out.constData());
}

void TestCheck::checkNamesBrokenPlugins() {
    test::Tool tool;
    tool.setWorkspace("bundled: false\n");
    tool.write(QStringLiteral("broken.so"), "this is no library");
    tool.environment.insert(QStringLiteral("TOCSIN_PLUGINS"), tool.path(QStringLiteral(".")));
    const test::Outcome outcome = tool.run({QStringLiteral("check"), QStringLiteral("--json")});
    QCOMPARE(outcome.status, 1);
    QCOMPARE(rulesOf(outcome.json()), QStringList{QStringLiteral("plugin")});
    QVERIFY(
        findingsOf(outcome.json())[0][u"file"].toString().endsWith(QStringLiteral("broken.so")));
}

void TestCheck::secretsComeFromStdin() {
    support::Keyring keyring;
    QCOMPARE(keyring.start(), QString());
    test::Tool tool;  // made now, so that it sees the keyring's bus
    tool.setWorkspace(
        "bundled: false\nconnections:\n  - {name: a, kind: redis, url: \"redis://h\", password: "
        "\"keychain:cache\"}\n");
    const QStringList check{QStringLiteral("check"), QStringLiteral("--json")};
    QCOMPARE(rulesOf(tool.run(check).json()), QStringList{QStringLiteral("secret")});

    const QStringList set{QStringLiteral("secret"), QStringLiteral("set"), QStringLiteral("cache")};
    const test::Outcome stored = tool.run(set, "swordfish\n");
    QVERIFY2(stored.status == 0, qPrintable(stored.err));
    QVERIFY(stored.out.isEmpty());
    QVERIFY(!stored.err.contains(QStringLiteral("swordfish")));
    QCOMPARE(tool.run(check).status, 0);

    QCOMPARE(tool.run({QStringLiteral("secret"), QStringLiteral("delete"), QStringLiteral("cache")})
                 .status,
             0);
    QCOMPARE(tool.run(check).status, 1);
    QCOMPARE(tool.run(set, "").status, 1);  // nothing came in
    keyring.stopKeyring();
    const test::Outcome gone = tool.run(set, "swordfish\n");
    QCOMPARE(gone.status, 1);
    QVERIFY(gone.err.contains(QStringLiteral("env:NAME")));
}

void TestCheck::secretsAreNeverArguments() {
    const test::Outcome outcome =
        m_tool.run({QStringLiteral("secret"), QStringLiteral("set"), QStringLiteral("cache"),
                    QStringLiteral("swordfish")});
    QCOMPARE(outcome.status, 2);
    QVERIFY(outcome.err.contains(QStringLiteral("stdin")));
    QVERIFY(!outcome.err.contains(QStringLiteral("swordfish")));
}

QTEST_GUILESS_MAIN(TestCheck)
#include "tst_check.moc"
