#pragma once
#include "escalation/ladder.h"
#include "escalation/policy.h"
#include "incidents/incident.h"

namespace tocsin::escalation {

/// The rules of the ladder, without store, clock or channel. Everything here is pure.

/// The ladder as declared: levels below the start level are skipped, the start level is due at
/// once, each later one at its own time after the declaration.
Ladder plan(const Policy& policy, const QString& incident, incidents::Priority priority,
            const QDateTime& declaredAt);

/// A level that must be paged now.
struct Page {
    int level = 1;
    int times = 1;        ///< 1: the first page of the level
    QDateTime dueAt;      ///< UTC; when it should have been
    bool byHand = false;  ///< someone escalated
};

/// What is due at `now`, in the order of levels. A hold, an acknowledgement (for what waits and
/// what repeats) and the resolution keep it back. A repeat that was missed several times is due
/// once.
QVector<Page> due(const Ladder& ladder, const QDateTime& now);
/// The ladder after that page was made durable under `event` at `now`.
Ladder paged(Ladder ladder, const Page& page, const QString& event, const QDateTime& now);
/// When due() can next have something; invalid: never by itself.
QDateTime nextDeadline(const Ladder& ladder);

/// Nothing fires before `until`. The levels that would have fallen due are moved so that the first
/// comes at `until` and the later ones keep their distance to it.
Ladder held(Ladder ladder, const QString& reason, const QDateTime& until);
/// Back to the plan; what it says was due meanwhile is due now, the later ones keep their distance.
Ladder released(Ladder ladder, const QDateTime& now);
/// The hold's time is over by itself: the moved deadlines stand.
bool holdIsOver(const Ladder& ladder, const QDateTime& now);
Ladder unheld(Ladder ladder);

Ladder acknowledged(Ladder ladder, const QString& by, const QDateTime& at);
Ladder resolved(Ladder ladder);
/// The next level that was not paged yet, also after an acknowledgement; nothing when all were.
std::optional<Page> nextByHand(const Ladder& ladder, const QDateTime& now);

}  // namespace tocsin::escalation
