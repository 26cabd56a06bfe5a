#include <QtTest>

#include "inspection/difference.h"
#include "inspection/format.h"
#include "inspection/roworder.h"

using namespace tocsin;
using namespace tocsin::inspection;

namespace {

void append(ResultSet& set, const QVector<QByteArray>& cells) {
    std::vector<const char*> values;
    std::vector<int> lengths;
    for (const QByteArray& cell : cells) {
        values.push_back(cell.constData());
        lengths.push_back(cell.isNull() ? -1 : static_cast<int>(cell.size()));
    }
    set.appendRow(values.data(), lengths.data());
}

QVector<int> order(const ResultSet& set, const Arrangement& wanted) {
    const RowOrder rows = arranged(set, set.rowCount(), wanted);
    return {rows->begin(), rows->end()};
}

std::shared_ptr<ResultSet> mixed() {
    auto set =
        std::make_shared<ResultSet>(QVector<Column>{{"n", "numeric", true}, {"t", "text", false}});
    append(*set, {"10", "beta"});
    append(*set, {"9", "Alpha"});
    append(*set, {QByteArray(), "äther"});
    append(*set, {"NaN", QByteArray()});
    append(*set, {"-1e400", "alpha"});
    append(*set, {"9", "beta"});
    return set;
}

}  // namespace

class TestRowOrder : public QObject {
    Q_OBJECT
private slots:
    void sorts_data();
    void sorts();
    void filters();
    void sortsBeyondADouble();
    void comparesByKey();
    void comparesEqualKeys();
    void refusesOtherColumns();
    void writesInserts();
    void choosesTheFormatByName();
};

void TestRowOrder::sorts_data() {
    QTest::addColumn<int>("column");
    QTest::addColumn<bool>("descending");
    QTest::addColumn<QVector<int>>("rows");
    QTest::newRow("as sent") << -1 << false << QVector<int>{0, 1, 2, 3, 4, 5};
    // Equals keep their order; what is no number, then NULL, stands last either way.
    QTest::newRow("numbers") << 0 << false << QVector<int>{4, 1, 5, 0, 3, 2};
    QTest::newRow("numbers down") << 0 << true << QVector<int>{0, 1, 5, 4, 3, 2};
    QTest::newRow("texts") << 1 << false << QVector<int>{1, 4, 0, 5, 2, 3};
    QTest::newRow("texts down") << 1 << true << QVector<int>{2, 0, 5, 4, 1, 3};
    QTest::newRow("no such column") << 7 << false << QVector<int>{0, 1, 2, 3, 4, 5};
}

void TestRowOrder::sorts() {
    QFETCH(int, column);
    QFETCH(bool, descending);
    QFETCH(QVector<int>, rows);
    QCOMPARE(order(*mixed(), {column, descending, {}}), rows);
}

void TestRowOrder::filters() {
    QCOMPARE(order(*mixed(), {-1, false, QStringLiteral("ALPHA")}), (QVector<int>{1, 4}));
    QCOMPARE(order(*mixed(), {0, false, QStringLiteral("9")}), (QVector<int>{1, 5}));
    QCOMPARE(order(*mixed(), {-1, false, QStringLiteral("äth")}), QVector<int>{2});
    QVERIFY(order(*mixed(), {-1, false, QStringLiteral("nowhere")}).isEmpty());
}

void TestRowOrder::sortsBeyondADouble() {
    const QVector<QByteArray> ascending{
        "-9007199254740994",      "-9007199254740993",      "-9007199254740992",
        "0.12345678901234567890", "0.12345678901234567891", "9007199254740992",
        "9007199254740993",       "9223372036854775806.5",  "9223372036854775807"};
    ResultSet set({{"id", "numeric", true}});
    for (const int at : {4, 1, 8, 0, 6, 2, 5, 7, 3})
        append(set, {ascending[at]});
    for (const bool descending : {false, true}) {
        QVector<QByteArray> sorted;
        const RowOrder order = arranged(set, set.rowCount(), {0, descending, {}});
        for (const int row : *order)
            sorted << set.cell(row, 0)->toByteArray();
        if (descending) std::reverse(sorted.begin(), sorted.end());
        QCOMPARE(sorted, ascending);
    }
}

/// Ten thousand million steps, once.
void TestRowOrder::comparesEqualKeys() {
    ResultSet before({{"state", "text", false}});
    for (int i = 0; i < 100000; ++i)
        append(before, {"same"});
    const ResultSet after(before.columns());
    const auto difference = compared(before, after, 0);
    QVERIFY(difference);
    QCOMPARE(difference->gone, 100000);
}

void TestRowOrder::comparesByKey() {
    ResultSet before({{"id", "integer", true}, {"state", "text", false}});
    for (const auto& [id, state] : {std::pair("1", "new"), std::pair("2", "new"),
                                    std::pair("3", "new"), std::pair("3", "twice")})
        append(before, {id, state});
    ResultSet after(before.columns());
    append(after, {"4", "new"});
    append(after, {"1", "new"});
    append(after, {"2", QByteArray()});
    append(after, {"3", "new"});
    const auto difference = compared(before, after, 0);
    QVERIFY(difference);
    QCOMPARE(difference->added, 1);
    QCOMPARE(difference->changed, 1);
    QCOMPARE(difference->gone, 1);
    QCOMPARE(difference->same, 2);
    QCOMPARE(toText(*difference->rows, Format::Csv),
             QByteArray("change,id,state\nadded,4,new\nchanged,2,new → NULL\ngone,3,twice\n"));
}

void TestRowOrder::refusesOtherColumns() {
    const ResultSet one({{"id", "integer", true}});
    const ResultSet other({{"pid", "integer", true}});
    QVERIFY(!compared(one, other, 0));
    QVERIFY(!compared(one, one, 3));
}

void TestRowOrder::writesInserts() {
    ResultSet set({{"id", "integer", true}, {"we\"ird", "text", false}});
    append(set, {"1", "it's"});
    append(set, {"NaN", QByteArray()});
    append(set, {"-2", "back\\slash"});
    QCOMPARE(toText(set, Format::Insert),
             QByteArray("INSERT INTO result (\"id\", \"we\"\"ird\") VALUES (1, 'it''s');\n"
                        "INSERT INTO result (\"id\", \"we\"\"ird\") VALUES ('NaN', NULL);\n"
                        "INSERT INTO result (\"id\", \"we\"\"ird\") VALUES (-2, "
                        "E'back\\\\slash');\n"));
}

void TestRowOrder::choosesTheFormatByName() {
    QCOMPARE(formatOfFile(QStringLiteral("/tmp/a.b/x.CSV")), Format::Csv);
    QCOMPARE(formatOfFile(QStringLiteral("x.md")), Format::Markdown);
    QCOMPARE(formatOfFile(QStringLiteral("x.sql")), Format::Insert);
    QCOMPARE(formatOfFile(QStringLiteral("plain")), Format::Table);
}

QTEST_GUILESS_MAIN(TestRowOrder)
#include "tst_roworder.moc"
