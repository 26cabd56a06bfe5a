#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include "inspection/format.h"
#include "inspection/replyjson.h"

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

QueryResult sample() {
    auto set = std::make_shared<ResultSet>(
        QVector<Column>{{"id", "numeric", true}, {"what, \"so\"", "text", false}});
    append(*set, {"1e-400", "a|b\nc"});
    append(*set, {"12345678901234567890.5", QByteArray()});
    append(*set, {"3", ""});
    append(*set, {"4", "say \"hi\"\t\\ \x01 é"});
    QueryResult result;
    result.rows = set;
    result.receipt.rows = set->rowCount();
    result.receipt.sha256 = "abc";
    return result;
}

QByteArray written(const QueryResult& result, Format format) {
    QByteArray all;
    write(result, format, [&all](const QByteArray& piece) {
        all += piece;
        return true;
    });
    return all;
}

}  // namespace

class TestFormat : public QObject {
    Q_OBJECT
private slots:
    void json();
    void csv();
    void markdown();
    void tsv();
    void table();
    void streamsInPieces();
    void streamsWhileItArrives_data();
    void streamsWhileItArrives();
    void stopsWhenTheSinkSaysSo();
    void bytesThatAreNotText();
    void nullIsNoText();
    void asidesFollowATable();
    void whatStandsBesideAReply();
    void bytesInAReply();
    void replies();
    void names();
};

void TestFormat::json() {
    QueryResult result = sample();
    const QJsonObject object = QJsonDocument::fromJson(written(result, Format::Json)).object();
    QCOMPARE(object["columns"].toArray()[0].toObject()["type"].toString(),
             QStringLiteral("numeric"));
    QCOMPARE(object["columns"].toArray()[1].toObject()["name"].toString(),
             QStringLiteral("what, \"so\""));
    const QJsonArray rows = object["rows"].toArray();
    QCOMPARE(rows.size(), 4);
    QCOMPARE(rows[0].toArray()[0].toString(), QStringLiteral("1e-400"));
    QVERIFY(rows[1].toArray()[1].isNull());
    QCOMPARE(rows[2].toArray()[1].toString(QStringLiteral("?")), QString());
    QCOMPARE(rows[3].toArray()[1].toString(), QStringLiteral("say \"hi\"\t\\ \x01 é"));
    QCOMPARE(object["row_count"].toInt(), 4);
    QCOMPARE(object["receipt"].toObject()["sha256"].toString(), QStringLiteral("abc"));
    QVERIFY(!object.contains("truncated"));
    result.truncated = true;
    result.notices << QStringLiteral("stopped");
    const QJsonObject cut = QJsonDocument::fromJson(written(result, Format::Json)).object();
    QVERIFY(cut["truncated"].toBool());
    QCOMPARE(cut["notices"].toArray()[0].toString(), QStringLiteral("stopped"));
}

void TestFormat::csv() {
    QCOMPARE(
        written(sample(), Format::Csv),
        QByteArray("id,\"what, \"\"so\"\"\"\n1e-400,\"a|b\nc\"\n12345678901234567890.5,\n3,\"\"\n"
                   "4,\"say \"\"hi\"\"\t\\ \x01 é\"\n"));
}

void TestFormat::markdown() {
    QVERIFY(written(sample(), Format::Markdown)
                .startsWith("| id | what, \"so\" |\n|---:|---|\n| 1e-400 | a\\|b<br>c |\n"
                            "| 12345678901234567890.5 | ∅ |\n"));
}

void TestFormat::tsv() {
    QVERIFY(
        written(sample(), Format::Tsv).contains("1e-400\ta|b\\nc\n12345678901234567890.5\t\\N\n"));
}

void TestFormat::table() {
    const QByteArray table = written(sample(), Format::Table);
    QVERIFY(table.contains("12345678901234567890.5 | ∅\n"));
    QVERIFY(table.contains("                     3 | \n"));
    QVERIFY(table.contains("| a|b\\nc\n"));
    QVERIFY(table.contains("say \"hi\"\\t\\ \\x01 é\n"));
    QVERIFY(table.endsWith("(4 rows)\n"));
}

void TestFormat::streamsWhileItArrives_data() {
    QTest::addColumn<Format>("format");
    QTest::addColumn<bool>("early");
    QTest::newRow("csv") << Format::Csv << true;
    QTest::newRow("tsv") << Format::Tsv << true;
    QTest::newRow("insert") << Format::Insert << true;
    QTest::newRow("markdown") << Format::Markdown << true;
    QTest::newRow("json") << Format::Json << true;
    QTest::newRow("table") << Format::Table << false;
}

/// The same bytes as at once; those of the first rows before the last one is there.
void TestFormat::streamsWhileItArrives() {
    QFETCH(Format, format);
    QFETCH(bool, early);
    const auto setOf = [](const QList<QByteArray>& ids) {
        auto set = std::make_shared<ResultSet>(QVector<Column>{{"id", "integer", true}});
        for (const QByteArray& id : ids)
            append(*set, {id});
        return set;
    };
    QByteArray all;
    RowStream stream(format, [&all](const QByteArray& piece) {
        all += piece;
        return true;
    });
    QVERIFY(stream.add(setOf({"1"})));
    QCOMPARE(!all.isEmpty(), early);
    QVERIFY(stream.add(setOf({"2", "3"})));
    QueryResult result;
    result.rows = setOf({"1", "2", "3"});
    result.receipt.rows = 3;
    QVERIFY(stream.finish(result));
    QCOMPARE(all, written(result, format));
}

