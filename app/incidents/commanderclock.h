#pragma once
#include "incidents/incident.h"

namespace tocsin::incidents {

/// When the commander owes the next update: 5 minutes after the declaration, then every 20 minutes,
/// after two hours every 60 (PagerDuty's public response guide asks for 5, 20 and "the first two
/// hours"). UTC, may lie in the past. Invalid once resolved. Pure.
QDateTime nextUpdateDue(const Incident& incident, const QDateTime& now);

}  // namespace tocsin::incidents
