#pragma once
#include <QByteArray>
#include <QHash>

#include "sdk/alert.h"
#include "sdk/error.h"

namespace tocsin::alertmanager {

using Silences = QHash<QString, Suppression>;  ///< by id

/// Reads the answer of GET /api/v2/silences. Pure; any thread. Errors: Parse.
Result<Silences> silencesFromJson(const QByteArray& json);

/// Fills author, comment and end into the suppressions whose id is known.
void fillIn(QVector<Alert>& alerts, const Silences& silences);

/// Whether any alert names a silence at all, so that asking for them is worth a request.
bool namesSilences(const QVector<Alert>& alerts);

}  // namespace tocsin::alertmanager
