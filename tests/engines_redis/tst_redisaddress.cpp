#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "plugins/engines/redis/address.h"
#include "plugins/engines/redis/size.h"
#include "sdk/field.h"

using namespace tocsin;
using namespace tocsin::redis;

class AddressTest : public QObject {
    Q_OBJECT
private slots:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void refusesATunnelThatLeadsNowhere();
    void limitsWhatAReplyTakes_data();
    void limitsWhatAReplyTakes();
    void keepsThePasswordOut();
    void countsWhatARangeTakes_data();
    void countsWhatARangeTakes();
    void readsSentinels();
    void pluginJsonIsValid();
};

void AddressTest::reads_data() {
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("place");
    QTest::addColumn<bool>("tls");
    QTest::newRow("full") << "rediss://oncall@cache:6390/3"
                          << "oncall@cache:6390/3" << true;
    QTest::newRow("defaults") << "redis://cache"
                              << "cache:6379/0" << false;
    QTest::newRow("slash") << "redis://cache/"
                           << "cache:6379/0" << false;
    QTest::newRow("no scheme") << "cache:6380/1"
                               << "cache:6380/1" << false;
    QTest::newRow("IPv6") << "redis://[::1]:7000"
                          << "[::1]:7000/0" << false;
    QTest::newRow("socket") << "unix:///run/redis/redis.sock"
                            << "/run/redis/redis.sock/0" << false;
    QTest::newRow("socket and database") << "unix:///run/redis.sock?db=3"
                                         << "/run/redis.sock/3" << false;
}

void AddressTest::reads() {
    QFETCH(const QString, url);
    QFETCH(const QString, place);
    QFETCH(const bool, tls);
    Settings settings;
    settings.values[QStringLiteral("url")] = url;
    const auto address = addressOf(settings);
    QVERIFY2(address.has_value(), address ? "" : qPrintable(address.error().message));
    QCOMPARE(address->place(), place);
    QCOMPARE(address->tls, tls);
}

void AddressTest::refuses_data() {
    QTest::addColumn<QString>("url");
    for (const char* url : {"", "http://cache:6379", "redis://", "redis://cache/mail",
                            "redis://cache/-1", "redis://cache:99999999/0", "unix://redis.sock",
                            "unix:///", "unix:///run/redis.sock?db=x"})
        QTest::newRow(*url ? url : "empty") << QString::fromLatin1(url);
}

void AddressTest::refuses() {
    QFETCH(const QString, url);
    Settings settings;
    settings.name = QStringLiteral("cache");
    settings.values[QStringLiteral("url")] = url;
    const auto address = addressOf(settings);
    QVERIFY(!address);
    QCOMPARE(nameOf(address.error().code), nameOf(ErrorCode::Config));
    QVERIFY(address.error().message.contains(QStringLiteral("“cache”")));
}

void AddressTest::refusesATunnelThatLeadsNowhere() {
    Settings settings;
    settings.values[QStringLiteral("url")] = QStringLiteral("redis://cache");
    settings.values[QStringLiteral("ssh")] = QStringLiteral("me@bastion");
    QCOMPARE(addressOf(settings)->ssh, QStringLiteral("me@bastion"));
    settings.values[QStringLiteral("sentinel")] = QStringLiteral("mymaster");
    QVERIFY(!addressOf(settings));
    settings.values.remove(QStringLiteral("sentinel"));
    settings.values[QStringLiteral("url")] = QStringLiteral("unix:///run/redis.sock");
    QVERIFY(!addressOf(settings));
    settings.values[QStringLiteral("url")] = QStringLiteral("redis://cache");
    settings.values[QStringLiteral("ssh")] = QStringLiteral("-oProxyCommand=x");
    QVERIFY(!addressOf(settings));
}

void AddressTest::limitsWhatAReplyTakes_data() {
    QTest::addColumn<QVariant>("megabytes");
    QTest::addColumn<bool>("fits");
    QTest::newRow("not said") << QVariant() << true;
    QTest::newRow("half a megabyte") << QVariant(0.5) << true;
    QTest::newRow("most") << QVariant(4096) << true;
    QTest::newRow("more than a reply can be") << QVariant(4097) << false;
    QTest::newRow("nothing") << QVariant(0) << false;
    QTest::newRow("less than that") << QVariant(-1) << false;
}

