#pragma once
#include "incidents/practice.h"
#include "sdk/alert.h"

namespace tocsin::incidents {

/// What the declare form is filled with for these alerts: a title from the worst and oldest; the
/// gravest severity that a rule, or without one the alert's own severity, proposes (P1 for a
/// critical one, P3 for a warning or an unknown one, P4 for the rest); keys in the same order.
/// Pure.
Declaration propose(QVector<Alert> alerts, const QVector<SeverityRule>& rules = {});

}  // namespace tocsin::incidents
