#include <QTest>
#include <limits>

#include "sdk/threshold.h"

using namespace tocsin;
using namespace Qt::StringLiterals;

class ThresholdTest : public QObject {
    Q_OBJECT
private slots:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void crosses_data();
    void crosses();
    void converts_data();
    void converts();
    void nanNeverCrosses();
};

void ThresholdTest::reads_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    QTest::newRow("percent") << u"> 2%"_s << u"> 2 %"_s;
    QTest::newRow("spaces") << u"  >=  80 % "_s << u">= 80 %"_s;
    QTest::newRow("seconds") << u"> 1s"_s << u"> 1 s"_s;
    QTest::newRow("minutes") << u">5m"_s << u"> 5 m"_s;
    QTest::newRow("decimals") << u"< .5"_s << u"< 0.5"_s;
    QTest::newRow("negative") << u"<= -1.5e3 ms"_s << u"<= -1500 ms"_s;
    QTest::newRow("word unit") << u"> 10 jobs"_s << u"> 10 jobs"_s;
    QTest::newRow("mathematical sign") << u"≥ 95%"_s << u">= 95 %"_s;
    QTest::newRow("not equal") << u"!= 0"_s << u"!= 0"_s;
}

void ThresholdTest::reads() {
    QFETCH(QString, text);
    QFETCH(QString, shown);
    const auto threshold = thresholdFromText(text);
    QVERIFY2(threshold, threshold ? "" : qPrintable(threshold.error().message));
    QCOMPARE(threshold->text(), shown);
    QCOMPARE(*thresholdFromText(threshold->text()), *threshold);
}

void ThresholdTest::refuses_data() {
    QTest::addColumn<QString>("text");
    for (const char* text :
         {"", "2%", ">", "> %", "> two", "> 2 % of requests", "> 1e999", ">> 2", "> 2;"})
        QTest::newRow(*text ? text : "empty") << QString::fromLatin1(text);
}

void ThresholdTest::refuses() {
    QFETCH(QString, text);
    const auto threshold = thresholdFromText(text);
    QVERIFY(!threshold);
    QCOMPARE(threshold.error().code, ErrorCode::Parse);
    QVERIFY(threshold.error().message.contains(u"> 2%"_s));
}

void ThresholdTest::crosses_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("value");
    QTest::addColumn<bool>("crossed");
    QTest::newRow("above") << u"> 2%"_s << 2.1 << true;
    QTest::newRow("not above at the limit") << u"> 2%"_s << 2.0 << false;
    QTest::newRow("at least at the limit") << u">= 80%"_s << 80.0 << true;
    QTest::newRow("below") << u"< 1"_s << 0.0 << true;
    QTest::newRow("at most") << u"<= 1"_s << 1.0 << true;
    QTest::newRow("equal") << u"== 0"_s << 0.0 << true;
    QTest::newRow("not equal") << u"!= 0"_s << 0.0 << false;
    QTest::newRow("infinity") << u"> 5"_s << std::numeric_limits<double>::infinity() << true;
}

void ThresholdTest::crosses() {
    QFETCH(QString, text);
    QFETCH(double, value);
    QTEST(thresholdFromText(text)->isCrossedBy(value), "crossed");
}

void ThresholdTest::converts_data() {
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<double>("expected");
    QTest::newRow("ms to s") << 1840.0 << u"ms"_s << u"s"_s << 1.84;
    QTest::newRow("s to m") << 312.0 << u"s"_s << u"m"_s << 5.2;
    QTest::newRow("ratio to %") << 0.074 << u"ratio"_s << u"%"_s << 7.4;
    QTest::newRow("bytes to GB") << 2147483648.0 << u"B"_s << u"GB"_s << 2.0;
    QTest::newRow("unrelated stays") << 7.0 << u"jobs"_s << u"%"_s << 7.0;
    QTest::newRow("nothing said stays") << 7.0 << QString() << u"s"_s << 7.0;
}

void ThresholdTest::converts() {
    QFETCH(double, value);
    QFETCH(QString, from);
    QFETCH(QString, to);
    QTEST(convertedUnit(value, from, to), "expected");
}

void ThresholdTest::nanNeverCrosses() {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const char* text : {"> 0", ">= 0", "< 0", "<= 0", "== 0", "!= 0"})
        QVERIFY(!thresholdFromText(QString::fromLatin1(text))->isCrossedBy(nan));
}

QTEST_GUILESS_MAIN(ThresholdTest)
#include "tst_threshold.moc"
