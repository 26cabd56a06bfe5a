#include "ui/query/httpwords.h"

#include <QCryptographicHash>
#include <QHash>
#include <QLocale>

#include "sdk/figures.h"
#include "sdk/secret.h"

namespace tocsin::ui {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype kEvidenceBody = 4000;

}  // namespace

QString statusWord(int status) {
    static const QHash<int, QString> words{{200, u"OK"_s},
                                           {201, u"Created"_s},
                                           {202, u"Accepted"_s},
                                           {204, u"No Content"_s},
                                           {206, u"Partial Content"_s},
                                           {301, u"Moved Permanently"_s},
                                           {302, u"Found"_s},
                                           {303, u"See Other"_s},
                                           {304, u"Not Modified"_s},
                                           {307, u"Temporary Redirect"_s},
                                           {308, u"Permanent Redirect"_s},
                                           {400, u"Bad Request"_s},
                                           {401, u"Unauthorized"_s},
                                           {403, u"Forbidden"_s},
                                           {404, u"Not Found"_s},
                                           {405, u"Method Not Allowed"_s},
                                           {408, u"Request Timeout"_s},
                                           {409, u"Conflict"_s},
                                           {410, u"Gone"_s},
                                           {413, u"Content Too Large"_s},
                                           {422, u"Unprocessable Content"_s},
                                           {429, u"Too Many Requests"_s},
                                           {500, u"Internal Server Error"_s},
                                           {501, u"Not Implemented"_s},
                                           {502, u"Bad Gateway"_s},
                                           {503, u"Service Unavailable"_s},
                                           {504, u"Gateway Timeout"_s}};
    return words.value(status);
}

QString httpTiming(const HttpReply& reply) {
    QStringList parts{u"%1 ms"_s.arg(reply.latency.count()), sizeText(reply.body.size())};
    const QString type =
        QString::fromLatin1(reply.header("content-type")).section(u';', 0, 0).trimmed();
    if (!type.isEmpty()) parts << type;
    return parts.join(u" · "_s);
}

Outcome httpOutcome(const HttpRequest& request, const Result<HttpReply>& reply) {
    Outcome outcome;
    outcome.kind = u"http"_s;
    const QString address = redact(request.url.toDisplayString());
    outcome.subject = u"%1 %2"_s.arg(QString::fromLatin1(request.method), address.left(120));
    outcome.evidence = {{u"method"_s, QString::fromLatin1(request.method)}, {u"url"_s, address}};
    if (!reply) {
        outcome.line = reply.error().message;
        outcome.evidence[u"error"_s] = reply.error().message;
        outcome.evidence[u"code"_s] = nameOf(reply.error().code);
        return outcome;
    }
    outcome.ok = reply->status > 0 && reply->status < 400;
    outcome.line =
        u"%1 %2 · %3"_s.arg(reply->status).arg(statusWord(reply->status), httpTiming(*reply));
    outcome.evidence[u"status"_s] = reply->status;
    outcome.evidence[u"latency_ms"_s] = static_cast<qint64>(reply->latency.count());
    outcome.evidence[u"bytes"_s] = static_cast<qint64>(reply->body.size());
    outcome.evidence[u"sha256"_s] = QString::fromLatin1(
        QCryptographicHash::hash(reply->body, QCryptographicHash::Sha256).toHex());
    outcome.evidence[u"body"_s] = redact(QString::fromUtf8(reply->body.left(kEvidenceBody)));
    return outcome;
}

}  // namespace tocsin::ui
