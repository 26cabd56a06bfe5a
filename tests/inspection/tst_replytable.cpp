#include "inspection/replytable.h"

#include <QTest>

using namespace tocsin;
using namespace tocsin::inspection;

/// A reply's shape decides its columns.
class ReplyTableTest : public QObject {
    Q_OBJECT
private slots:
    void readsTheShape_data();
    void readsTheShape();
    void aValueAloneIsNoTable();
    void nothingIsNotEmpty();
};

static Reply text(const char* bytes) {
    return Reply(ReplyKind::BulkString, bytes);
}

static Reply list(const std::vector<Reply>& children, ReplyKind kind = ReplyKind::Array) {
    return Reply(kind, {}, children);
}

/// "a|b;1|2": the columns, then each row; nothing is a dash.
static QByteArray written(const ResultSet& set) {
    QByteArrayList lines;
    QByteArrayList heads;
    for (const Column& column : set.columns())
        heads << column.name.toUtf8();
    lines << heads.join('|');
    for (qsizetype row = 0; row < set.rowCount(); ++row) {
        QByteArrayList cells;
        for (qsizetype column = 0; column < set.columns().size(); ++column) {
            const auto cell = set.cell(row, column);
            cells << (cell ? cell->toByteArray() : QByteArray("-"));
        }
        lines << cells.join('|');
    }
    return lines.join(';');
}

void ReplyTableTest::readsTheShape_data() {
    QTest::addColumn<Reply>("reply");
    QTest::addColumn<QByteArray>("table");
    const auto row = [](const char* name, const Reply& reply, const char* table) {
        QTest::newRow(name) << reply << QByteArray(table);
    };
    const Reply map = list({text("a"), text("1"), text("b"), text("2")}, ReplyKind::Map);
    const Reply other = list({text("b"), text("3"), text("c"), text("4")}, ReplyKind::Map);
    row("list", list({text("x"), text("y")}), "#|value;1|x;2|y");
    row("map", map, "field|value;a|1;b|2");
    row("maps", list({map, other}), "a|b|c;1|2|-;-|3|4");
    row("rows",
        list({list({text("m"), Reply(ReplyKind::Double, "1.5")}), list({text("n"), text("2")})}),
        "1|2;m|1.5;n|2");
    row("stream", list({list({text("1-0"), list({text("f"), text("v")})})}), "id|f;1-0|v");
    const auto line = [](const char* bytes) { return Reply(ReplyKind::SimpleString, bytes); };
    row("sample",
        list({line("1795380281.199953 [0 127.0.0.1:45658] \"GET\" \"a [0 b] c\""),
              line("1795380281.200 [3 lua] \"SET\" \"a\"")}),
        "at (UTC)|client|command|db;20:44:41.200|127.0.0.1:45658|\"GET\" \"a [0 b] c\"|0;"
        "20:44:41.200|lua|\"SET\" \"a\"|3");
    row("not a sample", list({line("1795380281.2 [0 lua] \"SET\""), line("OK")}),
        "#|value;1|1795380281.2 [0 lua] \"SET\";2|OK");
    row("uneven", list({list({text("x")}), text("y")}), "#|value;1|1) \"x\";2|y");
    row("clients", text("id=1 addr=a:1 name=\nid=2 addr=b:2 name=x\n"),
        "id|addr|name;1|a:1|;2|b:2|x");
    row("info", text("# Server\r\nredis_version:7.0.15\r\nuptime:3\r\n"),
        "field|value;redis_version|7.0.15;uptime|3");
}

void ReplyTableTest::readsTheShape() {
    QFETCH(const Reply, reply);
    QFETCH(const QByteArray, table);
    const auto rows = tableOf(reply);
    QVERIFY(rows);
    QCOMPARE(written(*rows), table);
}

void ReplyTableTest::aValueAloneIsNoTable() {
    QVERIFY(!tableOf(text("hello")));
    QVERIFY(!tableOf(Reply(ReplyKind::Integer, "3")));
    QVERIFY(!tableOf(list({})));
}

void ReplyTableTest::nothingIsNotEmpty() {
    const auto rows = tableOf(list({text(""), Reply()}));
    QCOMPARE(written(*rows), QByteArray("#|value;1|;2|-"));
    QVERIFY(rows->columns()[0].numeric);
}

QTEST_GUILESS_MAIN(ReplyTableTest)
#include "tst_replytable.moc"
