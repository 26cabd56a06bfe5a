#include <QTest>
#include <cmath>

#include "plugins/sources/metrics/jsonmetrics.h"
#include "plugins/sources/metrics/metricssource.h"
#include "plugins/sources/metrics/prometheustext.h"
#include "plugins/sources/metrics/selection.h"

using namespace tocsin;
using namespace tocsin::metrics;
using namespace Qt::StringLiterals;

namespace {

const QByteArray kText =
    "# HELP http_errors Errors so far.\n"
    "# TYPE http_errors counter\n"
    "http_errors{code=\"500\",path=\"/a\\\\b\\\"c\\n\"} 12 1767225600123\n"
    "http_errors{code=\"502\",} 3\n"
    "up 1\n"
    "temperature -1.5e2\n"
    "ratio NaN\n"
    "big +Inf\n"
    "{\"my.metric\",a=\"b\"} 7\n"
    "# EOF\n";

const Sample* named(const Samples& samples, const QString& name) {
    for (const Sample& sample : samples)
        if (sample.name == name) return &sample;
    return nullptr;
}

}  // namespace

class SamplesTest : public QObject {
    Q_OBJECT
private slots:
    void readsPrometheusText();
    void skipsBadLines_data();
    void skipsBadLines();
    void survivesEveryCut();
    void flattensJson();
    void refusesJsonWithoutNumbers();
    void tellsFormatsApart_data();
    void tellsFormatsApart();
    void findsByAnySpelling_data();
    void findsByAnySpelling();
};

void SamplesTest::readsPrometheusText() {
    const auto samples = samplesFromPrometheusText(kText);
    QVERIFY(samples);
    QCOMPARE(samples->size(), 7);
    QCOMPARE(samples->at(0).labels.value(u"path"_s), u"/a\\b\"c\n"_s);
    QCOMPARE(samples->at(0).value, 12.0);
    QCOMPARE(samples->at(1).labels.value(u"code"_s), u"502"_s);
    QCOMPARE(named(*samples, u"temperature"_s)->value, -150.0);
    QVERIFY(std::isnan(named(*samples, u"ratio"_s)->value));
    QVERIFY(std::isinf(named(*samples, u"big"_s)->value));
    QCOMPARE(named(*samples, u"my.metric"_s)->labels.value(u"a"_s), u"b"_s);
}

void SamplesTest::skipsBadLines_data() {
    QTest::addColumn<QByteArray>("line");
    for (const char* line :
         {"name", "name{", "name{a=\"b\" 1", "name{a=\"b} 1", "name{a=b} 1", "{} 1", "name one",
          "name{a=\"b\"c=\"d\"} 1", "\x01\x02 1", "name{,} 1"})
        QTest::newRow(line) << QByteArray(line);
}

void SamplesTest::skipsBadLines() {
    QFETCH(QByteArray, line);
    QVERIFY(!sampleFromLine(line));
    const auto samples = samplesFromPrometheusText(line + "\nup 1\n");
    QVERIFY(samples);
    QCOMPARE(samples->size(), 1);
    QVERIFY(!samplesFromPrometheusText(line));
}

void SamplesTest::survivesEveryCut() {
    for (qsizetype length = 0; length <= kText.size(); ++length)
        (void)samplesFromPrometheusText(kText.left(length));
    const QByteArray json = R"({"a":{"used":1,"max":2},"b":["3 %",true,{"value":1,"unit":"ms"}]})";
    for (qsizetype length = 0; length < json.size(); ++length)
        QVERIFY(!samplesFromJson(json.left(length)));
}

void SamplesTest::flattensJson() {
    const auto samples =
        samplesFromJson(R"({"error_rate": 7.4, "queues": {"video": {"waiting": 12}},
        "disks": [{"usage": "81 %"}], "p95": {"value": 1840, "unit": "ms"},
        "database_connections": {"used": 97, "max": 100}, "ready": true, "name": "app", "none": null})");
    QVERIFY(samples);
    QCOMPARE(named(*samples, u"queues.video.waiting"_s)->value, 12.0);
    QCOMPARE(named(*samples, u"disks.0.usage"_s)->unit, u"%"_s);
    QCOMPARE(named(*samples, u"p95"_s)->unit, u"ms"_s);
    QCOMPARE(named(*samples, u"database_connections"_s)->value, 97.0);
    QCOMPARE(named(*samples, u"database_connections"_s)->unit, u"%"_s);
    QCOMPARE(named(*samples, u"ready"_s)->value, 1.0);
    QVERIFY(!named(*samples, u"name"_s) && !named(*samples, u"none"_s));
}

void SamplesTest::refusesJsonWithoutNumbers() {
    for (const char* json : {"{}", "[]", R"({"name":"app"})", "null", "7"})
        QVERIFY(!samplesFromJson(json));
}

void SamplesTest::tellsFormatsApart_data() {
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("isRead");
    const QByteArray json("application/json"), text("text/plain; version=0.0.4");
    QTest::newRow("json") << json << QByteArray(R"({"up": 1})") << true;
    QTest::newRow("json said to be text") << text << QByteArray(R"( {"up": 1})") << true;
    QTest::newRow("text") << text << QByteArray("up 1\n") << true;
    QTest::newRow("text without type") << QByteArray() << QByteArray("# hi\nup 1\n") << true;
    QTest::newRow("quoted name first") << text << QByteArray("{\"up\"} 1\n") << true;
    QTest::newRow("page") << QByteArray("text/html") << QByteArray("<html>up 1</html>") << false;
    QTest::newRow("json cut") << json << QByteArray(R"({"up": 1)") << false;
}

void SamplesTest::tellsFormatsApart() {
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QTEST(samplesFromAnswer(type, body).has_value(), "isRead");
}

void SamplesTest::findsByAnySpelling_data() {
    QTest::addColumn<QString>("metric");
    QTest::addColumn<double>("value");
    QTest::newRow("exact") << u"http.errorRate"_s << 1.0;
    QTest::newRow("snake") << u"http_error_rate"_s << 1.0;
    QTest::newRow("end of a path") << u"error_rate"_s << 1.0;
    QTest::newRow("exact wins over ending") << u"waiting"_s << 3.0;
    QTest::newRow("labels choose") << u"up{host=\"b\"}"_s << 5.0;
}

void SamplesTest::findsByAnySpelling() {
    QFETCH(QString, metric);
    const Samples samples{{u"http.errorRate"_s, {}, 1, {}},
                          {u"queue.waiting"_s, {}, 2, {}},
                          {u"waiting"_s, {}, 3, {}},
                          {u"up"_s, {{u"host"_s, u"a"_s}}, 4, {}},
                          {u"up"_s, {{u"host"_s, u"b"_s}}, 5, {}}};
    const Selection found = select(samples, metric);
    QCOMPARE(found.samples.size(), 1);
    QTEST(found.samples.first().value, "value");
}

QTEST_GUILESS_MAIN(SamplesTest)
#include "tst_samples.moc"
