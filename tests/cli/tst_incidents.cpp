// Every verb of `tocsin incident`, on a stand-in Discord and a real Alertmanager.
#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include "drill/standindiscord.h"
#include "tests/support/alertmanagerserver.h"
#include "tests/support/amtool.h"
#include "tool.h"

using namespace Qt::StringLiterals;
using tocsin::test::Outcome;
using tocsin::test::Tool;

class IncidentVerbsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void declaringPagesAndIsListed();
    void rulesProposeTheSeverity();
    void theLadderIsHandled();
    void notesAndPosts();
    void goesToPaperAndToAnotherMachine();
    void rolesAndTheCommand();
    void tasksGoTheirWay();
    void phasesAndTheAssessment();
    void attachAndDetach();
    void mergeAndReopen();
    void acknowledgingSilencesAtTheSource();
    void aSourceThatIsGoneIsSaid();
    void wrongUsageSaysHow_data();
    void wrongUsageSaysHow();
    void refusalsAreErrors();
    void aCopyIsOnlyRead();
    void anUnknownChannelIsRefusedFirst();
    void pagingNobodyIsSaid();
    void aDownChannelKeepsTheId();
    void textsFromOutsideAreNotObeyed();
    void withoutUserTheSystemSaysWho();

private:
    QJsonObject run(const QStringList& args, int status = 0);
    QString declare(const QString& title, const QStringList& more = {});
    QJsonObject shown(const QString& id) { return run({u"show"_s, id}); }
    QStringList kinds(const QString& id);
    void useAlertmanager(const QString& url);

    std::unique_ptr<Tool> m_tool;
    tocsin::drill::StandInDiscord m_discord;
    tocsin::support::AlertmanagerServer m_alertmanager;
    QString m_webhook;
};

void IncidentVerbsTest::initTestCase() {
    QVERIFY(m_discord.listen());
    m_webhook = m_discord.addWebhook(u"incidents"_s);
    QCOMPARE(m_alertmanager.start(), QString());
    QCOMPARE(m_alertmanager.post({QJsonObject{
                 {u"labels"_s, QJsonObject{{u"alertname"_s, u"error_rate"_s},
                                           {u"env"_s, u"staging"_s},
                                           {u"severity"_s, u"critical"_s}}},
                 {u"annotations"_s, QJsonObject{{u"summary"_s, u"Too many errors"_s}}}}}),
             200);
}

void IncidentVerbsTest::init() {
    m_tool = std::make_unique<Tool>();
    m_tool->environment.insert(u"HOOK"_s, m_webhook);
    m_tool->environment.insert(u"USER"_s, u"ada"_s);
    useAlertmanager(m_alertmanager.url().toString());
}

void IncidentVerbsTest::useAlertmanager(const QString& url) {
    m_tool->setWorkspace(
        "sources:\n"
        "  - {name: prod, kind: alertmanager, url: \"" +
        url.toUtf8() +
        "\", every: 1s, timeout: 2s}\n"
        "channels:\n"
        "  - {name: incidents, kind: discord, webhook: \"env:HOOK\"}\n"
        "escalation:\n"
        "  channel: incidents\n"
        "  levels:\n"
        "    - {name: Primary, after: 0m}\n"
        "    - {name: Lead, after: 30m}\n"
        "incidents:\n"
        "  severity:\n"
        "    - {labels: {env: staging}, propose: P4}\n");
}

QJsonObject IncidentVerbsTest::run(const QStringList& args, int status) {
    const Outcome outcome = m_tool->run(QStringList{u"incident"_s, u"--json"_s} + args);
    if (outcome.status != status)
        qWarning("%s: %d %s %s", qPrintable(args.join(u' ')), outcome.status,
                 outcome.out.constData(), qPrintable(outcome.err));
    return outcome.status == status ? outcome.json().object() : QJsonObject();
}

QString IncidentVerbsTest::declare(const QString& title, const QStringList& more) {
    return run(QStringList{u"declare"_s, u"--title"_s, title, u"--severity"_s, u"P2"_s} +
               more)[u"id"_s]
        .toString();
}

QStringList IncidentVerbsTest::kinds(const QString& id) {
    QStringList out;
    for (const auto& event : shown(id)[u"timeline"_s].toArray())
        out << event[u"kind"_s].toString();
    return out;
}

