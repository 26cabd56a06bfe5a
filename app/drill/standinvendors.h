#pragma once
#include <QJsonObject>

#include "drill/standinserver.h"

namespace tocsin::drill {

/// The vendors' status pages, each under its own folder: /mux and /cloudflare speak Statuspage v2
/// (/api/v2/summary.json), /stripe has /current, /aws has /public/currentevents in UTF-16BE with a
/// byte order mark, as the real one.
class StandInVendors : public StandInServer {
    Q_OBJECT
public:
    explicit StandInVendors(QObject* parent = nullptr);

    /// "up", "degraded" or "down".
    void setStripe(const QString& state) { m_stripe = state; }
    /// A Statuspage indicator: "none", "minor", "major", "critical".
    void setMux(const QString& indicator) { m_mux = indicator; }
    /// Whether AWS lists an open event for S3 in us-east-1.
    void setAwsEvent(bool open) { m_awsEvent = open; }

protected:
    StandInAnswer answer(const StandInRequest& request) override;

private:
    StandInAnswer stripe() const;
    StandInAnswer aws() const;

    QString m_stripe = QStringLiteral("up");
    QString m_mux = QStringLiteral("none");
    bool m_awsEvent = false;
};

}  // namespace tocsin::drill
