#pragma once
#include "plugins/sources/metrics/ruleevaluator.h"
#include "sdk/http.h"
#include "sdk/polledsource.h"

namespace tocsin::metrics {

/// Reads the samples of one answer: Prometheus text when the content type or the first byte says
/// so, else JSON. Pure; any thread. Errors: Parse.
Result<Samples> samplesFromAnswer(const QByteArray& contentType, const QByteArray& body);

/// The alerts that follow from an application's numbers and the rules. A failed look leaves the
/// windows as they are; the board shows the source as unknown meanwhile.
class MetricsSource : public PolledSource {
    Q_OBJECT
public:
    MetricsSource(const Settings& settings, QVector<Rule> rules, Clock& clock);

protected:
    void look() override;

private:
    void fetched(const Result<HttpReply>& reply);

    HttpRequest m_request;
    RuleEvaluator m_evaluator;
    HttpClient m_http;
};

}  // namespace tocsin::metrics
