#include <pg_query.h>

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>

#include "sdk/secret.h"
#include "ui/query/cellview.h"
#include "ui/query/planview.h"
#include "ui/query/queryhistory.h"
#include "ui/query/sqlcatalog.h"
#include "ui/query/sqleffect.h"
#include "ui/query/sqlformat.h"
#include "ui/query/sqlsplit.h"
#include "ui/query/sqltokens.h"

using namespace tocsin;
using namespace tocsin::ui;

/// What the pane makes of texts: statements in an editor, plans, cells, history.
class TestSqlText : public QObject {
    Q_OBJECT
private slots:
    void splits_data();
    void splits();
    void findsTheStatementAtTheCursor();
    void formats_data();
    void formats();
    void formatsWithoutChangingWhatIsSaid();
    void readsPlans();
    void readsEffects();
    void sweeping_data();
    void sweeping();
    void showsBytes();
    void knowsWhoseColumnIsMeant_data();
    void knowsWhoseColumnIsMeant();
    void keepsHistoryAcrossRestarts();
    void historyKeepsNoSecrets();
};

void TestSqlText::splits_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("statements");
    QTest::newRow("one") << "SELECT 1" << QStringList{"SELECT 1"};
    QTest::newRow("two") << " SELECT 1 ;\n SELECT 2; " << QStringList{"SELECT 1", "SELECT 2"};
    QTest::newRow("none") << " ;; \n" << QStringList{};
    QTest::newRow("quotes") << "SELECT ';', \"a;b\", 'it''s;'; X"
                            << QStringList{"SELECT ';', \"a;b\", 'it''s;'", "X"};
    QTest::newRow("escapes") << "SELECT E'\\';'; X" << QStringList{"SELECT E'\\';'", "X"};
    QTest::newRow("a name that ends in e")
        << "SELECT name'\\'; X" << QStringList{"SELECT name'\\'", "X"};
    QTest::newRow("dollars") << "DO $a$ x; $b$ y; $a$; X"
                             << QStringList{"DO $a$ x; $b$ y; $a$", "X"};
    QTest::newRow("parameter") << "SELECT $1; X" << QStringList{"SELECT $1", "X"};
    QTest::newRow("name with dollar") << "SELECT a$b; c$b" << QStringList{"SELECT a$b", "c$b"};
    QTest::newRow("line comment") << "SELECT 1 -- ;\n+ 1; X"
                                  << QStringList{"SELECT 1 -- ;\n+ 1", "X"};
    QTest::newRow("comment") << "/* ; /* ; */ ; */ SELECT 1; X"
                             << QStringList{"/* ; /* ; */ ; */ SELECT 1", "X"};
    QTest::newRow("never closed") << "SELECT '; X" << QStringList{"SELECT '; X"};
    QTest::newRow("dollar at the end") << "SELECT $" << QStringList{"SELECT $"};
    QTest::newRow("tag never closed") << "SELECT $q$; X" << QStringList{"SELECT $q$; X"};
}

void TestSqlText::splits() {
    QFETCH(QString, text);
    QFETCH(QStringList, statements);
    QStringList found;
    for (const SqlSpan& span : statementsIn(text))
        found << text.mid(span.start, span.length);
    QCOMPARE(found, statements);
}

void TestSqlText::findsTheStatementAtTheCursor() {
    const QString text = QStringLiteral("SELECT 1;\n\nSELECT 2;\nSELECT 3");
    const auto at = [&text](qsizetype cursor) {
        const SqlSpan span = statementAt(text, cursor);
        return text.mid(span.start, span.length);
    };
    QCOMPARE(at(0), QStringLiteral("SELECT 1"));
    QCOMPARE(at(9), QStringLiteral("SELECT 1"));
    QCOMPARE(at(14), QStringLiteral("SELECT 2"));
    QCOMPARE(at(text.size()), QStringLiteral("SELECT 3"));
    QCOMPARE(statementAt(QStringLiteral("  "), 1).length, 0);
}

