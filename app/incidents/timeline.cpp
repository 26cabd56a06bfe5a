#include "incidents/timeline.h"

#include <QJsonDocument>
#include <algorithm>

#include "incidents/events.h"
#include "incidents/evidence.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

/// A condition and what fills its question marks.
struct Condition {
    QString sql;
    QVariantList values;
};

QString marks(qsizetype count) {
    return QStringList(count, u"?"_s).join(u',');
}

void addOneOf(Condition& to, const QString& column, const QStringList& wanted) {
    if (wanted.isEmpty()) return;
    to.sql += u" AND %1 IN (%2)"_s.arg(column, marks(wanted.size()));
    for (const QString& one : wanted)
        to.values.append(one);
}

Condition conditionFor(const QString& incident, const TimelineFilter& filter) {
    Condition out{u"incident = ?"_s, {incident}};
    addOneOf(out, u"kind"_s, filter.kinds);
    addOneOf(out, u"actor"_s, filter.actors);
    if (filter.text.isEmpty()) return out;
    QString pattern = filter.text;
    pattern.replace(u'\\', u"\\\\"_s).replace(u'%', u"\\%"_s).replace(u'_', u"\\_"_s);
    pattern = u'%' + pattern + u'%';
    out.sql +=
        u" AND (text LIKE ? ESCAPE '\\' OR actor LIKE ? ESCAPE '\\' OR kind LIKE ? ESCAPE '\\')"_s;
    out.values << pattern << pattern << pattern;
    return out;
}

Result<QVector<qint64>> seqsFor(store::Transaction& tx, const Condition& condition) {
    auto query =
        tx.run(u"SELECT seq FROM incident_events WHERE %1 ORDER BY seq DESC"_s.arg(condition.sql),
               condition.values);
    if (!query) return tl::unexpected<Error>(query.error());
    QVector<qint64> seqs;
    while (query->next())
        seqs.append(query->value(0).toLongLong());
    return seqs;
}

Result<QVector<Correction>> readCorrections(store::Transaction& tx, const QString& incident) {
    auto query = tx.run(
        u"SELECT seq, at, actor, text, detail FROM incident_events WHERE incident = ? AND kind = "
        "'corrected' ORDER BY seq"_s,
        {incident});
    if (!query) return tl::unexpected<Error>(query.error());
    QVector<Correction> out;
    while (query->next()) {
        const QJsonObject detail =
            QJsonDocument::fromJson(query->value(4).toString().toUtf8()).object();
        out.append({query->value(0).toLongLong(), detail[u"corrects"_s].toInteger(),
                    query->value(3).toString(), query->value(2).toString(),
                    QDateTime::fromMSecsSinceEpoch(query->value(1).toLongLong(), Qt::UTC)});
    }
    return out;
}

Result<QStringList> readActors(store::Transaction& tx, const QString& incident) {
    // From one actor to the next by the index, not by looking at every event.
    auto query = tx.run(
        u"WITH RECURSIVE known(actor) AS (SELECT MIN(actor) FROM incident_events WHERE incident = "
        "? UNION ALL SELECT (SELECT MIN(actor) FROM incident_events WHERE incident = ? AND actor "
        "> known.actor) FROM known WHERE known.actor IS NOT NULL) SELECT actor FROM known WHERE "
        "actor IS NOT NULL"_s,
        {incident, incident});
    if (!query) return tl::unexpected<Error>(query.error());
    QStringList actors;
    while (query->next())
        actors.append(query->value(0).toString());
    return actors;
}

bool hasText(const QString& where, const QString& wanted) {
    return where.contains(wanted, Qt::CaseInsensitive);
}

}  // namespace

bool TimelineFilter::matches(const Event& event) const {
    if (!kinds.isEmpty() && !kinds.contains(event.kind)) return false;
    if (!actors.isEmpty() && !actors.contains(event.actor)) return false;
    return text.isEmpty() || hasText(event.text, text) || hasText(event.actor, text) ||
           hasText(event.kind, text);
}

