#pragma once
#include <QByteArray>

#include "plugins/sources/metrics/sample.h"
#include "sdk/error.h"

namespace tocsin::metrics {

/// Reads every number in a JSON document; nested keys are joined with dots, list items by position.
/// Texts that are a number with a unit ("97 %", "1840ms") and booleans count too. Two shapes become
/// a number of their own beside their parts: {"value": 1840, "unit": "ms"}, and {"used": 97, "max":
/// 100} (also active, in_use, current, open / limit, size), which is 97 %. Pure; any thread; any
/// bytes. Errors: Parse, also when there is no number at all.
Result<Samples> samplesFromJson(const QByteArray& json);

}  // namespace tocsin::metrics