void TestSqlText::formats_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("formatted");
    QTest::newRow("short") << "select  1 ,\n 2"
                           << "select 1, 2";
    QTest::newRow("clauses")
        << "SELECT id, status FROM content WHERE status = 'FAILED' AND created_at BETWEEN now() - "
           "interval '1 day' AND now() ORDER BY id LIMIT 50"
        << "SELECT id, status\nFROM content\nWHERE status = 'FAILED'\n    AND created_at BETWEEN "
           "now() - interval '1 day' AND now()\nORDER BY id\nLIMIT 50";
    QTest::newRow("joins and a query inside")
        << "SELECT a.id FROM a LEFT OUTER JOIN b ON a.id = b.a_id WHERE a.id IN (SELECT a_id FROM "
           "c WHERE kind = 'the longest kind of all' AND c.state = 'open') GROUP BY 1"
        << "SELECT a.id\nFROM a\nLEFT OUTER JOIN b ON a.id = b.a_id\nWHERE a.id IN (\n"
           "        SELECT a_id\n        FROM c\n        WHERE kind = 'the longest kind of all' "
           "AND c.state = 'open'\n    )\nGROUP BY 1";
    QTest::newRow("two, and comments") << "SELECT 1; -- the first\n/* then */ SELECT 2"
                                       << "SELECT 1; -- the first\n\n/* then */ SELECT 2";
    QTest::newRow("texts that are one") << "SELECT 'a'\n  'b'"
                                        << "SELECT 'a'\n    'b'";
    QTest::newRow("case stays") << "Select X From y"
                                << "Select X From y";
    QTest::newRow("nothing") << " \n"
                             << "";
}

void TestSqlText::formats() {
    QFETCH(QString, text);
    QTEST(formattedSql(text), "formatted");
}

namespace {

/// What PostgreSQL's own grammar reads, wherever in the text it stands.
QByteArray treeOf(const QString& sql) {
    const PgQueryParseResult parsed = pg_query_parse(sql.toUtf8().constData());
    const QString tree =
        parsed.error ? QStringLiteral("error") : QString::fromUtf8(parsed.parse_tree);
    pg_query_free_parse_result(parsed);
    static const QRegularExpression places(
        QStringLiteral("\"(?:location|stmt_location|stmt_len|list_start|list_end)\":\\d+,?"));
    return QString(tree).remove(places).toUtf8();
}

const char* const kStatements[] = {
    "SELECT 1",
    "SELECT E'a\\'b', U&'d\\0061t', $q$ ; ' $q$, b'10', $$x$$, 1.5e-3, .5 FROM t; SELECT 2",
    "SELECT \"from\", \"a\"\"b\" FROM \"select\" WHERE \"a\"\"b\"->>'k' = 'v' AND x @> "
    "ARRAY[1,2]::int[]",
    "SELECT a.*, count(*) FILTER (WHERE b IS NOT NULL) OVER (PARTITION BY c ORDER BY d ROWS "
    "BETWEEN 1 "
    "PRECEDING AND CURRENT ROW) FROM a LEFT JOIN LATERAL (SELECT 1 AS b) x ON true CROSS JOIN y",
    "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3), q AS "
    "MATERIALIZED "
    "(SELECT * FROM r) SELECT * FROM q, r WHERE q.n = r.n AND NOT EXISTS (SELECT FROM t) OR q.n IS "
    "DISTINCT FROM 3",
    "INSERT INTO t (a, b) VALUES (1, 'x'), (2, DEFAULT) ON CONFLICT (a) DO UPDATE SET b = "
    "EXCLUDED.b "
    "WHERE t.b <> 'y' RETURNING a, b",
    "UPDATE t SET a = a - -1, b = (SELECT max(b) FROM u) FROM v WHERE t.id = v.id AND v.k ~* '^x' "
    "RETURNING *",
    "WITH gone AS (DELETE FROM t USING u WHERE t.id = u.id RETURNING t.*) INSERT INTO log SELECT * "
    "FROM "
    "gone",
    "SELECT extract(epoch FROM now()), substring('abc' FROM 1 FOR 2), CASE WHEN a > 1 THEN 'x' "
    "ELSE 'y' "
    "END, left('abc', 2), a[1:2], (r).f, -1 FROM t FOR NO KEY UPDATE SKIP LOCKED",
    "SELECT /* a /* b */ c */ 1 -- to the end\n , 2 -- again\nFROM t -- last",
    "SELECT 'one' 'not two'",
    "SELECT 'one'\n'and the same'",
    "EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM pg_stat_activity WHERE state <> 'idle' AND "
    "wait_event IS "
    "NOT NULL AND backend_type = 'client backend' ORDER BY query_start DESC NULLS LAST OFFSET 3",
    "CREATE TABLE t (id int PRIMARY KEY REFERENCES u ON DELETE SET NULL, name text DEFAULT 'x' "
    "CHECK "
    "(name <> ''))",
    "SELECT a FROM t GROUP BY ROLLUP (a, b) HAVING count(*) > 1 AND sum(x) BETWEEN 1 AND 2 WINDOW "
    "w AS "
    "(ORDER BY a) UNION ALL SELECT b FROM u EXCEPT (SELECT c FROM v LIMIT 1) ORDER BY 1",
    "SELECT x::numeric(10,2), y::timestamptz AT TIME ZONE 'UTC', ARRAY(SELECT 1), ROW(1,2) = "
    "(1,2), "
    "'{}'::jsonb #>> '{a,b}', 5 !~~ 3 FROM ONLY t AS s (x, y) TABLESAMPLE system (10)",
};

}  // namespace

