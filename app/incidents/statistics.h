#pragma once
#include <QDate>

#include "incidents/incident.h"

namespace tocsin::incidents {

/// How often, and how fast. Means and medians are over those that were acknowledged or resolved.
struct Figures {
    int count = 0;
    int open = 0;
    std::optional<std::chrono::milliseconds> meanAcknowledge, medianAcknowledge;  ///< MTTA
    std::optional<std::chrono::milliseconds> meanResolve, medianResolve;          ///< MTTR
};

/// Figures of one key or severity.
struct NamedFigures {
    QString name;
    Figures figures;
};

/// One bar of the chart.
struct PeriodFigures {
    QDate from, to;               ///< UTC, the last day included
    int count[4] = {0, 0, 0, 0};  ///< of P1 … P4
    std::optional<std::chrono::milliseconds> meanResolve;

    int total() const { return count[0] + count[1] + count[2] + count[3]; }
};

/// What past incidents come to. An incident counts once for each of its keys. Merged ones are left
/// out (they go on in another), and those that were open when they were imported have no time to
/// resolve.
struct Statistics {
    QDate from, to;  ///< UTC, both included
    Figures all;
    QVector<NamedFigures> bySeverity;  ///< P1 … P4, those that occurred
    QVector<NamedFigures> byKey;       ///< the most frequent first
    QVector<PeriodFigures> periods;    ///< days, weeks or months, at most about 26; none is missing
};

/// Of the incidents declared in [from, to], whole days in UTC. Pure.
Statistics statisticsOf(const QVector<Incident>& incidents, const QDate& from, const QDate& to);

}  // namespace tocsin::incidents
