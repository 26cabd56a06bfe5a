#include "sdk/httpprobe.h"

#include <QPromise>

#include "sdk/async.h"
#include "sdk/secret.h"

namespace tocsin {
namespace {

using std::chrono::milliseconds;

constexpr int kDetailLimit = 4096;
constexpr int kNotModified = 304;

int rank(ProbeLevel level) {
    switch (level) {
        case ProbeLevel::Ok:
            return 0;
        case ProbeLevel::Maintenance:
            return 1;
        case ProbeLevel::Degraded:
            return 2;
        case ProbeLevel::Partial:
            return 3;
        case ProbeLevel::Unknown:
            return 4;
        case ProbeLevel::Outage:
            break;
    }
    return 5;
}

}  // namespace

HttpProbe::HttpProbe(QString name, QUrl page, HttpRequest request, Reader reader, Clock& clock)
    : m_name(std::move(name)),
      m_page(std::move(page)),
      m_request(std::move(request)),
      m_reader(std::move(reader)),
      m_clock(clock) {
}

QFuture<ProbeReport> HttpProbe::look() {
    if (m_underWay) return m_underWay->future();
    m_underWay = std::make_shared<QPromise<ProbeReport>>();
    m_underWay->start();
    const QFuture<ProbeReport> future = m_underWay->future();
    HttpRequest request = m_request;
    if (!m_etag.isEmpty()) request.headers.append({"If-None-Match", m_etag});
    whenDone(m_http.send(request), this,
             [this](const Result<HttpReply>& reply) { fetched(reply); });
    return future;
}

void HttpProbe::fetched(const Result<HttpReply>& reply) {
    if (!reply) {
        m_etag.clear();
        finish(unknownReport(reply.error().message, reply.error().detail), milliseconds(0));
        return;
    }
    if (reply->status == kNotModified && !m_etag.isEmpty()) {
        finish(m_last, reply->latency);
        return;
    }
    const HttpReply& answer = *reply;
    runOnPool(
        this, [reader = m_reader, answer] { return reader(answer); },
        [this, answer](const ProbeReport& report) {
            // Only an understood answer is worth asking "has it changed since?".
            m_etag = report.level == ProbeLevel::Unknown ? QByteArray() : answer.header("etag");
            finish(report, answer.latency);
        });
}

void HttpProbe::finish(ProbeReport report, milliseconds latency) {
    report.name = m_name;
    report.latency = latency;
    report.checkedAt = m_clock.now();
    if (!report.page.isValid()) report.page = m_page;
    report.detail = redact(report.detail.left(kDetailLimit));
    m_last = report;
    const auto promise = std::exchange(m_underWay, nullptr);
    promise->addResult(report);
    promise->finish();
}

ProbeReport unknownReport(const QString& sentence, const QString& detail) {
    ProbeReport report;
    report.summary = sentence;
    report.detail = detail;
    return report;
}

ProbeReport unexpectedStatus(const HttpReply& reply) {
    const QString host = reply.url.host();
    const QString detail = QString::fromUtf8(reply.body.left(kDetailLimit));
    if (reply.status == 429) {
        const auto pause = reply.retryAfter();
        return unknownReport(
            QStringLiteral("%1 answers 429, too many requests; look again %2.")
                .arg(host, pause ? QStringLiteral("in %1 s").arg((pause->count() + 999) / 1000)
                                 : QStringLiteral("in a minute")),
            detail);
    }
    if (reply.status == 404 || reply.status == 410)
        return unknownReport(
            QStringLiteral("%1 answers %2: no status feed at this address; check the url.")
                .arg(host)
                .arg(reply.status),
            detail);
    return unknownReport(
        QStringLiteral("%1 answers %2 instead of its status; open the page to see for yourself.")
            .arg(host)
            .arg(reply.status),
        detail);
}

ProbeLevel worse(ProbeLevel a, ProbeLevel b) {
    return rank(a) >= rank(b) ? a : b;
}

}  // namespace tocsin
