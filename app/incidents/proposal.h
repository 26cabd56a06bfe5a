#pragma once
#include "incidents/incident.h"
#include "sdk/alert.h"

namespace tocsin::incidents {

/// What the declare form is filled with for these alerts: a title from the worst and oldest, P1 for
/// a critical one, P3 for a warning or an unknown one, P4 for the rest; keys in the same order.
/// Pure.
Declaration propose(QVector<Alert> alerts);

}  // namespace tocsin::incidents
