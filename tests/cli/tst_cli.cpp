#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include "runbooktext.h"
#include "tests/support/alertmanagerserver.h"
#include "tests/support/stubhttp.h"
#include "tool.h"

using namespace tocsin;
using test::kRunbook;

class TestCli : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void exitStatus_data();
    void exitStatus();
    void missingWorkspaceIsSaid();
    void runbookList();
    void runbookShow();
    void runbookMatch();
    void probe();
    void alertsOfARealAlertmanager();
    void aDeadSourceIsUnknown();
    void aSourceLeftOutIsUnknown();
    void aRuleThatMustHoldIsPending();
    void anUnreadableWorkspaceIsNone();
    void whoWouldBeToldWhen();
    void optionsWinOverTheEnvironment();

private:
    test::Tool m_tool;
};

void TestCli::initTestCase() {
    QVERIFY2(QFile::exists(qEnvironmentVariable("TOCSIN_BINARY")), "build the target tocsin first");
}

void TestCli::exitStatus_data() {
    QTest::addColumn<QStringList>("args");
    QTest::addColumn<int>("status");
    const auto row = [](const char* args, int status) {
        QTest::newRow(args) << QString::fromLatin1(args).split(QLatin1Char(' ')) << status;
    };
    row("--help", 0);
    row("--version", 0);
    row("check --help", 0);
    row("query --help", 0);
    row("nonsense", 2);
    row("check more", 2);
    row("check --bogus", 2);
    row("alerts more", 2);
    row("runbook", 2);
    row("runbook show", 2);
    row("runbook match nothing", 2);
    row("runbook show nothing", 1);
    row("query", 2);
    row("query primary", 2);
    row("query primary SELECT --format xml", 2);
    row("query primary DELETE --unlock", 2);
    row("query nobody SELECT", 1);
    row("probe nobody", 1);
    row("channel", 2);
    row("channel test", 2);
    row("channel test nowhere", 1);
    row("incident simulate --severity P9", 2);
    row("incident simulate --at soon", 2);
    row("incident simulate --for ever", 2);
    row("incident severity INC-1 P9", 2);
    row("incident escalate INC-1 --level up", 2);
    row("incident ack INC-1 --silence long", 2);
    row("incident export INC-1 INC-2", 2);
    row("incident declare --title t extra", 2);
    row("incident show INC-1 extra", 2);
    row("incident list extra", 2);
    row("incident stats extra", 2);
    row("incident simulate extra", 2);
    row("incident ack INC-1 INC-3", 2);
    row("incident export INC-1 --format xml", 2);
    row("incident export INC-1 --output out.doc", 2);
    row("incident export INC-1 --format md --json", 2);
    row("drill error-rate --rehearse", 2);
    row("check --workspace=", 2);
    row("runbook match alertname=", 2);
    row("secret", 2);
    row("secret set", 2);
    row("secret get a", 2);
}

void TestCli::exitStatus() {
    QFETCH(QStringList, args);
    QFETCH(int, status);
    m_tool.setWorkspace("workspace: {name: Test}\n");
    const test::Outcome outcome = m_tool.run(args);
    QCOMPARE(outcome.status, status);
    // Help goes to stdout, complaints to stderr.
    QCOMPARE(outcome.out.isEmpty(), status != 0);
    QCOMPARE(outcome.err.isEmpty(), status == 0);
}

void TestCli::missingWorkspaceIsSaid() {
    const QString nowhere = m_tool.path(QStringLiteral("nowhere"));
    for (const char* command : {"alerts", "probe", "check"}) {
        const test::Outcome outcome =
            m_tool.run({QStringLiteral("--workspace"), nowhere, QString::fromLatin1(command)});
        QCOMPARE(outcome.status, 1);
        QVERIFY((outcome.text() + outcome.err)
                    .contains(QStringLiteral("There is no tocsin.yaml in ") + nowhere));
    }
}

void TestCli::runbookList() {
    m_tool.setWorkspace("bundled: false\nrunbooks: [queue.md]\n");
    m_tool.write(QStringLiteral("queue.md"), kRunbook);
    const QJsonArray list =
        m_tool.run({QStringLiteral("runbook"), QStringLiteral("list"), QStringLiteral("--json")})
            .json()
            .array();
    QCOMPARE(list.size(), 1);
    QCOMPARE(list[0][u"title"].toString(), QStringLiteral("Queue is slow"));
    QCOMPARE(list[0][u"keys"].toArray(), QJsonArray{QStringLiteral("queue_slow")});
    QCOMPARE(list[0][u"file"].toString(), m_tool.path(QStringLiteral("queue.md")));
    QCOMPARE(list[0][u"line"].toInt(), 1);

    m_tool.setWorkspace("workspace: {name: Test}\n");
    QCOMPARE(
        m_tool.run({QStringLiteral("runbook"), QStringLiteral("list"), QStringLiteral("--json")})
            .json()
            .array()
            .size(),
        9);
}

