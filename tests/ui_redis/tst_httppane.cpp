#include "ui/query/httppane.h"

#include <QComboBox>
#include <QHttpServer>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

#include "tests/ui_redis/picture.h"
#include "ui/query/httpbody.h"
#include "ui/theme/chip.h"

using namespace tocsin;
using namespace tocsin::ui;

class HttpPaneTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup() { m_pane.reset(); }
    void getsAndShows();
    void showsAFailure();
    void asksBeforeItChanges();
    void keepsATokenToItsHost();
    void refusesWhatIsNotCurl();
    void saysWhenNobodyAnswers();
    void cancels();
    void setsOutABigBodyElsewhere();
    void setsOutJson_data();
    void setsOutJson();
    void leavesOtherTextAlone_data();
    void leavesOtherTextAlone();
    void survivesDeepJson();

private:
    template <typename T>
    T* child(const char* name) {
        auto* found = m_pane->findChild<T*>(QString::fromLatin1(name));
        if (!found) qFatal("no %s", name);
        return found;
    }
    QString url(const QString& path) const {
        return QStringLiteral("http://127.0.0.1:%1%2").arg(m_port).arg(path);
    }
    Outcome outcome(const QString& curl);

    QHttpServer m_server;
    int m_port = 0;
    int m_posts = 0;
    QByteArray m_authorization;
    SystemClock m_clock;
    std::unique_ptr<theme::Theme> m_theme;
    std::unique_ptr<HttpPane> m_pane;
};

