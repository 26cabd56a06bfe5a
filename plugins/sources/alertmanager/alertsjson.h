#pragma once
#include <QByteArray>
#include <QVector>

#include "sdk/alert.h"
#include "sdk/error.h"

namespace tocsin::alertmanager {

/// Reads the answer of GET /api/v2/alerts (Alertmanager's OpenAPI document, v2). Pure; any thread;
/// accepts any bytes. What one alert lacks is left empty; an entry that is not an object is
/// skipped. Errors: Parse, with the reader's reason and offset. Ids of silences and inhibiting
/// alerts become suppressions without author; see fillIn().
Result<QVector<Alert>> alertsFromJson(const QByteArray& bytes);

/// The alert's key: label `alert_key`, else `alertname`, else "unnamed".
QString keyOf(const QMap<QString, QString>& labels);

}  // namespace tocsin::alertmanager
