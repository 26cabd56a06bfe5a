#pragma once
#include <QHash>

#include "plugins/sources/health/healthreport.h"
#include "sdk/alert.h"

namespace tocsin::health {

/// Turns health reports into alerts and remembers since when each part has been unwell.
/// The rule: every service that is not healthy is one alert, labelled `service`. Its key is
/// `redis_connection_failure` when its name contains "redis", else `health_check_failure`. When the
/// whole is unwell and no service owns up to it, the endpoint itself is one alert with key
/// `health_check_failure`. Unhealthy is critical, degraded a warning; a word that is not known is
/// of unknown severity, and fires.
class HealthAlerts {
public:
    explicit HealthAlerts(QMap<QString, QString> labels) : m_labels(std::move(labels)) {}

    QVector<Alert> alertsFor(const HealthReport& report, const QDateTime& now);

private:
    Alert alertFor(const Service& service, bool isWhole, const QDateTime& now);

    QMap<QString, QString> m_labels;
    QHash<QString, QDateTime> m_since;  // by fingerprint
};

}  // namespace tocsin::health
