#pragma once
#include "escalation/timekeeper.h"
#include "store/database.h"

namespace tocsin::escalation {

/// When a person last did something for it, by the present clock; invalid: never.
Result<QDateTime> lastWorkedOn(store::Transaction& tx, const QString& incident);

/// The clocks as they were when deadlines last were right by them; nothing in a new store.
Result<std::optional<ClockReading>> lastReading(store::Transaction& tx);
Result<void> keepReading(store::Transaction& tx, const ClockReading& reading);

}  // namespace tocsin::escalation
