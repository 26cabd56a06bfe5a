#include "sdk/http.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QLocale>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QPromise>
#include <QTimer>
#include <algorithm>

#include "sdk/oneshotbody.h"
#include "sdk/secret.h"

namespace tocsin {
namespace {

using std::chrono::milliseconds;

struct Exchange {
    QPromise<Result<HttpReply>> promise;
    QElapsedTimer timer;
    QByteArray body;
    qint64 sizeLimit = 0;
    bool timedOut = false;
    bool tooLarge = false;
};

QString place(const QUrl& url) {
    return url.host() + (url.port() > 0 ? QStringLiteral(":%1").arg(url.port()) : QString());
}

/// Whether Qt's error says that no request can have reached a server.
bool neverSent(QNetworkReply::NetworkError error) {
    switch (error) {
        case QNetworkReply::ConnectionRefusedError:
        case QNetworkReply::HostNotFoundError:
        case QNetworkReply::SslHandshakeFailedError:
        case QNetworkReply::ProxyConnectionRefusedError:
        case QNetworkReply::ProxyNotFoundError:
        case QNetworkReply::ProtocolUnknownError:
            return true;
        default:
            return false;
    }
}

Error errorOf(const QNetworkReply& reply, const Exchange& exchange, milliseconds timeout) {
    const QString host = place(reply.url());
    const QString detail = redact(reply.errorString());
    if (exchange.tooLarge)
        return {ErrorCode::TooLarge,
                QStringLiteral("%1 sent more than %2 MB; ask it for less.")
                    .arg(host)
                    .arg(exchange.sizeLimit / (1024 * 1024)),
                detail};
    if (exchange.timedOut)
        return {ErrorCode::Timeout,
                QStringLiteral("%1 did not answer within %2 s; check that it is up and reachable.")
                    .arg(host)
                    .arg(static_cast<double>(timeout.count()) / 1000.0),
                detail};
    if (reply.error() == QNetworkReply::OperationCanceledError)
        return {ErrorCode::Cancelled, QStringLiteral("The request to %1 was cancelled.").arg(host),
                detail};
    if (reply.error() == QNetworkReply::TooManyRedirectsError)
        return {ErrorCode::Protocol,
                QStringLiteral("%1 redirects in a circle, or too often; write the address where it "
                               "ends.")
                    .arg(host),
                detail};
    if (reply.error() == QNetworkReply::InsecureRedirectError)
        return {
            ErrorCode::Protocol,
            QStringLiteral("%1 redirects from https to http, or with credentials in the request "
                           "to another server, which is not followed; mend that there, or write "
                           "the address it should be.")
                .arg(host),
            detail};
    if (neverSent(reply.error()))
        return {ErrorCode::Unavailable,
                QStringLiteral("Cannot connect to %1 (%2); check the address and the network.")
                    .arg(host, detail),
                detail};
    return {ErrorCode::Network,
            QStringLiteral("The connection to %1 broke (%2); try again.").arg(host, detail),
            detail};
}

HttpReply replyOf(const QNetworkReply& reply, Exchange& exchange) {
    HttpReply out;
    out.status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    out.headers = reply.rawHeaderPairs();
    out.body = std::move(exchange.body);
    out.url = reply.url();
    out.latency = milliseconds(exchange.timer.elapsed());
    return out;
}

/// Whether a header is for the eyes of one server only.
bool isConfidential(const QByteArray& name) {
    const QByteArray lower = name.toLower();
    return lower == "authorization" || lower == "proxy-authorization" || lower == "cookie" ||
           lower.contains("token") || lower.contains("api-key") || lower.contains("secret");
}

QNetworkRequest::RedirectPolicy redirectsOf(const HttpRequest& request) {
    if (!request.followRedirects) return QNetworkRequest::ManualRedirectPolicy;
    // Qt sends all raw headers along, wherever a redirect leads.
    const bool holdsCredentials =
        std::any_of(request.headers.begin(), request.headers.end(),
                    [](const auto& header) { return isConfidential(header.first); });
    return holdsCredentials ? QNetworkRequest::SameOriginRedirectPolicy
                            : QNetworkRequest::NoLessSafeRedirectPolicy;
}

QNetworkRequest wireRequest(const HttpRequest& request) {
    QNetworkRequest wire(request.url);
    wire.setAttribute(QNetworkRequest::RedirectPolicyAttribute, redirectsOf(request));
    wire.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    wire.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    wire.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    wire.setRawHeader("User-Agent", "Tocsin/" TOCSIN_VERSION);
    for (const auto& [name, value] : request.headers)
        wire.setRawHeader(name, value);
    return wire;
}

/// Sends what may be repeated as it is, and everything else so that Qt cannot repeat it.
QNetworkReply* begin(QNetworkAccessManager& network, const HttpRequest& request) {
    QNetworkRequest wire = wireRequest(request);
    if (request.method == "GET" || request.method == "HEAD")
        return network.sendCustomRequest(wire, request.method, request.body);
    wire.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    wire.setHeader(QNetworkRequest::ContentLengthHeader, request.body.size());
    // A connection kept from before may be closing: a new one for each leaves no doubt.
    wire.setRawHeader("Connection", "close");
    auto* body = new OneShotBody(request.body);
    QNetworkReply* reply = network.sendCustomRequest(wire, request.method, body);
    body->setParent(reply);
    return reply;
}

}  // namespace

QByteArray HttpReply::header(QByteArrayView name) const {
    for (const auto& [key, value] : headers)
        if (key.compare(name, Qt::CaseInsensitive) == 0) return value;
    return {};
}

std::optional<milliseconds> HttpReply::retryAfter() const {
    const QByteArray value = header("retry-after").trimmed();
    if (value.isEmpty()) return std::nullopt;
    bool isNumber = false;
    const double seconds = value.toDouble(&isNumber);
    if (isNumber && seconds >= 0) return milliseconds(static_cast<qint64>(seconds * 1000));
    const QDateTime date = QLocale::c().toDateTime(
        QString::fromLatin1(value), QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"));
    if (!date.isValid()) return std::nullopt;
    const QDateTime utc(date.date(), date.time(), Qt::UTC);
    return milliseconds(std::max<qint64>(0, QDateTime::currentDateTimeUtc().msecsTo(utc)));
}

HttpClient::HttpClient(QObject* parent)
    : QObject(parent), m_network(new QNetworkAccessManager(this)) {
}

QFuture<Result<HttpReply>> HttpClient::send(const HttpRequest& request) {
    auto exchange = std::make_shared<Exchange>();
    exchange->sizeLimit = request.sizeLimit;
    exchange->promise.start();
    exchange->timer.start();
    const QFuture<Result<HttpReply>> future = exchange->promise.future();

    if (!request.url.isValid() || request.url.host().isEmpty()) {
        exchange->promise.addResult(
            fail(ErrorCode::Config, QStringLiteral("“%1” is not an http(s) address.")
                                        .arg(redact(request.url.toDisplayString()))));
        exchange->promise.finish();
        return future;
    }

    QNetworkReply* reply = begin(*m_network, request);
    auto* deadline = new QTimer(reply);
    deadline->setSingleShot(true);
    connect(deadline, &QTimer::timeout, reply, [reply, exchange] {
        exchange->timedOut = true;
        reply->abort();
    });
    connect(reply, &QNetworkReply::readyRead, reply, [reply, exchange] {
        exchange->body += reply->readAll();
        if (exchange->body.size() <= exchange->sizeLimit) return;
        exchange->tooLarge = true;
        reply->abort();
    });
    const milliseconds timeout = request.timeout;
    connect(reply, &QNetworkReply::finished, this, [reply, exchange, timeout] {
        exchange->body += reply->isOpen() ? reply->readAll() : QByteArray();
        const bool answered =
            reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).isValid() &&
            !exchange->timedOut && !exchange->tooLarge &&
            (reply->error() == QNetworkReply::NoError ||
             (reply->error() >= QNetworkReply::ContentAccessDenied &&
              reply->error() != QNetworkReply::ContentReSendError));
        if (answered)
            exchange->promise.addResult(replyOf(*reply, *exchange));
        else
            exchange->promise.addResult(tl::unexpected<Error>(errorOf(*reply, *exchange, timeout)));
        exchange->promise.finish();
        reply->deleteLater();
    });
    deadline->start(timeout);
    return future;
}

void HttpClient::abortAll() {
    const auto replies = m_network->findChildren<QNetworkReply*>();
    for (QNetworkReply* reply : replies)
        reply->abort();
}

}  // namespace tocsin
