#include "plugins/sources/metrics/selection.h"

#include <QSet>
#include <functional>

#include "plugins/sources/metrics/prometheustext.h"

namespace tocsin::metrics {
namespace {

QString undotted(QString name) {
    return name.replace(QLatin1Char('.'), QLatin1Char('_'));
}

bool holdsAll(const Sample& sample, const QMap<QString, QString>& wanted) {
    for (auto it = wanted.begin(); it != wanted.end(); ++it)
        if (sample.labels.value(it.key()) != it.value()) return false;
    return true;
}

}  // namespace

Selection select(const Samples& samples, const QString& metric) {
    Sample wanted;
    wanted.name = metric;
    if (metric.contains(QLatin1Char('{')))
        if (const auto parsed = sampleFromLine((metric + QStringLiteral(" 0")).toUtf8()))
            wanted = *parsed;
    const QString normal = normalName(wanted.name);
    const QString flat = undotted(normal);
    const QString ending = QLatin1Char('.') + normal;
    const std::function<bool(const Sample&)> attempts[] = {
        [&](const Sample& sample) { return sample.name == wanted.name; },
        [&](const Sample& sample) { return undotted(normalName(sample.name)) == flat; },
        [&](const Sample& sample) { return normalName(sample.name).endsWith(ending); },
    };
    for (const auto& fits : attempts) {
        Selection selection;
        QSet<QString> names;
        for (const Sample& sample : samples) {
            if (!fits(sample) || !holdsAll(sample, wanted.labels)) continue;
            selection.samples.append(sample);
            names.insert(sample.name);
        }
        if (names.size() > 1) return {{}, {names.cbegin(), names.cend()}};
        if (!names.isEmpty()) return selection;
    }
    return {};
}

}  // namespace tocsin::metrics
