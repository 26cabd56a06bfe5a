#include <QStringEncoder>
#include <QTest>

#include "plugins/probes/aws/currentevents.h"
#include "plugins/probes/http/expectation.h"
#include "plugins/probes/statuspage/summary.h"
#include "plugins/probes/stripe/current.h"
#include "sdk/httpprobe.h"
#include "tests/support/await.h"
#include "tests/support/stubhttp.h"

using namespace tocsin;
using namespace tocsin::support;
using namespace Qt::StringLiterals;

namespace {

HttpReply said(const QByteArray& body, int status = 200) {
    HttpReply reply;
    reply.status = status;
    reply.body = body;
    reply.url = QUrl(u"https://status.example.org/x"_s);
    return reply;
}

const QByteArray kCalm = R"("status":{"indicator":"none","description":"All Systems Operational"})";

QByteArray utf16(const QString& text, QStringConverter::Encoding encoding) {
    QStringEncoder encoder(encoding, QStringConverter::Flag::WriteBom);
    return encoder.encode(text);
}

}  // namespace

class ProbesTest : public QObject {
    Q_OBJECT
private slots:
    void statuspageLevels_data();
    void statuspageLevels();
    void statuspageFollowsNamedComponents();
    void stripeLevels_data();
    void stripeLevels();
    void awsLevels_data();
    void awsLevels();
    void awsKnowsItsOwnList_data();
    void awsKnowsItsOwnList();
    void awsReadsEveryEncoding();
    void httpJudges_data();
    void httpJudges();
    void neverOkOnRubbish_data();
    void neverOkOnRubbish();
    void unreachableIsUnknown();
    void asksWhetherItChanged();
    void lookUnderWayIsShared();
};

void ProbesTest::statuspageLevels_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("level");
    QTest::addColumn<int>("notices");
    const auto row = [](const char* name, const QByteArray& body, const QString& level,
                        int notices = 0) {
        QTest::newRow(name) << QByteArray("{" + body + "}") << level << notices;
    };
    row("calm", kCalm, u"ok"_s);
    row("minor", R"("status":{"indicator":"minor"})", u"degraded"_s);
    row("major", R"("status":{"indicator":"major"})", u"partial"_s);
    row("critical", R"("status":{"indicator":"critical"})", u"outage"_s);
    row("maintenance", R"("status":{"indicator":"maintenance"})", u"maintenance"_s);
    row("new word", R"("status":{"indicator":"sparkling"})", u"unknown"_s);
    row("incident while none",
        kCalm + R"(,"incidents":[{"name":"API errors","status":"identified","impact":"critical"}])",
        u"outage"_s, 1);
    row("incident of no impact",
        kCalm + R"(,"incidents":[{"name":"x","status":"monitoring","impact":"none"}])",
        u"degraded"_s, 1);
    row("resolved incident",
        kCalm + R"(,"incidents":[{"name":"x","status":"resolved","impact":"major"}])", u"ok"_s);
    row("nulls for lists",
        kCalm + R"(,"components":null,"incidents":null,"scheduled_maintenances":null)", u"ok"_s);
    row("maintenance to come",
        kCalm + R"(,"scheduled_maintenances":[{"name":"x","status":"scheduled"}])", u"ok"_s, 1);
    row("maintenance now",
        kCalm + R"(,"scheduled_maintenances":[{"name":"x","status":"in_progress"}])",
        u"maintenance"_s, 1);
}

void ProbesTest::statuspageLevels() {
    QFETCH(QByteArray, body);
    QFETCH(int, notices);
    const ProbeReport report = statuspage::reportFromSummary(said(body), {});
    QTEST(nameOf(report.level), "level");
    QCOMPARE(report.notices.size(), notices);
}

void ProbesTest::statuspageFollowsNamedComponents() {
    const QByteArray body =
        R"({"page":{"url":"status.mux.com"},"status":{"indicator":"major","description":"Trouble"},
            "components":[{"name":"Video","status":"operational","group":true},
                          {"name":"Video Delivery","status":"degraded_performance"},
                          {"name":"Live Streaming","status":"operational"},
                          {"name":"Dashboard","status":"major_outage"}]})";
    QCOMPARE(statuspage::reportFromSummary(said(body), {u"video"_s}).level, ProbeLevel::Degraded);
    QCOMPARE(statuspage::reportFromSummary(said(body), {u"live streaming"_s}).level,
             ProbeLevel::Ok);
    QCOMPARE(statuspage::reportFromSummary(said(body), {u"Audio"_s}).level, ProbeLevel::Unknown);
    QCOMPARE(statuspage::reportFromSummary(said(body), {}).components.size(), 3);
    QCOMPARE(statuspage::summaryAddress(QUrl(u"https://status.mux.com/"_s)).toString(),
             u"https://status.mux.com/api/v2/summary.json"_s);
}

