#include <QFutureWatcher>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QStringDecoder>
#include <QTcpSocket>
#include <QTest>

#include "drill/standinapplication.h"
#include "drill/standindiscord.h"
#include "drill/standinmonitoring.h"
#include "drill/standinvendors.h"

using namespace tocsin;

class StandInsTest : public QObject {
    Q_OBJECT
private slots:
    void applicationTellsItsVitals();
    void applicationSpeaksPrometheus();
    void vendors();
    void awsIsUtf16WithMark();
    void monitoringHasASilencedAlert();
    void requestsInPiecesAndInARow();
    void discordRefuses_data();
    void discordRefuses();
    void discordResolvesOnlyUsersByDefault();

private:
    HttpReply fetch(HttpRequest request) {
        QFutureWatcher<Result<HttpReply>> watcher;
        QSignalSpy finished(&watcher, &QFutureWatcherBase::finished);
        watcher.setFuture(m_client.send(request));
        if (finished.isEmpty()) finished.wait(10000);
        const auto reply = watcher.result();
        return reply ? *reply : HttpReply{};
    }
    QJsonObject json(const QUrl& url) {
        return QJsonDocument::fromJson(fetch({.url = url}).body).object();
    }
    HttpReply execute(drill::StandInDiscord& discord, const QByteArray& body) {
        HttpRequest request;
        request.method = "POST";
        request.url = QUrl(discord.addWebhook(QStringLiteral("c")) + QStringLiteral("?wait=true"));
        request.headers = {{"Content-Type", "application/json"},
                           {"User-Agent", "DiscordBot (x, 1)"}};
        request.body = body;
        return fetch(request);
    }
    HttpClient m_client;
};

void StandInsTest::applicationTellsItsVitals() {
    drill::StandInApplication application;
    QVERIFY(application.listen().has_value());
    application.vitals().poolInUse = 16;
    application.vitals().poolSize = 32;
    QCOMPARE(
        json(application.url(QStringLiteral("/api/metrics")))[u"database_connections"].toDouble(),
        50.0);
    QCOMPARE(json(application.url(QStringLiteral("/api/health")))[u"status"].toString(),
             QStringLiteral("healthy"));

    application.vitals().poolInUse = 32;
    const auto health = fetch({.url = application.url(QStringLiteral("/api/health"))});
    QCOMPARE(health.status, 503);
    const QJsonObject body = QJsonDocument::fromJson(health.body).object();
    QCOMPARE(body[u"database_connection_pool_usage"].toDouble(), 100.0);
    QCOMPARE(body[u"services"][u"database"][u"status"].toString(), QStringLiteral("unhealthy"));
    QCOMPARE(fetch({.url = application.url(QStringLiteral("/health/ready"))}).status, 503);
    QVERIFY(json(application.url(QStringLiteral("/health/detailed"))).contains(u"metrics"));
    QCOMPARE(fetch({.url = application.url(QStringLiteral("/nothing"))}).status, 404);
}

void StandInsTest::applicationSpeaksPrometheus() {
    drill::StandInApplication application;
    QVERIFY(application.listen().has_value());
    const auto reply = fetch({.url = application.url(QStringLiteral("/api/metrics")),
                              .headers = {{"Accept", "text/plain;version=0.0.4"}}});
    QVERIFY(reply.header("content-type").startsWith("text/plain"));
    QVERIFY2(reply.body.contains("# TYPE error_rate gauge\nerror_rate 0.4\n"),
             reply.body.constData());
}

void StandInsTest::vendors() {
    drill::StandInVendors vendors;
    QVERIFY(vendors.listen().has_value());
    const QUrl mux = vendors.url(QStringLiteral("/mux/api/v2/summary.json"));
    QCOMPARE(json(mux)[u"status"][u"indicator"].toString(), QStringLiteral("none"));
    vendors.setMux(QStringLiteral("major"));
    QCOMPARE(json(mux)[u"components"][0][u"status"].toString(), QStringLiteral("partial_outage"));
    QCOMPARE(json(mux)[u"incidents"].toArray().size(), 1);
    const QUrl stripe = vendors.url(QStringLiteral("/stripe/current"));
    QCOMPARE(json(stripe)[u"largestatus"].toString(), QStringLiteral("up"));
    vendors.setStripe(QStringLiteral("degraded"));
    QCOMPARE(json(stripe)[u"statuses"][u"api"].toString(), QStringLiteral("degraded"));
}

void StandInsTest::awsIsUtf16WithMark() {
    drill::StandInVendors vendors;
    QVERIFY(vendors.listen().has_value());
    vendors.setAwsEvent(true);
    const QByteArray bytes =
        fetch({.url = vendors.url(QStringLiteral("/aws/public/currentevents"))}).body;
    QVERIFY(bytes.startsWith("\xFE\xFF"));
    QStringDecoder decoder(QStringDecoder::Utf16);
    const QString text = decoder(bytes);
    const auto events = QJsonDocument::fromJson(text.toUtf8()).array();
    QCOMPARE(events.size(), 1);
    QCOMPARE(events[0][u"service"].toString(), QStringLiteral("s3-us-east-1"));
}

