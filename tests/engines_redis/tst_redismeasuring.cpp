#include "tests/engines_redis/enginefixture.h"

using namespace tocsin;
using namespace tocsin::redis;

/// Sizes are asked before values, and what is too much is read in part.
class MeasuringTest : public EngineFixture {
    Q_OBJECT
private slots:
    void initTestCase() { startServer(); }
    void init() { makeEngine(); }
    void cleanup() { m_engine.reset(); }
    void asksTheSizeFirst_data();
    void asksTheSizeFirst();
    void asksTheSizesOfAllKeys();
    void measuresBeforeItReads_data();
    void measuresBeforeItReads();
    void cutsAnArea();
    void stopsAtTheByteCap();
};

void MeasuringTest::asksTheSizeFirst_data() {
    QTest::addColumn<QString>("command");
    QTest::addColumn<int>("rows");
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("next");
    QTest::newRow("list") << "LRANGE long 0 -1" << 10'000 << "0"
                          << "LRANGE long 10000 -1";
    QTest::newRow("list's tail") << "LRANGE long -15000 -1" << 10'000 << "5000"
                                 << "LRANGE long 15000 -1";
    QTest::newRow("string") << "get big" << 1 << QString() << "GETRANGE big 16777216 -1";
    QTest::newRow("hash") << "HGETALL wide" << 0 << QString() << "HSCAN wide ";
    QTest::newRow("scores") << "ZRANGEBYSCORE scores -inf +inf" << 10'000 << "m0"
                            << "ZRANGEBYSCORE scores -inf +inf LIMIT 10000 10000";
    QTest::newRow("stream") << "XRANGE events - +" << 10'000 << QString() << "XRANGE events (";
    QTest::newRow("elements of 20 kB") << "LRANGE heavy 0 -1" << 0 << QString() << "LRANGE heavy ";
}

/// What is too much in one go is read in part, and how it goes on is said.
void MeasuringTest::asksTheSizeFirst() {
    QFETCH(const QString, command);
    QFETCH(const int, rows);
    QFETCH(const QString, first);
    QFETCH(const QString, next);
    const auto result = ask(*m_engine, command);
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
    QVERIFY(result->truncated);
    QVERIFY(result->receipt.bytes < 20LL * 1024 * 1024);
    QVERIFY2(result->nextPage.startsWith(next), qPrintable(result->nextPage));
    QVERIFY(result->notices.join(u' ').contains(QStringLiteral("first part")));
    if (rows > 0) QCOMPARE(result->receipt.rows, rows);
    if (!first.isEmpty())
        QCOMPARE(QString::fromUtf8(result->reply->children().front().text()), first);
    const auto more = ask(*m_engine, result->nextPage);
    QVERIFY2(more.has_value(), more ? "" : qPrintable(more.error().message));
}

