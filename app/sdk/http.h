#pragma once
#include <QByteArray>
#include <QFuture>
#include <QList>
#include <QObject>
#include <QPair>
#include <QUrl>
#include <chrono>

#include "sdk/error.h"

class QNetworkAccessManager;

namespace tocsin {

using HttpHeaders = QList<QPair<QByteArray, QByteArray>>;

struct HttpRequest {
    QByteArray method = "GET";
    QUrl url = {};
    HttpHeaders headers = {};
    QByteArray body = {};
    std::chrono::milliseconds timeout{10000};  ///< for the whole exchange
    qint64 sizeLimit = 64LL * 1024 * 1024;     ///< bytes of body; more is Error TooLarge
    /// Never from https to http, and never to another server when a header holds credentials
    /// (Authorization, cookies, tokens, keys): that is Error Protocol.
    bool followRedirects = true;
};

struct TOCSIN_SDK_EXPORT HttpReply {
    int status = 0;
    HttpHeaders headers;
    QByteArray body;
    QUrl url;  ///< after redirects
    std::chrono::milliseconds latency{0};

    /// Value of the first header of that name, without regard to case; empty when absent.
    QByteArray header(QByteArrayView name) const;
    /// `Retry-After` (seconds with decimals, or an HTTP date), where given.
    std::optional<std::chrono::milliseconds> retryAfter() const;
};

/// The one way out over HTTP for every plugin: sets User-Agent `Tocsin/<version>` unless the
/// request names another, limits time and size, refuses downgrades. Lives on the thread that made
/// it and never blocks it.
class TOCSIN_SDK_EXPORT HttpClient : public QObject {
    Q_OBJECT
public:
    explicit HttpClient(QObject* parent = nullptr);

    /// Any answer with an HTTP status is a value, also 404 and 503. Errors: Timeout, TooLarge,
    /// Cancelled (abortAll), Unavailable (the request certainly did not reach a server: name not
    /// found, connection refused, TLS handshake failed), Network (the connection broke while the
    /// request was under way: the server may have acted on it). Messages are redacted.
    QFuture<Result<HttpReply>> send(const HttpRequest& request);
    void abortAll();

private:
    QNetworkAccessManager* m_network;
};

}  // namespace tocsin