void ProbesTest::stripeLevels_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("level");
    QTest::newRow("up")
        << QByteArray(
               R"({"largestatus":"up","message":"All services are online.","statuses":{"api":"up"}})")
        << u"ok"_s;
    QTest::newRow("one degraded")
        << QByteArray(R"({"largestatus":"up","statuses":{"api":"up","webhooks":"degraded"}})")
        << u"degraded"_s;
    QTest::newRow("down") << QByteArray(R"({"largestatus":"down","statuses":{"api":"down"}})")
                          << u"outage"_s;
    QTest::newRow("new word") << QByteArray(R"({"largestatus":"mostly"})") << u"unknown"_s;
    QTest::newRow("other shape") << QByteArray(R"({"status":"up"})") << u"unknown"_s;
}

void ProbesTest::stripeLevels() {
    QFETCH(QByteArray, body);
    QTEST(nameOf(stripe::reportFromCurrent(said(body)).level), "level");
}

void ProbesTest::awsLevels_data() {
    QTest::addColumn<QStringList>("regions");
    QTest::addColumn<QStringList>("services");
    QTest::addColumn<QString>("level");
    QTest::newRow("everywhere") << QStringList() << QStringList() << u"outage"_s;
    QTest::newRow("our region") << QStringList{u"eu-central-1"_s} << QStringList() << u"degraded"_s;
    QTest::newRow("a calm region") << QStringList{u"us-west-2"_s} << QStringList() << u"ok"_s;
    QTest::newRow("our service there")
        << QStringList{u"us-east-1"_s} << QStringList{u"s3"_s} << u"outage"_s;
    QTest::newRow("another service there")
        << QStringList{u"us-east-1"_s} << QStringList{u"rds"_s} << u"ok"_s;
}

void ProbesTest::awsLevels() {
    QFETCH(QStringList, regions);
    QFETCH(QStringList, services);
    const QString events =
        uR"([
      {"arn":"arn:aws:health:us-east-1::event/a","date":"1767225600","status":"3","service":"s3-us-east-1",
       "service_name":"Amazon S3","summary":"Errors","event_log":[{"message":"first","timestamp":1},{"message":"newest","timestamp":2}]},
      {"arn":"arn:aws:health:eu-central-1::event/b","date":"1767225600","status":"1","service":"ec2-eu-central-1","summary":"x"},
      {"arn":"arn:aws:health:us-west-2::event/c","status":"0","service":"ec2-us-west-2","summary":"over"}])"_s;
    const ProbeReport report =
        aws::reportFromEvents(said(utf16(events, QStringConverter::Utf16BE)), regions, services);
    QTEST(nameOf(report.level), "level");
    if (regions.isEmpty()) QCOMPARE(report.notices.first().latest, u"newest"_s);
}

void ProbesTest::awsKnowsItsOwnList_data() {
    QTest::addColumn<QByteArray>("body");
    for (const char* body : {"[{}]", "[1, 2]", R"(["us-east-1"])", R"([{"status":"1"}])",
                             R"([{"status":{},"service":"s3-us-east-1"}])",
                             R"([{"service":"s3-us-east-1","status":"0"},{"name":"x"}])"})
        QTest::newRow(body) << QByteArray(body);
}

void ProbesTest::awsKnowsItsOwnList() {
    QFETCH(QByteArray, body);
    const ProbeReport report = aws::reportFromEvents(said(body), {}, {});
    QCOMPARE(report.level, ProbeLevel::Unknown);
    QVERIFY2(report.summary.contains(u"no list of events in the known shape"_s),
             qPrintable(report.summary));
}

void ProbesTest::awsReadsEveryEncoding() {
    for (const auto encoding :
         {QStringConverter::Utf16BE, QStringConverter::Utf16LE, QStringConverter::Utf8})
        QCOMPARE(aws::reportFromEvents(said(utf16(u"[]"_s, encoding)), {}, {}).level,
                 ProbeLevel::Ok);
    QCOMPARE(aws::reportFromEvents(said("[]"), {}, {}).level, ProbeLevel::Ok);
    const QByteArray whole = utf16(u"[{\"status\":\"1\"}]"_s, QStringConverter::Utf16BE);
    for (qsizetype length = 0; length < whole.size() - 1; ++length)
        QCOMPARE(aws::reportFromEvents(said(whole.left(length)), {}, {}).level,
                 ProbeLevel::Unknown);
}