void HttpPaneTest::initTestCase() {
    m_server.route("/health", [] {
        return QHttpServerResponse(
            "application/json",
            R"({"status":"degraded","services":{"database":{"ok":true,"latency_ms":1e-400},"queue":{"ok":false}}})");
    });
    m_server.route("/down", [] {
        return QHttpServerResponse("application/json", R"({"status":"down"})",
                                   QHttpServerResponse::StatusCode::ServiceUnavailable);
    });
    m_server.route("/big", [] {
        return QHttpServerResponse("application/json",
                                   "[" + QByteArray("1234567890,").repeated(20'000) + "1]");
    });
    m_server.route("/act", QHttpServerRequest::Method::Post,
                   [this](const QHttpServerRequest& request) {
                       ++m_posts;
                       m_authorization = request.value("authorization");
                       return QHttpServerResponse("text/plain", request.body());
                   });
    m_server.route("/who", [this](const QHttpServerRequest& request) {
        m_authorization = request.value("authorization");
        return QHttpServerResponse("text/plain", "ok");
    });
    m_port = m_server.listen(QHostAddress::LocalHost);
    QVERIFY(m_port > 0);
    m_theme = std::make_unique<theme::Theme>(theme::Mode::Dark);
    m_theme->applyTo(*qApp);
}

void HttpPaneTest::init() {
    m_pane = std::make_unique<HttpPane>(*m_theme, m_clock);
    m_pane->resize(650, 600);
    m_pane->show();
}

Outcome HttpPaneTest::outcome(const QString& curl) {
    QSignalSpy ran(m_pane.get(), &HttpPane::ran);
    m_pane->request(curl);
    if (ran.isEmpty() && !ran.wait(20'000)) qFatal("ran() never came");
    return ran.first().first().value<Outcome>();
}

void HttpPaneTest::getsAndShows() {
    const Outcome result =
        outcome(QStringLiteral("curl -fsS --max-time 10 %1").arg(url(QStringLiteral("/health"))));
    QVERIFY2(result.ok, qPrintable(result.line));
    QVERIFY2(result.line.startsWith(QStringLiteral("200 OK · ")), qPrintable(result.line));
    QCOMPARE(result.kind, QStringLiteral("http"));
    QCOMPARE(result.evidence[u"status"].toInt(), 200);
    auto* body = child<QPlainTextEdit>("httpBody");
    QTRY_VERIFY(body->toPlainText().contains(QStringLiteral("  \"status\": \"degraded\",\n")));
    QVERIFY(
        body->toPlainText().contains(QStringLiteral("1e-400")));  // numbers stay as they were sent
    QCOMPARE(child<theme::Chip>("httpStatus")->strong(), QStringLiteral("200"));
    QVERIFY(
        child<QPlainTextEdit>("httpHeaders")->toPlainText().contains(QStringLiteral("ontent-")));
    test::picture(*m_pane, QStringLiteral("http-ok-dark"));
}

void HttpPaneTest::showsAFailure() {
    const Outcome result = outcome(QStringLiteral("curl ") + url(QStringLiteral("/down")));
    QVERIFY(!result.ok);
    QVERIFY(result.line.startsWith(QStringLiteral("503 Service Unavailable")));
    QVERIFY(child<theme::Chip>("httpStatus")->tone() == theme::Tone::Critical);
    QVERIFY(child<QPlainTextEdit>("httpBody")->toPlainText().contains(QStringLiteral("down")));
}

void HttpPaneTest::asksBeforeItChanges() {
    m_posts = 0;
    QSignalSpy ran(m_pane.get(), &HttpPane::ran);
    m_pane->request(QStringLiteral("curl -X POST -H 'Authorization: Bearer verysecret' -d 'a=1' ") +
                    url(QStringLiteral("/act")));
    auto* confirm = child<QPushButton>("httpConfirm");
    QVERIFY(confirm->isVisible());
    const QString question = child<QLabel>("httpNotice")->text();
    QVERIFY(question.contains(QStringLiteral("POST")) &&
            question.contains(QStringLiteral("127.0.0.1")));
    test::picture(*m_pane, QStringLiteral("http-ask-dark"));
    child<QPushButton>("httpDecline")->click();
    QVERIFY(!confirm->isVisible());
    QCOMPARE(m_posts, 0);
    QCOMPARE(ran.count(), 1);
    QCOMPARE(ran.takeFirst().first().value<Outcome>().line, QStringLiteral("Not sent"));

    child<QPushButton>("httpSend")->click();
    QVERIFY(confirm->isVisible());
    confirm->click();
    QTRY_COMPARE(ran.count(), 1);
    QCOMPARE(m_posts, 1);
    QCOMPARE(m_authorization, QByteArray("Bearer verysecret"));
    const auto result = ran.first().first().value<Outcome>();
    QVERIFY(result.ok);
    QVERIFY(!QJsonDocument(result.evidence).toJson().contains("verysecret"));
    QCOMPARE(child<QPlainTextEdit>("httpBody")->toPlainText(), QStringLiteral("a=1"));
}

void HttpPaneTest::keepsATokenToItsHost() {
    QVERIFY(outcome(QStringLiteral("curl -u me:pw12345 ") + url(QStringLiteral("/who"))).ok);
    QVERIFY(!m_authorization.isEmpty());
    auto* line = child<QLineEdit>("httpUrl");
    line->setText(QStringLiteral("http://localhost:%1/who").arg(m_port));
    QSignalSpy ran(m_pane.get(), &HttpPane::ran);
    child<QPushButton>("httpSend")->click();
    QTRY_COMPARE(ran.count(), 1);
    QVERIFY(m_authorization.isEmpty());
}

void HttpPaneTest::refusesWhatIsNotCurl() {
    const Outcome result = outcome(QStringLiteral("curl --wibble http://x"));
    QVERIFY(!result.ok);
    QVERIFY(result.line.contains(QStringLiteral("--wibble")));
    QVERIFY(child<QLabel>("httpNotice")->isVisible());
}

void HttpPaneTest::saysWhenNobodyAnswers() {
    QSignalSpy ran(m_pane.get(), &HttpPane::ran);
    m_pane->requestUrl(QUrl(QStringLiteral("http://127.0.0.1:1/")));
    QTRY_COMPARE(ran.count(), 1);
    QVERIFY(!ran.first().first().value<Outcome>().ok);
    QVERIFY(child<QLabel>("httpNotice")->text().contains(QStringLiteral("127.0.0.1:1")));
}

void HttpPaneTest::cancels() {
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    QSignalSpy ran(m_pane.get(), &HttpPane::ran);
    m_pane->requestUrl(QUrl(QStringLiteral("http://127.0.0.1:%1/").arg(silent.serverPort())));
    QVERIFY(child<QPushButton>("httpCancel")->isEnabled());
    m_pane->requestUrl(QUrl(url(QStringLiteral("/health"))));  // the second says that it must wait
    QCOMPARE(ran.count(), 1);
    QVERIFY(ran.takeFirst().first().value<Outcome>().line.contains(QStringLiteral("under way")));
    child<QPushButton>("httpCancel")->click();
    QTRY_COMPARE(ran.count(), 1);
    QVERIFY(child<QPushButton>("httpSend")->isEnabled());
}

void HttpPaneTest::setsOutABigBodyElsewhere() {
    QVERIFY(outcome(QStringLiteral("curl ") + url(QStringLiteral("/big"))).ok);
    QTRY_VERIFY(child<QPlainTextEdit>("httpBody")->blockCount() > 20'000);
}

void HttpPaneTest::setsOutJson_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("expected");
    QTest::newRow("object") << QByteArray(R"({"a":1,"a":2})") << "{\n  \"a\": 1,\n  \"a\": 2\n}";
    QTest::newRow("empty") << QByteArray(" {} ") << "{}";
    QTest::newRow("empty inside") << QByteArray(R"([[ ],{ }])") << "[\n  [],\n  {}\n]";
    QTest::newRow("marks in text") << QByteArray(R"(["{,}:\"["])") << "[\n  \"{,}:\\\"[\"\n]";
    QTest::newRow("long number") << QByteArray("[12345678901234567890.10]")
                                 << "[\n  12345678901234567890.10\n]";
}

void HttpPaneTest::setsOutJson() {
    QFETCH(const QByteArray, body);
    QFETCH(const QString, expected);
    const auto text = indentedJson(body);
    QVERIFY(text.has_value());
    QCOMPARE(*text, expected);
}

void HttpPaneTest::leavesOtherTextAlone_data() {
    QTest::addColumn<QByteArray>("body");
    for (const char* body :
         {"", "hello", "<html>", "{", "[1", "[1]]", "[1] x", "{]", "[\"open]", "12"})
        QTest::newRow(*body ? body : "nothing") << QByteArray(body);
}

void HttpPaneTest::leavesOtherTextAlone() {
    QFETCH(const QByteArray, body);
    QVERIFY(!indentedJson(body));
    QCOMPARE(readableBody(body, {}), QString::fromUtf8(body));
}

void HttpPaneTest::survivesDeepJson() {
    const QByteArray deep = QByteArray("[").repeated(100'000) + QByteArray("]").repeated(100'000);
    QVERIFY(readableBody(deep, "application/json").size() < 3 * 1024 * 1024);
}

QTEST_MAIN(HttpPaneTest)
#include "tst_httppane.moc"
