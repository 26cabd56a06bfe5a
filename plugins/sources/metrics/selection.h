#pragma once
#include "plugins/sources/metrics/sample.h"

namespace tocsin::metrics {

/// The samples a rule's `metric` speaks of.
struct Selection {
    Samples samples;        ///< one per series
    QStringList ambiguous;  ///< different names that would all fit, when none fits exactly
};

/// Finds `metric` (a name, a JSON path, or name{label="value"}): exactly; else in normal spelling
/// with dots read as "_"; else as the end of exactly one JSON path. Pure.
Selection select(const Samples& samples, const QString& metric);

}  // namespace tocsin::metrics
