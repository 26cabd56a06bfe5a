#pragma once
#include <QByteArray>

#include "sdk/error.h"
#include "sdk/silencing.h"

namespace tocsin::alertmanager {

/// The body of POST /api/v2/silences: one equality matcher per label that has a value (matchers
/// that all fit the empty text are refused there). Pure.
QByteArray silenceBody(const SilenceRequest& request);

/// Reads {"silenceID": "…"}. Pure; accepts any bytes. Errors: Parse.
Result<QString> silenceIdFromJson(const QByteArray& json);

}  // namespace tocsin::alertmanager
