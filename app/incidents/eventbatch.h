#pragma once
#include <QHash>

#include "incidents/incident.h"
#include "store/database.h"

namespace tocsin::incidents {

/// Appends events of kinds that change nothing about an incident (what the ladder does by itself:
/// "paged", "released", "postponed" …), many at once, redacted. The incidents must exist. → the
/// events with their seq, in the same order.
Result<QVector<Event>> appendAll(store::Transaction& tx, QVector<Event> events);

/// The incidents of those ids, as many as there are.
Result<QHash<QString, Incident>> findAll(store::Transaction& tx, const QStringList& ids);

}  // namespace tocsin::incidents
