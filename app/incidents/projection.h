#pragma once
#include <optional>

#include "incidents/incident.h"
#include "store/database.h"

namespace tocsin::incidents {

/// Applies one event to an incident. Pure. Kinds it does not know change nothing.
void fold(Incident& incident, const Event& event);

/// The `incidents` table: what the events come to, kept for quick lists. It can be thrown away and
/// rebuilt at any time.
class Projection {
public:
    static Result<std::optional<Incident>> find(store::Transaction& tx, const QString& id);
    /// Those of these ids that there are, in no order.
    static Result<QVector<Incident>> among(store::Transaction& tx, const QStringList& ids);
    /// Open ones and the last `recent` resolved ones, oldest first.
    static Result<QVector<Incident>> list(store::Transaction& tx, int recent);
    static Result<void> save(store::Transaction& tx, const Incident& incident);
    /// The next free id, "INC-<n>". Only in a write transaction.
    static Result<QString> nextId(store::Transaction& tx);
    /// From the events alone. → how many incidents.
    static Result<int> rebuild(store::Transaction& tx);
};

}  // namespace tocsin::incidents
