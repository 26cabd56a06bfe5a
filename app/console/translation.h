#pragma once
#include <QVariantList>

#include "escalation/policy.h"
#include "inspection/connection.h"
#include "runbooks/runbook.h"
#include "workspace/workspace.h"

// The workspace's words turned into each room's own. Pure.
namespace tocsin::console {

escalation::Policy policyFrom(const workspace::EscalationEntry& entry);

/// The rules a metrics source gets: the workspace's own, then the thresholds that runbooks state
/// for keys the workspace says nothing about. Each is a map of key, metric, warning, critical,
/// over_ms.
QVariantList rulesFrom(const QVector<workspace::Rule>& rules,
                       const QVector<runbooks::Runbook>& runbooks);

/// Name, kind, environment and address without its password.
inspection::ConnectionInfo connectionInfoFrom(const Settings& settings);

}  // namespace tocsin::console
