#include <QTest>

#include "sdk/reply.h"

using namespace tocsin;
using Kind = Reply::Kind;

class ReplyTest : public QObject {
    Q_OBJECT
private slots:
    void writesLikeRedisCli_data();
    void writesLikeRedisCli();
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

QTEST_GUILESS_MAIN(ReplyTest)
#include "tst_reply.moc"
