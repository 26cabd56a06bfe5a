#include <QTemporaryDir>
#include <QtTest>

#include "sdk/secret.h"
#include "ui/query/cellview.h"
#include "ui/query/planview.h"
#include "ui/query/sqleffect.h"
#include "ui/query/sqlhistory.h"
#include "ui/query/sqlsplit.h"

using namespace tocsin;
using namespace tocsin::ui;

/// What the pane makes of texts: statements in an editor, plans, cells, history.
class TestSqlText : public QObject {
    Q_OBJECT
private slots:
    void splits_data();
    void splits();
    void findsTheStatementAtTheCursor();
    void readsPlans();
    void readsEffects();
    void sweeping_data();
    void sweeping();
    void showsBytes();
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
    QCOMPARE(scan.title, QStringLiteral("Seq Scan on public.a"));
    QCOMPARE(scan.actualMs, 40.0);
    QVERIFY(scan.isCostly());
    QVERIFY(!scan.isMisjudged());
    const auto inner = planIn(R"json([{"Plan": {"Node Type": "Index Scan", "Total Cost": 8.0,
        "Plan Rows": 1, "Actual Total Time": 0.01, "Actual Rows": 1, "Actual Loops": 1000}}])json");
    QCOMPARE(inner[0].rows, 1000.0);
    QVERIFY(!inner[0].isMisjudged());
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

void TestSqlText::showsBytes() {
    QCOMPARE(hexText("\\x4142ff", 100),
             QStringLiteral("00000000  41 42 ff                                         |AB.|\n"));
    QCOMPARE(hexText("0123456789abcdefg", 16).count(u'\n'), 1);
    QVERIFY(hexText({}, 16).isEmpty());
}

void TestSqlText::keepsHistoryAcrossRestarts() {
    const QTemporaryDir folder;
    const QDateTime at(QDate(2026, 1, 1), QTime(12, 0), Qt::UTC);
    {
        SqlHistory history;
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
    SqlHistory again;
    QSignalSpy changed(&again, &SqlHistory::changed);
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
    SqlHistory history;
    history.open(folder.path());
    const QString c = QStringLiteral("primary");
    history.add(c, QStringLiteral("ALTER ROLE x PASSWORD 'abc'"), {});
    history.add(c, QStringLiteral("SELECT * FROM t WHERE api_key = 'abc'"), {});
    history.add(c, QStringLiteral("SELECT 'hunter2-very-hidden'"), QDateTime::currentDateTimeUtc());
    const auto found = history.found(c, {});
    QCOMPARE(found.size(), 1);
    QVERIFY(!found[0].sql.contains(QStringLiteral("hunter2")));
}

QTEST_MAIN(TestSqlText)
#include "tst_sqltext.moc"
