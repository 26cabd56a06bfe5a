#include "escalation/ladderstore.h"

using namespace Qt::StringLiterals;

namespace tocsin::escalation {
namespace {

QVariant stored(const QDateTime& at) {
    return at.isValid() ? QVariant(at.toMSecsSinceEpoch())
                        : QVariant(QMetaType::fromType<qint64>());
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
    return ladder;
}

Result<void> loadRungs(store::Transaction& tx, Ladder& ladder) {
    auto query = tx.run(
        u"SELECT level, name, mention, channel, repeat_ms, planned_at, due_at, paged_at, "
        u"repeat_at, "
        "times, event, state, note FROM rungs WHERE incident = ? ORDER BY level"_s,
        {ladder.incident});
    if (!query) return tl::unexpected<Error>(query.error());
    while (query->next())
        ladder.rungs.append(rungFrom(*query));
    return {};
}

Result<QVector<Ladder>> select(store::Transaction& tx, const QString& condition,
                               const QVariantList& values = {}) {
    auto query = tx.run(
        u"SELECT incident, closed, held, held_until, hold_reason, acknowledged_at "
        "FROM ladders WHERE %1"_s.arg(condition),
        values);
    if (!query) return tl::unexpected<Error>(query.error());
    QVector<Ladder> ladders;
    while (query->next())
        ladders.append(ladderFrom(*query));
    for (Ladder& ladder : ladders)
        if (auto loaded = loadRungs(tx, ladder); !loaded)
            return tl::unexpected<Error>(loaded.error());
    return ladders;
}

Result<void> saveRung(store::Transaction& tx, const QString& incident, const Rung& rung) {
    const QVariant repeat = rung.repeat ? QVariant(qint64{rung.repeat->count()})
                                        : QVariant(QMetaType::fromType<qint64>());
    auto query = tx.run(
        u"INSERT OR REPLACE INTO rungs(incident, level, name, mention, channel, repeat_ms, "
        u"planned_at, "
        "due_at, paged_at, repeat_at, times, event, state, note) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
        {incident, rung.level, rung.name + u""_s, rung.mention + u""_s, rung.channel + u""_s,
         repeat, stored(rung.plannedAt), stored(rung.dueAt), stored(rung.pagedAt),
         stored(rung.repeatAt), rung.times, rung.event + u""_s, nameOf(rung.state),
         rung.note + u""_s});
    if (!query) return tl::unexpected<Error>(query.error());
    return {};
}

}  // namespace

Result<Ladder> loadLadder(store::Transaction& tx, const QString& incident) {
    auto found = select(tx, u"incident = ?"_s, {incident});
    if (!found) return tl::unexpected<Error>(found.error());
    if (found->isEmpty())
        return fail(ErrorCode::NotFound,
                    u"There is no incident %1. `tocsin incident list` names those there are."_s.arg(
                        incident));
    return found->first();
}

Result<QVector<Ladder>> loadOpenLadders(store::Transaction& tx) {
    return select(tx, u"closed = 0 ORDER BY rowid"_s);
}

Result<void> saveLadder(store::Transaction& tx, const Ladder& ladder) {
    // Not REPLACE: the rungs refer to the row.
    auto query = tx.run(
        u"INSERT INTO ladders(incident, closed, held, held_until, hold_reason, acknowledged_at) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT(incident) DO UPDATE SET closed = excluded.closed, "
        "held = excluded.held, held_until = excluded.held_until, "
        "hold_reason = excluded.hold_reason, acknowledged_at = excluded.acknowledged_at"_s,
        {ladder.incident, ladder.closed, ladder.held, stored(ladder.heldUntil),
         ladder.holdReason + u""_s, stored(ladder.acknowledgedAt)});
    if (!query) return tl::unexpected<Error>(query.error());
    for (const Rung& rung : ladder.rungs)
        if (auto saved = saveRung(tx, ladder.incident, rung); !saved) return saved;
    return {};
}

}  // namespace tocsin::escalation
