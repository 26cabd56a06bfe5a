#include "incidents/practice.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

bool matches(const QString& pattern, const QString& text) {
    if (!pattern.contains(u'*')) return pattern == text;
    QStringList parts;
    for (const QString& part : pattern.split(u'*'))
        parts << QRegularExpression::escape(part);
    const QRegularExpression expression(QRegularExpression::anchoredPattern(parts.join(u".*"_s)),
                                        QRegularExpression::DotMatchesEverythingOption);
    return expression.match(text).hasMatch();
}

}  // namespace

bool SeverityRule::fits(const Alert& alert) const {
    if (!key.isEmpty() && !matches(key, alert.key)) return false;
    if (!severity.isEmpty() && severity != nameOf(alert.severity)) return false;
    for (auto it = labels.begin(); it != labels.end(); ++it)
        if (!alert.labels.contains(it.key()) || !matches(it.value(), alert.labels.value(it.key())))
            return false;
    return true;
}

}  // namespace tocsin::incidents
