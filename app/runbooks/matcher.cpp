#include <QFileInfo>
#include <QRegularExpression>
#include <QUrl>

#include "runbooks/library.h"

namespace tocsin::runbooks {

namespace {

/// The file name without its folder and ending: "error-rate" of ":/runbooks/error-rate.md".
QString stem(const QString& path) {
    return QFileInfo(path).completeBaseName();
}

bool answersAddress(const Runbook& runbook, const QString& address) {
    const QUrl url(address.trimmed());
    const QString anchor = url.fragment();
    const QString file = stem(url.path());
    if (!anchor.isEmpty())
        return runbook.anchor == anchor || runbook.name == anchor || slug(runbook.title) == anchor;
    if (!file.isEmpty() && (runbook.name == file || slug(runbook.title) == slug(file))) return true;
    // A file with many runbooks does not say which one; only a file of its own does.
    return !file.isEmpty() && runbook.anchor.isEmpty() &&
           stem(runbook.file).compare(file, Qt::CaseInsensitive) == 0;
}

bool matchesRule(const QString& rule, const QString& value) {
    if (rule.size() >= 2 && rule.startsWith(u'/') && rule.endsWith(u'/')) {
        const QRegularExpression pattern(
            QRegularExpression::anchoredPattern(rule.mid(1, rule.size() - 2)));
        return pattern.isValid() && pattern.match(value).hasMatch();
    }
    return rule == value;
}

bool matchesLabels(const Runbook& runbook, const Alert& alert) {
    if (runbook.matchLabels.isEmpty()) return false;
    for (auto rule = runbook.matchLabels.begin(); rule != runbook.matchLabels.end(); ++rule)
        if (!alert.labels.contains(rule.key()) ||
            !matchesRule(rule.value(), alert.labels.value(rule.key())))
            return false;
    return true;
}

QString spelledRules(const Runbook& runbook) {
    QStringList spelled;
    for (auto rule = runbook.matchLabels.begin(); rule != runbook.matchLabels.end(); ++rule)
        spelled << QStringLiteral("%1=%2").arg(rule.key(), rule.value());
    return spelled.join(QStringLiteral(", "));
}

std::optional<Match> byOneKey(const QString& key, const QVector<Runbook>& runbooks) {
    if (key.isEmpty()) return {};
    for (const Runbook& runbook : runbooks)
        if (runbook.keys.contains(key, Qt::CaseInsensitive))
            return Match{runbook.name, QStringLiteral("matched by key %1").arg(key)};
    return {};
}

/// The keys an alert goes by: its own first, then what its labels call it.
std::optional<Match> byKey(const Alert& alert, const QVector<Runbook>& runbooks) {
    if (auto match = byOneKey(alert.key, runbooks)) return match;
    for (const auto* label : {"alert_key", "alertname"})
        if (auto match = byOneKey(alert.labels.value(QLatin1String(label)), runbooks)) return match;
    return {};
}

std::optional<Match> byAnnotation(const Alert& alert, const QVector<Runbook>& runbooks) {
    for (const auto* name : {"runbook_url", "runbookUrl", "runbook"}) {
        const QString address = alert.annotations.value(QLatin1String(name));
        if (address.isEmpty()) continue;
        for (const Runbook& runbook : runbooks)
            if (answersAddress(runbook, address) || runbook.title == address ||
                runbook.keys.contains(address))
                return Match{runbook.name,
                             QStringLiteral("matched by its %1").arg(QLatin1String(name))};
    }
    return {};
}

std::optional<Match> byLabels(const Alert& alert, const QVector<Runbook>& runbooks) {
    for (const Runbook& runbook : runbooks)
        if (matchesLabels(runbook, alert))
            return Match{runbook.name,
                         QStringLiteral("matched by label rule %1").arg(spelledRules(runbook))};
    return {};
}

}  // namespace

Match matchAlert(const Alert& alert, const QVector<Runbook>& runbooks,
                 const QVector<Runbook>& documents) {
    for (const auto rule : {byKey, byAnnotation, byLabels})
        if (const auto match = rule(alert, runbooks)) return *match;
    for (const Runbook& document : documents)
        if (document.kind == DocumentKind::Process)
            return {document.name,
                    QStringLiteral("no runbook has the key %1: the general response process")
                        .arg(alert.key)};
    return {{},
            QStringLiteral("no runbook has the key %1, and there is no general response process")
                .arg(alert.key)};
}

}  // namespace tocsin::runbooks