void IncidentVerbsTest::declaringPagesAndIsListed() {
    QCOMPARE(declare(u"Uploads fail"_s), u"INC-1"_s);
    const QJsonObject incident = shown(u"inc-1"_s);
    QCOMPARE(incident[u"severity"_s].toString(), u"P2"_s);
    QCOMPARE(incident[u"commander"_s].toString(), u"ada"_s);
    QCOMPARE(incident[u"levels"_s][0][u"state"_s].toString(), u"delivered"_s);
    const Outcome list = m_tool->run({u"incident"_s, u"list"_s, u"--json"_s});
    QCOMPARE(list.json().array().size(), 1);
}

void IncidentVerbsTest::rulesProposeTheSeverity() {
    const Outcome alerts = m_tool->run({u"alerts"_s, u"--json"_s});
    const QString fingerprint = alerts.json()[u"alerts"_s][0][u"fingerprint"_s].toString();
    QVERIFY2(!fingerprint.isEmpty(), alerts.out.constData());
    const QString id = run({u"declare"_s, u"--alert"_s, fingerprint})[u"id"_s].toString();
    QCOMPARE(shown(id)[u"severity"_s].toString(), u"P4"_s);
    QCOMPARE(shown(id)[u"title"_s].toString(), u"Too many errors"_s);
    QCOMPARE(shown(id)[u"keys"_s].toArray(), QJsonArray{u"error_rate"_s});
}

void IncidentVerbsTest::theLadderIsHandled() {
    const QString id = declare(u"Uploads fail"_s);
    run({u"hold"_s, id, u"--for"_s, u"15m"_s, u"--reason"_s, u"both are here"_s});
    QVERIFY(kinds(id).contains(u"held"_s));
    run({u"escalate"_s, id});
    QCOMPARE(shown(id)[u"levels"_s][1][u"state"_s].toString(), u"delivered"_s);
    run({u"ack"_s, id, u"--by"_s, u"ben"_s});
    QVERIFY(shown(id)[u"acknowledged_at"_s].isString());
    run({u"resolve"_s, id, u"restarted"_s, u"the"_s, u"worker"_s, u"--verify"_s, u"10m"_s});
    const QJsonObject after = shown(id);
    QCOMPARE(after[u"phase"_s].toString(), u"post-mortem"_s);
    QCOMPARE(after[u"fix"_s].toString(), u"restarted the worker"_s);
    QCOMPARE(after[u"verify_s"_s].toInt(), 600);
}

void IncidentVerbsTest::notesAndPosts() {
    const QString id = declare(u"Uploads fail"_s);
    run({u"note"_s, id, u"pool at 97"_s});
    run({u"post"_s, id, u"We are looking."_s});
    QVERIFY(kinds(id).contains(u"note"_s));
    QCOMPARE(m_discord.posted().last().content, u"We are looking."_s);
    const Outcome exported = m_tool->run({u"incident"_s, u"export"_s, id, u"--format"_s, u"md"_s});
    QVERIFY(exported.out.contains("pool at 97"));
}

void IncidentVerbsTest::goesToPaperAndToAnotherMachine() {
    const QString id = declare(u"Uploads fail"_s);
    run({u"resolve"_s, id, u"restarted"_s});
    QTemporaryDir folder;
    const auto path = [&](const char* name) { return folder.filePath(QString::fromLatin1(name)); };
    run({u"export"_s, id, u"--output"_s, path("a.pdf")});
    run({u"export"_s, id, u"--output"_s, path("a.md")});
    run({u"export"_s, id, u"--output"_s, path("a.json")});
    QVERIFY(QFileInfo(path("a.pdf")).size() > 5000);
    QVERIFY(QFile::exists(path("a-timeline.svg")));
    const QString other = path("other");
    const Outcome imported =
        m_tool->run({u"incident"_s, u"import"_s, path("a.json"), u"--json"_s, u"--data"_s, other});
    QCOMPARE(imported.status, 0);
    QCOMPARE(QJsonDocument::fromJson(imported.out)[u"from"_s].toString(), id);
    const Outcome twice =
        m_tool->run({u"incident"_s, u"import"_s, path("a.json"), u"--data"_s, other});
    QCOMPARE(twice.status, 1);
    QVERIFY(twice.err.contains("is here already"));
    const Outcome stats = m_tool->run({u"incident"_s, u"stats"_s, u"--json"_s, u"--data"_s, other});
    QCOMPARE(QJsonDocument::fromJson(stats.out)[u"all"_s][u"count"_s].toInt(), 1);
}

