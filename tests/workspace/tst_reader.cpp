#include <QTemporaryDir>
#include <QTest>

#include "schemas.h"
#include "workspace/reader.h"

using namespace tocsin;
using namespace tocsin::workspace;
using namespace std::chrono_literals;

class TestReader : public QObject {
    Q_OBJECT
private slots:
    void readsTheWholeReference();
    void manyMistakesAtOnce();
    void oneMistake_data();
    void oneMistake();
    void literalSecretSaysHowToStoreIt();
    void literalSecretIsNeverRepeated_data();
    void literalSecretIsNeverRepeated();
    void environmentIsProductionUnlessSaidOtherwise_data();
    void environmentIsProductionUnlessSaidOtherwise();
    void aBrokenLevelStaysInTheLadder();
    void aFallbackThatCannotCallIsWarnedOf();
    void levelsThatRest();
    void aLevelWithWrongQuietHoursDoesNotRest_data();
    void aLevelWithWrongQuietHoursDoesNotRest();
    void otherWordsOfTheLadder();
    void sourcesLeftOutAreKept_data();
    void sourcesLeftOutAreKept();
    void whatIsFlawedIsKept();
    void whatIsNotReadAtAll_data();
    void whatIsNotReadAtAll();
    void missingFile();
    void emptyFile();
    void aFolderInPlaceOfTheFile();
    void theFileItselfMayBeNamed();
    void anyBytesAreSurvived();

private:
    Workspace parse(const QByteArray& yaml) {
        return parseWorkspace(yaml, m_folder.path(), test::plugins());
    }

    QTemporaryDir m_folder;
};

