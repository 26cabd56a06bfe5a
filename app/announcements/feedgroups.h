#pragma once
#include <QHash>
#include <QSet>
#include <QStringList>

#include "alerts/board.h"
#include "announcements/runbooklinks.h"

namespace tocsin::announcements {

/// All alerts of one key, as the feed tells of them. What is pending is not told.
struct FeedGroup {
    QString key;
    qsizetype firing = 0;
    qsizetype silenced = 0;              ///< by a silence or another alert
    qsizetype unknown = 0;               ///< their source does not answer: kept as last known
    Severity worst = Severity::Unknown;  ///< of those that fire or are not known
    QDateTime since;                     ///< UTC; the earliest start among these
    QStringList sources;                 ///< sorted
    QString summary;                     ///< of the worst; plain
    QString which;                       ///< what tells them apart: "worker-2, worker-3"; plain
    QString silencedBy;                  ///< plain; may be empty
    QDateTime silencedUntil;             ///< UTC; may be invalid
    QUrl runbook;
    QString runbookTitle;

    /// Something is wrong, or may be.
    bool isLive() const { return firing + unknown > 0; }
};

/// Worst first, then the larger, then the older. Pure; any thread; linear in the alerts.
QVector<FeedGroup> feedGroups(const QHash<alerts::AlertId, Alert>& alerts,
                              const RunbookLinks& links);

/// The keys of alerts that may fire soon; nothing of theirs is over. Pure; any thread.
QSet<QString> pendingKeys(const QHash<alerts::AlertId, Alert>& alerts);

}  // namespace tocsin::announcements