void TestFormat::streamsInPieces() {
    auto set = std::make_shared<ResultSet>(QVector<Column>{{"x", "text", false}});
    for (int i = 0; i < 100000; ++i)
        append(*set, {QByteArray::number(i)});
    QueryResult result;
    result.rows = set;
    int pieces = 0;
    qsizetype largest = 0;
    QVERIFY(write(result, Format::Csv, [&](const QByteArray& piece) {
        ++pieces;
        largest = std::max(largest, piece.size());
        return true;
    }));
    QVERIFY(pieces > 3);
    QVERIFY(largest < 70 * 1024);
}

void TestFormat::stopsWhenTheSinkSaysSo() {
    QVERIFY(!write(sample(), Format::Csv, [](const QByteArray&) { return false; }));
}

void TestFormat::bytesThatAreNotText() {
    auto set = std::make_shared<ResultSet>(QVector<Column>{{"x", "text", false}});
    append(*set, {QByteArray("\xff\xfe", 2)});
    QueryResult result;
    result.rows = set;
    append(*set, {"plain"});
    const QJsonObject json = QJsonDocument::fromJson(written(result, Format::Json)).object();
    QCOMPARE(json["rows"][0][0]["bytes_base64"].toString(), QStringLiteral("//4="));
    QCOMPARE(json["rows"][1][0].toString(), QStringLiteral("plain"));
    QVERIFY(json["notices"][0].toString().contains(QStringLiteral("values of x")));
    const auto copied = QJsonDocument::fromJson(toText(*set, Format::Json)).object();
    QCOMPARE(copied["notices"], json["notices"]);
    QByteArray all;
    RowStream stream(Format::Json, [&all](const QByteArray& piece) {
        all += piece;
        return true;
    });
    QVERIFY(stream.add(set));
    QVERIFY(stream.finish(result));
    QCOMPARE(QJsonDocument::fromJson(all).object()["notices"], json["notices"]);
    QVERIFY(written(result, Format::Csv).contains("\xff\xfe"));
}

void TestFormat::nullIsNoText() {
    auto set = std::make_shared<ResultSet>(
        QVector<Column>{{"n", "text", false}, {"s", "text", false}, {"o", "text", false}});
    append(*set, {QByteArray(), "NULL", "∅"});
    QueryResult result;
    result.rows = set;
    QVERIFY2(written(result, Format::Table).contains("∅ | NULL | \\u2205\n"),
             written(result, Format::Table).constData());
    QVERIFY(written(result, Format::Markdown).contains("| ∅ | NULL | \\\\u2205 |"));
}

void TestFormat::asidesFollowATable() {
    QueryResult result = sample();
    result.receipt.unlockReason = QStringLiteral("stuck migration");
    result.receipt.server.warnings = {QStringLiteral("role app is a superuser")};
    QVERIFY(written(result, Format::Table)
                .endsWith("(4 rows)\nunlocked: stuck migration\nwarning: role app is a "
                          "superuser\n"));
    const auto json = QJsonDocument::fromJson(written(result, Format::Json)).object();
    QCOMPARE(json["receipt"]["unlock_reason"].toString(), QStringLiteral("stuck migration"));
    QCOMPARE(json["receipt"]["warnings"][0].toString(), QStringLiteral("role app is a superuser"));
    QVERIFY(!written(result, Format::Csv).contains("superuser"));
}

void TestFormat::whatStandsBesideAReply() {
    QueryResult result;
    result.reply = std::make_shared<Reply>(Reply(Reply::Kind::BulkString, "x"));
    const auto whole = QJsonDocument::fromJson(written(result, Format::Json)).object();
    QVERIFY(!whole.contains("notices") && !whole.contains("next_page"));
    result.truncated = true;
    result.notices << QStringLiteral("the first part");
    result.nextPage = QStringLiteral("LRANGE jobs 1000 1999");
    const auto part = QJsonDocument::fromJson(written(result, Format::Json)).object();
    QVERIFY(part["truncated"].toBool());
    QCOMPARE(part["notices"][0].toString(), QStringLiteral("the first part"));
    QCOMPARE(part["next_page"].toString(), result.nextPage);
}

void TestFormat::bytesInAReply() {
    QueryResult result;
    result.reply = std::make_shared<Reply>(
        Reply(Reply::Kind::Map, {},
              {Reply(Reply::Kind::BulkString, "\xff"), Reply(Reply::Kind::BulkString, "a"),
               Reply(Reply::Kind::BulkString, "\xfe"), Reply(Reply::Kind::BulkString, "b\xff")}));
    const auto json = QJsonDocument::fromJson(written(result, Format::Json)).object();
    QCOMPARE(json["reply"].toArray().size(), 2);
    QCOMPARE(json["reply"][0][0]["bytes_base64"].toString(), QStringLiteral("/w=="));
    QCOMPARE(json["reply"][1][1]["bytes_base64"].toString(), QStringLiteral("Yv8="));
}

void TestFormat::replies() {
    QueryResult result;
    result.reply = std::make_shared<Reply>(
        Reply(Reply::Kind::Array, {},
              {Reply(Reply::Kind::Integer, "9007199254740993"), Reply(Reply::Kind::Null),
               Reply(Reply::Kind::BulkString, "x")}));
    const QByteArray json = written(result, Format::Json);
    QVERIFY2(json.contains("[9007199254740993,null,\"x\"]"), json.constData());
    QVERIFY(written(result, Format::Table).contains("(integer) 9007199254740993"));
}

void TestFormat::names() {
    QCOMPARE(*formatFromText(QStringLiteral("JSON")), Format::Json);
    QVERIFY(formatFromText(QStringLiteral("xml")).error().message.contains("markdown"));
}

QTEST_GUILESS_MAIN(TestFormat)
#include "tst_format.moc"
