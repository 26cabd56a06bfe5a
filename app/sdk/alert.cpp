#include "sdk/alert.h"

#include <QHash>

namespace tocsin {

QString nameOf(Severity severity) {
    switch (severity) {
        case Severity::Critical:
            return QStringLiteral("critical");
        case Severity::Warning:
            return QStringLiteral("warning");
        case Severity::Info:
            return QStringLiteral("info");
        case Severity::Unknown:
            break;
    }
    return QStringLiteral("unknown");
}

QString nameOf(AlertState state) {
    switch (state) {
        case AlertState::Firing:
            return QStringLiteral("firing");
        case AlertState::Pending:
            return QStringLiteral("pending");
        case AlertState::Silenced:
            return QStringLiteral("silenced");
        case AlertState::Inhibited:
            return QStringLiteral("inhibited");
        case AlertState::Unknown:
            break;
    }
    return QStringLiteral("unknown");
}

Severity severityFromText(const QString& text) {
    static const QHash<QString, Severity> words{
        {QStringLiteral("critical"), Severity::Critical},
        {QStringLiteral("crit"), Severity::Critical},
        {QStringLiteral("page"), Severity::Critical},
        {QStringLiteral("error"), Severity::Critical},
        {QStringLiteral("fatal"), Severity::Critical},
        {QStringLiteral("emergency"), Severity::Critical},
        {QStringLiteral("high"), Severity::Critical},
        {QStringLiteral("p1"), Severity::Critical},
        {QStringLiteral("warning"), Severity::Warning},
        {QStringLiteral("warn"), Severity::Warning},
        {QStringLiteral("minor"), Severity::Warning},
        {QStringLiteral("medium"), Severity::Warning},
        {QStringLiteral("p2"), Severity::Warning},
        {QStringLiteral("ticket"), Severity::Warning},
        {QStringLiteral("info"), Severity::Info},
        {QStringLiteral("informational"), Severity::Info},
        {QStringLiteral("notice"), Severity::Info},
        {QStringLiteral("low"), Severity::Info},
        {QStringLiteral("none"), Severity::Info},
    };
    return words.value(text.trimmed().toLower(), Severity::Unknown);
}

}  // namespace tocsin
