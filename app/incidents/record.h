#pragma once
#include "delivery/ledger.h"
#include "incidents/incident.h"
#include "store/database.h"

namespace tocsin::incidents {

/// Everything the store knows of one incident.
struct Record {
    Incident incident;
    QVector<Event> events;              ///< the timeline, in order
    QVector<delivery::Entry> messages;  ///< who was told when, in order
};
/// Errors: NotFound.
Result<Record> recordOf(store::Transaction& tx, const QString& incident);

/// Time from the declaration to the acknowledgement and to the resolution; empty while it runs.
std::optional<std::chrono::milliseconds> timeToAcknowledge(const Incident& incident);
std::optional<std::chrono::milliseconds> timeToResolve(const Incident& incident);

/// "42 s", "3 min 5 s", "2 h 10 min".
QString spokenSpan(std::chrono::milliseconds span);
QString spokenSpan(const std::optional<std::chrono::milliseconds>& span);  ///< else "not yet"

}  // namespace tocsin::incidents
