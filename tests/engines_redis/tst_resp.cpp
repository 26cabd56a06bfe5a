#include <QDir>
#include <QTest>

#include "plugins/engines/redis/resp.h"

using namespace tocsin;
using namespace tocsin::redis;
using Kind = Reply::Kind;

Q_DECLARE_METATYPE(tocsin::Reply)

namespace {

bool same(ReplyView a, ReplyView b) {
    if (a.kind() != b.kind() || a.text() != b.text() || a.children().size() != b.children().size())
        return false;
    for (std::size_t i = 0; i < a.children().size(); ++i)
        if (!same(a.children()[i], b.children()[i])) return false;
    return true;
}

Reply str(const char* text) {
    return Reply(Kind::BulkString, text);
}
Reply num(const char* text) {
    return Reply(Kind::Integer, text);
}

int depthOf(ReplyView reply) {
    int depth = 0;
    for (ReplyView at = reply; !at.children().empty(); at = at.children().front())
        ++depth;
    return depth;
}

}  // namespace

class RespTest : public QObject {
    Q_OBJECT
private slots:
    void reads_data();
    void reads();
    void cutAnywhere_data() { reads_data(); }
    void cutAnywhere();
    void breaks_data();
    void breaks();
    void limits_data();
    void limits();
    void readsTenThousandLevels();
    void readsDeepCopies();
    void refusesAMillionLevels();
    void believesNoClaim_data();
    void believesNoClaim();
    void namesTheByteOfTheMistake();
    void staysBroken();
    void readsPipelinedReplies();
    void hashesTheWireBytes();
    void readsTheCorpusHoweverItArrives();
};

void RespTest::reads_data() {
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<Reply>("expected");
    const auto row = [](const char* name, const QByteArray& wire, const Reply& expected) {
        QTest::newRow(name) << wire << expected;
    };
    row("status", "+OK\r\n", Reply(Kind::SimpleString, "OK"));
    row("empty status", "+\r\n", Reply(Kind::SimpleString));
    row("error", "-ERR no\r\n", Reply(Kind::Error, "ERR no"));
    row("integer", ":-9223372036854775808\r\n", num("-9223372036854775808"));
    row("string", "$5\r\nhello\r\n", str("hello"));
    row("empty string", "$0\r\n\r\n", str(""));
    row("binary string", QByteArray("$4\r\n\r\n\0\xff\r\n", 10),
        Reply(Kind::BulkString, QByteArray("\r\n\0\xff", 4)));
    row("RESP2 null string", "$-1\r\n", Reply());
    row("RESP2 null array", "*-1\r\n", Reply());
    row("null", "_\r\n", Reply());
    row("true", "#t\r\n", Reply(Kind::Boolean, "t"));
    row("false", "#f\r\n", Reply(Kind::Boolean, "f"));
    row("double", ",3.25\r\n", Reply(Kind::Double, "3.25"));
    row("tiny double", ",1e-400\r\n", Reply(Kind::Double, "1e-400"));
    row("infinity", ",-inf\r\n", Reply(Kind::Double, "-inf"));
    row("nan", ",nan\r\n", Reply(Kind::Double, "nan"));
    row("big number", "(-3492890328409238509324850943850943825024385\r\n",
        Reply(Kind::BigNumber, "-3492890328409238509324850943850943825024385"));
    row("bulk error", "!21\r\nSYNTAX invalid syntax\r\n",
        Reply(Kind::Error, "SYNTAX invalid syntax"));
    row("verbatim", "=8\r\ntxt:some\r\n", Reply(Kind::Verbatim, "some"));
    row("empty array", "*0\r\n", Reply(Kind::Array));
    row("array", "*3\r\n:1\r\n$1\r\na\r\n*1\r\n_\r\n",
        Reply(Kind::Array, {}, {num("1"), str("a"), Reply(Kind::Array, {}, {Reply()})}));
    row("set", "~2\r\n$1\r\na\r\n$1\r\nb\r\n", Reply(Kind::Set, {}, {str("a"), str("b")}));
    row("map", "%2\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n~0\r\n",
        Reply(Kind::Map, {}, {str("a"), num("1"), str("b"), Reply(Kind::Set)}));
    row("empty map", "%0\r\n", Reply(Kind::Map));
    row("push", ">2\r\n+invalidate\r\n*0\r\n",
        Reply(Kind::Push, {}, {Reply(Kind::SimpleString, "invalidate"), Reply(Kind::Array)}));
    row("attribute before", "|1\r\n+ttl\r\n:3600\r\n:5\r\n", num("5"));
    row("empty attribute", "|0\r\n:5\r\n", num("5"));
    row("attribute inside", "*3\r\n:1\r\n:2\r\n|1\r\n+ttl\r\n:3\r\n:4\r\n",
        Reply(Kind::Array, {}, {num("1"), num("2"), num("4")}));
    row("attribute of an attribute", "|1\r\n+a\r\n|1\r\n+b\r\n:1\r\n:2\r\n:3\r\n", num("3"));
    row("streamed string", "$?\r\n;4\r\nHell\r\n;5\r\no wor\r\n;2\r\nld\r\n;0\r\n",
        str("Hello world"));
    row("empty streamed string", "$?\r\n;0\r\n", str(""));
    row("streamed array", "*?\r\n:1\r\n*?\r\n.\r\n:3\r\n.\r\n",
        Reply(Kind::Array, {}, {num("1"), Reply(Kind::Array), num("3")}));
    row("streamed map", "%?\r\n+a\r\n:1\r\n.\r\n",
        Reply(Kind::Map, {}, {Reply(Kind::SimpleString, "a"), num("1")}));
    row("streamed set", "~?\r\n+a\r\n.\r\n",
        Reply(Kind::Set, {}, {Reply(Kind::SimpleString, "a")}));
    row("stream inside a fixed array", "*2\r\n$?\r\n;1\r\nx\r\n;0\r\n~?\r\n.\r\n",
        Reply(Kind::Array, {}, {str("x"), Reply(Kind::Set)}));
}

