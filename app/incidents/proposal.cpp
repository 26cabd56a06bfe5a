#include "incidents/proposal.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

constexpr qsizetype kLongestTitle = 120;

/// "database_connections" → "Database connections".
QString spoken(QString key) {
    key.replace(u'_', u' ').replace(u'-', u' ');
    if (!key.isEmpty()) key[0] = key[0].toUpper();
    return key;
}

QString titleOf(const Alert& alert) {
    const QString summary = alert.summary.simplified();
    QString title = summary;
    if (title.isEmpty()) title = spoken(alert.key);
    // "100 %, limit 95 %" says how much, but not of what.
    else if (!title.at(0).isLetter())
        title = spoken(alert.key) + u": "_s + summary;
    if (title.size() > kLongestTitle) title = title.left(kLongestTitle - 1) + u'…';
    return title;
}

Priority priorityOf(Severity severity) {
    switch (severity) {
        case Severity::Critical:
            return Priority::P1;
        case Severity::Warning:
            return Priority::P3;
        case Severity::Info:
            return Priority::P4;
        case Severity::Unknown:
            break;  // unknown is never good
    }
    return Priority::P3;
}

Priority proposedFor(const Alert& alert, const QVector<SeverityRule>& rules) {
    for (const SeverityRule& rule : rules)
        if (rule.fits(alert)) return rule.propose;
    return priorityOf(alert.severity);
}

}  // namespace

Declaration propose(QVector<Alert> alerts, const QVector<SeverityRule>& rules) {
    Declaration declaration;
    if (alerts.isEmpty()) return declaration;
    std::stable_sort(alerts.begin(), alerts.end(), [](const Alert& a, const Alert& b) {
        return std::pair(a.severity, a.startsAt) < std::pair(b.severity, b.startsAt);
    });
    declaration.title = titleOf(alerts.first());
    declaration.priority = Priority::P4;
    for (const Alert& alert : std::as_const(alerts)) {
        declaration.priority = std::min(declaration.priority, proposedFor(alert, rules));
        declaration.alerts.append(u"%1/%2"_s.arg(alert.source, alert.fingerprint));
        if (!declaration.keys.contains(alert.key)) declaration.keys.append(alert.key);
    }
    if (declaration.keys.size() > 1)
        declaration.title += u" and %1 more"_s.arg(declaration.keys.size() - 1);
    return declaration;
}

}  // namespace tocsin::incidents
