#include "workspace/entrycheck.h"

#include "workspace/reader.h"

namespace tocsin::workspace {
namespace {

/// The key that stands at `column` of the entry's line, which begins at column 3.
QString keyAt(const QVector<KeyChange>& values, int column) {
    QVector<KeyChange> sofar;
    for (const KeyChange& each : values) {
        if (each.now.isEmpty()) continue;
        sofar.append(each);
        // "  - {name: x" ends where the next key's comma begins.
        if (column <= 2 + entryLine(sofar).size() - 1) return each.key;
    }
    return {};
}

}  // namespace

CheckedEntry checkedEntry(const QString& section, const QVector<KeyChange>& values,
                          const QString& folder, const QVector<PluginInfo>& plugins) {
    CheckedEntry checked;
    const auto yaml = edited({}, {section, {}, values});
    if (!yaml) {
        checked.problems.append({{}, yaml.error().message});
        return checked;
    }
    const Workspace read = parseWorkspace(*yaml, folder, plugins);
    for (const auto* entries : {&read.sources, &read.connections, &read.probes, &read.channels})
        for (const Entry& entry : *entries)
            checked.entry = entry;
    for (const Mistake& mistake : read.mistakes) {
        // Whom it names beside itself is not known here.
        if (mistake.severity != QLatin1String("error") ||
            mistake.rule == QLatin1String("unknown-connection"))
            continue;
        // A key that is missing is told at the entry's brace.
        const bool isWhole = mistake.rule == QLatin1String("missing-key");
        checked.problems.append(
            {isWhole ? mistake.value : keyAt(values, mistake.column), mistake.message});
    }
    return checked;
}

}  // namespace tocsin::workspace