void RespTest::reads() {
    QFETCH(const QByteArray, wire);
    QFETCH(const Reply, expected);
    RespDecoder decoder;
    decoder.feed(wire);
    const auto reply = decoder.next();
    QVERIFY2(reply.has_value(), reply ? "" : qPrintable(reply.error().message));
    QVERIFY(reply->has_value());
    QVERIFY2(same(**reply, expected), qPrintable(toText(**reply)));
    QCOMPARE(decoder.wireBytes(), wire.size());
    const auto more = decoder.next();
    QVERIFY(more && !*more);
}

void RespTest::cutAnywhere() {
    QFETCH(const QByteArray, wire);
    QFETCH(const Reply, expected);
    for (qsizetype cut = 0; cut < wire.size(); ++cut) {
        RespDecoder decoder;
        decoder.feed(wire.first(cut));
        const auto early = decoder.next();
        QVERIFY2(early && !*early, qPrintable(QStringLiteral("cut at %1").arg(cut)));
        decoder.feed(wire.sliced(cut));
        const auto reply = decoder.next();
        QVERIFY2(reply && *reply && same(**reply, expected),
                 qPrintable(QStringLiteral("cut at %1").arg(cut)));
    }
    RespDecoder drop;
    for (qsizetype i = 0; i + 1 < wire.size(); ++i) {
        drop.feed(wire.sliced(i, 1));
        const auto early = drop.next();
        QVERIFY(early && !*early);
    }
    drop.feed(wire.last(1));
    const auto reply = drop.next();
    QVERIFY(reply && *reply && same(**reply, expected));
}

