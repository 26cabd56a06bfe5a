#include "plugins/sources/metrics/sample.h"

namespace tocsin::metrics {

QString unitFromName(const QString& name) {
    struct Ending {
        const char* text;
        const char* unit;
    };
    static constexpr Ending endings[] = {
        {"_ms", "ms"},          {"_millis", "ms"}, {"_milliseconds", "ms"}, {"_seconds", "s"},
        {"_secs", "s"},         {"_s", "s"},       {"_minutes", "m"},       {"_ratio", "ratio"},
        {"_fraction", "ratio"}, {"_percent", "%"}, {"_percentage", "%"},    {"_pct", "%"},
        {"_bytes", "B"},        {"_kb", "KB"},     {"_mb", "MB"},           {"_gb", "GB"},
    };
    const QString normal = normalName(name);
    for (const Ending& ending : endings)
        if (normal.endsWith(QLatin1String(ending.text))) return QLatin1String(ending.unit);
    return {};
}

QString normalName(const QString& name) {
    QString normal;
    normal.reserve(name.size() + 4);
    QChar before;
    for (const QChar c : name) {
        if (c.isUpper() && (before.isLower() || before.isDigit())) normal += QLatin1Char('_');
        normal += c == QLatin1Char('-') || c == QLatin1Char(' ') ? QLatin1Char('_') : c.toLower();
        before = c;
    }
    return normal;
}

}  // namespace tocsin::metrics
