#pragma once
#include "escalation/ladder.h"
#include "escalation/timekeeper.h"
#include "escalation/turn.h"
#include "incidents/incident.h"
#include "sdk/message.h"

namespace tocsin::escalation {

/// What is posted. Everything that came from outside is escaped; mentions are only in
/// Message::mentions. All of it fits one post of any channel. Pure.

struct PageExtras {
    bool withCard = false;  ///< the incident's card, on the first page
    QString whyAgain{};     ///< "nobody has acknowledged"
    QString wording{};      ///< a template of workspace::Wording::Page; empty: the standard words
};

/// The event of an incident's card: it is edited in place, and its thread takes the updates.
QString cardEvent(const QString& incident);

/// "P1 Database connections exhausted — level 2 Secondary on-call …". Says so when it is late or
/// repeated.
Message pageMessage(const incidents::Incident& incident, const Rung& rung, const Page& page,
                    const QDateTime& now, const PageExtras& extras);
/// The card alone, for an incident whose first level is not due yet.
Message declaredMessage(const incidents::Incident& incident);
Message resolvedMessage(const incidents::Incident& incident, const QString& by,
                        const QString& whatFixedIt, const QDateTime& now);

/// It came back, or was resolved too early.
Message reopenedMessage(const incidents::Incident& incident, const QString& by,
                        const QString& reason, const QDateTime& now);
/// Where the work goes on.
Message mergedMessage(const incidents::Incident& incident, const incidents::Incident& into,
                      const QString& by);
/// "ana takes command from ben", with the state of things.
Message handOverMessage(const incidents::Incident& incident, const QString& from,
                        const QString& state, const QDateTime& now);

/// What a ladder did by itself, for the timeline and the simulation; a page is said elsewhere.
QString turnText(const Ladder& before, const Turn& turn);

/// "the clock was set back by 1 h …", "this computer slept for 8 h …".
QString clockText(const ClockMove& move, const QDateTime& now);

/// "12 min", "1 h 5 min", "40 s", "365 d".
QString spoken(std::chrono::milliseconds duration);

/// "INC-42", reopened "INC-42/reopened-1": what this round's pages and its resolution begin with,
/// so that the ledger has not seen them.
QString roundOf(const incidents::Incident& incident);
/// The ledger's identity of a level's page: "INC-42/level-2", again "INC-42/level-2/again-3".
QString pageEvent(const QString& round, const Page& page);

}  // namespace tocsin::escalation
