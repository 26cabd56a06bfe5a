#pragma once
#include <QStringList>

#include "sdk/http.h"
#include "sdk/probereport.h"

namespace tocsin::statuspage {

/// Where a page shows its machine-readable summary: `<page>/api/v2/summary.json`.
QUrl summaryAddress(const QUrl& page);

/// Reads an answer of summary.json. Follows Atlassian Statuspage v2 and bears incident.io's habits:
/// `null` for empty lists, no component groups. The level is the worst of the indicator, the open
/// incidents' impact and the running maintenances, because the indicator can say "none" while an
/// incident is open. `only`: parts of component names; when given, the level is that of these
/// components and of the incidents that name them. Pure; any thread; any bytes. What cannot be read
/// is Unknown.
ProbeReport reportFromSummary(const HttpReply& reply, const QStringList& only);

}  // namespace tocsin::statuspage