void RespTest::breaks_data() {
    QTest::addColumn<QByteArray>("wire");
    const auto row = [](const QByteArray& wire) {
        QTest::newRow(wire.toPercentEncoding().constData()) << wire;
    };
    for (const char* wire : {"HTTP/1.1 400 Bad Request\r\n",
                             "\r\n",
                             ":\r\n",
                             ":12a\r\n",
                             ": 1\r\n",
                             ":9223372036854775808\r\n",
                             "$-2\r\n",
                             "$abc\r\n",
                             "$3\r\nabcd\r\n",
                             "$1\r\na\n\n",
                             "!-1\r\n",
                             "=3\r\nabc\r\n",
                             "=-1\r\n",
                             "#x\r\n",
                             "#\r\n",
                             "_x\r\n",
                             ",\r\n",
                             ",abc\r\n",
                             "(\r\n",
                             "(12.5\r\n",
                             "*-2\r\n",
                             "*x\r\n",
                             "%-1\r\n",
                             "~-1\r\n",
                             ">-1\r\n",
                             ".\r\n",
                             "*1\r\n.\r\n",
                             ";4\r\nabcd\r\n",
                             "$?\r\n:1\r\n",
                             "$?\r\n;-1\r\n",
                             "%?\r\n+a\r\n.\r\n",
                             "*?\r\n.x\r\n",
                             "\x16\x03\x01\r\n",
                             "@\r\n"})
        row(wire);
}

void RespTest::breaks() {
    QFETCH(const QByteArray, wire);
    RespDecoder decoder;
    decoder.feed(wire);
    const auto reply = decoder.next();
    QVERIFY(!reply);
    QCOMPARE(nameOf(reply.error().code), nameOf(ErrorCode::Protocol));
    QVERIFY(reply.error().message.contains(QStringLiteral("at byte")));
}

void RespTest::limits_data() {
    QTest::addColumn<QByteArray>("wire");
    QTest::newRow("string") << QByteArray("$2000\r\n");
    QTest::newRow("many small") << QByteArray("*1\r\n:1\r\n").repeated(100);
    QTest::newRow("chunks")
        << "$?\r\n" + QByteArray(";100\r\n" + QByteArray(100, 'x') + "\r\n").repeated(20);
    QTest::newRow("streamed elements") << "*?\r\n" + QByteArray(":1\r\n").repeated(100);
    QTest::newRow("attributes") << "|?\r\n" + QByteArray(":1\r\n").repeated(100);
    QTest::newRow("status") << "+" + QByteArray(2000, 'x') + "\r\n";
}

void RespTest::limits() {
    QFETCH(const QByteArray, wire);
    RespDecoder decoder({.depth = 50, .bytes = 1000});
    decoder.feed(wire);
    Result<std::optional<Reply>> reply;
    for (int i = 0; i < 200 && (reply = decoder.next()) && *reply; ++i) {
    }
    if (QByteArray(QTest::currentDataTag()) == "many small") {
        QVERIFY(reply &&
                !*reply);  // each is small: the limit is one of a reply, not of a connection
        return;
    }
    QVERIFY(!reply);
    QCOMPARE(nameOf(reply.error().code), nameOf(ErrorCode::TooLarge));
}

void RespTest::readsTenThousandLevels() {
    constexpr int kDepth = 10'000;
    RespDecoder decoder;
    decoder.feed(QByteArray("*1\r\n").repeated(kDepth) + ":7\r\n");
    auto reply = decoder.next();
    QVERIFY2(reply && *reply, reply ? "starved" : qPrintable(reply.error().message));
    QCOMPARE(depthOf(**reply), kDepth);
    QVERIFY(toText(**reply).contains(QStringLiteral("nested deeper")));
}