void TestCli::runbookShow() {
    m_tool.setWorkspace("bundled: false\nrunbooks: [queue.md]\n");
    m_tool.write(QStringLiteral("queue.md"), kRunbook);
    const QJsonObject shown = m_tool
                                  .run({QStringLiteral("--json"), QStringLiteral("runbook"),
                                        QStringLiteral("show"), QStringLiteral("queue-is-slow")})
                                  .json()
                                  .object();
    const QJsonObject section = shown[u"sections"][0].toObject();
    QCOMPARE(section[u"kind"].toString(), QStringLiteral("immediate"));
    QCOMPARE(section[u"steps"].toArray().size(), 3);
    const QJsonValue sql = section[u"steps"][1][u"blocks"][0];
    QCOMPARE(sql[u"kind"].toString(), QStringLiteral("postgres"));
    QCOMPARE(sql[u"placeholders"].toArray(), QJsonArray{QStringLiteral("PID_HERE")});
    QVERIFY(sql[u"line"].toInt() > 0);
    QVERIFY(m_tool
                .run({QStringLiteral("runbook"), QStringLiteral("show"),
                      QStringLiteral("queue-is-slow")})
                .text()
                .contains(QStringLiteral("LLEN jobs")));
    m_tool.write(
        QStringLiteral("queue.md"),
        "# By hand\n\n**Alert:** `a` - x\n\n## Immediate actions\n\n1. **Call**\n\n   Ring "
        "the owner first.\n");
    QVERIFY(
        m_tool.run({QStringLiteral("runbook"), QStringLiteral("show"), QStringLiteral("by-hand")})
            .text()
            .contains(QStringLiteral("Ring the owner first.")));
}

void TestCli::runbookMatch() {
    m_tool.setWorkspace("bundled: false\nrunbooks: [queue.md]\n");
    m_tool.write(QStringLiteral("queue.md"), kRunbook);
    const QStringList match{QStringLiteral("runbook"), QStringLiteral("match")};
    const test::Outcome found =
        m_tool.run(match + QStringList{QStringLiteral("alertname=queue_slow")});
    QCOMPARE(found.status, 0);
    QVERIFY(found.text().startsWith(QStringLiteral("queue-is-slow\n")));
    const QJsonObject json = m_tool
                                 .run(match + QStringList{QStringLiteral("alertname=queue_slow"),
                                                          QStringLiteral("--json")})
                                 .json()
                                 .object();
    QCOMPARE(json[u"name"].toString(), QStringLiteral("queue-is-slow"));
    QVERIFY(json[u"reason"].toString().contains(QStringLiteral("queue_slow")));
    const test::Outcome none = m_tool.run(
        match + QStringList{QStringLiteral("alertname=other"), QStringLiteral("--json")});
    QCOMPARE(none.status, 1);
    QVERIFY(none.json()[u"name"].isNull());
}

void TestCli::probe() {
    support::StubHttp server;
    server.answer(QStringLiteral("/up"), {200, "{}"});
    server.answer(QStringLiteral("/down"), {503, "no"});
    m_tool.setWorkspace(
        "probes:\n  - {name: up, kind: http, url: " +
        server.url(QStringLiteral("/up")).toEncoded() +
        "}\n  - {name: down, kind: http, url: " + server.url(QStringLiteral("/down")).toEncoded() +
        "}\n  - {name: locked, kind: http, url: http://127.0.0.1:1, token: "
        "\"env:TOCSIN_NOBODY\"}\n");
    const test::Outcome all = m_tool.run({QStringLiteral("probe"), QStringLiteral("--json")});
    QCOMPARE(all.status, 1);
    const QJsonArray reports = all.json().array();
    QCOMPARE(reports.size(), 3);
    QCOMPARE(reports[0][u"name"].toString(), QStringLiteral("up"));
    QCOMPARE(reports[0][u"level"].toString(), QStringLiteral("ok"));
    QVERIFY(reports[0][u"checked_at"].toString().endsWith(QLatin1Char('Z')));
    QVERIFY(reports[0][u"latency_ms"].isDouble());
    QVERIFY(reports[1][u"level"].toString() != QStringLiteral("ok"));
    QCOMPARE(reports[2][u"level"].toString(), QStringLiteral("unknown"));
    QVERIFY(reports[2][u"summary"].toString().contains(QStringLiteral("TOCSIN_NOBODY")));

    const test::Outcome nobody =
        m_tool.run({QStringLiteral("probe"), QStringLiteral("nobody"), QStringLiteral("--json")});
    QCOMPARE(nobody.status, 1);
    QCOMPARE(nobody.json()[u"error"][u"code"].toString(), QStringLiteral("not_found"));

    const test::Outcome one = m_tool.run({QStringLiteral("probe"), QStringLiteral("up")});
    QCOMPARE(one.status, 0);
    QVERIFY(one.text().startsWith(QStringLiteral("NAME")));
    QVERIFY(!one.text().contains(QStringLiteral("down")));
}