TimelineLine lineOf(const Event& event) {
    return {event.seq,
            event.at,
            event.actor,
            event.kind,
            event.text,
            isEvidence(event),
            event.kind == u"corrected" ? event.detail[u"corrects"_s].toInteger() : 0};
}

Result<TimelineIndex> timelineIndex(store::Transaction& tx, const QString& incident,
                                    const TimelineFilter& filter) {
    TimelineIndex out;
    auto seqs = seqsFor(tx, conditionFor(incident, filter));
    if (!seqs) return tl::unexpected<Error>(seqs.error());
    out.seqs = *seqs;
    out.total = seqs->size();
    if (!filter.isEmpty()) {
        auto count =
            tx.run(u"SELECT COUNT(*) FROM incident_events WHERE incident = ?"_s, {incident});
        if (!count) return tl::unexpected<Error>(count.error());
        if (count->next()) out.total = count->value(0).toLongLong();
    }
    auto corrections = readCorrections(tx, incident);
    if (!corrections) return tl::unexpected<Error>(corrections.error());
    out.corrections = *corrections;
    auto actors = readActors(tx, incident);
    if (!actors) return tl::unexpected<Error>(actors.error());
    out.actors = *actors;
    return out;
}

Result<QVector<TimelineLine>> timelineLines(store::Transaction& tx, const QVector<qint64>& seqs) {
    QVector<TimelineLine> lines;
    QVariantList values;
    for (const qint64 seq : seqs)
        values.append(seq);
    // Evidence can be large: its own text is read for corrections only, which are small.
    auto query = tx.run(
        u"SELECT seq, at, actor, kind, text, substr(detail, 1, 3) <> '{}', CASE kind WHEN "
        "'corrected' THEN detail ELSE '' END FROM incident_events WHERE seq IN (%1)"_s.arg(
            marks(seqs.size())),
        values);
    if (!query) return tl::unexpected<Error>(query.error());
    while (query->next()) {
        const QString kind = query->value(3).toString();
        const QJsonObject detail =
            QJsonDocument::fromJson(query->value(6).toString().toUtf8()).object();
        lines.append({query->value(0).toLongLong(),
                      QDateTime::fromMSecsSinceEpoch(query->value(1).toLongLong(), Qt::UTC),
                      query->value(2).toString(), kind, query->value(4).toString(),
                      query->value(5).toBool() && isEvidenceKind(kind),
                      detail[u"corrects"_s].toInteger()});
    }
    return lines;
}

Result<Event> eventAt(store::Transaction& tx, qint64 seq) {
    auto found = eventsWith(tx, u"seq = ?"_s, {seq});
    if (!found) return tl::unexpected<Error>(found.error());
    if (found->isEmpty())
        return fail(ErrorCode::NotFound, u"There is no event %1 in this store."_s.arg(seq));
    return found->first();
}

QHash<qint64, Correction> correctionsOf(const QVector<Event>& events) {
    QHash<qint64, Correction> out;
    for (const Event& event : events)
        if (event.kind == u"corrected") {
            const qint64 corrects = event.detail[u"corrects"_s].toInteger();
            out.insert(corrects, {event.seq, corrects, event.text, event.actor, event.at});
        }
    return out;
}

Result<Event> appendCorrection(store::Transaction& tx, const QString& incident, qint64 seq,
                               const QString& actor, const QDateTime& at, const QString& text) {
    const QString said = text.trimmed();
    if (said.isEmpty())
        return fail(ErrorCode::Refused,
                    u"Say what is right. The event itself stays as it was written."_s);
    auto wrong = eventAt(tx, seq);
    if (!wrong) return tl::unexpected<Error>(wrong.error());
    if (wrong->incident != incident)
        return fail(ErrorCode::NotFound, u"%1 has no event %2."_s.arg(incident).arg(seq));
    if (wrong->text == said)
        return fail(ErrorCode::Refused, u"That is what the event says already."_s);
    return appendEvent(tx, {0,
                            incident,
                            at,
                            actor,
                            u"corrected"_s,
                            said,
                            {{u"corrects"_s, seq}, {u"was"_s, wrong->text}}});
}

}  // namespace tocsin::incidents
