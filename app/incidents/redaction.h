#pragma once
#include <QJsonObject>

namespace tocsin::incidents {

/// The same with redact() applied to every text inside, keys included. Any thread.
QJsonObject redacted(const QJsonObject& object);

}  // namespace tocsin::incidents
