#include "sdk/threshold.h"

#include <QHash>
#include <QRegularExpression>
#include <cmath>

namespace tocsin {
namespace {

using Comparison = Threshold::Comparison;

struct Sign {
    const char* text;
    Comparison comparison;
};

// Longest first, so that ">=" is not read as ">".
constexpr Sign kSigns[] = {
    {">=", Comparison::AtLeast},  {"<=", Comparison::AtMost}, {"==", Comparison::Equal},
    {"!=", Comparison::NotEqual}, {">", Comparison::Above},   {"<", Comparison::Below},
    {"=", Comparison::Equal},
};

struct Scale {
    QString family;
    double factor;
};

std::optional<Scale> scaleOf(const QString& unit) {
    static const QHash<QString, Scale> scales{
        {QStringLiteral("ms"), {QStringLiteral("time"), 0.001}},
        {QStringLiteral("s"), {QStringLiteral("time"), 1}},
        {QStringLiteral("sec"), {QStringLiteral("time"), 1}},
        {QStringLiteral("seconds"), {QStringLiteral("time"), 1}},
        {QStringLiteral("m"), {QStringLiteral("time"), 60}},
        {QStringLiteral("min"), {QStringLiteral("time"), 60}},
        {QStringLiteral("minutes"), {QStringLiteral("time"), 60}},
        {QStringLiteral("h"), {QStringLiteral("time"), 3600}},
        {QStringLiteral("b"), {QStringLiteral("size"), 1}},
        {QStringLiteral("kb"), {QStringLiteral("size"), 1024.0}},
        {QStringLiteral("mb"), {QStringLiteral("size"), 1048576.0}},
        {QStringLiteral("gb"), {QStringLiteral("size"), 1073741824.0}},
        {QStringLiteral("tb"), {QStringLiteral("size"), 1099511627776.0}},
        {QStringLiteral("%"), {QStringLiteral("share"), 1}},
        {QStringLiteral("ratio"), {QStringLiteral("share"), 100}},
    };
    const auto found = scales.find(unit.toLower());
    if (found == scales.end()) return std::nullopt;
    return *found;
}

}  // namespace

bool Threshold::isCrossedBy(double value) const {
    if (std::isnan(value)) return false;
    switch (comparison) {
        case Comparison::Above:
            return value > limit;
        case Comparison::AtLeast:
            return value >= limit;
        case Comparison::Below:
            return value < limit;
        case Comparison::AtMost:
            return value <= limit;
        case Comparison::Equal:
            return !(value < limit) && !(value > limit);
        case Comparison::NotEqual:
            return value < limit || value > limit;
    }
    return false;
}

QString Threshold::text() const {
    QString out;
    for (const Sign& sign : kSigns)
        if (sign.comparison == comparison) {
            out = QLatin1String(sign.text);
            break;
        }
    out += QLatin1Char(' ') + QString::number(limit, 'g', 10);
    if (!unit.isEmpty()) out += QLatin1Char(' ') + unit;
    return out;
}

Result<Threshold> thresholdFromText(const QString& text) {
    static const QRegularExpression form(QStringLiteral(
        R"(^\s*(>=|<=|==|!=|=|>|<|≥|≤)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([%\p{L}][\p{L}/_]*)?\s*$)"));
    const QRegularExpressionMatch match = form.match(text);
    bool isNumber = false;
    const double limit = match.captured(2).toDouble(&isNumber);
    if (!match.hasMatch() || !isNumber || !std::isfinite(limit))
        return fail(
            ErrorCode::Parse,
            QStringLiteral("“%1” is not a threshold; write a comparison, a number and a unit, "
                           "such as \"> 2%\", \">= 80%\", \"> 1s\" or \"> 5m\".")
                .arg(text.left(80)));
    QString sign = match.captured(1);
    if (sign == QStringLiteral("≥")) sign = QStringLiteral(">=");
    if (sign == QStringLiteral("≤")) sign = QStringLiteral("<=");
    Threshold threshold;
    threshold.limit = limit;
    threshold.unit = match.captured(3);
    for (const Sign& known : kSigns)
        if (sign == QLatin1String(known.text)) {
            threshold.comparison = known.comparison;
            break;
        }
    return threshold;
}

double convertedUnit(double value, const QString& from, const QString& to) {
    const auto source = scaleOf(from);
    const auto target = scaleOf(to);
    if (!source || !target || source->family != target->family) return value;
    return value * source->factor / target->factor;
}

}  // namespace tocsin
