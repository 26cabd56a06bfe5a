#pragma once
#include "sdk/http.h"
#include "sdk/polledsource.h"
#include "sdk/settings.h"
#include "sdk/silencing.h"

namespace tocsin::alertmanager {

/// All alerts of one Alertmanager, with who silenced what. One look is GET /api/v2/alerts, read on
/// a pool thread, and GET /api/v2/silences when an alert names one. When only the silences fail the
/// alerts are delivered all the same, with the silences' ids.
/// Acknowledging is a silence: POST /api/v2/silences; ending it is DELETE /api/v2/silence/ID, with
/// the singular path (Alertmanager's OpenAPI document, v2). Both are followed by a look.
class AlertmanagerSource : public PolledSource, public Silencing {
    Q_OBJECT
    Q_INTERFACES(tocsin::Silencing)
public:
    AlertmanagerSource(const Settings& settings, Clock& clock);

    QFuture<Result<QString>> silence(const SilenceRequest& request) override;
    QFuture<Result<void>> expireSilence(const QString& id) override;

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
