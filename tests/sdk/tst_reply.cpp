#include <QTest>

#include "sdk/reply.h"

using namespace tocsin;
using Kind = Reply::Kind;

class ReplyTest : public QObject {
    Q_OBJECT
private slots:
    void writesLikeRedisCli_data();
    void writesLikeRedisCli();
    void keepsTextsOfEveryLength();
    void findsEachChildByItsNumber();
    void buildsOutOfOthers();
    void copiesShareAndOutlive();
};

void ReplyTest::writesLikeRedisCli_data() {
    QTest::addColumn<Reply>("reply");
    QTest::addColumn<QString>("text");
    const Reply one{Kind::Integer, "1", {}};
    const Reply word{Kind::BulkString, "a\"b\n\x01\xc3\xa9", {}};
    QTest::newRow("nil") << Reply{} << "(nil)";
    QTest::newRow("integer") << one << "(integer) 1";
    QTest::newRow("status") << Reply{Kind::SimpleString, "OK", {}} << "OK";
    QTest::newRow("error") << Reply{Kind::Error, "ERR no", {}} << "(error) ERR no";
    QTest::newRow("status of a terminal's own")
        << Reply{Kind::SimpleString, "\x1b]0;x\x07\nline", {}} << "\\x1b]0;x\\x07\nline";
    QTest::newRow("bulk") << word << R"("a\"b\n\x01\xc3\xa9")";
    QTest::newRow("empty") << Reply{Kind::Array, {}, {}} << "(empty array)";
    QTest::newRow("array") << Reply{Kind::Array, {}, {one, one}}
                           << "1) (integer) 1\n2) (integer) 1";
    QTest::newRow("nested") << Reply{Kind::Array, {}, {Reply{Kind::Array, {}, {one, one}}}}
                            << "1) 1) (integer) 1\n   2) (integer) 1";
    QTest::newRow("map") << Reply{Kind::Map, {}, {one, one}} << "1# (integer) 1 => (integer) 1";
}

void ReplyTest::writesLikeRedisCli() {
    QFETCH(const Reply, reply);
    QFETCH(const QString, text);
    QCOMPARE(toText(reply), text);
}

void ReplyTest::keepsTextsOfEveryLength() {
    for (int length = 0; length < 40; ++length) {
        const QByteArray text(length, 't');
        const Reply alone(Kind::BulkString, text);
        const Reply copy = alone;
        QCOMPARE(copy.text(), text);
        const Reply inside(Kind::Set, {}, {alone, copy});
        QCOMPARE(inside.kind(), Kind::Set);
        QCOMPARE(inside.children().size(), 2U);
        QCOMPARE(inside.children().back().text(), text);
    }
}

/// Of every length that a header writes in another way, of kinds that have their own, and nested.
void ReplyTest::findsEachChildByItsNumber() {
    const QList<int> lengths{0, 1, 4, 5, 6, 126, 127, 128, 129, 254, 255, 256, 257, 70'000};
    const QList<Kind> kinds{Kind::BulkString, Kind::Integer, Kind::Verbatim};
    for (const int count : {0, 1, 15, 16, 17, 31, 32, 33, 48, 49, 333}) {
        ReplyBuilder builder(Kind::Push);
        const auto kindOf = [&](int i) { return kinds[i % kinds.size()]; };
        const auto textOf = [&](int i) {
            return QByteArray(lengths[i % lengths.size()], static_cast<char>('a' + i % 26));
        };
        for (int i = 0; i < count; ++i)
            if (i % 5 == 4)
                builder.add(Reply(Kind::Set, {}, {Reply(kindOf(i), textOf(i)), Reply()}));
            else
                builder.add(Reply(kindOf(i), textOf(i)));
        const Reply built(Kind::Array, {}, {Reply(), builder.take(), Reply(Kind::Null)});
        const ReplyChildren children = built.children()[1].children();
        QCOMPARE(children.size(), static_cast<std::size_t>(count));
        QCOMPARE(std::distance(children.begin(), children.end()), count);
        int i = 0;
        for (const ReplyView next : children) {
            for (const ReplyView found : {next, children[static_cast<std::size_t>(i)]}) {
                QCOMPARE(found.kind(), i % 5 == 4 ? Kind::Set : kindOf(i));
                const ReplyView leaf = i % 5 == 4 ? found.children().front() : found;
                QCOMPARE(leaf.kind(), kindOf(i));
                QCOMPARE(leaf.text(), textOf(i));
            }
            ++i;
        }
        QCOMPARE(built.children().back().kind(), Kind::Null);
    }
}

void ReplyTest::buildsOutOfOthers() {
    const Reply number(Kind::Integer, "1");
    const Reply nested(Kind::Map, {}, {number, Reply(Kind::Array, {}, {number, Reply()})});
    ReplyBuilder builder;
    builder.add(nested);
    builder.add(nested.children().back());
    builder.add(Reply(Kind::Array));
    QCOMPARE(builder.size(), 3U);
    const Reply built = builder.take();
    QCOMPARE(toText(built), QStringLiteral("1) 1# (integer) 1 => 1) (integer) 1\n"
                                           "      2) (nil)\n"
                                           "2) 1) (integer) 1\n   2) (nil)\n"
                                           "3) (empty array)"));
    QCOMPARE(builder.size(), 0U);
    QCOMPARE(toText(builder.take()), QStringLiteral("(empty array)"));
}

void ReplyTest::copiesShareAndOutlive() {
    const QByteArray text(100, 'l');
    auto first = std::make_unique<Reply>(Kind::Array, QByteArrayView(),
                                         std::vector<Reply>{Reply(Kind::BulkString, text)});
    const Reply copy = *first;
    QCOMPARE(static_cast<const void*>(copy.children().front().bytes().data()),
             static_cast<const void*>(first->children().front().bytes().data()));
    first.reset();
    QCOMPARE(copy.children().front().text(), text);
}

QTEST_GUILESS_MAIN(ReplyTest)
#include "tst_reply.moc"
