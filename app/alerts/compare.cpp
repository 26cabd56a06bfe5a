#include "alerts/compare.h"

#include <QSet>

namespace tocsin::alerts {
namespace {

QVector<AlertId> idsMissingFrom(const QHash<AlertId, Alert>& before, const QString& source,
                                const QHash<AlertId, const Alert*>& wanted) {
    QVector<AlertId> gone;
    for (auto it = before.begin(); it != before.end(); ++it)
        if (it->source == source && !wanted.contains(it.key())) gone.append(it.key());
    return gone;
}

}  // namespace

Comparison replaced(QHash<AlertId, Alert> before, const AlertSnapshot& snapshot) {
    Comparison result{std::move(before), {}};
    QHash<AlertId, const Alert*> wanted;
    wanted.reserve(snapshot.alerts.size());
    for (const Alert& alert : snapshot.alerts)
        wanted.insert(snapshot.source + QLatin1Char('/') + alert.fingerprint, &alert);

    result.diff.removed = idsMissingFrom(result.alerts, snapshot.source, wanted);
    for (const AlertId& id : std::as_const(result.diff.removed))
        result.alerts.remove(id);

    if (result.alerts.size() < wanted.size()) result.alerts.reserve(wanted.size());
    for (auto it = wanted.cbegin(); it != wanted.cend(); ++it) {
        Alert alert = **it;
        alert.source = snapshot.source;
        const auto old = result.alerts.constFind(it.key());
        if (old == result.alerts.constEnd())
            result.diff.added.append(alert);
        else if (*old == alert)
            continue;  // without a write the hash stays shared
        else
            result.diff.changed.append(alert);
        result.alerts.insert(it.key(), alert);
    }
    return result;
}

Comparison markedUnknown(QHash<AlertId, Alert> before, const QString& source) {
    Comparison result{std::move(before), {}};
    for (auto it = result.alerts.cbegin(); it != result.alerts.cend(); ++it) {
        if (it->source != source || it->state == AlertState::Unknown) continue;
        result.diff.changed.append(*it);
        result.diff.changed.last().state = AlertState::Unknown;
    }
    for (const Alert& alert : std::as_const(result.diff.changed))
        result.alerts.insert(alertId(alert), alert);
    return result;
}

}  // namespace tocsin::alerts
