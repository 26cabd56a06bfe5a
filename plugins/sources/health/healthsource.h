#pragma once
#include "plugins/sources/health/healthalerts.h"
#include "sdk/http.h"
#include "sdk/polledsource.h"
#include "sdk/settings.h"

namespace tocsin::health {

/// Looks at one health endpoint. Any status with a readable report is an answer, 503 above all; no
/// answer, or one that cannot be read, is unknown.
class HealthSource : public PolledSource {
    Q_OBJECT
public:
    HealthSource(const Settings& settings, Clock& clock);

protected:
    void look() override;

private:
    void fetched(const Result<HttpReply>& reply);

    HttpRequest m_request;
    HealthAlerts m_alerts;
    HttpClient m_http;
};

}  // namespace tocsin::health
