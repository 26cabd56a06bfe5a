#include "escalation/ladderstore.h"

#include <QHash>
#include <limits>

#include "escalation/planner.h"
#include "incidents/projection.h"
#include "store/rows.h"

using namespace Qt::StringLiterals;

namespace tocsin::escalation {
namespace {

// next_at of a ladder that does nothing by itself.
constexpr qint64 kNever = std::numeric_limits<qint64>::max();

QVariant stored(const QDateTime& at) {
    return at.isValid() ? QVariant(at.toMSecsSinceEpoch())
                        : QVariant(QMetaType::fromType<qint64>());
}

QVariant stored(const std::optional<std::chrono::milliseconds>& duration) {
    return duration ? QVariant(qint64{duration->count()}) : QVariant(QMetaType::fromType<qint64>());
}

QDateTime time(const QVariant& ms) {
    return ms.isNull() ? QDateTime() : QDateTime::fromMSecsSinceEpoch(ms.toLongLong(), Qt::UTC);
}

RungState stateFromText(const QString& text) {
    for (const RungState state : {RungState::Waiting, RungState::Skipped, RungState::Held,
                                  RungState::Paged, RungState::Delivered, RungState::Failed})
        if (nameOf(state) == text) return state;
    return RungState::Cancelled;
}

Rung rungFrom(const QSqlQuery& row) {
    Rung rung;
    rung.level = row.value(0).toInt();
    rung.name = row.value(1).toString();
    rung.mention = row.value(2).toString();
    rung.channel = row.value(3).toString();
    if (!row.value(4).isNull()) rung.repeat = std::chrono::milliseconds(row.value(4).toLongLong());
    rung.plannedAt = time(row.value(5));
    rung.dueAt = time(row.value(6));
    rung.pagedAt = time(row.value(7));
    rung.repeatAt = time(row.value(8));
    rung.times = row.value(9).toInt();
    rung.event = row.value(10).toString();
    rung.state = stateFromText(row.value(11).toString());
    rung.note = row.value(12).toString();
    rung.until =
        row.value(13).toString() == nameOf(Until::Resolved) ? Until::Resolved : Until::Acknowledged;
    rung.quiet = quietHoursFromText(row.value(14).toString());
    rung.quietUntil = time(row.value(15));
    return rung;
}

Ladder ladderFrom(const QSqlQuery& row) {
    Ladder ladder;
    ladder.incident = row.value(0).toString();
    ladder.closed = row.value(1).toBool();
    ladder.held = row.value(2).toBool();
    ladder.heldUntil = time(row.value(3));
    ladder.holdReason = row.value(4).toString();
    ladder.acknowledgedAt = time(row.value(5));
    ladder.acknowledgedBy = row.value(6).toString();
    if (!row.value(7).isNull())
        ladder.ackTimeout = std::chrono::milliseconds(row.value(7).toLongLong());
    ladder.silentAt = time(row.value(8));
    ladder.pageWording = row.value(9).toString();
    return ladder;
}

/// Of all ladders that `condition` chooses, in one go: ten thousand may be due at once.
Result<void> loadRungs(store::Transaction& tx, QVector<Ladder>& ladders, const QString& condition,
                       const QVariantList& values) {
    auto query = tx.run(
        u"SELECT level, name, mention, channel, repeat_ms, planned_at, due_at, paged_at, "
        "repeat_at, times, event, state, note, until, quiet, quiet_until, incident "
        "FROM rungs WHERE incident IN (SELECT incident FROM ladders WHERE %1) "
        "ORDER BY incident, level"_s.arg(condition),
        values);
    if (!query) return tl::unexpected<Error>(query.error());
    QHash<QString, Ladder*> places;
    for (Ladder& ladder : ladders)
        places.insert(ladder.incident, &ladder);
    while (query->next())
        if (Ladder* ladder = places.value(query->value(16).toString()))
            ladder->rungs.append(rungFrom(*query));
    return {};
}

Result<QVector<Ladder>> select(store::Transaction& tx, const QString& condition,
                               const QVariantList& values = {}) {
    auto query = tx.run(
        u"SELECT incident, closed, held, held_until, hold_reason, acknowledged_at, "
        "acknowledged_by, ack_timeout_ms, silent_at, page_wording FROM ladders WHERE %1"_s.arg(
            condition),
        values);
    if (!query) return tl::unexpected<Error>(query.error());
    QVector<Ladder> ladders;
    while (query->next())
        ladders.append(ladderFrom(*query));
    if (auto loaded = loadRungs(tx, ladders, condition, values); !loaded)
        return tl::unexpected<Error>(loaded.error());
    return ladders;
}

QVariantList rungRow(const QString& incident, const Rung& rung) {
    return {incident,
            rung.level,
            rung.name + u""_s,
            rung.mention + u""_s,
            rung.channel + u""_s,
            stored(rung.repeat),
            stored(rung.plannedAt),
            stored(rung.dueAt),
            stored(rung.pagedAt),
            stored(rung.repeatAt),
            rung.times,
            rung.event + u""_s,
            nameOf(rung.state),
            rung.note + u""_s,
            nameOf(rung.until),
            textOf(rung.quiet),
            stored(rung.quietUntil)};
}

QVariantList ladderRow(const Ladder& ladder) {
    const QDateTime next = nextDeadline(ladder);
    return {ladder.incident,
            ladder.closed,
            ladder.held,
            stored(ladder.heldUntil),
            ladder.holdReason + u""_s,
            stored(ladder.acknowledgedAt),
            ladder.acknowledgedBy + u""_s,
            stored(ladder.ackTimeout),
            stored(ladder.silentAt),
            next.isValid() ? next.toMSecsSinceEpoch() : kNever,
            ladder.pageWording + u""_s};
}

/// Those of levels that the policy had when the ladder was planned, and lost before it was planned
/// anew.
Result<void> dropRungs(store::Transaction& tx, const LadderMove& move) {
    for (const Rung& rung : move.before.rungs) {
        if (rungAt(move.after, rung.level)) continue;
        auto dropped = tx.run(u"DELETE FROM rungs WHERE incident = ? AND level = ?"_s,
                              {move.after.incident, rung.level});
        if (!dropped) return tl::unexpected<Error>(dropped.error());
    }
    return {};
}

}  // namespace

Result<Ladder> loadLadder(store::Transaction& tx, const QString& incident) {
    auto found = select(tx, u"incident = ?"_s, {incident});
    if (!found) return tl::unexpected<Error>(found.error());
    if (!found->isEmpty()) return found->first();
    const auto copy = incidents::Projection::find(tx, incident);
    if (copy && *copy && !(*copy)->importedFrom.isEmpty())
        return fail(
            ErrorCode::Refused,
            u"%1 is a copy to read, imported from %2 of another machine. Act on it there, or "
            "declare it anew."_s.arg(incident, (*copy)->importedFrom));
    return fail(
        ErrorCode::NotFound,
        u"There is no incident %1. `tocsin incident list` names those there are."_s.arg(incident));
}

Result<QVector<Ladder>> loadOpenLadders(store::Transaction& tx) {
    return select(tx, u"closed = 0 ORDER BY rowid"_s);
}

Result<QVector<Ladder>> loadDueLadders(store::Transaction& tx, const QDateTime& now, int limit) {
    return select(tx, u"closed = 0 AND next_at <= ? ORDER BY next_at, rowid LIMIT ?"_s,
                  {now.toMSecsSinceEpoch(), limit});
}

Result<void> saveLadder(store::Transaction& tx, const Ladder& ladder, const Ladder& before) {
    return saveLadders(tx, {{ladder, before}});
}

Result<void> saveLadders(store::Transaction& tx, const QVector<LadderMove>& moves) {
    QVector<QVariantList> ladders, rungs;
    for (const LadderMove& move : moves) {
        ladders.append(ladderRow(move.after));
        if (auto dropped = dropRungs(tx, move); !dropped) return dropped;
        for (const Rung& rung : move.after.rungs) {
            const Rung* known = rungAt(move.before, rung.level);
            if (!known || *known != rung) rungs.append(rungRow(move.after.incident, rung));
        }
    }
    // Not REPLACE: the rungs refer to the row.
    auto saved = store::insertRows(
        tx,
        u"INSERT INTO ladders(incident, closed, held, held_until, hold_reason, acknowledged_at, "
        "acknowledged_by, ack_timeout_ms, silent_at, next_at, page_wording)"_s,
        ladders,
        u"ON CONFLICT(incident) DO UPDATE SET closed = excluded.closed, held = excluded.held, "
        "held_until = excluded.held_until, hold_reason = excluded.hold_reason, "
        "acknowledged_at = excluded.acknowledged_at, acknowledged_by = excluded.acknowledged_by, "
        "ack_timeout_ms = excluded.ack_timeout_ms, silent_at = excluded.silent_at, "
        "next_at = excluded.next_at"_s);
    if (!saved) return saved;
    return store::insertRows(
        tx,
        u"INSERT OR REPLACE INTO rungs(incident, level, name, mention, channel, repeat_ms, "
        "planned_at, due_at, paged_at, repeat_at, times, event, state, note, until, quiet, "
        "quiet_until)"_s,
        rungs);
}

}  // namespace tocsin::escalation
