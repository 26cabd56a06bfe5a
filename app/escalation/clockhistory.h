#pragma once
#include "store/database.h"

namespace tocsin::escalation {

/// When a person last did something for it, by the present clock; invalid: never.
Result<QDateTime> lastWorkedOn(store::Transaction& tx, const QString& incident);

}  // namespace tocsin::escalation