void IncidentVerbsTest::rolesAndTheCommand() {
    const QString id = declare(u"Uploads fail"_s);
    run({u"role"_s, id, u"scribe"_s, u"ben"_s});
    run({u"role"_s, id, u"specialist"_s, u"kim"_s, u"(database)"_s});
    QCOMPARE(shown(id)[u"roles"_s].toArray().size(), 2);
    QCOMPARE(shown(id)[u"roles"_s][1][u"name"_s].toString(), u"kim (database)"_s);
    run({u"role"_s, id, u"scribe"_s, u"--remove"_s});
    QCOMPARE(shown(id)[u"roles"_s].toArray().size(), 1);
    run({u"role"_s, id, u"commander"_s, u"eva"_s, u"--reason"_s, u"pool still full"_s});
    QCOMPARE(shown(id)[u"commander"_s].toString(), u"eva"_s);
    QVERIFY(m_discord.posted().last().content.contains(u"eva takes command"_s));
    QVERIFY(m_discord.posted().last().content.contains(u"pool still full"_s));
}

void IncidentVerbsTest::tasksGoTheirWay() {
    const QString id = declare(u"Uploads fail"_s);
    QCOMPARE(run({u"task"_s, id, u"add"_s, u"check"_s, u"deploys"_s, u"--owner"_s, u"ben"_s,
                  u"--for"_s, u"15m"_s, u"--check-back"_s, u"5m"_s})[u"task"_s]
                 .toInt(),
             1);
    run({u"task"_s, id, u"add"_s, u"call the vendor"_s});
    run({u"task"_s, id, u"check"_s, u"1"_s, u"still reading"_s, u"--check-back"_s, u"10m"_s});
    run({u"task"_s, id, u"pass"_s, u"1"_s, u"kim"_s});
    run({u"task"_s, id, u"done"_s, u"1"_s, u"none today"_s});
    run({u"task"_s, id, u"drop"_s, u"2"_s});
    const QJsonArray tasks = shown(id)[u"tasks"_s].toArray();
    QCOMPARE(tasks.size(), 2);
    QCOMPARE(tasks[0][u"owner"_s].toString(), u"kim"_s);
    QCOMPARE(tasks[0][u"outcome"_s].toString(), u"none today"_s);
    QVERIFY(tasks[1][u"dropped"_s].toBool());
    QCOMPARE(kinds(id).count(u"task-checked"_s), 2);
}

void IncidentVerbsTest::phasesAndTheAssessment() {
    const QString id = declare(u"Uploads fail"_s);
    run({u"phase"_s, id, u"investigate"_s});
    run({u"assess"_s, id, u"--impact"_s, u"no uploads"_s, u"--error-rate"_s, u"7.4 %"_s});
    QCOMPARE(shown(id)[u"phase"_s].toString(), u"investigate"_s);
    QCOMPARE(shown(id)[u"assessment"_s][u"error_rate"_s].toString(), u"7.4 %"_s);
}

void IncidentVerbsTest::attachAndDetach() {
    const QString id = declare(u"Uploads fail"_s);
    run({u"attach"_s, id, u"--alert"_s, u"prod/abc"_s, u"--key"_s, u"error_rate"_s});
    QCOMPARE(shown(id)[u"alerts"_s].toArray(), QJsonArray{u"prod/abc"_s});
    run({u"detach"_s, id, u"--alert"_s, u"prod/abc"_s});
    QCOMPARE(shown(id)[u"alerts"_s].toArray().size(), 0);
    QCOMPARE(shown(id)[u"keys"_s].toArray(), QJsonArray{u"error_rate"_s});
    run({u"attach"_s, id, u"--alert"_s, u"prod/abc"_s});
    QCOMPARE(shown(id)[u"alerts"_s].toArray().size(), 1);
}

