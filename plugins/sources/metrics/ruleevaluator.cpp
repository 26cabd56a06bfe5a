#include "plugins/sources/metrics/ruleevaluator.h"

#include <QCryptographicHash>
#include <algorithm>
#include <cmath>

#include "plugins/sources/metrics/selection.h"

namespace tocsin::metrics {
namespace {

// At one look every 15 s this is an hour.
constexpr qsizetype kTrendLength = 240;
// How long a series that vanished while it crossed its threshold stays unknown.
constexpr std::chrono::hours kMourned{1};

QString identityOf(const Sample& sample) {
    QString id = sample.name;
    for (auto it = sample.labels.begin(); it != sample.labels.end(); ++it)
        id += QLatin1Char('\0') + it.key() + QLatin1Char('\0') + it.value();
    return id;
}

QString fingerprintOf(const QString& key, const QString& id) {
    const QByteArray text = (key + QLatin1Char('\0') + id).toUtf8();
    return QString::fromLatin1(
        QCryptographicHash::hash(text, QCryptographicHash::Sha1).toHex().left(16));
}

QString numberText(double value, const QString& unit) {
    const QString number = QString::number(value, 'g', std::abs(value) >= 1000 ? 6 : 3);
    return unit.isEmpty() ? number : number + QLatin1Char(' ') + unit;
}

}  // namespace

RuleEvaluator::RuleEvaluator(QVector<Rule> rules, QMap<QString, QString> labels)
    : m_rules(std::move(rules)), m_labels(std::move(labels)), m_series(m_rules.size()) {
}

QVector<Alert> RuleEvaluator::evaluate(const Samples& samples, const QDateTime& now,
                                       std::chrono::milliseconds elapsed) {
    QVector<Alert> alerts;
    for (qsizetype i = 0; i < m_rules.size(); ++i)
        evaluateRule(i, samples, {now, elapsed}, alerts);
    return alerts;
}

bool RuleEvaluator::judgesNothing() const {
    return !m_rules.isEmpty() &&
           std::all_of(m_series.begin(), m_series.end(),
                       [](const QHash<QString, Series>& known) { return known.isEmpty(); });
}

QStringList RuleEvaluator::metrics() const {
    QStringList names;
    for (const Rule& rule : m_rules)
        if (!names.contains(rule.metric)) names.append(rule.metric);
    return names;
}

void RuleEvaluator::evaluateRule(qsizetype number, const Samples& samples, const Moment& moment,
                                 QVector<Alert>& alerts) {
    const Rule& rule = m_rules[number];
    QHash<QString, Series>& known = m_series[number];
    for (Series& series : known)
        series.isSeen = false;
    const Selection selection = select(samples, rule.metric);
    for (const Sample& sample : selection.samples) {
        const double value = rule.shown(sample.value, sample.unit, sample.name);
        const QString id = identityOf(sample);
        if (std::isnan(value) && rule.isOptional && !known.contains(id)) continue;
        Series& series = known[id];
        series.isSeen = true;
        series.labels = sample.labels;
        if (std::isnan(value)) {
            const QString why = QStringLiteral("%1 is not a number").arg(sample.name);
            alerts.append(unknownAlert(rule, series, id, why, moment));
            continue;
        }
        series.unknown.reset();
        if (auto alert = evaluateSeries(rule, series, value, moment)) {
            alert->fingerprint = fingerprintOf(rule.key, id);
            alerts.append(*alert);
        }
    }
    const QString why = selection.ambiguous.isEmpty()
                            ? QStringLiteral("%1 is not in the answer").arg(rule.metric)
                            : QStringLiteral("%1 could be any of %2: write the whole path")
                                  .arg(rule.metric, selection.ambiguous.join(QStringLiteral(", ")));
    if (known.isEmpty() && !rule.isOptional) {
        Series& never = known[QString()];
        alerts.append(unknownAlert(rule, never, {}, why, moment));
        return;
    }
    // Once a number has been seen, the placeholder for "never seen" has served.
    if (!selection.samples.isEmpty()) known.remove(QString());
    for (auto it = known.begin(); it != known.end();) {
        // Series come and go with pods; where siblings live, one that was well is no loss, and one
        // that was not is given up in time: a replaced pod does not come back.
        const bool wasWell = !it->warning && !it->critical && !it->unknown;
        const bool isLongGone = it->unknown && moment.elapsed - it->unknown->since > kMourned;
        if (!it->isSeen && (wasWell || isLongGone) && !selection.samples.isEmpty()) {
            it = known.erase(it);
            continue;
        }
        if (!it->isSeen) alerts.append(unknownAlert(rule, *it, it.key(), why, moment));
        ++it;
    }
}

void RuleEvaluator::follow(std::optional<Crossing>& crossing, bool isCrossed,
                           const Moment& moment) {
    if (!isCrossed)
        crossing.reset();
    else if (!crossing)
        crossing = Crossing{moment.elapsed, moment.now};
}

std::optional<Alert> RuleEvaluator::evaluateSeries(const Rule& rule, Series& series, double value,
                                                   const Moment& moment) const {
    series.trend.append({moment.now.toMSecsSinceEpoch(), value});
    if (series.trend.size() > kTrendLength) series.trend.removeFirst();
    const auto crosses = [&](const std::optional<Threshold>& threshold) {
        return threshold &&
               threshold->isCrossedBy(convertedUnit(value, rule.shownUnit(), threshold->unit));
    };
    const bool isCritical = crosses(rule.critical);
    // Whoever is beyond critical is beyond warning too: dropping back must not restart its window.
    follow(series.critical, isCritical, moment);
    follow(series.warning, rule.warning && (isCritical || crosses(rule.warning)), moment);
    const auto held = [&](const std::optional<Crossing>& crossing) {
        return crossing && moment.elapsed - crossing->since >= rule.over;
    };
    if (!series.critical && !series.warning) return std::nullopt;

    const bool showCritical = held(series.critical) || (series.critical && !held(series.warning));
    const Crossing& crossing = showCritical ? *series.critical : *series.warning;
    const Threshold& threshold = showCritical ? *rule.critical : *rule.warning;
    Alert alert = alertOf(rule, series, {});
    alert.severity = showCritical ? Severity::Critical : Severity::Warning;
    alert.state = held(crossing) ? AlertState::Firing : AlertState::Pending;
    alert.startsAt = crossing.at;
    alert.updatedAt = moment.now;
    const double limit = convertedUnit(threshold.limit, threshold.unit, rule.shownUnit());
    alert.measurement = Measurement{value, limit, rule.shownUnit(), series.trend};
    alert.summary =
        QStringLiteral("%1, limit %2")
            .arg(numberText(value, rule.shownUnit()), numberText(limit, rule.shownUnit()));
    return alert;
}

Alert RuleEvaluator::alertOf(const Rule& rule, const Series& series, const QString& id) const {
    Alert alert;
    alert.key = rule.key;
    alert.fingerprint = fingerprintOf(rule.key, id);
    alert.labels = m_labels;
    alert.labels.insert(series.labels);
    alert.labels.insert(QStringLiteral("alertname"), rule.key);
    alert.labels.insert(QStringLiteral("metric"), rule.metric);
    return alert;
}

Alert RuleEvaluator::unknownAlert(const Rule& rule, Series& series, const QString& id,
                                  const QString& why, const Moment& moment) const {
    // What is not known holds neither up nor down: the windows begin anew when the number is back.
    series.warning.reset();
    series.critical.reset();
    follow(series.unknown, true, moment);
    Alert alert = alertOf(rule, series, id);
    alert.state = AlertState::Unknown;
    alert.startsAt = series.unknown->at;
    alert.updatedAt = moment.now;
    alert.summary = why;
    return alert;
}

}  // namespace tocsin::metrics