/// With white space wherever it may be, and comments where some is: the same tree, and formatting
/// twice is formatting once.
void TestSqlText::formatsWithoutChangingWhatIsSaid() {
    QRandomGenerator dice(20261122);
    int parsed = 0;
    for (const char* statement : kStatements)
        for (int i = 0; i < 60; ++i) {
            QString text;
            const QVector<SqlToken> tokens = sqlTokens(QString::fromUtf8(statement));
            for (const SqlToken& token : tokens) {
                static const QStringList spaces{
                    QStringLiteral(" "), QStringLiteral("\n"), QStringLiteral("  \n\t"),
                    QStringLiteral(" /* c */ "), QStringLiteral(" -- d\n")};
                if (token.spaced && !token.onNewLine)
                    text += i == 0 ? spaces[0] : spaces[dice.bounded(spaces.size())];
                else if (token.onNewLine)
                    text += u'\n';
                text += token.text;
            }
            const QString once = formattedSql(text);
            const QByteArray tree = treeOf(text);
            parsed += tree == "error" ? 0 : 1;
            QVERIFY2(treeOf(once) == tree, qPrintable(text + QStringLiteral("\n=>\n") + once));
            QVERIFY2(formattedSql(once) == once, qPrintable(once));
            QVERIFY2(i > 0 || once != text || text.size() < 81, qPrintable(once));
        }
    QVERIFY2(parsed > 800, qPrintable(QString::number(parsed)));
}

void TestSqlText::readsPlans() {
    const QByteArray json = R"json([{"Plan": {"Node Type": "Hash Join", "Join Type": "Left",
        "Total Cost": 100.0, "Plan Rows": 10, "Actual Total Time": 50.0, "Actual Rows": 5000,
        "Actual Loops": 1, "Hash Cond": "(a.id = b.id)", "Plans": [
          {"Node Type": "Seq Scan", "Schema": "public", "Relation Name": "a", "Total Cost": 80.0,
           "Plan Rows": 10, "Actual Total Time": 20.0, "Actual Rows": 10, "Actual Loops": 2}]}}])json";
    const auto plan = planIn(json);
    QCOMPARE(plan.size(), 1);
    QCOMPARE(plan[0].title, QStringLiteral("Hash Join · Left"));
    QCOMPARE(plan[0].detail, QStringLiteral("(a.id = b.id)"));
    QVERIFY(plan[0].isMisjudged());
    QVERIFY(!plan[0].isCostly());  // 50 ms less twice 20 ms below it: a fifth
    const PlanNode& scan = plan[0].children[0];
    QCOMPARE(scan.title, QStringLiteral("Seq Scan on a"));
    QCOMPARE(scan.actualMs, 40.0);
    QVERIFY(scan.isCostly());
    QVERIFY(!scan.isMisjudged());
    const auto inner = planIn(R"json([{"Plan": {"Node Type": "Index Scan", "Total Cost": 8.0,
        "Plan Rows": 1, "Actual Total Time": 0.01, "Actual Rows": 1, "Actual Loops": 1000}}])json");
    QCOMPARE(inner[0].rows, 1000.0);
    QVERIFY(!inner[0].isMisjudged());
    const auto cut =
        planIn(R"json([{"Plan": {"Node Type": "Limit", "Total Cost": 9.0, "Plan Rows": 5,
        "Actual Total Time": 1.0, "Actual Rows": 5, "Actual Loops": 1, "Plans": [{"Node Type": "Sort",
        "Total Cost": 8.0, "Plan Rows": 30000, "Actual Total Time": 1.0, "Actual Rows": 5,
        "Actual Loops": 1, "Plans": [{"Node Type": "Seq Scan", "Total Cost": 7.0, "Plan Rows": 30000,
        "Actual Total Time": 0.5, "Actual Rows": 20, "Actual Loops": 1}]}]}}])json");
    QVERIFY(!cut[0].children[0].isMisjudged());  // the LIMIT took five and stopped
    QVERIFY(cut[0].children[0].children[0].isMisjudged());
    for (const char* odd :
         {"", "{}", "[]", "[1]", "[{\"Plan\": []}]", "[{\"Plan\": 3}]", "nonsense"})
        QVERIFY2(planIn(odd).isEmpty(), odd);
}

