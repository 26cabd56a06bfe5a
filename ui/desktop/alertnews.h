#pragma once
#include <QSet>

#include "alerts/board.h"
#include "ui/desktop/notifications.h"

namespace tocsin::ui {

/// What of the board is worth a pop-up: critical alerts that fire, one pop-up a key. Remembers what
/// was told, so that each alert is news once; one that was away and fires again is news again. No
/// clock, no bus.
class AlertNews {
public:
    struct Change {
        QVector<QPair<QString, QVector<Alert>>> told;  ///< key and its critical alerts, worst first
        QStringList over;                              ///< keys of which none fires any more
        bool isNew = false;                            ///< at least one alert was not told before
    };
    Change update(const QHash<alerts::AlertId, Alert>& alerts);
    const QHash<QString, QVector<Alert>>& groups() const { return m_groups; }
    /// The critical alerts of that key as last seen.
    QVector<Alert> alertsOf(const QString& key) const { return m_groups.value(key); }

private:
    QHash<QString, QVector<Alert>> m_groups;
    QSet<alerts::AlertId> m_known;
};

/// The pop-up of one key. Plain text; what came from outside is cut, not interpreted.
Notice noticeOf(const QString& key, const QVector<Alert>& alerts);

}  // namespace tocsin::ui
