#pragma once
#include <functional>

#include "sdk/clock.h"
#include "sdk/http.h"
#include "sdk/probe.h"

namespace tocsin {

/// A probe that is one HTTP request and one pure function that reads the answer. Shares a look
/// under way, reads on a pool thread, asks with If-None-Match where the server gave an ETag, and
/// turns every failure into level Unknown with the error's sentence.
class TOCSIN_SDK_EXPORT HttpProbe : public Probe {
    Q_OBJECT
public:
    /// Turns an answer of any status into level, summary, detail, components and notices; name,
    /// time, latency and page are filled in afterwards. Runs on a pool thread: capture values only.
    using Reader = std::function<ProbeReport(const HttpReply&)>;

    /// `clock` must outlive the probe.
    HttpProbe(QString name, QUrl page, HttpRequest request, Reader reader, Clock& clock);

    QFuture<ProbeReport> look() override;
    QUrl page() const override { return m_page; }

private:
    void fetched(const Result<HttpReply>& reply);
    void finish(ProbeReport report, std::chrono::milliseconds latency);

    QString m_name;
    QUrl m_page;
    HttpRequest m_request;
    Reader m_reader;
    Clock& m_clock;
    HttpClient m_http;
    std::shared_ptr<QPromise<ProbeReport>> m_underWay;
    QByteArray m_etag;
    ProbeReport m_last;
};

/// A report of level Unknown with that sentence.
TOCSIN_SDK_EXPORT ProbeReport unknownReport(const QString& sentence, const QString& detail = {});
/// What an answer outside 200–299 means when a status feed was expected: a report of level Unknown.
TOCSIN_SDK_EXPORT ProbeReport unexpectedStatus(const HttpReply& reply);
/// The worse of two levels. Unknown outranks everything but an outage: it is never taken for good.
TOCSIN_SDK_EXPORT ProbeLevel worse(ProbeLevel a, ProbeLevel b);

}  // namespace tocsin
