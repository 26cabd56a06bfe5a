#pragma once
#include "alerts/board.h"
#include "escalation/policy.h"
#include "incidents/incident.h"
#include "sdk/message.h"

/// What a channel would be posted, to be looked at before it is needed. Pure.
namespace tocsin::announcements {

/// Stands in where no incident is open. Invented, and says so.
incidents::Incident sampleIncident(const QString& channel, const QDateTime& now);
/// Stands in where nothing fires.
QHash<alerts::AlertId, Alert> sampleAlerts(const QDateTime& now);

/// The first page of a level as the engine writes it at `now`. An empty message when the policy has
/// no such level.
Message samplePage(const incidents::Incident& incident, const escalation::Policy& policy, int level,
                   const QDateTime& now);

/// Proves that a channel works: says what it is, makes no sound and mentions nobody.
Message testPost(const QDateTime& now);

}  // namespace tocsin::announcements
