#pragma once
#include "incidents/document.h"
#include "incidents/incident.h"

namespace tocsin::incidents {

/// Kinds whose events keep what was run, seen or dropped in, and what came back.
bool isEvidenceKind(const QString& kind);
/// True for an event that keeps what was run and what came back.
bool isEvidence(const Event& event);
/// The event's heading, its statement, its result as it was kept, and its receipt. Knows the shapes
/// of query results, Redis replies and HTTP answers; what it does not know is shown as JSON.
Document evidenceOf(const Event& event);

}  // namespace tocsin::incidents