void ProbesTest::httpJudges_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("latency");
    QTest::addColumn<QVariantMap>("wanted");
    QTest::addColumn<QString>("level");
    const QVariantMap field{{u"field"_s, u"checks.0.db"_s}, {u"equals"_s, u"ok"_s}};
    QTest::newRow("ok") << 200 << QByteArray() << 10 << QVariantMap() << u"ok"_s;
    QTest::newRow("slow") << 200 << QByteArray() << 5000 << QVariantMap{{u"slow"_s, 2000}}
                          << u"degraded"_s;
    QTest::newRow("500") << 500 << QByteArray() << 10 << QVariantMap() << u"outage"_s;
    QTest::newRow("404") << 404 << QByteArray() << 10 << QVariantMap() << u"degraded"_s;
    QTest::newRow("401 speaks of us") << 401 << QByteArray() << 10 << QVariantMap() << u"unknown"_s;
    QTest::newRow("401 as wanted")
        << 401 << QByteArray() << 10 << QVariantMap{{u"status"_s, u"200, 401"_s}} << u"ok"_s;
    QTest::newRow("field fits") << 200 << QByteArray(R"({"checks":[{"db":"ok"}]})") << 10 << field
                                << u"ok"_s;
    QTest::newRow("field differs")
        << 200 << QByteArray(R"({"checks":[{"db":"down"}]})") << 10 << field << u"outage"_s;
    QTest::newRow("field missing")
        << 200 << QByteArray("<html>200 OK</html>") << 10 << field << u"unknown"_s;
}

void ProbesTest::httpJudges() {
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(int, latency);
    QFETCH(QVariantMap, wanted);
    const auto expectation = http::expectationFrom({u"api"_s, u"http"_s, wanted, {}});
    QVERIFY(expectation);
    HttpReply reply = said(body, status);
    reply.latency = std::chrono::milliseconds(latency);
    QTEST(nameOf(http::judge(reply, *expectation).level), "level");
    QVERIFY(!http::statusesFromText(u"ok"_s) && !http::statusesFromText(u"300-200"_s));
}

void ProbesTest::neverOkOnRubbish_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    for (const int status : {200, 204, 304, 404, 429, 500}) {
        QTest::addRow("%d nothing", status) << status << QByteArray();
        QTest::addRow("%d page", status) << status << QByteArray("<html>all up</html>");
        QTest::addRow("%d half", status) << status << QByteArray(R"({"status":{"indicator":"no)");
        QTest::addRow("%d object", status) << status << QByteArray("{}");
    }
}

void ProbesTest::neverOkOnRubbish() {
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    const HttpReply reply = said(body, status);
    for (const ProbeReport& report :
         {statuspage::reportFromSummary(reply, {}), stripe::reportFromCurrent(reply),
          aws::reportFromEvents(reply, {}, {})}) {
        QCOMPARE(report.level, ProbeLevel::Unknown);
        QVERIFY(report.summary.size() > 20);
    }
}

void ProbesTest::unreachableIsUnknown() {
    StubHttp server;
    server.answer(u"/x"_s, {200, {}, {}, {}, StubAnswer::Manner::Stall});
    TestClock clock;
    HttpRequest request;
    request.url = server.url(u"/x"_s);
    request.timeout = std::chrono::milliseconds(100);
    HttpProbe probe(u"Vendor"_s, QUrl(u"https://status.example.org"_s), request,
                    stripe::reportFromCurrent, clock);
    const ProbeReport report = test::await(probe.look());
    QCOMPARE(report.level, ProbeLevel::Unknown);
    QCOMPARE(report.name, u"Vendor"_s);
    QCOMPARE(report.checkedAt, clock.now());
    QVERIFY(report.summary.contains(u"did not answer"_s));
}

void ProbesTest::asksWhetherItChanged() {
    StubHttp server;
    server.answer(u"/current"_s,
                  {200, R"({"largestatus":"degraded"})", "application/json", "ETag: \"v1\"\r\n"});
    TestClock clock;
    HttpRequest request;
    request.url = server.url(u"/current"_s);
    HttpProbe probe(u"Stripe"_s, request.url, request, stripe::reportFromCurrent, clock);
    QCOMPARE(test::await(probe.look()).level, ProbeLevel::Degraded);
    server.answer(u"/current"_s, {304, {}});
    clock.advance(std::chrono::minutes(1));
    const ProbeReport again = test::await(probe.look());
    QVERIFY(server.requests().last().toLower().contains("if-none-match: \"v1\""));
    QCOMPARE(again.level, ProbeLevel::Degraded);
    QCOMPARE(again.checkedAt, clock.now());
}

void ProbesTest::lookUnderWayIsShared() {
    StubHttp server;
    server.answer(u"/current"_s, {200, R"({"largestatus":"up"})"});
    TestClock clock;
    HttpRequest request;
    request.url = server.url(u"/current"_s);
    HttpProbe probe(u"Stripe"_s, request.url, request, stripe::reportFromCurrent, clock);
    const auto first = probe.look();
    const auto second = probe.look();
    QCOMPARE(test::await(first).level, ProbeLevel::Ok);
    QCOMPARE(test::await(second).level, ProbeLevel::Ok);
    QCOMPARE(server.requests().size(), 1);
}

QTEST_GUILESS_MAIN(ProbesTest)
#include "tst_probes.moc"