void StandInsTest::monitoringHasASilencedAlert() {
    drill::StandInMonitoring monitoring;
    QVERIFY(monitoring.listen().has_value());
    const auto alerts = QJsonDocument::fromJson(
                            fetch({.url = monitoring.url(QStringLiteral("/api/v2/alerts"))}).body)
                            .array();
    const auto silences =
        QJsonDocument::fromJson(
            fetch({.url = monitoring.url(QStringLiteral("/api/v2/silences"))}).body)
            .array();
    QCOMPARE(alerts.size(), 4);
    QCOMPARE(alerts[3][u"status"][u"silencedBy"][0], silences[0][u"id"]);
}

void StandInsTest::requestsInPiecesAndInARow() {
    drill::StandInVendors vendors;
    QVERIFY(vendors.listen().has_value());
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), vendors.port());
    QTRY_COMPARE(socket.state(), QAbstractSocket::ConnectedState);
    const QByteArray request = "GET /stripe/current HTTP/1.1\r\nHost: x\r\n\r\n";
    for (const char c : request + request) {
        socket.write(&c, 1);
        socket.flush();
    }
    QByteArray received;
    QTRY_COMPARE((received += socket.readAll()).count("HTTP/1.1 200"), 2);
}

void StandInsTest::discordRefuses_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("code");
    QTest::newRow("empty") << QByteArray("{}") << 50006;
    QTest::newRow("blank") << QByteArray(R"({"content":"  "})") << 50006;
    QTest::newRow("not json") << QByteArray("{") << 50109;
    QTest::newRow("2001 characters")
        << QByteArray(R"({"content":")" + QByteArray(2001, 'x') + "\"}") << 50035;
    QTest::newRow("11 embeds") << QByteArray(R"({"embeds":[)" +
                                             QByteArray(R"({"title":"x"},)").repeated(10) +
                                             R"({"title":"x"}]})")
                               << 50035;
    QTest::newRow("title") << QByteArray(R"({"embeds":[{"title":")" + QByteArray(257, 'x') +
                                         "\"}]}")
                           << 50035;
    QTest::newRow("6001 in all") << QByteArray(R"({"embeds":[{"description":")" +
                                               QByteArray(3001, 'x') + R"("},{"description":")" +
                                               QByteArray(3000, 'x') + "\"}]}")
                                 << 50035;
    QTest::newRow("field without value")
        << QByteArray(R"({"embeds":[{"fields":[{"name":"x"}]}]})") << 50035;
    QTest::newRow("parse and ids")
        << QByteArray(R"({"content":"x","allowed_mentions":{"parse":["roles"],"roles":["1"]}})")
        << 50035;
    QTest::newRow("not an id") << QByteArray(
                                      R"({"content":"x","allowed_mentions":{"roles":["ops"]}})")
                               << 50035;
    QTest::newRow("unknown parse")
        << QByteArray(R"({"content":"x","allowed_mentions":{"parse":["all"]}})") << 50035;
    QTest::newRow("username") << QByteArray(R"({"content":"x","username":"My Discord"})") << 50035;
    QTest::newRow("fits") << QByteArray(R"({"content":")" + QByteArray(2000, 'x') + "\"}") << 0;
}

void StandInsTest::discordRefuses() {
    QFETCH(QByteArray, body);
    QFETCH(int, code);
    drill::StandInDiscord discord;
    QVERIFY(discord.listen().has_value());
    const auto reply = execute(discord, body);
    QCOMPARE(reply.status, code == 0 ? 200 : 400);
    QCOMPARE(QJsonDocument::fromJson(reply.body)[u"code"].toInt(), code);
    QCOMPARE(discord.posted().size(), code == 0 ? 1 : 0);
}

void StandInsTest::discordResolvesOnlyUsersByDefault() {
    drill::StandInDiscord discord;
    QVERIFY(discord.listen().has_value());
    execute(discord, R"({"content":"<@&1> <@2> @everyone"})");
    QCOMPARE(discord.posted()[0].pingedRoles, QStringList());
    QCOMPARE(discord.posted()[0].pingedUsers, QStringList{QStringLiteral("2")});
    QVERIFY(!discord.posted()[0].pingsEveryone);
    execute(
        discord,
        R"({"content":"<@&1> <@2> @everyone","allowed_mentions":{"parse":["everyone","roles"]}})");
    QCOMPARE(discord.posted()[1].pingedRoles, QStringList{QStringLiteral("1")});
    QVERIFY(discord.posted()[1].pingsEveryone);
}

QTEST_GUILESS_MAIN(StandInsTest)
#include "tst_standins.moc"
