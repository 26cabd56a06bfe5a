#pragma once
#include "incidents/practice.h"

namespace tocsin::incidents {

/// When the commander owes the next update, by the rhythm of the incident's severity. A reopened
/// incident begins anew. UTC, may lie in the past. Invalid once resolved. Pure.
QDateTime nextUpdateDue(const Incident& incident, const QDateTime& now,
                        const UpdateRhythm& rhythm = {});

}  // namespace tocsin::incidents