void TestSqlText::readsEffects() {
    QCOMPARE(effectText(R"([{"Plan": {"Node Type": "ModifyTable", "Operation": "Delete",
        "Schema": "public", "Relation Name": "t", "Plan Rows": 0,
        "Plans": [{"Node Type": "Seq Scan", "Plan Rows": 12000}]}}])"),
             QStringLiteral("DELETE of public.t, about 12,000 rows (the planner's estimate)"));
    QCOMPARE(
        effectText(R"([{"Plan": {"Node Type": "ModifyTable", "Operation": "Update",
        "Schema": "public", "Relation Name": "y", "Plan Rows": 0, "Plans": [
          {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Plan Rows": 1},
          {"Node Type": "ModifyTable", "Operation": "Delete", "Schema": "public",
           "Relation Name": "x", "Parent Relationship": "InitPlan", "Subplan Name": "CTE a",
           "Plans": [{"Node Type": "Seq Scan", "Plan Rows": 5}]}]}}])"),
        QStringLiteral("UPDATE of public.y, about 1 row; DELETE of public.x, about 5 rows (the "
                       "planner's estimate)"));
    QCOMPARE(
        effectText(R"([{"Plan": {"Node Type": "ModifyTable", "Operation": "Delete",
        "Schema": "public", "Relation Name": "p", "Target Tables": [
          {"Schema": "public", "Relation Name": "p1"}, {"Schema": "public", "Relation Name": "p2"}],
        "Plans": [{"Node Type": "Append", "Plan Rows": 9}]}}])"),
        QStringLiteral("DELETE of public.p (public.p1, public.p2), about 9 rows (the planner's "
                       "estimate)"));
    QVERIFY(effectText("[]").isEmpty());
    QVERIFY(effectText("[{\"Plan\": {\"Node Type\": \"Seq Scan\"}}]").isEmpty());
}

void TestSqlText::sweeping_data() {
    QTest::addColumn<QString>("sql");
    QTest::addColumn<bool>("sweeping");
    QTest::newRow("drop") << "DROP TABLE t" << true;
    QTest::newRow("truncate") << " truncate t" << true;
    QTest::newRow("whole delete") << "DELETE FROM t" << true;
    QTest::newRow("whole update in a WITH") << "WITH x AS (UPDATE t SET a = 1) SELECT 1" << true;
    QTest::newRow("some rows") << "DELETE FROM t WHERE id = 1" << false;
    QTest::newRow("insert") << "INSERT INTO t VALUES (1)" << false;
}

void TestSqlText::sweeping() {
    QFETCH(QString, sql);
    QFETCH(bool, sweeping);
    QCOMPARE(isSweeping(sql), sweeping);
}

void TestSqlText::knowsWhoseColumnIsMeant_data() {
    QTest::addColumn<QString>("text");  // | is the cursor
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("typed");
    const auto row = [](const char* text, const char* table, const char* typed) {
        QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(table)
                            << QString::fromLatin1(typed);
    };
    row("SELECT content.|", "content", "");
    row("SELECT content.sta| FROM content", "content", "sta");
    row("SELECT c.i| FROM content c", "content", "i");
    row("SELECT c.| FROM public.content AS c WHERE true", "content", "");
    row("SELECT 1 FROM a, content c WHERE c.|", "content", "");
    row("UPDATE content c SET status = c.s|", "content", "s");
    row("SELECT source.| FROM content source", "content", "");  // the alias, not the table
    row("SELECT x.| FROM content c", "", "");
    row("SELECT public.content.|", "", "");
    row("SELECT 'content.|", "", "");
    row("SELECT conte|", "", "");
    row("SELECT 1.|", "", "");
}