void TestCli::alertsOfARealAlertmanager() {
    support::AlertmanagerServer server;
    QCOMPARE(server.start(), QString());
    QCOMPARE(server.post({QJsonObject{
                 {QStringLiteral("labels"),
                  QJsonObject{{QStringLiteral("alertname"), QStringLiteral("queue_slow")},
                              {QStringLiteral("severity"), QStringLiteral("critical")}}},
                 {QStringLiteral("annotations"),
                  QJsonObject{{QStringLiteral("summary"), QStringLiteral("97 jobs wait")}}}}}),
             200);
    m_tool.write(QStringLiteral("queue.md"), kRunbook);
    m_tool.setWorkspace(
        "bundled: false\nrunbooks: [queue.md]\nsources:\n  - {name: prod, kind: alertmanager, "
        "url: " +
        server.url().toEncoded() + "}\n");
    const test::Outcome outcome = m_tool.run({QStringLiteral("alerts"), QStringLiteral("--json")});
    QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    const QJsonObject source = outcome.json()[u"sources"][0].toObject();
    QCOMPARE(source[u"name"].toString(), QStringLiteral("prod"));
    QCOMPARE(source[u"state"].toString(), QStringLiteral("ok"));
    QVERIFY(source[u"age_s"].isDouble());
    QVERIFY(source[u"error"].isNull());
    const QJsonObject alert = outcome.json()[u"alerts"][0].toObject();
    QCOMPARE(alert[u"key"].toString(), QStringLiteral("queue_slow"));
    QCOMPARE(alert[u"severity"].toString(), QStringLiteral("critical"));
    QCOMPARE(alert[u"state"].toString(), QStringLiteral("firing"));
    QCOMPARE(alert[u"summary"].toString(), QStringLiteral("97 jobs wait"));
    QCOMPARE(alert[u"runbook"].toString(), QStringLiteral("queue-is-slow"));
    QCOMPARE(alert[u"labels"][u"alertname"].toString(), QStringLiteral("queue_slow"));
    QVERIFY(!alert[u"fingerprint"].toString().isEmpty());
    QVERIFY(alert[u"starts_at"].toString().endsWith(QLatin1Char('Z')));
    QVERIFY(m_tool.run({QStringLiteral("alerts")}).text().contains(QStringLiteral("97 jobs wait")));
}

void TestCli::aDeadSourceIsUnknown() {
    m_tool.setWorkspace(
        "bundled: false\nsources:\n  - {name: prod, kind: alertmanager, url: http://127.0.0.1:1}\n"
        "  - {name: locked, kind: alertmanager, url: http://127.0.0.1:1, password: "
        "\"env:TOCSIN_NOBODY\"}\n");
    const test::Outcome outcome = m_tool.run({QStringLiteral("alerts"), QStringLiteral("--json")});
    QCOMPARE(outcome.status, 1);
    const QJsonArray sources = outcome.json()[u"sources"].toArray();
    QCOMPARE(sources.size(), 2);
    for (const QJsonValue& source : sources) {
        QCOMPARE(source[u"state"].toString(), QStringLiteral("unknown"));
        QVERIFY(!source[u"error"].toString().isEmpty());
        QVERIFY(source[u"age_s"].isNull());
    }
    const test::Outcome lines = m_tool.run({QStringLiteral("alerts")});
    QVERIFY(!lines.text().contains(QStringLiteral("No alerts.")));
}

