#pragma once
#include "sdk/http.h"
#include "sdk/polledsource.h"
#include "sdk/settings.h"

namespace tocsin::alertmanager {

/// All alerts of one Alertmanager, with who silenced what. One look is GET /api/v2/alerts, read on
/// a pool thread, and GET /api/v2/silences when an alert names one. When only the silences fail the
/// alerts are delivered all the same, with the silences' ids.
class AlertmanagerSource : public PolledSource {
    Q_OBJECT
public:
    AlertmanagerSource(const Settings& settings, Clock& clock);

protected:
    void look() override;

private:
    void alertsFetched(const Result<HttpReply>& reply);
    void alertsRead(const HttpReply& reply, Result<QVector<Alert>> alerts);
    void fetchSilences(QVector<Alert> alerts);

    Settings m_settings;
    HttpClient m_http;
};

}  // namespace tocsin::alertmanager