void AddressTest::limitsWhatAReplyTakes() {
    QFETCH(const QVariant, megabytes);
    QFETCH(const bool, fits);
    Settings settings;
    settings.name = QStringLiteral("cache");
    settings.values[QStringLiteral("url")] = QStringLiteral("redis://cache");
    if (megabytes.isValid()) settings.values[QStringLiteral("result_limit")] = megabytes;
    const auto address = addressOf(settings);
    QCOMPARE(address.has_value(), fits);
    if (!fits) QVERIFY(address.error().message.contains(QStringLiteral("result_limit")));
}

void AddressTest::keepsThePasswordOut() {
    Settings settings;
    settings.values[QStringLiteral("url")] = QStringLiteral("redis://oncall:hunter2secret@cache/0");
    const auto address = addressOf(settings);
    QVERIFY(address);
    QCOMPARE(address->password.reveal(), QStringLiteral("hunter2secret"));
    QVERIFY(!address->place().contains(QStringLiteral("hunter2")));
    QCOMPARE(redact(QStringLiteral("AUTH oncall hunter2secret")),
             QStringLiteral("AUTH oncall •••"));
}

void AddressTest::countsWhatARangeTakes_data() {
    QTest::addColumn<QByteArrayList>("command");
    QTest::addColumn<qint64>("length");
    QTest::addColumn<qint64>("expected");
    QTest::newRow("all") << QByteArrayList{"LRANGE", "k", "0", "-1"} << 20'000LL << 20'000LL;
    QTest::newRow("first hundred") << QByteArrayList{"LRANGE", "k", "0", "99"} << 20'000LL << 100LL;
    QTest::newRow("last") << QByteArrayList{"LRANGE", "k", "-1", "-1"} << 20'000LL << 1LL;
    QTest::newRow("beyond") << QByteArrayList{"LRANGE", "k", "30000", "40000"} << 20'000LL << 0LL;
    QTest::newRow("before the start")
        << QByteArrayList{"LRANGE", "k", "0", "-30000"} << 20'000LL << 0LL;
    QTest::newRow("empty") << QByteArrayList{"ZRANGE", "k", "0", "-1"} << 0LL << 0LL;
    QTest::newRow("by score: as counted")
        << QByteArrayList{"ZRANGE", "k", "0", "9", "BYSCORE"} << 7LL << 7LL;
}

void AddressTest::countsWhatARangeTakes() {
    QFETCH(const QByteArrayList, command);
    QFETCH(const qint64, length);
    QFETCH(const qint64, expected);
    const auto question = sizeQuestion(command);
    QVERIFY(question);
    QCOMPARE(taken(*question, length), expected);
}

void AddressTest::readsSentinels() {
    Settings settings;
    settings.name = QStringLiteral("cache");
    settings.values[QStringLiteral("url")] = QStringLiteral("redis://oncall@sentinel-a/2");
    settings.values[QStringLiteral("sentinel")] = QStringLiteral("mymaster");
    settings.values[QStringLiteral("sentinels")] = QStringLiteral("sentinel-b:5000, sentinel-c");
    const auto address = addressOf(settings);
    QVERIFY(address);
    QCOMPARE(address->database, 2);
    QCOMPARE(address->sentinels.size(), 3);
    QCOMPARE(address->sentinels[0].port, quint16(26379));
    QCOMPARE(address->sentinels[1].port, quint16(5000));
    QCOMPARE(address->sentinels[2].host, QStringLiteral("sentinel-c"));
    settings.values[QStringLiteral("sentinels")] = QStringLiteral("a b:x");
    QVERIFY(addressOf(settings).error().message.contains(QStringLiteral("sentinels")));
}

void AddressTest::pluginJsonIsValid() {
    QFile file(QFINDTESTDATA("../../plugins/engines/redis/plugin.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonObject json = QJsonDocument::fromJson(file.readAll()).object();
    QCOMPARE(json[u"type"].toString(), QStringLiteral("redis"));
    const auto fields = fieldsFromJson(json[u"fields"].toArray());
    QVERIFY(fields.has_value());
    QCOMPARE(fields->size(), 15);
}

QTEST_GUILESS_MAIN(AddressTest)
#include "tst_redisaddress.moc"