void RespTest::readsDeepCopies() {
    RespDecoder decoder({.depth = 400'000, .bytes = 1LL << 30});
    decoder.feed(QByteArray("%1\r\n+k\r\n").repeated(200'000) + "*1\r\n*2\r\n:1\r\n:2\r\n");
    auto reply = decoder.next();
    QVERIFY(reply && *reply);
    Reply copy = **reply;
    const Reply moved = std::move(**reply);
    copy = moved;
    QCOMPARE(copy.children().size(), moved.children().size());
}

void RespTest::refusesAMillionLevels() {
    for (const char* open :
         {"*1\r\n", "*?\r\n", "%1\r\n:1\r\n", "~1\r\n", ">1\r\n", "|1\r\n+a\r\n"}) {
        RespDecoder decoder;
        decoder.feed(QByteArray(open).repeated(1'000'000));
        const auto reply = decoder.next();
        QVERIFY(!reply);
        QCOMPARE(nameOf(reply.error().code), nameOf(ErrorCode::TooLarge));
        QVERIFY(reply.error().message.contains(QStringLiteral("10000 levels")));
    }
}

void RespTest::believesNoClaim_data() {
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<bool>("refused");
    for (const char* number : {"2147483647", "2147483648", "9223372036854775807"})
        for (const char* type : {"$", "*", "%", "~", ">", "|", "!", "="})
            QTest::addRow("%s%s", type, number) << QByteArray(type) + number + "\r\n" << true;
    QTest::newRow("chunk") << QByteArray("$?\r\n;9223372036854775807\r\n") << true;
    QTest::newRow("a million elements, none sent") << QByteArray("*1000000\r\n") << false;
    QTest::newRow("200 MB, none sent") << QByteArray("$200000000\r\n") << false;
}

void RespTest::believesNoClaim() {
    QFETCH(const QByteArray, wire);
    QFETCH(const bool, refused);
    RespDecoder decoder;
    decoder.feed(wire);
    const auto reply = decoder.next();
    QCOMPARE(!reply, refused);
    if (refused) QCOMPARE(nameOf(reply.error().code), nameOf(ErrorCode::TooLarge));
}

void RespTest::namesTheByteOfTheMistake() {
    RespDecoder decoder;
    decoder.feed("+OK\r\n*2\r\n:1\r\n?2\r\n");
    QVERIFY(decoder.next());
    const auto reply = decoder.next();
    QVERIFY(!reply);
    QVERIFY2(reply.error().message.contains(QStringLiteral("at byte 13 ")),
             qPrintable(reply.error().message));
}

void RespTest::staysBroken() {
    RespDecoder decoder;
    decoder.feed("?\r\n");
    QVERIFY(!decoder.next());
    decoder.feed("+OK\r\n");
    QVERIFY(!decoder.next());
}

void RespTest::readsPipelinedReplies() {
    RespDecoder decoder;
    const QByteArray big(100'000, 'x');
    for (int i = 0; i < 20; ++i)
        decoder.feed(":" + QByteArray::number(i) + "\r\n$100000\r\n" + big + "\r\n");
    for (int i = 0; i < 20; ++i) {
        const auto number = decoder.next();
        QVERIFY(number && *number);
        QCOMPARE((*number)->text(), QByteArray::number(i));
        const auto text = decoder.next();
        QVERIFY(text && *text);
        QCOMPARE((*text)->text(), big);
    }
}

void RespTest::hashesTheWireBytes() {
    RespDecoder decoder;
    decoder.feed("+A\r\n$3\r\nabc\r\n");
    QVERIFY(decoder.next());
    QCOMPARE(decoder.takeSha256(),
             QCryptographicHash::hash("+A\r\n", QCryptographicHash::Sha256).toHex());
    QVERIFY(decoder.next());
    QCOMPARE(decoder.wireBytes(), 9);
    QCOMPARE(decoder.takeSha256(),
             QCryptographicHash::hash("$3\r\nabc\r\n", QCryptographicHash::Sha256).toHex());
}

/// What the fuzzer found interesting: whole, and cut at every byte.
void RespTest::readsTheCorpusHoweverItArrives() {
    const auto story = [](const QByteArrayList& pieces) {
        RespDecoder decoder({.depth = 10'000, .bytes = 1 << 20});
        QStringList told;
        for (const QByteArray& piece : pieces) {
            decoder.feed(piece);
            for (;;) {
                const auto reply = decoder.next();
                if (!reply) return told << reply.error().message;
                if (!*reply) break;
                told << toText(**reply);
            }
        }
        return told;
    };
    const QDir corpus(QFINDTESTDATA("../fuzz/corpus/resp"));
    const auto files = corpus.entryList(QDir::Files);
    QVERIFY(files.size() > 20);
    for (const QString& name : files) {
        QFile file(corpus.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll().mid(1);  // the first byte is the fuzzer's own
        const QStringList whole = story({bytes});
        for (qsizetype cut = 0; cut <= bytes.size(); ++cut)
            QVERIFY2(story({bytes.first(cut), bytes.sliced(cut)}) == whole, qPrintable(name));
    }
}

QTEST_GUILESS_MAIN(RespTest)
#include "tst_resp.moc"
