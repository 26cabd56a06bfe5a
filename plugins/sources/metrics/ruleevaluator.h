#pragma once
#include <QHash>
#include <chrono>
#include <optional>

#include "plugins/sources/metrics/rule.h"
#include "plugins/sources/metrics/sample.h"
#include "sdk/alert.h"

namespace tocsin::metrics {

/// Compares each new set of samples with the rules and remembers how long each threshold has been
/// crossed. A threshold must be crossed in every look for the whole of `over` before the alert
/// fires; until then it is Pending; one look below ends it. A metric that is missing or NaN, and
/// belongs to a rule of the workspace or was seen before, becomes an alert of state Unknown: never
/// silence. Of several series one that vanished is given up after an hour. Not thread-safe.
class RuleEvaluator {
public:
    RuleEvaluator(QVector<Rule> rules, QMap<QString, QString> labels);

    /// `elapsed` is monotonic and measures the windows; `now` (UTC) dates the alerts.
    QVector<Alert> evaluate(const Samples& samples, const QDateTime& now,
                            std::chrono::milliseconds elapsed);

    /// So far no answer held a number of any rule, and no rule says that this matters: nothing was
    /// judged, which is not the same as nothing being wrong.
    bool judgesNothing() const;
    /// The names that the rules look for, in their order.
    QStringList metrics() const;

private:
    struct Crossing {
        std::chrono::milliseconds since;
        QDateTime at;
    };
    struct Series {
        std::optional<Crossing> warning, critical, unknown;
        QVector<QPair<qint64, double>> trend;
        bool isSeen = false;  // in this round
        QMap<QString, QString> labels;
    };
    struct Moment {
        QDateTime now;
        std::chrono::milliseconds elapsed;
    };

    void evaluateRule(qsizetype number, const Samples& samples, const Moment& moment,
                      QVector<Alert>& alerts);
    std::optional<Alert> evaluateSeries(const Rule& rule, Series& series, double value,
                                        const Moment& moment) const;
    Alert alertOf(const Rule& rule, const Series& series, const QString& id) const;
    Alert unknownAlert(const Rule& rule, Series& series, const QString& id, const QString& why,
                       const Moment& moment) const;
    static void follow(std::optional<Crossing>& crossing, bool isCrossed, const Moment& moment);

    QVector<Rule> m_rules;
    QMap<QString, QString> m_labels;
    QVector<QHash<QString, Series>> m_series;  // per rule, by identity
};

}  // namespace tocsin::metrics
