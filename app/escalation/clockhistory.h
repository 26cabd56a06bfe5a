#pragma once
#include "store/database.h"

namespace tocsin::escalation {

/// By how much the wall clock was set since that event of the incident, as its timeline says: what
/// the event calls 14:00 may be called 15:00 now.
Result<std::chrono::milliseconds> setSince(store::Transaction& tx, const QString& incident,
                                           qint64 seq);
/// When a person last did something for it, by the present clock; invalid: never.
Result<QDateTime> lastWorkedOn(store::Transaction& tx, const QString& incident);

}  // namespace tocsin::escalation
