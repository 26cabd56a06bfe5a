#pragma once
#include "delivery/ledger.h"
#include "escalation/ladder.h"
#include "escalation/policy.h"
#include "escalation/timekeeper.h"
#include "incidents/incident.h"
#include "store/database.h"

namespace tocsin::escalation {

/// What one transaction did to one incident.
struct Outcome {
    Ladder ladder;
    QVector<incidents::Event> events;
    QVector<delivery::Entry> intents;  ///< what the ledger has to send because of it
};

/// The engine's moves, each to be run inside one write transaction: ladder, timeline and ledger
/// change together or not at all. No clock but the given `now`; no signals.
Result<Outcome> declareIn(store::Transaction& tx, const Policy& policy,
                          incidents::Declaration declaration, const QDateTime& now);
/// When nobody does anything for `silence` (without one: the policy's), the ladder goes on. A
/// second acknowledgement only sets another silence.
Result<Outcome> acknowledgeIn(store::Transaction& tx, const QString& incident, const QString& by,
                              std::optional<std::chrono::milliseconds> silence,
                              const QDateTime& now);
Result<Outcome> holdIn(store::Transaction& tx, const QString& incident, const QString& by,
                       const QString& reason, const QDateTime& until, const QDateTime& now);
Result<Outcome> releaseIn(store::Transaction& tx, const QString& incident, const QString& by,
                          const QDateTime& now);
/// To that level, paged or not, passing over who waits below; 0: to the next that was not paged.
Result<Outcome> escalateIn(store::Transaction& tx, const QString& incident, const QString& by,
                           int level, const QDateTime& now);
/// Changes the severity and plans the ladder anew; what that makes due at once is paged.
Result<Outcome> changePriorityIn(store::Transaction& tx, const Policy& policy,
                                 const QString& incident, const QString& by,
                                 incidents::Priority priority, const QDateTime& now);
Result<Outcome> resolveIn(store::Transaction& tx, const QString& incident, const QString& by,
                          const QString& whatFixedIt, const QDateTime& now);
/// Opens a resolved incident again: a new ladder from the start level on, as for its severity now.
Result<Outcome> reopenIn(store::Transaction& tx, const Policy& policy, const QString& incident,
                         const QString& by, const QString& reason, const QDateTime& now);
/// `incident` ends with a pointer to `into`, which takes over its alerts, keys and open tasks.
/// → both, the one that ended first.
Result<QVector<Outcome>> mergeIn(store::Transaction& tx, const QString& incident,
                                 const QString& into, const QString& by, const QDateTime& now);
/// The new commander is recorded and announced. `state` may be empty.
Result<Outcome> handOverIn(store::Transaction& tx, const QString& incident, const QString& by,
                           const QString& to, const QString& state, const QDateTime& now);
/// `parts` are one message, already cut for its channel.
Result<Outcome> postIn(store::Transaction& tx, const QString& incident, const QString& channel,
                       const QVector<Message>& parts, const QString& by, const QDateTime& now);

/// What the ladders do by themselves: ends holds and silences, pages what is due. At most `limit`
/// ladders, the most overdue first; as many outcomes mean that there may be more.
Result<QVector<Outcome>> fireDueIn(store::Transaction& tx, const QDateTime& now, int limit);
/// The wall clock was set, or the machine slept: moves the deadlines of open ladders with the clock
/// and says it on their timelines.
Result<QVector<Outcome>> clockMovedIn(store::Transaction& tx, const ClockMove& move,
                                      const ClockReading& now);
/// The same for what the owner noticed, unless another process came first: the store's last reading
/// tells how far the clock was set since.
Result<QVector<Outcome>> clockNoticedIn(store::Transaction& tx, const ClockMove& noticed,
                                        const ClockReading& now);
/// The same for what happened to the clock since the store's last reading, while nobody looked.
Result<QVector<Outcome>> clockComparedIn(store::Transaction& tx, const ClockReading& now);
/// Puts the outcomes of finished deliveries on rungs and timelines, once each.
Result<QVector<Outcome>> recordDeliveriesIn(store::Transaction& tx, const QDateTime& now);
/// A page that waits says why on its rung. Nothing when it says so already.
Result<std::optional<Ladder>> noteWaitingIn(store::Transaction& tx, const delivery::Entry& entry);

}  // namespace tocsin::escalation
