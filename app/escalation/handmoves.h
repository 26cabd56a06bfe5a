#pragma once
#include "escalation/moves.h"

namespace tocsin::escalation {

/// A person sends a message of the ledger again: what was delivered goes out once more as a message
/// of its own, marked as a repeat; what failed, was called back or waits is tried at once, under
/// its own event. On the timeline in the same transaction. Refused while it is being sent.
Result<Outcome> sendAgainIn(store::Transaction& tx, qint64 entry, const QString& by,
                            const QDateTime& now);
/// A person calls a message back that did not leave yet, or of which nobody knows whether it did.
Result<Outcome> callBackIn(store::Transaction& tx, qint64 entry, const QString& by,
                           const QDateTime& now);

/// A look over there found a confirmed message deleted or changed: noted in the ledger, and on the
/// timeline, once.
Result<Outcome> noteSightingIn(store::Transaction& tx, qint64 entry, Sighting sighting,
                               const QDateTime& now);

}  // namespace tocsin::escalation
