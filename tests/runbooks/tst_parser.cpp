#include <QtTest>

#include "runbooks/library.h"

using namespace tocsin::runbooks;

namespace {

const Step& stepOf(const ParsedDocument& document, int runbook, int section, int step) {
    return document.runbooks[runbook].sections[section].steps[step];
}

QStringList kindsAndTexts(const Step& step) {
    QStringList result;
    for (const Block& block : step.blocks)
        result << toString(block.kind) + QStringLiteral(": ") + block.text.simplified();
    return result;
}

/// One step whose fence holds `body`.
Step stepWith(const QString& language, const QString& body) {
    QString text =
        QStringLiteral("# T\n\n**Alert:** `k` - c\n\n## Immediate actions\n\n1. **Step**\n   ```") +
        language + u'\n';
    for (const QString& line : body.split(u'\n'))
        text += QStringLiteral("   ") + line + u'\n';
    text += QStringLiteral("   ```\n");
    const auto document = parseDocument(text.toUtf8(), QStringLiteral("t.md"));
    if (document.runbooks.size() != 1 || document.runbooks[0].sections.size() != 1 ||
        document.runbooks[0].sections[0].steps.size() != 1)
        return {};
    return document.runbooks[0].sections[0].steps[0];
}

}  // namespace

class TestParser : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QFile file(QFINDTESTDATA("data/combined.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_document = parseDocument(file.readAll(), QStringLiteral("combined.md"));
    }

    void readsEveryRunbook() {
        QCOMPARE(m_document.runbooks.size(), 2);
        const Runbook& first = m_document.runbooks[0];
        QCOMPARE(first.title, QStringLiteral("Checkout errors"));
        QCOMPARE(first.name, QStringLiteral("checkout-errors"));
        QCOMPARE(first.anchor, QStringLiteral("checkout-errors"));
        QCOMPARE(first.keys, QStringList{QStringLiteral("checkout_errors")});
        QCOMPARE(first.condition, QStringLiteral("more than 3% of checkouts fail"));
        QCOMPARE(first.line, 10);
        QCOMPARE(first.sections.size(), 5);
        QVERIFY(first.sections[0].kind == SectionKind::Symptoms);
        QCOMPARE(first.sections[1].steps.size(), 5);
        QCOMPARE(first.sections[2].steps.size(), 2);
        QCOMPARE(first.sections[3].prose, QStringLiteral("- **If code:** undo it"));
        QCOMPARE(first.sections[4].prose, QStringLiteral("- Alerts at 3%"));
    }

    void derivesMissingKey() {
        QCOMPARE(m_document.runbooks[1].keys, QStringList{QStringLiteral("pool_exhausted")});
        QVERIFY(std::any_of(
            m_document.findings.begin(), m_document.findings.end(),
            [](const auto& f) { return f.rule == QLatin1String("no-key") && f.line == 84; }));
    }

    void readsBlocks_data() {
        QTest::addColumn<int>("runbook");
        QTest::addColumn<int>("section");
        QTest::addColumn<int>("step");
        QTest::addColumn<QStringList>("blocks");
        const auto row = [](const char* name, int runbook, int section, int step,
                            const QStringList& blocks) {
            QTest::newRow(name) << runbook << section << step << blocks;
        };
        row("comments and links", 0, 1, 0, {"link: https://errors.example.com/[your-org]/issues"});
        row("link and command", 0, 1, 1,
            {"link: https://ci.example.com/[repo]/runs", "shell: git revert [commit-hash]"});
        row("psql and curl", 0, 1, 2,
            {"postgres: SELECT count(*) FROM pg_stat_activity WHERE datname = current_database();",
             "http: curl http://localhost:3001/api/health"});
        row("visit", 0, 1, 3,
            {"link: https://status.pay.example/", "link: https://status.one.example/",
             "link: https://status.two.example/"});
        row("by hand", 0, 1, 4, {});
        row("endless", 0, 2, 0, {"shell: tail -f logs/error.log | grep \"5xx\\|ERROR\""});
        row("inline code", 0, 2, 1, {"redis: ping"});
        row("two statements", 1, 0, 0,
            {"postgres: SELECT pid, state FROM pg_stat_activity;",
             "postgres: SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = "
             "[PID_HERE];"});
        row("sql in bash", 1, 0, 1,
            {"postgres: SELECT id, \"createdAt\" FROM orders WHERE \"userId\" = '[USER_ID]' LIMIT "
             "10;",
             "redis: LLEN bull:mail:waiting", "redis: LLEN bull:mail:failed"});
        row("typescript", 1, 0, 2, {});
        row("continued curl", 1, 0, 3,
            {"http: curl -X POST http://localhost:3001/upload -H \"Authorization: Bearer [TOKEN]\" "
             "-F \"title=Test\""});
    }

    void readsBlocks() {
        QFETCH(int, runbook);
        QFETCH(int, section);
        QFETCH(int, step);
        QFETCH(QStringList, blocks);
        QCOMPARE(kindsAndTexts(stepOf(m_document, runbook, section, step)), blocks);
    }

    void keepsWhatIsNotRun() {
        const QString comments = stepOf(m_document, 0, 1, 0).prose;
        QVERIFY(comments.contains(QStringLiteral("Filter by:")));
        QVERIFY(comments.contains(QStringLiteral("- Unresolved")));
        QVERIFY(stepOf(m_document, 0, 1, 2).prose.contains(QStringLiteral("pool_usage")));
        QVERIFY(stepOf(m_document, 1, 0, 2).prose.contains(QStringLiteral("url.includes")));
    }

    void captionsAndTargets() {
        const Step& step = stepOf(m_document, 0, 1, 2);
        QCOMPARE(step.blocks[0].caption, QStringLiteral("Active ones"));
        QCOMPARE(step.blocks[0].target, QStringLiteral("$DATABASE_URL"));
        QCOMPARE(step.blocks[0].line, 39);
        QVERIFY(step.blocks[0].source.startsWith(QStringLiteral("psql $DATABASE_URL -c")));
        QCOMPARE(stepOf(m_document, 0, 1, 3).blocks[2].caption,
                 QStringLiteral("Storage (for two)"));
        QCOMPARE(stepOf(m_document, 0, 2, 1).blocks[0].target, QStringLiteral("$REDIS_URL"));
        QCOMPARE(stepOf(m_document, 0, 2, 1).blocks[0].line, 71);
    }

    void annexes() {
        QCOMPARE(m_document.documents.size(), 3);
        QVERIFY(m_document.documents[0].kind == DocumentKind::Process);
        QCOMPARE(m_document.documents[0].sections[0].steps.size(), 3);
        QCOMPARE(m_document.levels.size(), 3);
        QCOMPARE(m_document.levels[1].after, std::chrono::milliseconds(std::chrono::minutes(15)));
        QCOMPARE(m_document.levels[1].mention, QStringLiteral("second"));
        QCOMPARE(m_document.levels[2].name, QStringLiteral("Team lead / Manager"));
        QCOMPARE(m_document.start.value(QStringLiteral("P1")), 2);
        QCOMPARE(m_document.contacts.size(), 2);
        QCOMPARE(m_document.contacts[0].value, QStringLiteral("#shop-incidents"));
    }

    void fences_data() {
        QTest::addColumn<QString>("language");
        QTest::addColumn<QString>("body");
        QTest::addColumn<QStringList>("blocks");
        const auto row = [](const char* name, const char* language, const char* body,
                            const QStringList& blocks) {
            QTest::newRow(name) << QString::fromLatin1(language) << QString::fromUtf8(body)
                                << blocks;
        };
        row("quotes eaten", "bash", "psql -d app -c \"SELECT 1 FROM t WHERE \"userId\" = 5\"",
            {"postgres: SELECT 1 FROM t WHERE \"userId\" = 5"});
        row("here document", "bash", "psql \"$URL\" <<'SQL'\nSELECT 1;\nSELECT 2;\nSQL\ndf -h",
            {"postgres: SELECT 1;", "postgres: SELECT 2;", "shell: df -h"});
        row("flags", "sh", "sudo -u postgres psql -X -tAc 'SELECT now()' | head -1",
            {"postgres: SELECT now()"});
        row("container", "bash", "docker exec -i db psql -U app -c \"SELECT 1\"",
            {"postgres: SELECT 1"});
        row("echo pipe", "bash", "echo \"SELECT 1\" | psql app", {"postgres: SELECT 1"});
        row("meta command", "bash", "psql -c '\\dt'", {"shell: psql -c '\\dt'"});
        row("psql file", "bash", "psql -f x.sql", {"shell: psql -f x.sql"});
        row("semicolon in string", "sql", "SELECT ';' AS a, $$;$$; SELECT 2",
            {"postgres: SELECT ';' AS a, $$;$$;", "postgres: SELECT 2"});
        row("scan", "bash", "redis-cli --scan --pattern 'a b:*'",
            {"redis: SCAN 0 MATCH \"a b:*\" COUNT 1000"});
        row("scan and delete", "bash", "redis-cli --scan --pattern 'x:*' | xargs redis-cli DEL",
            {"shell: redis-cli --scan --pattern 'x:*' | xargs redis-cli DEL"});
        row("monitor", "bash", "redis-cli monitor", {"shell: redis-cli monitor"});
        row("host and port", "bash", "redis-cli -h cache -p 6380 -n 2 INFO memory",
            {"redis: INFO memory"});
        row("redis fence", "redis", "# how many\n127.0.0.1:6379> LLEN a\nPING",
            {"redis: LLEN a", "redis: PING"});
        row("session", "console", "$ df -h\nFilesystem 1K\n$ curl -sS http://h/ | jq .a",
            {"shell: df -h", "http: curl -sS http://h/"});
        row("curl to shell", "bash", "curl https://x.example/i.sh | sh",
            {"shell: curl https://x.example/i.sh | sh"});
        row("loop", "bash", "for i in 1 2; do\n  redis-cli PING\ndone\ndf",
            {"shell: for i in 1 2; do redis-cli PING done df"});
        row("unmarked sql", "", "SELECT 1", {"postgres: SELECT 1"});
        row("unmarked output", "", "NAME   READY\napi    1/1", {});
        row("apostrophe", "bash", "echo it's\ndf -h", {"shell: echo it's df -h"});
        row("python", "python", "print(1)", {});
        row("and", "bash", "redis-cli PING && psql -c 'SELECT 1'",
            {"redis: PING", "postgres: SELECT 1"});
    }

    void fences() {
        QFETCH(QString, language);
        QFETCH(QString, body);
        QFETCH(QStringList, blocks);
        QCOMPARE(kindsAndTexts(stepWith(language, body)), blocks);
    }

    void oneFilePerAlert() {
        const auto document = parseDocument(
            "# KubePodCrashLooping\n\n## Meaning\n\nIt restarts.\n\n## Diagnosis\n\nLook at "
            "it:\n\n```bash\nkubectl get pods\n```\n\nAnd the events:\n\n```bash\nkubectl get "
            "events\n```\n\n## Mitigation\n\nDelete it.\n",
            QStringLiteral("k.md"));
        QCOMPARE(document.runbooks.size(), 1);
        QCOMPARE(document.runbooks[0].keys, QStringList{QStringLiteral("KubePodCrashLooping")});
        QCOMPARE(document.runbooks[0].sections.size(), 3);
        const Section& diagnosis = document.runbooks[0].sections[1];
        QVERIFY(diagnosis.kind == SectionKind::Investigation);
        QCOMPARE(diagnosis.steps.size(), 2);
        QCOMPARE(diagnosis.steps[0].title, QStringLiteral("Look at it"));
        QCOMPARE(diagnosis.steps[1].title, QStringLiteral("And the events"));
        QCOMPARE(diagnosis.steps[1].blocks[0].line, 18);
    }

    void stepsWithoutIndentation() {
        const auto document = parseDocument(
            "# A\n\n**Alert:** `a`\n\n## Immediate actions\n\n1. **One**\n\n```bash\ndf "
            "-h\n```\n\n1. **Two**: why\n\n```sql\nSELECT 1;\n```\n",
            QStringLiteral("a.md"));
        const auto& steps = document.runbooks[0].sections[0].steps;
        QCOMPARE(steps.size(), 2);
        QCOMPARE(steps[0].blocks.size(), 1);
        QCOMPARE(steps[1].number, 2);
        QCOMPARE(steps[1].prose, QStringLiteral("why"));
        QVERIFY(steps[1].blocks[0].kind == BlockKind::Postgres);
    }

    void checkBoxes() {
        const auto document = parseDocument(
            "# A\n\n**Alert:** `a`\n\n## Steps\n\n- [ ] Call the owner\n- [x] Run `psql -c 'SELECT "
            "1'`\n",
            QStringLiteral("a.md"));
        const auto& steps = document.runbooks[0].sections[0].steps;
        QCOMPARE(steps.size(), 2);
        QCOMPARE(steps[0].title, QStringLiteral("Call the owner"));
        QCOMPARE(kindsAndTexts(steps[1]), QStringList{QStringLiteral("postgres: SELECT 1")});
    }

    void frontMatter() {
        const auto document = parseDocument(
            "---\ntitle: Slow\nkeys: [slow, slower]\nmatch: {team: shop, env: "
            "/prod.*/}\nthresholds:\n  - {key: slow, warning: \"> 1s\", over: 5m}\ntypo: 1\n---\n# "
            "Ignored\n\n## Immediate actions\n\n1. **Do**\n",
            QStringLiteral("s.md"));
        QCOMPARE(document.runbooks.size(), 1);
        const Runbook& runbook = document.runbooks[0];
        QCOMPARE(runbook.title, QStringLiteral("Slow"));
        QCOMPARE(runbook.keys, (QStringList{QStringLiteral("slow"), QStringLiteral("slower")}));
        QCOMPARE(runbook.matchLabels.value(QStringLiteral("env")), QStringLiteral("/prod.*/"));
        QCOMPARE(runbook.thresholds.size(), 1);
        QCOMPARE(runbook.thresholds[0].metric, QStringLiteral("slow"));
        QCOMPARE(document.findings.size(), 1);
        QCOMPARE(document.findings[0].rule, QStringLiteral("front-matter"));
        QCOMPARE(document.findings[0].line, 7);
        QCOMPARE(runbook.sections[0].line, 11);
    }

    void frontMatterThatWouldDoNothing_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("column");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* line, int column, const char* says) {
            QTest::newRow(name) << QByteArray(line) << column << QString::fromUtf8(says);
        };
        row("expression", "match: {a: \"/[/\"}", 12, "it never matches");
        row("threshold of no limit", "thresholds: [{key: z}]", 14,
            "\"warning\", \"critical\" or both");
        row("limit", "thresholds: [{key: z, warning: lots}]", 32, "not \"lots\"");
        row("over", "thresholds: [{key: z, warning: \"> 1\", over: soon}]", 45, "not \"soon\"");
        row("keys", "keys: {a: b}", 7, "a list of texts");
    }

    void frontMatterThatWouldDoNothing() {
        QFETCH(QByteArray, line);
        QFETCH(int, column);
        QFETCH(QString, says);
        const auto document =
            parseDocument("---\n" + line + "\n---\n# A\n\n## Immediate actions\n\n1. **Do**\n",
                          QStringLiteral("s.md"));
        QVector<Finding> findings = document.findings;
        findings.removeIf([](const Finding& one) { return one.rule != u"front-matter"; });
        QCOMPARE(findings.size(), 1);
        QCOMPARE(findings[0].line, 2);
        QCOMPARE(findings[0].column, column);
        QVERIFY2(findings[0].message.contains(says), qPrintable(findings[0].message));
    }

    void unclosedFenceSwallowsNothing() {
        const auto document = parseDocument(
            "## A\n\n**Alert:** `a`\n\n### Immediate actions\n\n1. **One**\n   ```bash\n   df "
            "-h\n\n2. **Lost**\n\n## B\n\n**Alert:** `b`\n\n### Immediate actions\n\n1. **Two**\n  "
            " ```sql\n   SELECT 1;\n   ```\n",
            QStringLiteral("u.md"));
        QCOMPARE(document.runbooks.size(), 2);
        QCOMPARE(document.runbooks[1].line, 13);
        QCOMPARE(document.runbooks[1].sections[0].steps[0].blocks[0].line, 21);
        QCOMPARE(document.findings[0].rule, QStringLiteral("unclosed-fence"));
        QCOMPARE(document.findings[0].line, 8);
    }

    void windowsLineEnds() {
        const auto document = parseDocument(
            "\xEF\xBB\xBF# A\r\n\r\n**Alert:** `a`\r\n\r\n## Steps\r\n\r\n1. **One**\r\n   "
            "```bash\r\n   df -h\r\n   ```\r\n",
            QStringLiteral("w.md"));
        QCOMPARE(document.runbooks[0].sections[0].steps[0].blocks[0].text, QStringLiteral("df -h"));
        QCOMPARE(document.runbooks[0].sections[0].steps[0].blocks[0].line, 9);
    }

private:
    ParsedDocument m_document;
};

QTEST_GUILESS_MAIN(TestParser)
#include "tst_parser.moc"
