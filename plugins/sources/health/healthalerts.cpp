#include "plugins/sources/health/healthalerts.h"

#include <algorithm>

namespace tocsin::health {
namespace {

Severity severityOf(Condition condition) {
    switch (condition) {
        case Condition::Unhealthy:
            return Severity::Critical;
        case Condition::Degraded:
            return Severity::Warning;
        default:
            return Severity::Unknown;
    }
}

QString summaryOf(const Service& service, bool isWhole) {
    QString text = isWhole ? QStringLiteral("reports “%1”").arg(service.word)
                           : QStringLiteral("%1: %2").arg(service.name, service.word);
    if (!service.detail.isEmpty()) text += QStringLiteral(", ") + service.detail;
    if (service.condition == Condition::Unclear) text += QStringLiteral(" (not a known word)");
    return text;
}

}  // namespace

QVector<Alert> HealthAlerts::alertsFor(const HealthReport& report, const QDateTime& now) {
    QVector<Alert> alerts;
    Condition worst = Condition::Healthy;
    for (const Service& service : report.services) {
        worst = std::max(worst, service.condition);
        if (service.condition != Condition::Healthy) alerts.append(alertFor(service, false, now));
    }
    // What no single part explains is the whole's own.
    if (report.overall > worst)
        alerts.append(alertFor({QString(), report.overall, report.word, report.detail}, true, now));
    QHash<QString, QDateTime> still;
    for (const Alert& alert : std::as_const(alerts))
        still.insert(alert.fingerprint, alert.startsAt);
    m_since = still;
    return alerts;
}

Alert HealthAlerts::alertFor(const Service& service, bool isWhole, const QDateTime& now) {
    Alert alert;
    const bool isRedis = service.name.contains(QLatin1String("redis"), Qt::CaseInsensitive);
    alert.key = isRedis ? QStringLiteral("redis_connection_failure")
                        : QStringLiteral("health_check_failure");
    alert.fingerprint =
        isWhole ? QStringLiteral("endpoint") : QStringLiteral("service:") + service.name;
    alert.severity = severityOf(service.condition);
    alert.startsAt = m_since.value(alert.fingerprint, now);
    alert.updatedAt = now;
    alert.labels = m_labels;
    alert.labels.insert(QStringLiteral("alertname"), alert.key);
    if (!isWhole) alert.labels.insert(QStringLiteral("service"), service.name);
    alert.summary = summaryOf(service, isWhole);
    return alert;
}

}  // namespace tocsin::health
