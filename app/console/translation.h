#pragma once
#include <QVariantList>

#include "escalation/policy.h"
#include "incidents/practice.h"
#include "runbooks/runbook.h"
#include "workspace/workspace.h"

// The workspace's words turned into each room's own. Pure.
namespace tocsin::console {

incidents::Practice practiceFrom(const workspace::IncidentsEntry& entry);
escalation::Policy policyFrom(const workspace::EscalationEntry& entry);

/// The rules a metrics source gets: the workspace's own, then the thresholds that runbooks state
/// for keys the workspace says nothing about. Each is a map of key, metric, warning, critical and
/// over_ms; those of runbooks are also `optional`: an application without the metric is well.
QVariantList rulesFrom(const QVector<workspace::Rule>& rules,
                       const QVector<runbooks::Runbook>& runbooks);

}  // namespace tocsin::console
