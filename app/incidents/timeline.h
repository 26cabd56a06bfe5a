#pragma once
#include <QHash>

#include "incidents/incident.h"
#include "store/database.h"

namespace tocsin::incidents {

/// Which events are wanted. Everything that is set must hold.
struct TimelineFilter {
    QString text = {};        ///< in the event's line, its actor or its kind; case of ASCII is one
    QStringList kinds = {};   ///< empty: all
    QStringList actors = {};  ///< empty: all

    bool isEmpty() const { return text.isEmpty() && kinds.isEmpty() && actors.isEmpty(); }
    /// The same answer as the store's.
    bool matches(const Event& event) const;
    bool operator==(const TimelineFilter&) const = default;
};

/// A later event that sets an earlier one right. Both stay.
struct Correction {
    qint64 seq = 0;       ///< of the correcting event
    qint64 corrects = 0;  ///< of the corrected one
    QString text, actor;
    QDateTime at;  ///< UTC
};

/// Where the events of one incident lie, without what they say: eight bytes an event, so that a
/// timeline of 100 000 events opens at once and its lines are read where someone looks.
struct TimelineIndex {
    QVector<qint64> seqs;  ///< that match the filter, newest first
    qint64 total = 0;      ///< without the filter
    QVector<Correction> corrections;
    QStringList actors;  ///< of all events, sorted
};

/// One event as a list shows it.
struct TimelineLine {
    qint64 seq = 0;
    QDateTime at;  ///< UTC
    QString actor, kind, text;
    bool hasEvidence = false;
    qint64 corrects = 0;  ///< of a correction: the event it sets right
};
TimelineLine lineOf(const Event& event);

Result<TimelineIndex> timelineIndex(store::Transaction& tx, const QString& incident,
                                    const TimelineFilter& filter);
/// The lines of these events, in no particular order; unknown ones are left out.
Result<QVector<TimelineLine>> timelineLines(store::Transaction& tx, const QVector<qint64>& seqs);
/// One event with its evidence. Errors: NotFound.
Result<Event> eventAt(store::Transaction& tx, qint64 seq);

/// By the event that is corrected; the newest correction wins.
QHash<qint64, Correction> correctionsOf(const QVector<Event>& events);
/// Appends a "corrected" event that points at `seq`. Errors: Refused when the new text is empty or
/// the same, NotFound when the incident has no such event.
Result<Event> appendCorrection(store::Transaction& tx, const QString& incident, qint64 seq,
                               const QString& actor, const QDateTime& at, const QString& text);

}  // namespace tocsin::incidents
