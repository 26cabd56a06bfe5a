#include "alerts/flood.h"

#include <QSet>

namespace tocsin::alerts {

Flood floodAt(const QHash<AlertId, Alert>& alerts, const QDateTime& now) {
    const QDateTime since =
        now.addMSecs(-std::chrono::duration_cast<std::chrono::milliseconds>(kFloodWindow).count());
    Flood flood;
    QSet<QString> keys;
    for (const Alert& alert : alerts) {
        if (alert.state != AlertState::Firing || alert.startsAt <= since) continue;
        ++flood.count;
        keys.insert(alert.key);
    }
    flood.keys = keys.size();
    return flood;
}

}  // namespace tocsin::alerts