void TestCli::aSourceLeftOutIsUnknown() {
    m_tool.setWorkspace(
        "bundled: false\nsources:\n  - {name: prod, kind: alertmanger, url: http://127.0.0.1:1}\n");
    const test::Outcome outcome = m_tool.run({QStringLiteral("alerts"), QStringLiteral("--json")});
    QCOMPARE(outcome.status, 1);
    const QJsonValue source = outcome.json()[u"sources"][0];
    QCOMPARE(source[u"name"].toString(), QStringLiteral("prod"));
    QCOMPARE(source[u"state"].toString(), QStringLiteral("unknown"));
    QVERIFY(source[u"error"].toString().contains(QStringLiteral("alertmanger")));
    const test::Outcome lines = m_tool.run({QStringLiteral("alerts")});
    QVERIFY(!lines.text().contains(QStringLiteral("No alerts.")));
    QVERIFY2(lines.err.contains(QStringLiteral("prod is unknown")), qPrintable(lines.err));
}

void TestCli::aRuleThatMustHoldIsPending() {
    support::StubHttp server;
    server.answer(QStringLiteral("/metrics"), {200, "{\"waiting\": 97}"});
    m_tool.setWorkspace("bundled: false\nsources:\n  - {name: app, kind: metrics, url: " +
                        server.url(QStringLiteral("/metrics")).toEncoded() +
                        "}\nrules:\n  - {key: waiting, critical: \"> 10\", over: 5m}\n");
    const test::Outcome lines = m_tool.run({QStringLiteral("alerts")});
    QCOMPARE(lines.status, 0);
    QVERIFY2(lines.text().contains(QStringLiteral("pending")), lines.out.constData());
    QVERIFY2(lines.err.contains(QStringLiteral("tocsin serve")), qPrintable(lines.err));
}

void TestCli::anUnreadableWorkspaceIsNone() {
    m_tool.setWorkspace(QByteArray("\xff\x00\xfe\x80", 4));
    for (const char* command : {"alerts", "probe", "channel list", "serve", "incident simulate"}) {
        const QStringList words = QString::fromLatin1(command).split(QLatin1Char(' '));
        const test::Outcome outcome = m_tool.run(words + QStringList{QStringLiteral("--json")});
        QCOMPARE(outcome.status, 1);
        QCOMPARE(outcome.json()[u"error"][u"code"].toString(), QStringLiteral("config"));
        QVERIFY2(outcome.err.contains(m_tool.path(QStringLiteral("tocsin.yaml"))),
                 qPrintable(outcome.err));
    }
}

void TestCli::whoWouldBeToldWhen() {
    test::Tool tool;
    tool.setWorkspace(R"(channels:
  - {name: incidents, kind: discord, webhook: "env:HOOK", mentions: {a: "1", b: "2"}}
escalation:
  ack_timeout: 30m
  levels:
    - {name: One, after: 0m, mention: a, quiet: {from: "22:00", to: "07:00", zone: Europe/Berlin}}
    - {name: Two, after: 15m, mention: b}
)");
    const QStringList asked{
        QStringLiteral("incident"), QStringLiteral("simulate"), QStringLiteral("--severity"),
        QStringLiteral("P2"),       QStringLiteral("--at"),     QStringLiteral("2026-01-31T22:30Z"),
        QStringLiteral("--for"),    QStringLiteral("12h"),      QStringLiteral("--json")};
    const test::Outcome outcome = tool.run(asked);
    QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
    const QJsonArray lines = outcome.json().array();
    QCOMPARE(lines.size(), 3);
    QCOMPARE(lines[0][QStringLiteral("kind")].toString(), QStringLiteral("postpone"));
    QCOMPARE(lines[1][QStringLiteral("mention")].toString(), QStringLiteral("b"));
    QCOMPARE(lines[1][QStringLiteral("after_s")].toInt(), 900);
    QCOMPARE(lines[2][QStringLiteral("at")].toString(), QStringLiteral("2026-02-01T06:00:00.000Z"));
    const test::Outcome silent = tool.run(
        asked.mid(0, 8) + QStringList{QStringLiteral("--ack-after"), QStringLiteral("5m")});
    QVERIFY2(silent.text().contains(QStringLiteral("nobody has done anything for 30 min")),
             qPrintable(silent.text()));
}

void TestCli::optionsWinOverTheEnvironment() {
    m_tool.setWorkspace("bundled: false\nbroken: 1\n");
    test::Tool other;
    other.setWorkspace("bundled: false\n");
    const QString place = other.path(QStringLiteral("."));
    const QStringList check{QStringLiteral("check")};
    QCOMPARE(m_tool.run(check).status, 1);
    QCOMPARE(m_tool.run(QStringList{QStringLiteral("--workspace"), place} + check).status, 0);
    QCOMPARE(m_tool.run(check + QStringList{QStringLiteral("--workspace=") + place}).status, 0);
}

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
