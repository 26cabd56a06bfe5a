#include "workspace/mistakes.h"

#include <algorithm>
#include <tuple>

namespace tocsin::workspace {
namespace {

constexpr qsizetype kShownValue = 60;

}  // namespace

QString shownValue(const QString& value) {
    const QString line = redact(value).simplified();
    return line.size() <= kShownValue ? line : line.left(kShownValue - 1) + QChar(0x2026);
}

void Mistakes::error(const YamlNode& at, const char* rule, const QString& value,
                     const QString& message) {
    add(at, "error", rule, value, message);
}

void Mistakes::warning(const YamlNode& at, const char* rule, const QString& value,
                       const QString& message) {
    add(at, "warning", rule, value, message);
}

void Mistakes::note(const YamlNode& at, const char* rule, const QString& value,
                    const QString& message) {
    add(at, "note", rule, value, message);
}

void Mistakes::add(const YamlNode& at, const char* severity, const char* rule, const QString& value,
                   const QString& message) {
    m_mistakes.append({m_file, at.line, at.column, QString::fromLatin1(severity),
                       QString::fromLatin1(rule), shownValue(value), redact(message)});
}

QString Mistakes::decisiveSince(qsizetype count) const {
    for (qsizetype i = count; i < m_mistakes.size(); ++i)
        if (m_mistakes[i].severity == QLatin1String("error") &&
            m_mistakes[i].rule != QLatin1String("unknown-key"))
            return m_mistakes[i].message;
    return {};
}

QVector<Mistake> Mistakes::take() {
    std::stable_sort(m_mistakes.begin(), m_mistakes.end(), [](const Mistake& a, const Mistake& b) {
        return std::tie(a.line, a.column) < std::tie(b.line, b.column);
    });
    return std::exchange(m_mistakes, {});
}

}  // namespace tocsin::workspace
