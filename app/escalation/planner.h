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
/// When nextTurn() can next have something; invalid: never by itself.
QDateTime nextDeadline(const Ladder& ladder);

/// Nothing fires before `until`. The levels that would have fallen due are moved so that the first
/// comes at `until` and the later ones keep their distance to it.
Ladder held(Ladder ladder, const QString& reason, const QDateTime& until);
/// Back to the plan; what it says was due meanwhile is due now, the later ones keep their distance.
Ladder released(Ladder ladder, const QDateTime& now);
/// The hold's time is over by itself: the moved deadlines stand.
bool holdIsOver(const Ladder& ladder, const QDateTime& now);
Ladder unheld(Ladder ladder);

/// Ends a hold and what waits or repeats until somebody acknowledges. Nobody may do anything for
/// `silence` afterwards, then the ladder goes on; without one it does not.
Ladder acknowledged(Ladder ladder, const QString& by, const QDateTime& at,
                    std::optional<std::chrono::milliseconds> silence = {});
/// Somebody did something at `at`: the silence counts from there.
Ladder stillWorkedOn(Ladder ladder, const QDateTime& at);
/// The acknowledgement no longer counts: the level that was reached is paged again at once, those
/// above it follow with their distances.
Ladder resumed(Ladder ladder, const QDateTime& now);
Ladder resolved(Ladder ladder);
/// The next level that was not paged yet, also after an acknowledgement; nothing when all were.
std::optional<Page> nextByHand(const Ladder& ladder, const QDateTime& now);
/// That level, paged or not; nothing when the ladder has no such level or is closed.
std::optional<Page> byHand(const Ladder& ladder, int level, const QDateTime& now);
/// Whoever waits below that level is passed over.
Ladder passedOver(Ladder ladder, int level, const QString& by);
/// After the severity changed: what was paged stays so, what lies above it is due when the plan for
/// the new severity says, but not before now. It counts from where the present plan does: the
/// declaration, later where a reopening, a hold or a lapsed acknowledgement moved it. A hold and an
/// acknowledgement stay. Levels below the highest that was paged are left alone.
Ladder replanned(const Ladder& ladder, const Policy& policy, incidents::Priority before,
                 incidents::Priority after, const QDateTime& now);
/// After the wall clock was set: deadlines move with it, so that none comes early or late. The end
/// of quiet hours is a time of day and stays.
Ladder shifted(Ladder ladder, std::chrono::milliseconds step);

/// Null when the ladder has no such level.
const Rung* rungAt(const Ladder& ladder, int level);
Rung* rungAt(Ladder& ladder, int level);
/// It has not come to this rung yet.
bool waits(const Rung& rung);

}  // namespace tocsin::escalation
