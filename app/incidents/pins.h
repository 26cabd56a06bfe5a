#pragma once
#include <optional>

#include "incidents/incident.h"
#include "store/database.h"

namespace tocsin::incidents {

/// A question that is asked again at the turning points of every incident, so that the answers can
/// be compared.
struct Pin {
    qint64 id = 0;
    QString connection;
    QString kind;  ///< of the connection: "postgres", "redis"
    QString statement;
    QStringList keys;  ///< columns that say which row is which; may be empty
    QString by;
    QDateTime at;  ///< UTC
};

/// Errors: Refused when it is pinned already, has no statement, or there are too many.
Result<Pin> addPin(store::Transaction& tx, const Pin& pin);
/// Errors: NotFound.
Result<void> removePin(store::Transaction& tx, qint64 id);
Result<QVector<Pin>> pinsIn(store::Transaction& tx);

/// Records a capture, unless another console did so for the same pin and the same cause
/// (`cause`, the seq of a declaration or resolution). → the event, if it was recorded.
Result<std::optional<Event>> appendCapture(store::Transaction& tx, const Event& capture);

/// The answer to the same pin before this "captured" event, in the same incident.
Result<std::optional<Event>> captureBefore(store::Transaction& tx, const Event& capture);

}  // namespace tocsin::incidents
