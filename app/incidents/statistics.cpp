#include "incidents/statistics.h"

#include <QMap>
#include <algorithm>
#include <numeric>

#include "incidents/record.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

using std::chrono::milliseconds;
using Spans = QVector<milliseconds>;

std::optional<milliseconds> meanOf(const Spans& spans) {
    if (spans.isEmpty()) return {};
    return std::accumulate(spans.begin(), spans.end(), milliseconds(0)) / spans.size();
}

std::optional<milliseconds> medianOf(Spans spans) {
    if (spans.isEmpty()) return {};
    std::sort(spans.begin(), spans.end());
    const qsizetype middle = spans.size() / 2;
    return spans.size() % 2 ? spans[middle] : (spans[middle - 1] + spans[middle]) / 2;
}

std::optional<milliseconds> resolveTime(const Incident& incident) {
    return incident.importedOpen ? std::nullopt : timeToResolve(incident);
}

class Tally {
public:
    void add(const Incident& incident) {
        ++m_figures.count;
        if (incident.isOpen()) ++m_figures.open;
        if (const auto span = timeToAcknowledge(incident)) m_acknowledge.append(*span);
        if (const auto span = resolveTime(incident)) m_resolve.append(*span);
    }
    Figures figures() const {
        Figures out = m_figures;
        out.meanAcknowledge = meanOf(m_acknowledge);
        out.medianAcknowledge = medianOf(m_acknowledge);
        out.meanResolve = meanOf(m_resolve);
        out.medianResolve = medianOf(m_resolve);
        return out;
    }

private:
    Figures m_figures;
    Spans m_acknowledge, m_resolve;
};

QVector<NamedFigures> named(const QMap<QString, Tally>& tallies) {
    QVector<NamedFigures> out;
    for (auto one = tallies.begin(); one != tallies.end(); ++one)
        out.append({one.key(), one->figures()});
    return out;
}

QDate nextPeriod(const QDate& from, qint64 days) {
    if (days <= 26) return from.addDays(1);
    if (days <= 26 * 7) return from.addDays(8 - from.dayOfWeek());
    return QDate(from.year(), from.month(), 1).addMonths(1);
}

QVector<PeriodFigures> periodsOf(const QVector<Incident>& incidents, const QDate& from,
                                 const QDate& to) {
    QVector<PeriodFigures> out;
    const qint64 days = from.daysTo(to) + 1;
    for (QDate start = from; start <= to; start = nextPeriod(start, days)) {
        PeriodFigures period;
        period.from = start;
        period.to = std::min(to, nextPeriod(start, days).addDays(-1));
        Spans spans;
        for (const Incident& incident : incidents) {
            const QDate day = incident.declaredAt.toUTC().date();
            if (day < period.from || day > period.to) continue;
            ++period.count[std::clamp(int(incident.priority) - 1, 0, 3)];
            if (const auto span = resolveTime(incident)) spans.append(*span);
        }
        period.meanResolve = meanOf(spans);
        out.append(period);
    }
    return out;
}

}  // namespace

Statistics statisticsOf(const QVector<Incident>& incidents, const QDate& from, const QDate& to) {
    Statistics out;
    out.from = from;
    out.to = std::max(from, to);
    QVector<Incident> meant;
    for (const Incident& incident : incidents) {
        const QDate day = incident.declaredAt.toUTC().date();
        if (incident.mergedInto.isEmpty() && day >= out.from && day <= out.to)
            meant.append(incident);
    }
    Tally all;
    QMap<QString, Tally> severities, keys;
    for (const Incident& incident : std::as_const(meant)) {
        all.add(incident);
        severities[nameOf(incident.priority)].add(incident);
        for (const QString& key : incident.keys)
            keys[key].add(incident);
    }
    out.all = all.figures();
    out.bySeverity = named(severities);
    out.byKey = named(keys);
    std::stable_sort(out.byKey.begin(), out.byKey.end(),
                     [](const NamedFigures& a, const NamedFigures& b) {
                         return a.figures.count > b.figures.count;
                     });
    out.periods = periodsOf(meant, out.from, out.to);
    return out;
}

}  // namespace tocsin::incidents
