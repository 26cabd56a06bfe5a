#include "inspection/valuetext.h"

#include <QTest>

#include "inspection/jsonnodes.h"
#include "inspection/keysample.h"
#include "inspection/msgpack.h"

using namespace tocsin::inspection;

/// What stored bytes are, and how they are written.
class ValueTextTest : public QObject {
    Q_OBJECT
private slots:
    void guesses_data();
    void guesses();
    void writes_data();
    void writes();
    void readsNodes();
    void survivesEveryCut_data();
    void survivesEveryCut();
    void doesNotUnpackWithoutEnd();
    void samplesFairly();
    void addsUpByPrefix();
};

namespace {

QByteArray hex(const char* digits) {
    return QByteArray::fromHex(digits);
}

// {"id":7} packed by gzip -9n.
const char* const kGzip = "1f8b08000000000002ffab56ca4c51b232af0500435f071208000000";

}  // namespace

void ValueTextTest::guesses_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("form");
    const auto row = [](const char* name, const QByteArray& bytes, const char* form) {
        QTest::newRow(name) << bytes << QString::fromLatin1(form);
    };
    row("empty", "", "text");
    row("text", "hello", "text");
    row("umlauts", "größer", "text");
    row("number", "42", "text");
    row("object", "{\"a\":1}", "JSON");
    row("array", " [1,2] ", "JSON");
    row("broken object", "{\"a\":", "text");
    row("zero byte", QByteArray("a\0b", 3), "hex");
    row("latin1",
        "gr\xf6\xdf"
        "er",
        "hex");
    row("msgpack", hex("82a161 01 a162 93c0c3ca3f800000"), "MessagePack");
    row("base64", QByteArray("{\"user\":12,\"ok\":true}").toBase64(), "base64");
    row("hex digits are words", "deadbeefdeadbeef", "text");
    row("gzip", hex(kGzip), "gzip");
    row("hyperloglog", "HYLL" + QByteArray(20, '\0'), "HyperLogLog");
}

void ValueTextTest::guesses() {
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, form);
    QCOMPARE(nameOf(guessForm(bytes)), form);
}

void ValueTextTest::writes_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("form");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const QByteArray& bytes, ValueForm form,
                        const char* text) {
        QTest::newRow(name) << bytes << static_cast<int>(form) << QString::fromUtf8(text);
    };
    row("text", "größer", ValueForm::Text, "größer");
    row("json", "{\"a\":[1]}", ValueForm::Json, "{\n    \"a\": [\n        1\n    ]\n}\n");
    row("json as written", "{\"b\":9007199254740993,\"a\":1.10,\"b\":[],\"c\":\"\\u00e4\"}",
        ValueForm::Json,
        "{\n    \"b\": 9007199254740993,\n    \"a\": 1.10,\n    \"b\": [],\n    \"c\": "
        "\"\\u00e4\"\n}\n");
    row("not json", "{", ValueForm::Json, "{");
    row("base64", QByteArray("[1]").toBase64(), ValueForm::Base64, "[\n    1\n]\n");
    row("msgpack map", hex("81a1 61 cd0100"), ValueForm::MsgPack, "{\n    \"a\": 256\n}\n");
    row("msgpack negative", hex("91ff"), ValueForm::MsgPack, "[\n    -1\n]\n");
    row("msgpack huge", hex("91cfffffffffffffffff"), ValueForm::MsgPack,
        "[\n    \"18446744073709551615\"\n]\n");
    row("hex", QByteArray("AB\x01"), ValueForm::Hex,
        "00000000  41 42 01                                         AB.\n");
    row("gzip", hex(kGzip), ValueForm::Gzip, "{\n    \"id\": 7\n}\n");
    row("gzip that is none", "plain", ValueForm::Gzip, "");
}

void ValueTextTest::writes() {
    QFETCH(const QByteArray, bytes);
    QFETCH(const int, form);
    QFETCH(const QString, text);
    QCOMPARE(writtenAs(bytes, static_cast<ValueForm>(form)), text);
}

