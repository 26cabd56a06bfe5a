// Acknowledging at a real Alertmanager, seen by its own tool.
#include <QJsonObject>
#include <QTest>

#include "plugins/sources/alertmanager/alertmanagersource.h"
#include "plugins/sources/alertmanager/silencing.h"
#include "tests/support/alertmanagerserver.h"
#include "tests/support/amtool.h"
#include "tests/support/await.h"
#include "tests/support/stubhttp.h"

using namespace tocsin;
using namespace Qt::StringLiterals;
using test::await;

class SilencingTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void isSeenByAmtoolUntilItExpires();
    void anUnknownSilenceIsNotFound();
    void saysWhyItFailed_data();
    void saysWhyItFailed();
    void labelsWithoutAValueAreNoMatcher();

private:
    std::unique_ptr<AlertSource> source(const QUrl& url);
    SilenceRequest request() const;

    support::AlertmanagerServer m_server;
    SystemClock m_clock;
};

void SilencingTest::initTestCase() {
    QCOMPARE(m_server.start(), QString());
}

std::unique_ptr<AlertSource> SilencingTest::source(const QUrl& url) {
    Settings settings{u"prod"_s, u"alertmanager"_s, {}, {}};
    settings.values[u"url"_s] = url.toString();
    settings.values[u"every"_s] = 1000;
    settings.values[u"timeout"_s] = 5000;
    return std::make_unique<alertmanager::AlertmanagerSource>(settings, m_clock);
}

SilenceRequest SilencingTest::request() const {
    const QDateTime now = m_clock.now();
    return {{{u"alertname"_s, u"error_rate"_s}, {u"path"_s, u"/a \"b\" \\c"_s}},
            u"ada"_s,
            u"INC-1 Errors"_s,
            now,
            now.addSecs(7200)};
}

void SilencingTest::isSeenByAmtoolUntilItExpires() {
    const auto prod = source(m_server.url());
    auto* silencing = qobject_cast<Silencing*>(prod.get());
    QVERIFY(silencing);
    const auto id = await(silencing->silence(request()));
    QVERIFY2(id, id ? "" : qPrintable(id.error().message));
    const QJsonArray active = support::activeSilences(m_server.url()).array();
    QCOMPARE(active.size(), 1);
    QCOMPARE(active[0][u"id"].toString(), *id);
    QCOMPARE(active[0][u"createdBy"].toString(), u"ada"_s);
    QCOMPARE(active[0][u"comment"].toString(), u"INC-1 Errors"_s);
    QCOMPARE(active[0][u"matchers"].toArray().size(), 2);
    QVERIFY(await(silencing->expireSilence(*id)));
    QCOMPARE(support::activeSilences(m_server.url()).array().size(), 0);
    QVERIFY(await(silencing->expireSilence(*id)));  // over already
}

void SilencingTest::anUnknownSilenceIsNotFound() {
    const auto prod = source(m_server.url());
    const auto ended = await(qobject_cast<Silencing*>(prod.get())
                                 ->expireSilence(u"00000000-0000-4000-8000-000000000000"_s));
    QVERIFY(!ended);
    QCOMPARE(ended.error().code, ErrorCode::NotFound);
}

void SilencingTest::saysWhyItFailed_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("code");
    QTest::newRow("forbidden") << 403 << QByteArray("no") << int(ErrorCode::Auth);
    QTest::newRow("down") << 503 << QByteArray() << int(ErrorCode::Unavailable);
    QTest::newRow("refused") << 400 << QByteArray("\"bad matcher\"") << int(ErrorCode::Protocol);
    QTest::newRow("a page") << 200 << QByteArray("<html>") << int(ErrorCode::Parse);
    QTest::newRow("no id") << 200 << QByteArray("{}") << int(ErrorCode::Parse);
}

void SilencingTest::saysWhyItFailed() {
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(int, code);
    support::StubHttp stub;
    stub.answer(u"/api/v2/silences"_s, {status, body});
    const auto prod = source(stub.url({}));
    const auto made = await(qobject_cast<Silencing*>(prod.get())->silence(request()));
    QVERIFY(!made);
    QCOMPARE(int(made.error().code), code);
    QVERIFY(!made.error().message.isEmpty());
}

void SilencingTest::labelsWithoutAValueAreNoMatcher() {
    SilenceRequest asked = request();
    asked.labels.insert(u"empty"_s, {});
    const QJsonObject body = QJsonDocument::fromJson(alertmanager::silenceBody(asked)).object();
    QCOMPARE(body[u"matchers"].toArray().size(), 2);
}

QTEST_GUILESS_MAIN(SilencingTest)
#include "tst_silencing.moc"
