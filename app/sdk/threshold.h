#pragma once
#include <QString>
#include <optional>

#include "sdk/error.h"

namespace tocsin {

/// A limit as people write it: "> 2%", ">= 80 %", "> 1s", "> 5m", "< 10 jobs", "!= 0". A value.
struct TOCSIN_SDK_EXPORT Threshold {
    enum class Comparison { Above, AtLeast, Below, AtMost, Equal, NotEqual };

    Comparison comparison = Comparison::Above;
    double limit = 0;  ///< in `unit`
    QString unit;  ///< as written: "%", "ms", "s", "m", "h", "jobs" …; empty for a plain number

    bool operator==(const Threshold&) const = default;

    /// Whether `value`, measured in this threshold's own unit, crosses it. NaN never does.
    bool isCrossedBy(double value) const;
    /// "> 2 %", for people.
    QString text() const;
};

/// Reads a threshold. Errors: Parse, with a sentence that shows the expected form.
TOCSIN_SDK_EXPORT Result<Threshold> thresholdFromText(const QString& text);

/// `value` given in unit `from`, expressed in unit `to`. Converts among ms, s, m and h, among B,
/// KB, MB, GB and TB (1024), and between "ratio" (0..1) and "%". An empty or unrelated `from` is
/// taken to be `to` already.
TOCSIN_SDK_EXPORT double convertedUnit(double value, const QString& from, const QString& to);

}  // namespace tocsin