void TestSqlText::knowsWhoseColumnIsMeant() {
    QFETCH(QString, text);
    QFETCH(QString, table);
    QFETCH(QString, typed);
    const auto cursor = static_cast<int>(text.indexOf(u'|'));
    const ColumnPlace place =
        columnPlace(text.remove(cursor, 1), cursor,
                    {{QStringLiteral("content"), {}}, {QStringLiteral("source"), {}}});
    QCOMPARE(place.table, table);
    QCOMPARE(place.typed, typed);
}

void TestSqlText::showsBytes() {
    QCOMPARE(hexText("\\x4142ff", 100),
             QStringLiteral("000000: 4142 ff                                  AB.\n"));
    QCOMPARE(hexText("0123456789abcdefg", 16).count(u'\n'), 1);
    QVERIFY(hexText({}, 16).isEmpty());
}

void TestSqlText::keepsHistoryAcrossRestarts() {
    const QTemporaryDir folder;
    const QDateTime at(QDate(2026, 1, 1), QTime(12, 0), Qt::UTC);
    {
        QueryHistory history;
        history.open(folder.path());
        history.add(QStringLiteral("primary"), QStringLiteral("SELECT 1"), at);
        history.add(QStringLiteral("primary"), QStringLiteral("SELECT 2"), at);
        history.add(QStringLiteral("replica"), QStringLiteral("SELECT 3"), at);
        history.add(QStringLiteral("primary"), QStringLiteral("SELECT 1"), at);
        history.save(QStringLiteral("primary"), QStringLiteral("SELECT 4"), QStringLiteral("four"),
                     at);
        history.add(QStringLiteral("primary"), QStringLiteral("SELECT 4"), at);
        history.add(QStringLiteral("primary"), QStringLiteral("SELECT 5"), at);
    }
    QFile file(folder.filePath(QStringLiteral("sql-history.jsonl")));
    QVERIFY(file.open(QIODevice::Append));
    file.write("{\"connection\":\"primary\",\"sq");  // a crash in the middle of a line
    file.close();
    QueryHistory again;
    QSignalSpy changed(&again, &QueryHistory::changed);
    again.open(folder.path());
    QTRY_COMPARE(changed.size(), 1);
    QStringList found;
    for (const auto& entry : again.found(QStringLiteral("primary"), {}))
        found << entry.name + u'|' + entry.sql;
    QCOMPARE(found, (QStringList{"four|SELECT 4", "|SELECT 5", "|SELECT 1", "|SELECT 2"}));
    QCOMPARE(again.found(QStringLiteral("primary"), QStringLiteral("select 2")).size(), 1);
    QCOMPARE(again.found(QStringLiteral("primary"), QStringLiteral("FOUR")).size(), 1);
    QVERIFY(again.found(QStringLiteral("nowhere"), {}).isEmpty());
}

void TestSqlText::historyKeepsNoSecrets() {
    const Secret known(QStringLiteral("hunter2-very-hidden"));
    const QTemporaryDir folder;
    QueryHistory history;
    history.open(folder.path());
    const QString c = QStringLiteral("primary");
    history.add(c, QStringLiteral("ALTER ROLE x PASSWORD 'abc'"), {});
    history.add(c, QStringLiteral("SELECT * FROM t WHERE api_key = 'abc'"), {});
    history.add(c, QStringLiteral("SELECT 'hunter2-very-hidden'"), QDateTime::currentDateTimeUtc());
    history.add(c, QStringLiteral("SELECT 1 FROM u WHERE user_password = 'abc'"), {});
    const auto found = history.found(c, {});
    QCOMPARE(found.size(), 2);
    for (const auto& entry : found)
        QVERIFY(!entry.sql.contains(u"hunter2") && !entry.sql.contains(u"abc"));
}

QTEST_MAIN(TestSqlText)
#include "tst_sqltext.moc"
