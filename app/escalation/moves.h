#pragma once
#include "delivery/ledger.h"
#include "escalation/ladder.h"
#include "escalation/policy.h"
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
Result<Outcome> acknowledgeIn(store::Transaction& tx, const QString& incident, const QString& by,
                              const QDateTime& now);
Result<Outcome> holdIn(store::Transaction& tx, const QString& incident, const QString& by,
                       const QString& reason, const QDateTime& until, const QDateTime& now);
Result<Outcome> releaseIn(store::Transaction& tx, const QString& incident, const QString& by,
                          const QDateTime& now);
Result<Outcome> escalateIn(store::Transaction& tx, const QString& incident, const QString& by,
                           const QDateTime& now);
Result<Outcome> resolveIn(store::Transaction& tx, const QString& incident, const QString& by,
                          const QString& whatFixedIt, const QDateTime& now);
/// `parts` are one message, already cut for its channel.
Result<Outcome> postIn(store::Transaction& tx, const QString& incident, const QString& channel,
                       const QVector<Message>& parts, const QString& by, const QDateTime& now);

/// Ends holds whose time is over and pages what is due, of every open ladder.
Result<QVector<Outcome>> fireDueIn(store::Transaction& tx, const QDateTime& now);
/// Puts the outcomes of finished deliveries on rungs and timelines, once each.
Result<QVector<Outcome>> recordDeliveriesIn(store::Transaction& tx, const QDateTime& now);
/// A page that waits says why on its rung. Nothing when it says so already.
Result<std::optional<Ladder>> noteWaitingIn(store::Transaction& tx, const delivery::Entry& entry);

}  // namespace tocsin::escalation
