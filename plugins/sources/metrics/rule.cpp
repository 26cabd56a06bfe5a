#include "plugins/sources/metrics/rule.h"

#include "plugins/sources/metrics/sample.h"

namespace tocsin::metrics {
namespace {

Result<std::optional<Threshold>> thresholdOf(const QVariantMap& map, const QString& name) {
    const QString text = map.value(name).toString();
    if (text.trimmed().isEmpty()) return std::optional<Threshold>();
    const Result<Threshold> threshold = thresholdFromText(text);
    if (!threshold) return tl::unexpected(threshold.error());
    return std::optional(*threshold);
}

Result<Rule> ruleFrom(const QVariantMap& map) {
    Rule rule;
    rule.key = map.value(QStringLiteral("key")).toString();
    if (rule.key.isEmpty()) return fail(ErrorCode::Config, QStringLiteral("it needs a “key”."));
    rule.metric = map.value(QStringLiteral("metric"), rule.key).toString();
    rule.unit = map.value(QStringLiteral("unit")).toString();
    rule.isOptional = map.value(QStringLiteral("optional")).toBool();
    rule.over = std::chrono::milliseconds(map.value(QStringLiteral("over_ms")).toLongLong());
    for (const auto& [name, slot] : {std::pair{QStringLiteral("warning"), &rule.warning},
                                     std::pair{QStringLiteral("critical"), &rule.critical}}) {
        const auto threshold = thresholdOf(map, name);
        if (!threshold) return tl::unexpected(threshold.error());
        *slot = *threshold;
    }
    if (!rule.warning && !rule.critical)
        return fail(ErrorCode::Config, QStringLiteral("it needs “warning”, “critical” or both."));
    return rule;
}

/// What a bare number means under a threshold of that unit: the base unit of its family.
QString bareUnit(const QString& thresholdUnit) {
    for (const char* unit : {"s", "B", "%"}) {
        const QString candidate = QLatin1String(unit);
        if (thresholdUnit == candidate) return candidate;
        // Convertible exactly when the conversion of 1 is not 1.
        const double converted = convertedUnit(1, candidate, thresholdUnit);
        if (converted < 1 || converted > 1) return candidate;
    }
    return thresholdUnit;
}

}  // namespace

QString Rule::shownUnit() const {
    return warning ? warning->unit : critical->unit;
}

double Rule::shown(double value, const QString& valueUnit, const QString& name) const {
    QString from = valueUnit.isEmpty() ? unit : valueUnit;
    if (from.isEmpty()) from = unitFromName(name);
    if (from.isEmpty()) from = bareUnit(shownUnit());
    return convertedUnit(value, from, shownUnit());
}

Result<QVector<Rule>> rulesFromSettings(const Settings& settings) {
    QVector<Rule> rules;
    const QVariantList list = settings.values.value(QStringLiteral("rules")).toList();
    for (const QVariant& entry : list) {
        const Result<Rule> rule = ruleFrom(entry.toMap());
        if (!rule)
            return fail(ErrorCode::Config,
                        QStringLiteral("Rule %1 (%2) for source “%3”: %4")
                            .arg(rules.size() + 1)
                            .arg(entry.toMap().value(QStringLiteral("key")).toString(),
                                 settings.name, rule.error().message));
        rules.append(*rule);
    }
    return rules;
}

}  // namespace tocsin::metrics