static const QByteArray kReference = R"(workspace: {name: Studio}
runbooks: [.]
bundled: false
sources:
  - {name: prod, kind: alertmanager, url: http://127.0.0.1:9093, every: 15s, labels: {team: video}, receivers: [a, b]}
  - {name: app,  kind: metrics, url: http://localhost:3001/api/metrics}
rules:
  - {key: error_rate, metric: errors, warning: "> 2%", critical: "> 5%", over: 5m}
connections:
  - {name: primary, kind: postgres, url: "postgresql://oncall@db:5432/app", password: "keychain:primary", environment: staging, rows: 50, tls: no, mode: plain}
  - {name: cache, kind: redis, url: "rediss://cache:6380/0", password: "env:REDIS_PASSWORD"}
probes:
  - {name: Mux, kind: statuspage, url: https://status.mux.com}
channels:
  - {name: incidents, kind: discord, webhook: "file:hook", mentions: {on-call-primary: "111", team: 333}}
escalation:
  channel: incidents
  levels:
    - {name: Primary, after: 0m, mention: on-call-primary}
    - {name: Lead, after: 30m, mention: team, repeat: 15m}
  start: {P1: 2}
variables: {repo: acme/app}
)";

void TestReader::readsTheWholeReference() {
    const Workspace w = parse(kReference);
    for (const Mistake& mistake : w.mistakes)
        qWarning() << mistake.line << mistake.message;
    QVERIFY(w.mistakes.isEmpty());
    QCOMPARE(w.name, QStringLiteral("Studio"));
    QVERIFY(!w.bundled);
    QCOMPARE(w.runbooks, QStringList{m_folder.path()});
    QCOMPARE(w.sources.size(), 2);
    QCOMPARE(w.sources[0].settings.duration(QStringLiteral("every")), 15000ms);
    QCOMPARE(w.sources[0].settings.map(QStringLiteral("labels")).value(QStringLiteral("team")),
             QStringLiteral("video"));
    QCOMPARE(w.sources[0].settings.list(QStringLiteral("receivers")).size(), 2);
    QCOMPARE(w.sources[0].line, 5);
    QCOMPARE(w.sources[1].settings.duration(QStringLiteral("every")), 10000ms);
    QCOMPARE(w.connections[0].settings.text(QStringLiteral("environment")),
             QStringLiteral("staging"));
    QCOMPARE(w.connections[0].settings.number(QStringLiteral("rows")), 50.0);
    QCOMPARE(w.connections[0].settings.flag(QStringLiteral("tls")), false);
    QCOMPARE(w.connections[0].settings.text(QStringLiteral("mode")), QStringLiteral("plain"));
    QCOMPARE(w.connections[0].secrets.value(QStringLiteral("password")).text(),
             QStringLiteral("keychain:primary"));
    QCOMPARE(w.connections[1].settings.text(QStringLiteral("environment")),
             QStringLiteral("production"));
    QCOMPARE(w.connections[1].settings.flag(QStringLiteral("tls")), true);
    QCOMPARE(w.connections[1].settings.text(QStringLiteral("mode")), QStringLiteral("strict"));
    QCOMPARE(w.channels[0].secrets.value(QStringLiteral("webhook")).name,
             m_folder.filePath(QStringLiteral("hook")));
    QCOMPARE(w.rules[0].over, 300000ms);
    QCOMPARE(w.rules[0].metric, QStringLiteral("errors"));
    QCOMPARE(w.escalation.levels.size(), 2);
    QCOMPARE(w.escalation.levels[1].repeat, std::optional<std::chrono::milliseconds>(15min));
    QCOMPARE(w.escalation.start.value(QStringLiteral("P1")), 2);
    QCOMPARE(w.variables.value(QStringLiteral("repo")), QStringLiteral("acme/app"));
}

void TestReader::manyMistakesAtOnce() {
    const Workspace w = parse(R"(workspace: {name: Studio}
runbook: [runbooks]
runbooks: [nowhere]
sources:
  - {name: prod, kind: alertmanger, url: http://a}
  - {name: app, kind: metrics, url: http://a, every: 15}
  - {name: app, kind: metrics, url: http://b}
  - {name: good, kind: metrics, url: http://b, evry: 10s}
  - {kind: metrics, url: http://b}
connections:
  - {name: primary, kind: postgres, url: "postgresql://oncall:hunter22@db/app"}
  - {name: cache, kind: redis, url: cache:6380, password: swordfish}
  - {name: other, kind: redis, url: "redis://x", tls: maybe, rows: many}
rules:
  - {key: error_rate, warning: "2 percent"}
channels:
  - {name: incidents, kind: discord, webhook: "env:HOOK", mentions: {primary: "1"}}
escalation:
  channel: incident
  levels:
    - {name: One, after: 0m, mention: primry}
    - {name: Two, after: soon}
  start: {P1: 3, P9: 1}
variables: [a]
)");
    struct Expected {
        int line, column;
        const char* rule;
    };
    const Expected expected[] = {
        {2, 1, "unknown-key"},      {3, 12, "missing-path"},     {5, 24, "unknown-kind"},
        {6, 54, "bad-duration"},    {7, 12, "duplicate-name"},   {8, 48, "unknown-key"},
        {9, 5, "missing-key"},      {11, 42, "literal-secret"},  {12, 37, "bad-url"},
        {12, 59, "literal-secret"}, {13, 55, "wrong-type"},      {13, 68, "bad-number"},
        {15, 32, "bad-threshold"},  {19, 12, "unknown-channel"}, {21, 39, "unknown-mention"},
        {22, 26, "bad-duration"},   {23, 15, "bad-start"},       {23, 18, "unknown-key"},
        {24, 12, "wrong-type"},
    };
    QStringList got, wanted;
    for (const Mistake& m : w.mistakes) {
        got << QStringLiteral("%1:%2 %3").arg(m.line).arg(m.column).arg(m.rule);
        QVERIFY(!m.message.isEmpty());
        QVERIFY(m.file.endsWith(QStringLiteral("tocsin.yaml")));
    }
    for (const Expected& e : expected)
        wanted << QStringLiteral("%1:%2 %3").arg(e.line).arg(e.column).arg(QLatin1String(e.rule));
    QCOMPARE(got, wanted);

    // What is right still works.
    QCOMPARE(w.name, QStringLiteral("Studio"));
    QCOMPARE(w.sources.size(), 1);
    QCOMPARE(w.sources[0].settings.name, QStringLiteral("good"));
    QVERIFY(w.connections.isEmpty());
    QCOMPARE(w.channels.size(), 1);
    QCOMPARE(w.escalation.channel, QStringLiteral("incidents"));
    QCOMPARE(w.escalation.levels.size(), 2);
}

void TestReader::oneMistake_data() {
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QString>("says");

    const auto row = [](const char* name, const char* yaml, int line, int column, const char* rule,
                        const char* says) {
        QTest::newRow(name) << QByteArray(yaml) << line << column << QString::fromLatin1(rule)
                            << QString::fromUtf8(says);
    };
    row("did you mean", "conections: []\n", 1, 1, "unknown-key", "connections");
    row("kinds that exist", "sources:\n  - {name: a, kind: nagios, url: http://x}\n", 2, 21,
        "unknown-kind", "alertmanager, metrics");
    row("entry is no map", "sources: [prod]\n", 1, 11, "wrong-type", "name and kind");
    row("section is no list", "sources: {name: a}\n", 1, 10, "wrong-type", "list");
    row("columns count characters", "sources: [{name: \"größe\", kind: x}]\n", 1, 33,
        "unknown-kind", "alertmanager");
    row("missing url", "sources:\n  - {name: a, kind: metrics}\n", 2, 5, "missing-key", "url");
    row("missing kind", "sources:\n  - {name: a}\n", 2, 5, "missing-key", "kind");
    row("name with a slash", "sources:\n  - {name: a/b, kind: metrics, url: http://x}\n", 2, 12,
        "bad-name", "a-b");
    row("choice", "connections:\n  - {name: a, kind: redis, url: redis://x, mode: strct}\n", 2, 50,
        "bad-choice", "strict");
    row("quoted switch", "connections:\n  - {name: a, kind: redis, url: redis://x, tls: \"yes\"}\n",
        2, 49, "wrong-type", "true or false");
    row("what was written", "sources:\n  - {name: a, kind: metrics, url: http://x, every: 5 min}\n",
        2, 52, "bad-duration", "not “5 min”");
    row("never", "sources:\n  - {name: a, kind: metrics, url: http://x, every: 0s}\n", 2, 52,
        "bad-duration", "above zero");
    row("scheme", "sources:\n  - {name: a, kind: metrics, url: ftp://x}\n", 2, 35, "bad-url",
        "begins with http:// or https://, not “ftp://x”");
    row("mention id",
        "channels:\n  - {name: a, kind: discord, webhook: \"env:W\", mentions: {b: \"@oncall\"}}\n",
        2, 62, "bad-value", "must be a map of names to ids, not “@oncall”");
    row("signals through nobody",
        "connections:\n  - {name: a, kind: redis, url: redis://x, signal_through: b}\n", 2, 60,
        "unknown-connection", "no connection “b”");
    row("nearly production",
        "connections:\n  - {name: a, kind: redis, url: redis://x, environment: prodution}\n", 2, 57,
        "environment", "not production");
    row("limits exchanged", "rules:\n  - {key: a, warning: \"> 5%\", critical: \"> 2%\"}\n", 2, 23,
        "limit-order", "the warning never shows");
    row("limits in other units", "rules:\n  - {key: a, warning: \"> 2s\", critical: \"> 500ms\"}\n",
        2, 23, "limit-order", "never shows");
    row("bad limit", "rules:\n  - {key: a, warning: lots}\n", 2, 23, "bad-threshold", "not “lots”");
    row("slower than it waits",
        "probes:\n  - {name: a, kind: http, url: http://x, slow: 5s, timeout: 2s}\n", 2, 48,
        "slow-timeout", "gives up after 2s");
#define LADDER                                                                   \
    "channels:\n  - {name: a, kind: discord, webhook: \"env:W\"}\nescalation:\n" \
    "  channel: a\n  levels:\n"
    row("zone",
        LADDER
        "    - {name: b, after: 0m, quiet: {from: \"22:00\", to: \"7:00\", zone: Europe/Berlni}}\n",
        6, 69, "bad-zone", "not “Europe/Berlni”. Did you mean “Europe/Berlin”?");
#undef LADDER
    row("list for text", "sources:\n  - {name: a, kind: metrics, url: [http://x]}\n", 2, 35,
        "wrong-type", "address");
    row("map holds a map",
        "sources:\n  - {name: a, kind: metrics, url: http://x, labels: {a: {b: c}}}\n", 2, 57,
        "wrong-type", "map of names to text");
    row("reference without a name",
        "connections:\n  - {name: a, kind: redis, url: redis://x, password: \"env:\"}\n", 2, 54,
        "bad-secret", "env:");
    row("bundled", "bundled: perhaps\n", 1, 10, "wrong-type", "true or false");
    row("rule without limits", "rules:\n  - {key: a}\n", 2, 5, "missing-key", "warning");
    row("rule with a bad time", "rules:\n  - {key: a, warning: \"> 1\", over: 5 min}\n", 2, 36,
        "bad-duration", "5m");
    row("rule twice", "rules:\n  - {key: a, warning: \"> 1\"}\n  - {key: a, warning: \"> 2\"}\n", 3,
        5, "duplicate-name", "a");
    row("escalation without a channel", "escalation:\n  levels: []\n", 2, 3, "missing-key",
        "channel");
    row("channel without an address", "channels:\n  - {name: a, kind: discord}\n", 2, 5,
        "missing-key", "“webhook”, or “bot” and “channel_id”");
    row("bot without its channel", "channels:\n  - {name: a, kind: discord, bot: \"env:B\"}\n", 2,
        5, "missing-key", "“channel_id”");
    row("webhook and bot",
        "channels:\n  - {name: a, kind: discord, webhook: \"env:W\", bot: \"env:B\"}\n", 2, 5,
        "too-many-keys", "keep one");
    row("unknown fallback",
        "channels:\n  - {name: a, kind: discord, webhook: \"env:W\", fallback: b}\n", 2, 58,
        "unknown-channel", "no channel “b”");
    row("its own fallback",
        "channels:\n  - {name: a, kind: discord, webhook: \"env:W\", fallback: a}\n", 2, 58,
        "unknown-channel", "itself");
#define FEED_HEAD "channels:\n  - {name: a, kind: discord, webhook: \"env:W\"}\n"
    row("feed to an unknown channel", FEED_HEAD "feed: {channel: b}\n", 3, 17, "unknown-channel",
        "no channel “b”");
    row("feed without a channel", FEED_HEAD "feed: {every: 10s}\n", 3, 7, "missing-key", "channel");
    row("feed too often", FEED_HEAD "feed: {channel: a, every: 1s}\n", 3, 27, "bad-duration",
        "at least 2s");
    row("feed of no messages", FEED_HEAD "feed: {channel: a, messages: 0}\n", 3, 30, "wrong-type",
        "from 1 to 50");
    row("feed's sound", FEED_HEAD "feed: {channel: a, silent_below: loud}\n", 3, 34,
        "unknown-severity", "critical, warning or info");
    row("feed's unknown key", FEED_HEAD "feed: {channel: a, chanel: a}\n", 3, 20, "unknown-key",
        "channel");
#undef FEED_HEAD
    row("unknown placeholder", "templates: {card: \"{{incident}} {{titel}}\"}\n", 1, 33,
        "unknown-placeholder", "Did you mean “title”?");
    row("unknown placeholder further down",
        "templates:\n  feed: |\n    {{key}}\n    of {{key}} {{bogus}}\n", 4, 16,
        "unknown-placeholder", "bogus");
    row("unclosed placeholder", "templates:\n  page: \"{{title\"\n", 2, 10, "unclosed-placeholder",
        "}}");
    row("update without its text", "templates: {update: hello}\n", 1, 21, "missing-placeholder",
        "{{text}}");
    row("unknown template", "templates: {paeg: hello}\n", 1, 13, "unknown-key", "page");
    row("template of no text", "templates: {page: [a]}\n", 1, 19, "wrong-type", "must be text");
    row("runbook base", "runbook_base: wiki\n", 1, 15, "wrong-type", "web address");
    row("duplicate key", "bundled: true\nbundled: false\n", 2, 1, "duplicate-key", "bundled");
    row("tab", "sources:\n\t- {name: a}\n", 2, 1, "tab-indent", "spaces");
    row("unclosed bracket", "bundled: true\nsources: [\n", 3, 1, "yaml-syntax", "");
    row("not a map", "- a\n- b\n", 1, 1, "wrong-type", "map of sections");
    row("plain text", "hello\n", 1, 1, "wrong-type", "map of sections");
    row("second document", "bundled: true\n---\nbad: [\n", 0, 0, "second-document", "first");
}

void TestReader::oneMistake() {
    QFETCH(QByteArray, yaml);
    QFETCH(int, line);
    QFETCH(int, column);
    QFETCH(QString, rule);
    QFETCH(QString, says);
    const Workspace w = parse(yaml);
    QCOMPARE(w.mistakes.size(), 1);
    const Mistake& mistake = w.mistakes.first();
    QCOMPARE(mistake.rule, rule);
    QCOMPARE(mistake.line, line);
    QCOMPARE(mistake.column, column);
    QVERIFY2(mistake.message.contains(says), qPrintable(mistake.message));
}

void TestReader::literalSecretSaysHowToStoreIt() {
    const Workspace w = parse(
        "channels:\n  - {name: Incident Room, kind: discord, webhook: "
        "\"https://discord.com/api/webhooks/123/abcDEF\"}\n");
    QCOMPARE(w.mistakes.size(), 1);
    const Mistake& mistake = w.mistakes.first();
    QCOMPARE(mistake.rule, QStringLiteral("literal-secret"));
    for (const char* part : {"`tocsin secret set discord-incident-room`",
                             "webhook: \"keychain:discord-incident-room\"", "env:", "file:"})
        QVERIFY2(mistake.message.contains(QLatin1String(part)), qPrintable(mistake.message));
    QVERIFY(w.channels.isEmpty());
}

void TestReader::literalSecretIsNeverRepeated_data() {
    QTest::addColumn<QByteArray>("yaml");
    QTest::newRow("password") << QByteArray(
        "connections:\n  - {name: a, kind: redis, url: redis://x, password: sw0rdfish}\n");
    QTest::newRow("password in the address")
        << QByteArray("connections:\n  - {name: a, kind: redis, url: \"redis://u:sw0rdfish@x\"}\n");
    QTest::newRow("password without a user")
        << QByteArray("connections:\n  - {name: a, kind: redis, url: \"redis://:sw0rdfish@x\"}\n");
    QTest::newRow("password in the query") << QByteArray(
        "connections:\n  - {name: a, kind: postgres, url: "
        "\"postgresql://db/app?user=a&password=sw0rdfish\"}\n");
    QTest::newRow("webhook") << QByteArray(
        "channels:\n  - {name: a, kind: discord, webhook: "
        "\"https://x/api/webhooks/12/sw0rdfish\"}\n");
    QTest::newRow("webhook as address") << QByteArray(
        "sources:\n  - {name: a, kind: metrics, url: \"https://x/webhooks/12/sw0rdfish\"}\n");
    QTest::newRow("map") << QByteArray(
        "sources:\n  - {name: a, kind: metrics, url: http://x, labels: {db: "
        "\"pg://u:sw0rdfish@x\"}}\n");
    QTest::newRow("header") << QByteArray(
        "sources:\n  - {name: a, kind: metrics, url: http://x, labels: {Authorization: Bearer "
        "sw0rdfish}}\n");
    QTest::newRow("list") << QByteArray(
        "sources:\n  - {name: a, kind: metrics, url: http://x, receivers: "
        "[\"password=sw0rdfish\"]}\n");
    QTest::newRow("variables") << QByteArray("variables: {db: \"pg://u:sw0rdfish@x\"}\n");
}

void TestReader::literalSecretIsNeverRepeated() {
    QFETCH(QByteArray, yaml);
    const Workspace w = parse(yaml);
    QCOMPARE(w.mistakes.size(), 1);
    QCOMPARE(w.mistakes.first().rule, QStringLiteral("literal-secret"));
    QVERIFY(!w.mistakes.first().message.contains(QStringLiteral("sw0rdfish")));
    QVERIFY(!w.mistakes.first().value.contains(QStringLiteral("sw0rdfish")));
    QVERIFY(w.connections.isEmpty() && w.channels.isEmpty() && w.sources.isEmpty());
    QVERIFY(w.variables.isEmpty());
}

void TestReader::environmentIsProductionUnlessSaidOtherwise_data() {
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<QString>("read");
    QTest::newRow("absent") << QByteArray() << QStringLiteral("production");
    QTest::newRow("empty") << QByteArray("''") << QStringLiteral("production");
    QTest::newRow("short") << QByteArray("prod") << QStringLiteral("production");
    QTest::newRow("capitals") << QByteArray("Production") << QStringLiteral("production");
    QTest::newRow("live") << QByteArray("LIVE") << QStringLiteral("production");
    QTest::newRow("staging") << QByteArray("Staging") << QStringLiteral("staging");
}

void TestReader::environmentIsProductionUnlessSaidOtherwise() {
    QFETCH(QByteArray, written);
    QFETCH(QString, read);
    const QByteArray key = written.isEmpty() ? QByteArray() : ", environment: " + written;
    const Workspace w =
        parse("connections:\n  - {name: a, kind: redis, url: redis://x" + key + "}\n");
    QVERIFY(w.mistakes.isEmpty());
    QCOMPARE(w.connections[0].settings.text(QStringLiteral("environment")), read);
}

void TestReader::aBrokenLevelStaysInTheLadder() {
    const Workspace w = parse(R"(channels:
  - {name: incidents, kind: discord, webhook: "env:HOOK", mentions: {a: "1"}}
escalation:
  levels:
    - {name: One, after: 5m, mention: a}
    - {name: Two, after: later, mention: b, repeat: never}
    - {name: Three, after: 1m, channel: elsewhere}
)");
    QStringList rules;
    for (const Mistake& mistake : w.mistakes)
        rules << mistake.rule;
    QCOMPARE(rules, (QStringList{QStringLiteral("bad-duration"), QStringLiteral("unknown-mention"),
                                 QStringLiteral("bad-duration"), QStringLiteral("level-order"),
                                 QStringLiteral("unknown-channel")}));
    // The only channel there is takes the pages.
    QCOMPARE(w.escalation.channel, QStringLiteral("incidents"));
    QCOMPARE(w.escalation.levels.size(), 3);
    QCOMPARE(w.escalation.levels[1].after, 5min);
    QVERIFY(w.escalation.levels[1].mention.isEmpty());
    QVERIFY(!w.escalation.levels[1].repeat);
    QVERIFY(w.escalation.levels[2].channel.isEmpty());
}

void TestReader::aFallbackThatCannotCallIsWarnedOf() {
    const QByteArray workspace = R"(channels:
  - {name: incidents, kind: discord, webhook: "env:HOOK", mentions: {a: "1"}, fallback: spare}
  - {name: spare, kind: discord, webhook: "env:SPARE", mentions: {b: "2"}}
escalation:
  channel: incidents
  levels:
    - {name: One, after: 5m, mention: a}
)";
    const Workspace w = parse(workspace);
    QCOMPARE(w.mistakes.size(), 1);
    QCOMPARE(w.mistakes.first().rule, QStringLiteral("fallback-mention"));
    QCOMPARE(w.mistakes.first().severity, QStringLiteral("warning"));
    QCOMPARE(w.mistakes.first().line, 7);
    QCOMPARE(w.escalation.levels.first().mention, QStringLiteral("a"));
    QVERIFY(parse(QByteArray(workspace).replace("{b: ", "{a: ")).mistakes.isEmpty());
}

void TestReader::levelsThatRest() {
    const Workspace w = parse(R"(channels:
  - {name: incidents, kind: discord, webhook: "env:HOOK"}
escalation:
  ack_timeout: 30m
  levels:
    - {name: One, after: 0m, until: resolved, quiet: {from: 22:00, to: 7:00, zone: Europe/Berlin, instead: 2, loud: [P1, P2]}}
    - {name: Two, after: 5m, quiet: {from: "12:00", to: "13:00", zone: UTC}}
)");
    for (const Mistake& mistake : w.mistakes)
        qWarning() << mistake.line << mistake.message;
    QVERIFY(w.mistakes.isEmpty());
    QCOMPARE(w.escalation.ackTimeout, std::optional<std::chrono::milliseconds>(30min));
    const auto& one = w.escalation.levels[0];
    QVERIFY(one.untilResolved && one.quiet);
    QCOMPARE(one.quiet->from, QTime(22, 0));
    QCOMPARE(one.quiet->to, QTime(7, 0));
    QCOMPARE(one.quiet->level, 2);
    QCOMPARE(one.quiet->loud, QStringList({QStringLiteral("P1"), QStringLiteral("P2")}));
    QCOMPARE(w.escalation.levels[1].quiet->instead, QStringLiteral("postpone"));
    QCOMPARE(w.escalation.levels[1].quiet->loud, QStringList{QStringLiteral("P1")});
}

void TestReader::aLevelWithWrongQuietHoursDoesNotRest_data() {
    QTest::addColumn<QByteArray>("quiet");
    QTest::addColumn<QStringList>("rules");
    const auto row = [](const char* name, const char* quiet, const QStringList& rules) {
        QTest::newRow(name) << QByteArray(quiet) << rules;
    };
    row("not a map", "nights", {QStringLiteral("wrong-type")});
    row("nothing", "{}", QStringList(3, QStringLiteral("missing-key")));
    row("no such time", "{from: 25:00, to: 7:00, zone: UTC}", {QStringLiteral("bad-time")});
    row("no such zone", "{from: 22:00, to: 7:00, zone: Europe/Berlni}",
        {QStringLiteral("bad-zone")});
    row("no time between", "{from: 22:00, to: 22:00, zone: UTC}", {QStringLiteral("bad-time")});
    row("no such level", "{from: 22:00, to: 7:00, zone: UTC, instead: 9}",
        {QStringLiteral("bad-choice")});
    row("no such severity", "{from: 22:00, to: 7:00, zone: UTC, loud: [P7]}",
        {QStringLiteral("bad-choice")});
    row("all at once", "{from: late, to: 7:00, zone: here, instead: maybe}",
        {QStringLiteral("bad-time"), QStringLiteral("bad-zone"), QStringLiteral("bad-choice")});
}

void TestReader::aLevelWithWrongQuietHoursDoesNotRest() {
    QFETCH(QByteArray, quiet);
    QFETCH(QStringList, rules);
    const Workspace w = parse(
        "channels:\n  - {name: incidents, kind: discord, webhook: \"env:HOOK\"}\n"
        "escalation:\n  levels:\n    - {name: One, after: 0m, quiet: " +
        quiet + "}\n");
    QStringList found;
    for (const Mistake& mistake : w.mistakes)
        found << mistake.rule;
    QCOMPARE(found, rules);
    QVERIFY(w.mistakes.first().message.contains(QStringLiteral("“One” is paged at any hour")));
    QCOMPARE(w.escalation.levels.size(), 1);
    QVERIFY(!w.escalation.levels[0].quiet);
}

void TestReader::otherWordsOfTheLadder() {
    const Workspace w = parse(R"(channels:
  - {name: incidents, kind: discord, webhook: "env:HOOK"}
escalation:
  ack_timeout: soon
  levels:
    - {name: One, after: 0m, until: tomorrow}
)");
    QStringList rules;
    for (const Mistake& mistake : w.mistakes)
        rules << mistake.rule;
    rules.sort();
    QCOMPARE(rules, QStringList({QStringLiteral("bad-choice"), QStringLiteral("bad-duration")}));
    QVERIFY(!w.escalation.ackTimeout);
    QVERIFY(!w.escalation.levels[0].untilResolved);
}

void TestReader::sourcesLeftOutAreKept_data() {
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const char* yaml, const QStringList& names,
                        const char* says) {
        QTest::newRow(name) << QByteArray(yaml) << names << QString::fromUtf8(says);
    };
    row("kind", "sources:\n  - {name: prod, kind: alertmanger, url: http://x}\n",
        {QStringLiteral("prod")}, "alertmanger");
    row("not the unknown key", "sources:\n  - {name: prod, kind: metrics, evry: 2s, url: x}\n",
        {QStringLiteral("prod")}, "“url” must be");
    row("no name", "sources:\n  - {kind: metrics, url: http://x}\n",
        {QStringLiteral("source in line 2")}, "name");
    row("the same name",
        "sources:\n  - {name: a, kind: metrics, url: http://x}\n"
        "  - {name: a, kind: metrics, url: http://y}\n",
        {QStringLiteral("source in line 3")}, "already");
    row("no list", "sources: {name: a}\n", {QStringLiteral("sources")}, "list");
    row("cut short", "bundled: true\nsources: [\n", {QStringLiteral("tocsin.yaml")},
        "nothing after");
    row("no map", "hello\n", {QStringLiteral("tocsin.yaml")}, "map of sections");
    row("all is well", "sources:\n  - {name: a, kind: metrics, url: http://x}\n", {}, "");
}

void TestReader::sourcesLeftOutAreKept() {
    QFETCH(QByteArray, yaml);
    QFETCH(QStringList, names);
    QFETCH(QString, says);
    QStringList got;
    for (const LeftOut& one : parse(yaml).sourcesLeftOut) {
        got << one.name;
        QVERIFY2(one.message.contains(says), qPrintable(one.message));
    }
    QCOMPARE(got, names);
}

void TestReader::whatIsFlawedIsKept() {
    const Workspace w = parse(
        "channels:\n  - {name: a, kind: discord, webhook: \"env:W\", mentions: {b: \"@x\"}}\n");
    QCOMPARE(w.channels.size(), 1);
    QVERIFY(w.channels[0].isFlawed);
}

void TestReader::whatIsNotReadAtAll_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("rule");
    QTest::newRow("no text") << QByteArray("\xff\x00\xfe sources", 11)
                             << QStringLiteral("not-text");
    QTest::newRow("too much") << QByteArray(1500000, '#') << QStringLiteral("too-large");
    QTest::newRow("good") << QByteArray("bundled: true\nbroken: 1\n") << QString();
}

void TestReader::whatIsNotReadAtAll() {
    QFETCH(QByteArray, content);
    QFETCH(QString, rule);
    const Workspace w = parse(content);
    const Mistake* why = whyNotRead(w);
    QCOMPARE(why ? why->rule : QString(), rule);
    if (why) QVERIFY2(why->message.contains(w.folder), qPrintable(why->message));
}

void TestReader::missingFile() {
    const Workspace w =
        readWorkspace(m_folder.filePath(QStringLiteral("nowhere")), test::plugins());
    QCOMPARE(w.mistakes.size(), 1);
    QCOMPARE(w.mistakes.first().rule, QStringLiteral("no-workspace"));
    QVERIFY(w.mistakes.first().message.contains(QStringLiteral("--workspace")));
    QVERIFY(w.bundled);
}

void TestReader::emptyFile() {
    const Workspace w = parse("# nothing yet\n");
    QVERIFY(w.mistakes.isEmpty());
    QVERIFY(w.bundled);
    QCOMPARE(w.name, QDir(m_folder.path()).dirName());
}

void TestReader::aFolderInPlaceOfTheFile() {
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("tocsin.yaml")));
    const Workspace w = readWorkspace(folder.path(), test::plugins());
    QCOMPARE(w.mistakes.size(), 1);
    QCOMPARE(w.mistakes.first().rule, QStringLiteral("unreadable"));
    QVERIFY2(w.mistakes.first().message.contains(QStringLiteral("it is a folder")),
             qPrintable(w.mistakes.first().message));
}

void TestReader::theFileItselfMayBeNamed() {
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("tocsin.yaml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("workspace: {name: Direct}\n");
    file.close();
    QCOMPARE(readWorkspace(file.fileName(), test::plugins()).name, QStringLiteral("Direct"));
    QCOMPARE(readWorkspace(folder.path(), test::plugins()).name, QStringLiteral("Direct"));
}

void TestReader::anyBytesAreSurvived() {
    // Cut at every byte, and every byte replaced by something that matters to YAML: never a crash,
    // and always a workspace.
    const QByteArray marks("\0\t\n:{[\"*&\xff-|", 12);
    for (qsizetype i = 0; i < kReference.size(); ++i) {
        QByteArray changed = kReference;
        changed[i] = marks[i % marks.size()];
        QCOMPARE(parse(changed).folder, m_folder.path());
        QCOMPARE(parse(kReference.left(i)).folder, m_folder.path());
    }
}

QTEST_GUILESS_MAIN(TestReader)
#include "tst_reader.moc"
