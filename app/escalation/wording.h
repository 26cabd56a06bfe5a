#pragma once
#include "escalation/ladder.h"
#include "escalation/planner.h"
#include "incidents/incident.h"
#include "sdk/message.h"

namespace tocsin::escalation {

/// What is posted. Everything that came from outside is escaped; mentions are only in
/// Message::mentions. All of it fits one post of any channel. Pure.

/// "P1 Database connections exhausted — level 2 Secondary on-call …", with the incident's card on
/// the first page. Says so when it is late or repeated.
Message pageMessage(const incidents::Incident& incident, const Rung& rung, const Page& page,
                    const QDateTime& now, bool withCard);
/// The card alone, for an incident whose first level is not due yet.
Message declaredMessage(const incidents::Incident& incident);
Message resolvedMessage(const incidents::Incident& incident, const QString& by,
                        const QString& whatFixedIt, const QDateTime& now);

/// "12 min", "1 h 5 min", "40 s".
QString spoken(std::chrono::milliseconds duration);

/// The ledger's identity of a level's page: "INC-42/level-2", again "INC-42/level-2/again-3".
QString pageEvent(const QString& incident, const Page& page);

}  // namespace tocsin::escalation