void MeasuringTest::asksTheSizesOfAllKeys() {
    test::Plain plain(m_server.port());
    for (int i = 0; i < 12; ++i) {
        QByteArrayList add{"SADD", i < 6 ? "setA" : "setB"};
        for (int n = 0; n < 1000; ++n)
            add << QByteArray::number(i * 1000 + n);
        plain.command(add);
    }
    plain.command({"SADD", "setC", "1"});
    for (const char* text :
         {"SUNION setA setB", "SDIFF setA setB", "ZUNION 2 setA setB", "SUNION setA setB\nPING"}) {
        const auto result = ask(*m_engine, QString::fromLatin1(text));
        QVERIFY2(!result && result.error().detail == QStringLiteral("size-before-value"), text);
    }
    for (const char* text : {"SUNION setA setC", "SINTER setA setC", "SUNION nothing"})
        QVERIFY2(ask(*m_engine, QString::fromLatin1(text)).has_value(), text);
    QByteArrayList score{"ZADD", "ranks"};
    for (int i = 0; i < 11'000; ++i)
        score << "1" << QByteArray::number(i);
    plain.command(score);
    for (const char* text : {"ZRANGEBYSCORE ranks 0 9 LIMIT 0 -1", "ZRANGEBYSCORE ranks 0 9",
                             "ZRANGE ranks 0 9 BYSCORE LIMIT 0 5000000"}) {
        const auto part = ask(*m_engine, QString::fromLatin1(text));
        QVERIFY2(part && part->truncated, text);
        QCOMPARE(part->reply->children().size(), 10'000U);
        const auto rest = ask(*m_engine, part->nextPage);
        QVERIFY2(rest.has_value(), qPrintable(part->nextPage));
        QCOMPARE(rest->reply->children().size(), 1'000U);
    }
    plain.command({"DEL", "setA", "setB", "setC", "ranks"});
}

void MeasuringTest::measuresBeforeItReads_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("list of 40 MB") << "DUMP heavy"
                                   << "one go";
    QTest::newRow("in a script") << "DUMP heavy\nPING"
                                 << "one go";
    QTest::newRow("several texts") << "MGET big job:1 big"
                                   << "3 values";
    QTest::newRow("several texts in a script") << "MGET big job:1 big\nPING"
                                               << "values";
    QTest::newRow("fields") << "HMGET bulky a b"
                            << "2 values";
}

void MeasuringTest::measuresBeforeItReads() {
    QFETCH(const QString, text);
    QFETCH(const QString, says);
    test::Plain plain(m_server.port());
    const QByteArray tenMb(10 * 1024 * 1024, 'b');
    plain.command({"HSET", "bulky", "a", tenMb, "b", tenMb});
    const auto result = ask(*m_engine, text);
    plain.command({"DEL", "bulky"});
    QVERIFY(!result);
    QCOMPARE(result.error().detail, QStringLiteral("size-before-value"));
    QVERIFY2(result.error().message.contains(says), qPrintable(result.error().message));
    for (const char* small : {"DUMP hash", "MGET job:1 job:2", "HMGET hash name at", "DUMP none"})
        QVERIFY2(ask(*m_engine, QString::fromLatin1(small)).has_value(), small);
}

/// An area may hold every member; a small part of them is all there is to say.
void MeasuringTest::cutsAnArea() {
    test::Plain plain(m_server.port());
    for (int from = 0; from < 12'000; from += 1000) {
        QByteArrayList add{"GEOADD", "places"};
        for (int i = from; i < from + 1000; ++i)
            add << "13.4"
                << "52.5"
                << "p" + QByteArray::number(i);
        plain.command(add);
    }
    const auto all = ask(*m_engine, QStringLiteral("GEOSEARCH places FROMLONLAT 13.4 52.5 BYRADIUS "
                                                   "1 km"));
    QVERIFY2(all.has_value(), all ? "" : qPrintable(all.error().message));
    QVERIFY(all->truncated);
    QCOMPARE(all->receipt.rows, 10'000);
    const auto none = ask(*m_engine, QStringLiteral("GEORADIUS_RO places 0 0 1 km"));
    QVERIFY2(none.has_value(), none ? "" : qPrintable(none.error().message));
    QVERIFY(!none->truncated);
    QVERIFY(none->notices.isEmpty());
    plain.command({"DEL", "places"});
}

void MeasuringTest::stopsAtTheByteCap() {
    Query query{QStringLiteral("LRANGE long 0 5000"), std::chrono::seconds(5), 10'000, {}};
    const auto result = test::settled(m_engine->run(query));
    QVERIFY(!result);
    QCOMPARE(nameOf(result.error().code), nameOf(ErrorCode::TooLarge));
    QVERIFY(ask(*m_engine, QStringLiteral("PING")).has_value());
    // Each reply is small enough, together they are not.
    query.text = QStringLiteral("GETRANGE big 0 5999\nGETRANGE big 0 5999\nPING");
    const auto together = test::settled(m_engine->run(query));
    QVERIFY(!together);
    QCOMPARE(nameOf(together.error().code), nameOf(ErrorCode::TooLarge));
    QVERIFY(ask(*m_engine, QStringLiteral("PING")).has_value());
}

QTEST_GUILESS_MAIN(MeasuringTest)
#include "tst_redismeasuring.moc"
