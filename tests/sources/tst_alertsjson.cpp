#include <QTest>

#include "plugins/sources/alertmanager/address.h"
#include "plugins/sources/alertmanager/alertsjson.h"
#include "plugins/sources/alertmanager/silences.h"
#include "plugins/sources/alertmanager/timestamp.h"

using namespace tocsin;
using namespace tocsin::alertmanager;
using namespace Qt::StringLiterals;

namespace {

const QByteArray kAlerts = R"([
 {"labels":{"alertname":"disk_usage","severity":"warn","instance":"w-1"},
  "annotations":{"description":"nearly full"},"generatorURL":"/graph",
  "startsAt":"2026-01-01T12:00:00.123456789+02:00","endsAt":"2026-01-01T13:00:00Z",
  "updatedAt":"2026-01-01T12:00:00Z","fingerprint":"a1b2c3d4e5f60718","receivers":[{"name":"x"}],
  "status":{"state":"active","silencedBy":[],"inhibitedBy":[],"mutedBy":[]}},
 {"labels":{"alertname":"b"},"status":{"state":"suppressed","silencedBy":[],"inhibitedBy":["feed"]}},
 {"labels":{"alertname":"c"},"status":{"state":"suppressed","silencedBy":["s-1"],"inhibitedBy":null}},
 {"labels":{"severity":"none"},"status":null}, 17, null, "text"])";

}  // namespace

class AlertsJsonTest : public QObject {
    Q_OBJECT
private slots:
    void readsWhatIsThere();
    void namesAnUnnamedAlertStably();
    void survivesEveryCut();
    void refusesOtherShapes_data();
    void refusesOtherShapes();
    void readsTimes_data();
    void readsTimes();
    void buildsAddresses_data();
    void buildsAddresses();
    void sendsCredentials();
};

void AlertsJsonTest::readsWhatIsThere() {
    auto alerts = alertsFromJson(kAlerts);
    QVERIFY(alerts);
    QCOMPARE(alerts->size(), 4);
    const Alert& disk = alerts->at(0);
    QCOMPARE(disk.key, u"disk_usage"_s);
    QCOMPARE(disk.severity, Severity::Warning);
    QCOMPARE(disk.startsAt, QDateTime(QDate(2026, 1, 1), QTime(10, 0, 0, 123), Qt::UTC));
    QCOMPARE(disk.summary, u"nearly full"_s);
    QCOMPARE(alerts->at(1).state, AlertState::Inhibited);
    QCOMPARE(alerts->at(2).state, AlertState::Silenced);
    QCOMPARE(alerts->at(3).key, u"unnamed"_s);
    QCOMPARE(alerts->at(3).severity, Severity::Info);
    QVERIFY(namesSilences(*alerts));
    const auto silences = silencesFromJson(
        R"([{"id":"s-1","createdBy":"ana","comment":"INC-42","endsAt":"2026-01-01T16:00:00Z"}])");
    fillIn(*alerts, *silences);
    QCOMPARE(alerts->at(2).suppressions.first().by, u"ana"_s);
}

void AlertsJsonTest::namesAnUnnamedAlertStably() {
    const auto first = alertsFromJson(R"([{"labels":{"a":"1","b":"2"}}])");
    const auto second = alertsFromJson(R"([{"labels":{"b":"2","a":"1"}}])");
    const auto other = alertsFromJson(R"([{"labels":{"a":"12"}}])");
    QCOMPARE(first->first().fingerprint, second->first().fingerprint);
    QVERIFY(first->first().fingerprint != other->first().fingerprint);
}

void AlertsJsonTest::survivesEveryCut() {
    for (qsizetype length = 0; length < kAlerts.size(); ++length) {
        const auto alerts = alertsFromJson(kAlerts.left(length));
        QVERIFY2(!alerts, qPrintable(QString::number(length)));
        QCOMPARE(alerts.error().code, ErrorCode::Parse);
        (void)silencesFromJson(kAlerts.left(length));
    }
}

void AlertsJsonTest::refusesOtherShapes_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("html") << QByteArray("<html><body>login</body></html>");
    QTest::newRow("object") << QByteArray(R"({"status":"success","data":[]})");
    QTest::newRow("text") << QByteArray(R"("bad filter")");
    QTest::newRow("binary") << QByteArray("\x00\xff\xfe[", 4);
}

void AlertsJsonTest::refusesOtherShapes() {
    QFETCH(QByteArray, body);
    QVERIFY(!alertsFromJson(body));
}

void AlertsJsonTest::readsTimes_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("utc") << u"2026-01-01T00:00:00Z"_s << u"2026-01-01T00:00:00.000Z"_s;
    QTest::newRow("nanoseconds") << u"2026-01-01T00:00:00.987654321Z"_s
                                 << u"2026-01-01T00:00:00.987Z"_s;
    QTest::newRow("offset") << u"2026-01-01T00:30:00-01:30"_s << u"2026-01-01T02:00:00.000Z"_s;
    QTest::newRow("go zero") << u"0001-01-01T00:00:00Z"_s << QString();
    QTest::newRow("no zone") << u"2026-01-01T00:00:00"_s << QString();
    QTest::newRow("month 13") << u"2026-13-01T00:00:00Z"_s << QString();
    QTest::newRow("trailing") << u"2026-01-01T00:00:00Zx"_s << QString();
    QTest::newRow("empty") << QString() << QString();
}

void AlertsJsonTest::readsTimes() {
    QFETCH(QString, text);
    QTEST(timeFromText(text).toString(Qt::ISODateWithMs), "expected");
}

void AlertsJsonTest::buildsAddresses_data() {
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("address");
    QTest::newRow("bare") << u"http://am:9093"_s << u"http://am:9093/api/v2/alerts"_s;
    QTest::newRow("slash") << u"http://am:9093/"_s << u"http://am:9093/api/v2/alerts"_s;
    QTest::newRow("prefix") << u"https://ops/alertmanager/"_s
                            << u"https://ops/alertmanager/api/v2/alerts"_s;
    QTest::newRow("api already") << u"https://ops/api/v2"_s << u"https://ops/api/v2/alerts"_s;
    QTest::newRow("from the browser")
        << u"http://am:9093/#/alerts?silenced=false"_s << u"http://am:9093/api/v2/alerts"_s;
}

void AlertsJsonTest::buildsAddresses() {
    QFETCH(QString, written);
    QTEST(apiAddress(QUrl(written), u"alerts"_s).toString(), "address");
}

void AlertsJsonTest::sendsCredentials() {
    Settings settings{u"prod"_s, u"alertmanager"_s, {{u"url"_s, u"http://am"_s}}, {}};
    QCOMPARE(apiRequest(settings, u"alerts"_s).headers.size(), 1);
    settings.values[u"username"_s] = u"ana"_s;
    settings.secrets[u"password"_s] = Secret(u"wonder land"_s);
    QCOMPARE(apiRequest(settings, u"alerts"_s).headers.last().second,
             QByteArray("Basic " + QByteArray("ana:wonder land").toBase64()));
    settings.secrets[u"token"_s] = Secret(u"t0ken-value"_s);
    QCOMPARE(apiRequest(settings, u"alerts"_s).headers.last().second,
             QByteArray("Bearer t0ken-value"));
    settings.values[u"filter"_s] = QStringList{u"a=\"b+c\""_s};
    QCOMPARE(apiRequest(settings, u"alerts"_s).url.query(QUrl::FullyEncoded),
             u"filter=a%3D%22b%2Bc%22"_s);
}

QTEST_GUILESS_MAIN(AlertsJsonTest)
#include "tst_alertsjson.moc"
