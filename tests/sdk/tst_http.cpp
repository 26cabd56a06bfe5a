#include <QFutureWatcher>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include "sdk/http.h"

using namespace tocsin;
using namespace std::chrono_literals;

/// Answers every connection with the same bytes, then closes or keeps still.
class CannedServer : public QTcpServer {
    Q_OBJECT
public:
    QByteArray answer;
    bool closes = true;
    QByteArray received;

    CannedServer() {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket* socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
                received += socket->readAll();
                socket->write(answer);
                if (closes) socket->disconnectFromHost();
            });
        });
    }
    QUrl url() const { return QUrl(QStringLiteral("http://127.0.0.1:%1/x").arg(serverPort())); }
};

class HttpTest : public QObject {
    Q_OBJECT
private slots:
    void everyStatusIsAnAnswer_data();
    void everyStatusIsAnAnswer();
    void saysWhoItIs();
    void credentialsStayWithTheirServer_data();
    void credentialsStayWithTheirServer();
    void stalledServerTimesOut();
    void cutAnswerIsANetworkError();
    void aPostIsNeverSentTwice_data();
    void aPostIsNeverSentTwice();
    void refusedConnectionNeverReachedAServer();
    void tooLargeStopsReading();
    void badAddressIsAConfigError();
    void aCircleOfRedirectsIsSaid();
    void readsRetryAfter_data();
    void readsRetryAfter();

private:
    Result<HttpReply> fetch(HttpRequest request) {
        QFuture<Result<HttpReply>> future = m_client.send(request);
        QFutureWatcher<Result<HttpReply>> watcher;
        QSignalSpy finished(&watcher, &QFutureWatcherBase::finished);
        watcher.setFuture(future);
        if (finished.isEmpty()) finished.wait(5000);
        return future.result();
    }
    HttpClient m_client;
};

void HttpTest::everyStatusIsAnAnswer_data() {
    QTest::addColumn<int>("status");
    for (const int status : {200, 204, 400, 401, 404, 410, 429, 500, 503})
        QTest::addRow("%d", status) << status;
}

void HttpTest::everyStatusIsAnAnswer() {
    QFETCH(const int, status);
    CannedServer server;
    const QByteArray body = status == 204 ? QByteArray() : QByteArray("body");
    server.answer = "HTTP/1.1 " + QByteArray::number(status) +
                    " X\r\nContent-Length: " + QByteArray::number(body.size()) +
                    "\r\nX-Mark: yes\r\n\r\n" + body;
    const auto reply = fetch({.url = server.url()});
    QVERIFY2(reply, reply ? "" : qPrintable(reply.error().message));
    QCOMPARE(reply->status, status);
    QCOMPARE(reply->body, body);
    QCOMPARE(reply->header("x-mark"), QByteArray("yes"));
}

void HttpTest::saysWhoItIs() {
    CannedServer server;
    server.answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    QVERIFY(fetch({.url = server.url()}));
    QVERIFY(server.received.toLower().contains("user-agent: tocsin/"));
}

void HttpTest::credentialsStayWithTheirServer_data() {
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<bool>("follows");
    QTest::newRow("nothing to hide") << QByteArray("X-Mark") << true;
    QTest::newRow("authorization") << QByteArray("Authorization") << false;
    QTest::newRow("cookie") << QByteArray("cookie") << false;
    QTest::newRow("token") << QByteArray("X-Auth-Token") << false;
    QTest::newRow("key") << QByteArray("DD-API-KEY") << false;
}

void HttpTest::credentialsStayWithTheirServer() {
    QFETCH(const QByteArray, header);
    QFETCH(const bool, follows);
    CannedServer first, other;
    first.answer =
        "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + other.url().toEncoded() +
        "\r\n\r\n";
    other.answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    const auto reply = fetch({.url = first.url(), .headers = {{header, "hunter2"}}});
    QCOMPARE(reply.has_value(), follows);
    QCOMPARE(other.received.isEmpty(), !follows);
    if (!follows) QCOMPARE(reply.error().code, ErrorCode::Protocol);
}

void HttpTest::stalledServerTimesOut() {
    CannedServer server;
    server.closes = false;
    const auto reply = fetch({.url = server.url(), .timeout = 50ms});
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, ErrorCode::Timeout);
    QVERIFY(reply.error().message.contains(QStringLiteral("0.05 s")));
}

void HttpTest::cutAnswerIsANetworkError() {
    CannedServer server;
    server.answer = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf";
    const auto reply = fetch({.url = server.url()});
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, ErrorCode::Network);
}

void HttpTest::aPostIsNeverSentTwice_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("short") << QByteArray("page");
    QTest::newRow("long") << QByteArray(300000, 'x');
}

void HttpTest::aPostIsNeverSentTwice() {
    QFETCH(QByteArray, body);
    CannedServer server;  // closes without a byte: the moment in which Qt would send again
    const auto reply = fetch({.method = "POST", .url = server.url(), .body = body});
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, ErrorCode::Network);
    QCOMPARE(server.received.count("POST /x"), 1);
}

void HttpTest::refusedConnectionNeverReachedAServer() {
    QTcpServer closed;
    closed.listen(QHostAddress::LocalHost);
    const QUrl url(QStringLiteral("http://127.0.0.1:%1/").arg(closed.serverPort()));
    closed.close();
    const auto reply = fetch({.url = url});
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, ErrorCode::Unavailable);
}

void HttpTest::tooLargeStopsReading() {
    CannedServer server;
    server.answer = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + QByteArray(100000, 'x');
    const auto reply = fetch({.url = server.url(), .sizeLimit = 1000});
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, ErrorCode::TooLarge);
}

void HttpTest::badAddressIsAConfigError() {
    const auto reply = fetch({.url = QUrl(QStringLiteral("nonsense"))});
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, ErrorCode::Config);
}

void HttpTest::aCircleOfRedirectsIsSaid() {
    CannedServer server;
    server.answer = "HTTP/1.1 302 Found\r\nLocation: /round\r\nContent-Length: 0\r\n\r\n";
    const auto reply = fetch({.url = server.url()});
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, ErrorCode::Protocol);
    QVERIFY2(reply.error().message.contains(QStringLiteral("redirects in a circle")),
             qPrintable(reply.error().message));
}

void HttpTest::readsRetryAfter_data() {
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<qint64>("milliseconds");
    QTest::newRow("seconds") << QByteArray("3") << qint64(3000);
    QTest::newRow("decimals") << QByteArray("1.337") << qint64(1337);
    QTest::newRow("a date that is over")
        << QByteArray("Wed, 21 Oct 2015 07:28:00 GMT") << qint64(0);
    QTest::newRow("garbage") << QByteArray("soon") << qint64(-1);
    QTest::newRow("negative") << QByteArray("-4") << qint64(-1);
}

void HttpTest::readsRetryAfter() {
    QFETCH(const QByteArray, value);
    QFETCH(const qint64, milliseconds);
    HttpReply reply;
    reply.headers = {{"Retry-After", value}};
    const auto wait = reply.retryAfter();
    QCOMPARE(wait ? wait->count() : -1, milliseconds);
}

QTEST_GUILESS_MAIN(HttpTest)
#include "tst_http.moc"
