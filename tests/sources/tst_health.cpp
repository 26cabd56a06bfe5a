#include <QTest>

#include "plugins/sources/health/healthalerts.h"
#include "sdk/clock.h"

using namespace tocsin;
using namespace tocsin::health;
using namespace Qt::StringLiterals;

class HealthTest : public QObject {
    Q_OBJECT
private slots:
    void alertsFollowFromTheAnswer_data();
    void alertsFollowFromTheAnswer();
    void refusesWhatIsNoReport_data();
    void refusesWhatIsNoReport();
    void keepsItsStart();
    void survivesEveryCut();
};

void HealthTest::alertsFollowFromTheAnswer_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QStringList>("alerts");  // key severity service
    const QString check = u"health_check_failure critical"_s;
    QTest::newRow("healthy") << 200
                             << QByteArray(R"({"status":"ok","services":{"db":"up","redis":true}})")
                             << QStringList();
    QTest::newRow("redis only")
        << 503
        << QByteArray(
               R"({"status":"unhealthy","services":{"db":"up","redis":{"status":"down","error":"ECONNREFUSED"}}})")
        << QStringList{u"redis_connection_failure critical redis"_s};
    QTest::newRow("database too")
        << 503
        << QByteArray(R"({"status":"error","checks":{"database":false,"redis-cache":"down"}})")
        << QStringList{check + u" database"_s, u"redis_connection_failure critical redis-cache"_s};
    QTest::newRow("whole only") << 503 << QByteArray(R"({"status":"unhealthy"})")
                                << QStringList{check + u" "_s};
    QTest::newRow("503 that says ok")
        << 503 << QByteArray(R"({"status":"ok"})") << QStringList{check + u" "_s};
    QTest::newRow("200 that says down")
        << 200 << QByteArray(R"({"status":"DOWN"})") << QStringList{check + u" "_s};
    QTest::newRow("degraded")
        << 200 << QByteArray(R"({"status":"degraded","services":[{"name":"s3","status":"slow"}]})")
        << QStringList{u"health_check_failure warning s3"_s};
    QTest::newRow("unknown word") << 200 << QByteArray(R"({"status":"purple"})")
                                  << QStringList{u"health_check_failure unknown "_s};
    QTest::newRow("down with a degraded part")
        << 503 << QByteArray(R"({"status":"down","checks":{"s3":"degraded"}})")
        << QStringList{u"health_check_failure warning s3"_s, check + u" "_s};
    QTest::newRow("503 with an unknown word")
        << 503 << QByteArray(R"({"status":"purple"})") << QStringList{check + u" "_s};
    QTest::newRow("an unclear measurement hides no failed one")
        << 200
        << QByteArray(
               R"({"status":"pass","checks":{"disk":[{"status":"fail"},{"status":"purple"}]}})")
        << QStringList{check + u" disk"_s};
    QTest::newRow("plain text") << 200 << QByteArray("OK\n") << QStringList();
    QTest::newRow("measurements")
        << 200
        << QByteArray(
               R"({"status":"pass","checks":{"disk":[{"status":"pass"},{"status":"fail","output":"full"}]}})")
        << QStringList{check + u" disk"_s};
    QTest::newRow("503 without a word") << 503 << QByteArray("{}") << QStringList{check + u" "_s};
}

void HealthTest::alertsFollowFromTheAnswer() {
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    const auto report = healthFromAnswer(status, body);
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QStringList found;
    for (const Alert& alert : HealthAlerts({}).alertsFor(*report, TestClock().now()))
        found << u"%1 %2 %3"_s.arg(alert.key, nameOf(alert.severity),
                                   alert.labels.value(u"service"_s));
    QTEST(found, "alerts");
}

void HealthTest::refusesWhatIsNoReport_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("page") << 200 << QByteArray("<html>welcome</html>");
    QTest::newRow("gateway page") << 503 << QByteArray("<html>down</html>");
    QTest::newRow("half") << 200 << QByteArray(R"({"status":"ok")");
    QTest::newRow("no status") << 200 << QByteArray(R"({"version":"1.2"})");
    QTest::newRow("list") << 200 << QByteArray("[1,2]");
    QTest::newRow("empty") << 200 << QByteArray();
}

void HealthTest::refusesWhatIsNoReport() {
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    const auto report = healthFromAnswer(status, body);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::Parse);
    QVERIFY2(!report.error().message.contains(u"no error"_s), qPrintable(report.error().message));
}

void HealthTest::keepsItsStart() {
    HealthAlerts alerts({{u"env"_s, u"prod"_s}});
    TestClock clock;
    const auto down = *healthFromAnswer(503, R"({"status":"down"})");
    const auto up = *healthFromAnswer(200, R"({"status":"up"})");
    const QDateTime start = clock.now();
    QCOMPARE(alerts.alertsFor(down, clock.now()).first().labels.value(u"env"_s), u"prod"_s);
    clock.advance(std::chrono::minutes(3));
    QCOMPARE(alerts.alertsFor(down, clock.now()).first().startsAt, start);
    QVERIFY(alerts.alertsFor(up, clock.now()).isEmpty());
    QCOMPARE(alerts.alertsFor(down, clock.now()).first().startsAt, clock.now());
}

void HealthTest::survivesEveryCut() {
    const QByteArray body =
        R"({"status":"ok","services":{"db":{"status":"up","error":{"message":"x"}}}})";
    for (qsizetype length = 0; length < body.size(); ++length)
        QVERIFY(!healthFromAnswer(200, body.left(length)));
}

QTEST_GUILESS_MAIN(HealthTest)
#include "tst_health.moc"
