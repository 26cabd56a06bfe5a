#pragma once
#include <QVariant>
#include <chrono>
#include <optional>

#include "sdk/error.h"
#include "sdk/settings.h"
#include "sdk/threshold.h"

namespace tocsin::metrics {

/// When a number becomes an alert. The console hands the rules of the workspace and the defaults of
/// the runbooks to the source as Settings::values["rules"]: a QVariantList of QVariantMaps with
///   key       text, the alert's key; required
///   metric    text: a name or JSON path, or name{label="value"}; the key when absent
///   warning   text such as "> 2%"; at least one of warning and critical
///   critical  text
///   over_ms   integer milliseconds: how long it must hold without a break; 0 when absent
///   unit      text: the unit of a number that does not say it itself ("ms", "ratio", "%"); may be
///   absent optional  boolean: a metric that never appears is no reason to worry (defaults of
///   runbooks)
struct Rule {
    QString key;
    QString metric;
    std::optional<Threshold> warning, critical;
    std::chrono::milliseconds over{0};
    QString unit;
    bool isOptional = false;

    /// The unit in which this rule compares and shows: that of its first threshold.
    QString shownUnit() const;
    /// `value`, in `unit` or, where that is empty, in what the rule or the name says, as
    /// shownUnit(). A bare number under a time threshold is in seconds, under a size in bytes,
    /// under "%" in percent.
    double shown(double value, const QString& unit, const QString& name) const;
};

/// Reads Settings::values["rules"]. Errors: Config, naming the entry and the rule.
Result<QVector<Rule>> rulesFromSettings(const Settings& settings);

}  // namespace tocsin::metrics