void IncidentVerbsTest::mergeAndReopen() {
    const QString first = declare(u"Uploads fail"_s), second = declare(u"Pool full"_s);
    run({u"merge"_s, first, second});
    QCOMPARE(shown(first)[u"merged_into"_s].toString(), second);
    QCOMPARE(shown(first)[u"levels"_s][1][u"state"_s].toString(), u"cancelled"_s);
    QVERIFY(kinds(second).contains(u"absorbed"_s));
    run({u"resolve"_s, second, u"restarted"_s});
    run({u"reopen"_s, second, u"it came back"_s});
    const QJsonObject again = shown(second);
    QCOMPARE(again[u"phase"_s].toString(), u"acknowledge"_s);
    QCOMPARE(again[u"reopenings"_s].toInt(), 1);
    QCOMPARE(again[u"levels"_s][0][u"state"_s].toString(), u"delivered"_s);
}

void IncidentVerbsTest::acknowledgingSilencesAtTheSource() {
    const QString fingerprint =
        m_tool->run({u"alerts"_s, u"--json"_s}).json()[u"alerts"_s][0][u"fingerprint"_s].toString();
    const QString id = run({u"declare"_s, u"--alert"_s, fingerprint})[u"id"_s].toString();
    run({u"ack"_s, id});
    const QJsonArray active = tocsin::support::activeSilences(m_alertmanager.url()).array();
    QCOMPARE(active.size(), 1);
    QCOMPARE(active[0][u"comment"_s].toString(), id + u" Too many errors"_s);
    QCOMPARE(active[0][u"createdBy"_s].toString(), u"ada"_s);
    QCOMPARE(shown(id)[u"silences"_s][0][u"id"_s].toString(), active[0][u"id"_s].toString());
    run({u"resolve"_s, id, u"fixed"_s});
    QCOMPARE(tocsin::support::activeSilences(m_alertmanager.url()).array().size(), 0);
    QVERIFY(kinds(id).contains(u"unsilenced"_s));
}

void IncidentVerbsTest::aSourceThatIsGoneIsSaid() {
    const QString fingerprint =
        m_tool->run({u"alerts"_s, u"--json"_s}).json()[u"alerts"_s][0][u"fingerprint"_s].toString();
    const QString id = run({u"declare"_s, u"--alert"_s, fingerprint})[u"id"_s].toString();
    useAlertmanager(u"http://127.0.0.1:1"_s);
    run({u"ack"_s, id});  // the acknowledgement itself is not kept from anybody
    QVERIFY(shown(id)[u"acknowledged_at"_s].isString());
    QCOMPARE(shown(id)[u"silences"_s].toArray().size(), 0);
}

void IncidentVerbsTest::wrongUsageSaysHow_data() {
    QTest::addColumn<QStringList>("args");
    QTest::newRow("no role") << QStringList{u"role"_s, u"INC-1"_s, u"boss"_s, u"ben"_s};
    QTest::newRow("nobody") << QStringList{u"role"_s, u"INC-1"_s, u"scribe"_s};
    QTest::newRow("no phase") << QStringList{u"phase"_s, u"INC-1"_s, u"panic"_s};
    QTest::newRow("no task verb") << QStringList{u"task"_s, u"INC-1"_s, u"do"_s};
    QTest::newRow("no number") << QStringList{u"task"_s, u"INC-1"_s, u"done"_s, u"x"_s};
    QTest::newRow("nothing to attach") << QStringList{u"attach"_s, u"INC-1"_s};
    QTest::newRow("merge into nothing") << QStringList{u"merge"_s, u"INC-1"_s};
    QTest::newRow("no duration") << QStringList{u"resolve"_s, u"INC-1"_s, u"--verify"_s, u"soon"_s};
    QTest::newRow("empty note") << QStringList{u"note"_s, u"INC-1"_s, u""_s};
    QTest::newRow("no verb") << QStringList{u"explode"_s, u"INC-1"_s};
}

void IncidentVerbsTest::wrongUsageSaysHow() {
    QFETCH(QStringList, args);
    const Outcome outcome = m_tool->run(QStringList{u"incident"_s} + args);
    QCOMPARE(outcome.status, 2);
    QVERIFY(!outcome.err.isEmpty());
}

void IncidentVerbsTest::refusalsAreErrors() {
    const QString id = declare(u"Uploads fail"_s);
    QCOMPARE(run({u"task"_s, id, u"done"_s, u"7"_s}, 1)[u"error"_s][u"code"_s].toString(),
             u"not_found"_s);
    QCOMPARE(run({u"reopen"_s, id}, 1)[u"error"_s][u"code"_s].toString(), u"refused"_s);
    QCOMPARE(run({u"merge"_s, id, id}, 1)[u"error"_s][u"code"_s].toString(), u"refused"_s);
    QCOMPARE(run({u"note"_s, u"INC-99"_s, u"x"_s}, 1)[u"error"_s][u"code"_s].toString(),
             u"not_found"_s);
}

