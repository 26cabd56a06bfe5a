// JSON as it is written on the go: what a reader gets back.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "cli/jsonstream.h"

using namespace tocsin::cli;
using namespace Qt::StringLiterals;

class TestJsonStream : public QObject {
    Q_OBJECT
private slots:
    void textsComeBack_data();
    void textsComeBack();
    void timesAreWrittenAsQtDoes_data();
    void timesAreWrittenAsQtDoes();
    void structureNeedsNoCommas();
};

void TestJsonStream::textsComeBack_data() {
    QTest::addColumn<QString>("text");
    QTest::newRow("plain") << u"disk at 83 %"_s;
    QTest::newRow("empty") << QString();
    QTest::newRow("quotes and backslashes") << u"a \"b\" \\c\\"_s;
    QTest::newRow("control") << u"line\nline\ttab\r\u0001\u001b["_s;
    QTest::newRow("beyond ASCII") << u"größer 日本 🔥 “so”"_s;
    QTest::newRow("both") << u"größer\n日本 \"🔥\""_s;
}

void TestJsonStream::textsComeBack() {
    QFETCH(QString, text);
    JsonStream json;
    json.beginArray().value(u"before"_s).value(text).value(u"after"_s).endArray();
    const QJsonArray back = QJsonDocument::fromJson(json.bytes()).array();
    QCOMPARE(back.size(), 3);
    QCOMPARE(back[1].toString(), text);
    QCOMPARE(back[2].toString(), u"after"_s);
}

void TestJsonStream::timesAreWrittenAsQtDoes_data() {
    QTest::addColumn<QDateTime>("time");
    QTest::newRow("now-like") << QDateTime({2026, 11, 22}, {9, 5, 3, 7}, Qt::UTC);
    QTest::newRow("old") << QDateTime({987, 1, 2}, {23, 59, 59, 999}, Qt::UTC);
    QTest::newRow("another zone") << QDateTime({2026, 3, 29}, {1, 30}, Qt::OffsetFromUTC, 7200);
    QTest::newRow("far") << QDateTime({12026, 1, 1}, {0, 0}, Qt::UTC);
}

void TestJsonStream::timesAreWrittenAsQtDoes() {
    QFETCH(QDateTime, time);
    QCOMPARE(JsonStream().value(time).bytes(),
             '"' + time.toUTC().toString(Qt::ISODateWithMs).toUtf8() + '"');
}

void TestJsonStream::structureNeedsNoCommas() {
    JsonStream json;
    json.beginObject().key("a"_L1).beginArray().value(1.5).null().endArray();
    json.key("b"_L1).value(QMap<QString, QString>{{u"x"_s, u"1"_s}, {u"y"_s, u"2"_s}}).endObject();
    QCOMPARE(json.bytes(), QByteArray(R"({"a":[1.5,null],"b":{"x":"1","y":"2"}})"));
}

QTEST_GUILESS_MAIN(TestJsonStream)
#include "tst_jsonstream.moc"
