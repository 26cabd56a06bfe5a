#pragma once
#include <optional>

#include "incidents/incident.h"
#include "store/database.h"

namespace tocsin::incidents {

/// Writes the event, redacted, and what follows from it in the projection. An incident that was
/// never declared is NotFound. → the event with its seq.
Result<Event> appendEvent(store::Transaction& tx, const Event& event);
Result<QVector<Event>> eventsOf(store::Transaction& tx, const QString& incident);
/// The newest event of that kind, if any.
Result<std::optional<Event>> lastEventOf(store::Transaction& tx, const QString& incident,
                                         const QString& kind);
/// Those for which an SQL condition holds, in order.
Result<QVector<Event>> eventsWith(store::Transaction& tx, const QString& condition,
                                  const QVariantList& values);
/// All events after a position, in order.
Result<QVector<Event>> eventsAfter(store::Transaction& tx, qint64 seq);

}  // namespace tocsin::incidents