void ValueTextTest::readsNodes() {
    const auto nodes = jsonNodes(
        "{\"id\": 9007199254740993, \"price\":1.10, \"tags\": [\"\\u00e4,\\\"}\", null, {}],\n"
        "\"id\": 12345678901234567890}",
        100);
    QVERIFY(nodes);
    QStringList lines;
    for (const JsonNode& node : *nodes)
        lines << QStringLiteral("%1 %2=%3").arg(node.depth).arg(node.name, node.value);
    QCOMPARE(
        lines,
        QStringList({QStringLiteral("0 {}={4}"), QStringLiteral("1 id=9007199254740993"),
                     QStringLiteral("1 price=1.10"), QStringLiteral("1 tags=[3]"),
                     QStringLiteral("2 [0]=ä,\"}"), QStringLiteral("2 [1]=null"),
                     QStringLiteral("2 [2]={0}"), QStringLiteral("1 id=12345678901234567890")}));
    QCOMPARE(jsonNodes("[1,2,3]", 2)->size(), 2);
    QCOMPARE(jsonNodes("[1,2,3]", 2)->first().value, QStringLiteral("[3]"));
    QVERIFY(!jsonNodes("[1,", 10));
    QVERIFY(!jsonNodes("7", 10));
}

void ValueTextTest::survivesEveryCut_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("msgpack") << hex(
        "85a16193c0c2c3a162ca3f800000a163cb3ff0000000000000a164d97f"
        "a165c403010203");
    QTest::newRow("gzip") << hex(kGzip);
    QTest::newRow("deep msgpack") << QByteArray(500, '\x91');
    QTest::newRow("4 billion elements") << hex("ddffffffff");
    QTest::newRow("4 GB text") << hex("dbffffffff61");
}

void ValueTextTest::survivesEveryCut() {
    QFETCH(const QByteArray, bytes);
    for (qsizetype size = 0; size <= bytes.size(); ++size)
        for (int form = 0; form <= static_cast<int>(ValueForm::HyperLogLog); ++form)
            QVERIFY(writtenAs(bytes.left(size), static_cast<ValueForm>(form)).size() < 64 * 1024);
}

void ValueTextTest::doesNotUnpackWithoutEnd() {
    // 64 MB of zeros; qCompress writes four bytes of length before a zlib stream.
    const QByteArray packed = qCompress(QByteArray(64 * 1024 * 1024, 'x')).mid(4);
    QVERIFY(packed.size() < 100 * 1024);
    QCOMPARE(writtenAs(packed, ValueForm::Gzip).size(), qsizetype(4 * 1024 * 1024));
}

void ValueTextTest::samplesFairly() {
    Reservoir sample(100);
    for (int i = 0; i < 10'000; ++i)
        sample.offer(QByteArray::number(i));
    QCOMPARE(sample.kept().size(), 100);
    QCOMPARE(sample.offered(), qint64(10'000));
    qint64 sum = 0;
    for (const QByteArray& key : sample.kept())
        sum += key.toLongLong();
    QVERIFY2(sum / 100 > 3'500 && sum / 100 < 6'500, qPrintable(QString::number(sum / 100)));
}

void ValueTextTest::addsUpByPrefix() {
    const auto fact = [](const char* key, qint64 memory, qint64 expires) {
        KeyFacts facts;
        facts.key = key;
        facts.memory = memory;
        facts.expiresIn = expires;
        return facts;
    };
    const auto shares = sharesOf({fact("user:1:cart", 100, -1), fact("user:22:cart", 300, 5000),
                                  fact("bull:mail:wait", 50, -1), fact("plain", 1, -1)},
                                 4000, ":");
    QCOMPARE(shares.size(), 3);
    QCOMPARE(shares[0].prefix, QByteArray("user:#:*"));
    QCOMPARE(shares[0].sampled, qint64(2));
    QCOMPARE(shares[0].memory, qint64(400));
    QCOMPARE(shares[0].memoryInAll, qint64(400'000));
    QCOMPARE(shares[0].withoutExpiry, qint64(1));
    QCOMPARE(shares[2].prefix, QByteArray("plain"));
}

QTEST_GUILESS_MAIN(ValueTextTest)
#include "tst_valuetext.moc"
