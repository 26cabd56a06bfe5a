#include <QtTest>

#include "plugins/engines/postgres/lexer.h"
#include "plugins/engines/postgres/statement.h"

using namespace tocsin;
using namespace tocsin::postgres;

class TestStatement : public QObject {
    Q_OBJECT
private slots:
    void judges_data();
    void judges();
    void pointsAtSyntaxErrors();
    void countsCharactersNotBytes();
    void survivesDeepNesting();
    void survivesEveryCut();
    void collectsCallsOfAPlan_data();
    void collectsCallsOfAPlan();
    void findsTheQueryBehindExplain_data();
    void findsTheQueryBehindExplain();
};

void TestStatement::judges_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("rule");
    const auto row = [](const char* text, const char* rule) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromLatin1(rule);
    };
    row("SELECT 1", "parse");
    row("SELECT 1;", "parse");
    row("VALUES (1), (2)", "parse");
    row("TABLE pg_class", "parse");
    row("SHOW ALL", "show");
    row("EXPLAIN DELETE FROM t", "explain");
    row("EXPLAIN (ANALYZE false) DELETE FROM t", "explain");
    row("EXPLAIN ANALYZE SELECT 1", "parse");
    row("EXPLAIN ANALYZE DELETE FROM t", "explain-analyze");
    row("EXPLAIN ANALYZE VERBOSE TABLE t", "parse");
    row("EXPLAIN (ANALYZE) SELECT nextval('s')", "volatile-function");
    row("DELETE FROM t", "write");
    row("WITH x AS (DELETE FROM t RETURNING 1) SELECT * FROM x", "cte-write");
    row("SELECT * INTO u FROM t", "select-into");
    row("SELECT * FROM (SELECT * FROM t FOR UPDATE) x", "row-lock");
    row("SELECT pg_terminate_backend(1)", "volatile-function");
    row("SELECT (1).pg_terminate_backend", "volatile-function");
    row("SELECT 1 FROM generate_series(1,1) t LIMIT (SELECT t.pg_cancel_backend::int)",
        "volatile-function");
    row("SELECT 1; SELECT 2", "single-statement");
    row("", "empty");
    row(" ; -- nothing", "empty");
    row("\\d content", "parse");
    row("SELEC 1", "parse");
    row("SET statement_timeout = 0", "session-setting");
    row("COMMIT", "transaction-control");
    row("CREATE TABLE t()", "statement-kind");
    row("SELECT pg_temp.f()", "temporary-function");
}

void TestStatement::judges() {
    QFETCH(QString, text);
    QFETCH(QString, rule);
    QCOMPARE(examine(text).verdict.rule, rule);
}

void TestStatement::pointsAtSyntaxErrors() {
    const Statement statement = examine(QStringLiteral("SELECT 1 form t"));
    QCOMPARE(statement.verdict.effect, Effect::Unproven);
    QVERIFY(!statement.parsed);
    QCOMPARE(statement.position, std::optional<int>(14));  // "form" is taken as an alias
}

void TestStatement::countsCharactersNotBytes() {
    const QString text = QStringLiteral("SELECT 'é😀' frm nowhere here");
    const Statement statement = examine(text);
    QVERIFY(statement.position);
    QCOMPARE(*statement.position, static_cast<int>(text.indexOf(QStringLiteral("nowhere"))));
}

void TestStatement::survivesDeepNesting() {
    for (const int depth : {500, 5000, 100000}) {
        const QString text =
            QStringLiteral("SELECT ") + QString(depth, u'(') + u'1' + QString(depth, u')');
        const Statement plus =
            examine(QStringLiteral("SELECT 1") + QStringLiteral("+1").repeated(depth));
        if (plus.verdict.effect == Effect::ReadOnly) QVERIFY(plus.parsed);
        const Statement statement = examine(text);
        if (statement.verdict.effect == Effect::ReadOnly) QVERIFY(statement.parsed);
    }
}

void TestStatement::survivesEveryCut() {
    const QString text = QStringLiteral(
        "EXPLAIN (ANALYZE, FORMAT 'json') /* a /* b */ */ WITH \"Ä\" AS (SELECT $q$x'$q$ AS "
        "\"y\", E'\\'', U&'\\0041', (t).f.g, a OPERATOR(public.@) 1 FROM s.t) SELECT * FROM \"Ä\"");
    for (qsizetype cut = 0; cut <= text.size(); ++cut) {
        const Statement statement = examine(text.left(cut));
        if (!statement.parsed) QCOMPARE(statement.verdict.effect, Effect::Unproven);
        std::ignore = afterExplain(text.mid(cut));
        QSet<FunctionName> functions;
        QSet<OperatorName> operators;
        collectCalls(text.mid(cut), functions, operators);
    }
}

void TestStatement::collectsCallsOfAPlan_data() {
    QTest::addColumn<QString>("expression");
    QTest::addColumn<QStringList>("calls");
    QTest::newRow("plain") << "pg_sleep('1'::double precision)" << QStringList{".pg_sleep"};
    QTest::newRow("qualified") << "public.f(other.\"G h\"(1))"
                               << QStringList{"other.G h", "public.f"};
    QTest::newRow("in quotes") << "(name = 'pg_notify(''x'')'::text)" << QStringList{};
    QTest::newRow("escape string")
        << R"((name = E'\'pg_notify('::text) AND real_one(2))" << QStringList{".real_one"};
    QTest::newRow("column") << "(t.\"pg_notify(\" > 3)" << QStringList{};
}

void TestStatement::collectsCallsOfAPlan() {
    QFETCH(QString, expression);
    QFETCH(QStringList, calls);
    QSet<FunctionName> functions;
    QSet<OperatorName> operators;
    collectCalls(expression, functions, operators);
    QStringList found;
    for (const FunctionName& function : functions)
        found << function.schema + u'.' + function.name;
    found.sort();
    QCOMPARE(found, calls);
}

void TestStatement::findsTheQueryBehindExplain_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("inner");
    QTest::newRow("plain") << "EXPLAIN SELECT 1"
                           << "SELECT 1";
    QTest::newRow("words") << "explain analyze verbose select 1"
                           << "select 1";
    QTest::newRow("options") << "EXPLAIN (ANALYZE, FORMAT 'json)') SELECT 1"
                             << " SELECT 1";
    QTest::newRow("comments") << "/* x */ EXPLAIN --y\n ANALYZE /*(*/ SELECT 1"
                              << "SELECT 1";
    QTest::newRow("parentheses") << "EXPLAIN (SELECT 1)"
                                 << "(SELECT 1)";
    QTest::newRow("other") << "SELECT 1"
                           << "";
}

void TestStatement::findsTheQueryBehindExplain() {
    QFETCH(QString, text);
    QFETCH(QString, inner);
    QCOMPARE(afterExplain(text), inner);
}

QTEST_GUILESS_MAIN(TestStatement)
#include "tst_statement.moc"