void IncidentVerbsTest::aCopyIsOnlyRead() {
    const QString id = declare(u"Uploads fail"_s);
    run({u"resolve"_s, id, u"restarted"_s});
    QTemporaryDir folder;
    const QString file = folder.filePath(u"a.json"_s), other = folder.filePath(u"other"_s);
    run({u"export"_s, id, u"--output"_s, file});
    QCOMPARE(m_tool->run({u"incident"_s, u"import"_s, file, u"--data"_s, other}).status, 0);
    const Outcome acted = m_tool->run({u"incident"_s, u"ack"_s, id, u"--data"_s, other});
    QCOMPARE(acted.status, 1);
    QVERIFY2(acted.err.contains(u"a copy to read, imported from "_s + id), qPrintable(acted.err));
}

void IncidentVerbsTest::anUnknownChannelIsRefusedFirst() {
    QCOMPARE(run({u"declare"_s, u"--title"_s, u"x"_s, u"--channel"_s, u"nope"_s},
                 1)[u"error"_s][u"code"_s]
                 .toString(),
             u"not_found"_s);
    QCOMPARE(m_tool->run({u"incident"_s, u"list"_s, u"--json"_s}).json().array().size(), 0);
    const QString id = declare(u"Uploads fail"_s);
    const qsizetype before = kinds(id).size();
    run({u"post"_s, id, u"hello"_s, u"--channel"_s, u"nope"_s}, 1);
    QCOMPARE(kinds(id).size(), before);
}

void IncidentVerbsTest::pagingNobodyIsSaid() {
    const QStringList args{u"incident"_s, u"declare"_s, u"--title"_s, u"Uploads fail"_s};
    QVERIFY(!m_tool->run(args).err.contains(u"Nobody is paged"_s));
    m_tool->setWorkspace("bundled: false\n");
    const Outcome outcome = m_tool->run(args);
    QCOMPARE(outcome.status, 0);
    QCOMPARE(outcome.text(), u"INC-2\n"_s);
    QVERIFY2(outcome.err.contains(u"Nobody is paged: the workspace has no channels."_s),
             qPrintable(outcome.err));
}

void IncidentVerbsTest::aDownChannelKeepsTheId() {
    m_tool->environment.insert(u"HOOK"_s, u"http://127.0.0.1:1/api/webhooks/1/abc"_s);
    m_tool->setWorkspace(
        "channels:\n"
        "  - {name: incidents, kind: discord, webhook: \"env:HOOK\", base: "
        "\"http://127.0.0.1:1\"}\n"
        "escalation:\n  levels:\n    - {name: Primary, after: 0m}\n");
    QProcess process;
    process.setProcessEnvironment(m_tool->environment);
    process.start(qEnvironmentVariable("TOCSIN_BINARY"),
                  {u"incident"_s, u"declare"_s, u"--title"_s, u"Uploads fail"_s});
    QTRY_COMPARE_WITH_TIMEOUT(process.peek(100), QByteArray("INC-1\n"), 20000);
    process.kill();
    process.waitForFinished();
}

void IncidentVerbsTest::textsFromOutsideAreNotObeyed() {
    declare(u"Bad\x1b[2J\nINC-9"_s);
    const Outcome list = m_tool->run({u"incident"_s, u"list"_s});
    QVERIFY2(list.text().contains(uR"(Bad\x1b[2J)"_s), list.out.constData());
    QCOMPARE(list.out.count('\n'), 2);
}

void IncidentVerbsTest::withoutUserTheSystemSaysWho() {
    QTemporaryDir home;
    m_tool->environment.remove(u"USER"_s);
    m_tool->environment.insert(u"HOME"_s, home.path());
    const QString commander = shown(declare(u"Uploads fail"_s))[u"commander"_s].toString();
    QVERIFY(!commander.isEmpty());
    QVERIFY(commander != QFileInfo(home.path()).fileName());
}

QTEST_GUILESS_MAIN(IncidentVerbsTest)
#include "tst_incidents.moc"
