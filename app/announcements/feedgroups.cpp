#include "announcements/feedgroups.h"

#include <algorithm>

#include "alerts/grouping.h"

using namespace Qt::StringLiterals;

namespace tocsin::announcements {
namespace {

bool isQuiet(const Alert& alert) {
    return alert.state == AlertState::Silenced || alert.state == AlertState::Inhibited;
}

void noteSuppression(FeedGroup& group, const Alert& alert) {
    if (alert.suppressions.isEmpty() || !group.silencedBy.isEmpty()) return;
    const Suppression& by = alert.suppressions.first();
    group.silencedBy = by.by.isEmpty() ? by.comment : by.by;
    group.silencedUntil = by.until;
}

FeedGroup groupOf(const alerts::AlertGroup& members, const RunbookLinks& links) {
    FeedGroup group;
    group.key = members.key;
    QVector<Alert> live;
    for (const Alert& alert : members.members) {
        if (!group.sources.contains(alert.source)) group.sources.append(alert.source);
        if (isQuiet(alert)) {
            ++group.silenced;
            noteSuppression(group, alert);
        } else {
            ++(alert.state == AlertState::Unknown ? group.unknown : group.firing);
            live.append(alert);
        }
    }
    group.sources.sort();
    const QVector<Alert>& shown = live.isEmpty() ? members.members : live;
    // groupedByKey() puts what fires before what does not; worst among those that count.
    const Alert& worst = *std::min_element(shown.begin(), shown.end(), alerts::comesBefore);
    group.worst = worst.severity;
    group.since = worst.startsAt;
    for (const Alert& alert : shown)
        if (alert.startsAt.isValid() && (!group.since.isValid() || alert.startsAt < group.since))
            group.since = alert.startsAt;
    group.summary = worst.summary;
    group.which = alerts::differenceWithin(shown);
    group.runbook = links.of(worst);
    group.runbookTitle = links.titleOf(links.nameForKey(group.key));
    return group;
}

}  // namespace

QVector<FeedGroup> feedGroups(const QHash<alerts::AlertId, Alert>& alerts,
                              const RunbookLinks& links) {
    QVector<Alert> told;
    told.reserve(alerts.size());
    for (const Alert& alert : alerts)
        if (alert.state != AlertState::Pending) told.append(alert);
    QVector<FeedGroup> groups;
    for (const alerts::AlertGroup& members : alerts::groupedByKey(told))
        groups.append(groupOf(members, links));
    std::stable_sort(groups.begin(), groups.end(), [](const FeedGroup& a, const FeedGroup& b) {
        if (a.isLive() != b.isLive()) return a.isLive();
        if (a.worst != b.worst) return a.worst < b.worst;
        if (a.firing != b.firing) return a.firing > b.firing;
        return a.since < b.since;
    });
    return groups;
}

QSet<QString> pendingKeys(const QHash<alerts::AlertId, Alert>& alerts) {
    QSet<QString> keys;
    for (const Alert& alert : alerts)
        if (alert.state == AlertState::Pending) keys.insert(alert.key);
    return keys;
}

}  // namespace tocsin::announcements
