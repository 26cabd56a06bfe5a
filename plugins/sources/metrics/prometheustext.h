#pragma once
#include <QByteArray>
#include <optional>

#include "plugins/sources/metrics/sample.h"
#include "sdk/error.h"

namespace tocsin::metrics {

/// Reads the Prometheus text exposition format 0.0.4 (and the parts of OpenMetrics that look the
/// same). Comments and timestamps are passed over, lines that cannot be read are skipped. Pure; any
/// thread; any bytes. Errors: Parse when not a single line could be read, naming the first bad one.
Result<Samples> samplesFromPrometheusText(const QByteArray& text);

/// Reads one sample line without its line end; nothing when it is not one.
std::optional<Sample> sampleFromLine(QByteArrayView text);

}  // namespace tocsin::metrics
