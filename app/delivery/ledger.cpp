#include "delivery/ledger.h"

#include "delivery/ledgerrows.h"

using namespace Qt::StringLiterals;

namespace tocsin::delivery {

QString nameOf(EntryState state) {
    switch (state) {
        case EntryState::Intent:
            return u"intent"_s;
        case EntryState::Sending:
            return u"sending"_s;
        case EntryState::InDoubt:
            return u"in_doubt"_s;
        case EntryState::Confirmed:
            return u"confirmed"_s;
        case EntryState::Failed:
            return u"failed"_s;
        case EntryState::Folded:
            return u"folded"_s;
        case EntryState::Cancelled:
            break;
    }
    return u"cancelled"_s;
}

Result<Entry> Ledger::intend(store::Transaction& tx, const QString& incident,
                             const QString& channel, const Message& message, const QDateTime& now) {
    const QString event = message.event;
    if (event.isEmpty())
        return fail(ErrorCode::Internal, u"A message without an event cannot be kept."_s);
    auto inserted = tx.run(
        u"INSERT INTO ledger(event, incident, channel, state, created_at, changed_at, message, "
        "replaces) VALUES (?, ?, ?, 'intent', ?, ?, ?, ?) ON CONFLICT(event) DO NOTHING"_s,
        // A null QString would be bound as NULL.
        {event, incident + u""_s, channel + u""_s, now.toMSecsSinceEpoch(), now.toMSecsSinceEpoch(),
         compact(message), message.replaces + u""_s});
    if (!inserted) return tl::unexpected<Error>(inserted.error());
    auto found = select(tx, u"event = ?"_s, {event});
    if (!found) return tl::unexpected<Error>(found.error());
    return found->value(0);
}

Result<Entry> Ledger::entry(store::Transaction& tx, qint64 id) {
    auto found = select(tx, u"id = ?"_s, {id});
    if (!found) return tl::unexpected<Error>(found.error());
    if (found->isEmpty())
        return fail(ErrorCode::NotFound, u"The ledger has no message %1."_s.arg(id));
    return found->first();
}

Result<QVector<Entry>> Ledger::ofIncident(store::Transaction& tx, const QString& incident) {
    return select(tx, u"incident = ? ORDER BY id"_s, {incident});
}

Result<QVector<Entry>> Ledger::unfinished(store::Transaction& tx) {
    return select(tx, unfinishedStates() + u" ORDER BY id"_s);
}

Result<QStringList> Ledger::waitingChannels(store::Transaction& tx) {
    auto rows = tx.run(u"SELECT DISTINCT channel FROM ledger WHERE "_s + unfinishedStates());
    if (!rows) return tl::unexpected<Error>(rows.error());
    QStringList channels;
    while (rows->next())
        channels.append(rows->value(0).toString());
    return channels;
}

Result<std::optional<Entry>> Ledger::head(store::Transaction& tx, const QString& channel) {
    return one(
        select(tx, u"channel = ? AND %1 ORDER BY id LIMIT 1"_s.arg(unfinishedStates()), {channel}));
}

Result<std::optional<Entry>> Ledger::confirmedAs(store::Transaction& tx, const QString& channel,
                                                 const QString& event) {
    return one(select(tx,
                      u"(event = ? OR replaces = ?) AND channel = ? "
                      "AND state = 'confirmed' ORDER BY id DESC LIMIT 1"_s,
                      {event, event, channel}));
}

Result<std::optional<Entry>> Ledger::newerEdit(store::Transaction& tx, const Entry& edit) {
    return one(select(tx,
                      u"replaces = ? AND replaces <> '' AND channel = ? AND id > ? AND state = "
                      "'intent' ORDER BY id DESC LIMIT 1"_s,
                      {edit.replaces, edit.channel, edit.id}));
}

Result<Entry> Ledger::folded(store::Transaction& tx, const Entry& edit, const Entry& into,
                             const QDateTime& now) {
    return move(tx, edit.id, u"state = 'folded', changed_at = ?, answer = ?, not_before = NULL"_s,
                u"'intent', 'in_doubt'"_s,
                {now.toMSecsSinceEpoch(), u"A newer state replaced it: %1."_s.arg(into.event)});
}

Result<Entry> Ledger::postedAnew(store::Transaction& tx, const Entry& edit, const QString& answer,
                                 const QDateTime& now) {
    Message message = edit.message;
    message.replaces.clear();
    return move(tx, edit.id,
                u"state = 'intent', changed_at = ?, answer = ?, not_before = NULL, doubted_at = "
                "NULL, message = ?"_s,
                u"'sending'"_s, {now.toMSecsSinceEpoch(), answer + u""_s, compact(message)});
}

Result<Entry> Ledger::sending(store::Transaction& tx, const Entry& entry, const QDateTime& now) {
    return move(tx, entry.id,
                u"state = 'sending', tries = tries + 1, changed_at = ?, message = ?"_s,
                u"'intent', 'in_doubt'"_s, {now.toMSecsSinceEpoch(), compact(entry.message)});
}

Result<Entry> Ledger::confirmed(store::Transaction& tx, qint64 id, const QString& remoteId,
                                const QDateTime& at) {
    return move(
        tx, id,
        // An edit in place is not news for the timeline.
        u"state = 'confirmed', changed_at = ?, remote_id = ?, answer = '', not_before = NULL, "
        "recorded = CASE WHEN replaces <> '' THEN 1 ELSE recorded END"_s,
        u"'sending'"_s, {at.toMSecsSinceEpoch(), remoteId + u""_s});
}

Result<Entry> Ledger::postponed(store::Transaction& tx, qint64 id, const QString& answer,
                                const QDateTime& notBefore, const QDateTime& now) {
    return move(tx, id, u"state = 'intent', changed_at = ?, answer = ?, not_before = ?"_s,
                u"'sending'"_s, {now.toMSecsSinceEpoch(), answer + u""_s, stored(notBefore)});
}

Result<Entry> Ledger::inDoubt(store::Transaction& tx, qint64 id, const QString& answer,
                              const QDateTime& notBefore, const QDateTime& now) {
    return move(tx, id,
                u"state = 'in_doubt', doubted_at = COALESCE(doubted_at, changed_at), "
                "changed_at = ?, answer = ?, not_before = ?"_s,
                u"'sending'"_s, {now.toMSecsSinceEpoch(), answer + u""_s, stored(notBefore)});
}

Result<Entry> Ledger::failed(store::Transaction& tx, qint64 id, const QString& answer,
                             const QDateTime& now) {
    return move(tx, id, u"state = 'failed', changed_at = ?, answer = ?, not_before = NULL"_s,
                u"'sending'"_s, {now.toMSecsSinceEpoch(), answer + u""_s});
}

Result<QVector<Entry>> Ledger::calledOff(store::Transaction& tx, const QString& incident,
                                         const QString& page, const QString& why,
                                         const QDateTime& now) {
    auto waiting = select(tx,
                          u"incident = ? AND state = 'intent' AND doubted_at IS NULL AND "
                          "(event = ? OR substr(event, 1, ?) IN (?, ?)) ORDER BY id"_s,
                          {incident, page, page.size() + 1, page + u'/', page + u'#'});
    if (!waiting) return waiting;
    for (Entry& entry : *waiting) {
        auto moved = move(tx, entry.id,
                          u"state = 'cancelled', changed_at = ?, answer = ?, not_before = NULL"_s,
                          u"'intent'"_s, {now.toMSecsSinceEpoch(), why + u""_s});
        if (!moved) return tl::unexpected<Error>(moved.error());
        entry = *moved;
    }
    return waiting;
}

Result<QVector<Entry>> Ledger::waiting(store::Transaction& tx, const QString& channel,
                                       const QString& why, const QDateTime& now) {
    auto silent = select(tx, u"channel = ? AND state = 'intent' AND answer <> ? ORDER BY id"_s,
                         {channel, why});
    if (!silent || silent->isEmpty()) return silent;
    auto updated = tx.run(
        u"UPDATE ledger SET answer = ?, changed_at = ? WHERE channel = ? AND state = 'intent' AND answer <> ?"_s,
        {why, now.toMSecsSinceEpoch(), channel, why});
    if (!updated) return tl::unexpected<Error>(updated.error());
    for (Entry& entry : *silent)
        entry.answer = why;
    return silent;
}

Result<QVector<Entry>> Ledger::diverted(store::Transaction& tx, const QString& from,
                                        const QString& to, const QString& why,
                                        const QDateTime& now) {
    auto waiting =
        select(tx, u"channel = ? AND state IN ('intent', 'in_doubt') ORDER BY id"_s, {from});
    if (!waiting) return waiting;
    for (Entry& entry : *waiting) {
        if (entry.message.divertedFrom.isEmpty()) entry.message.divertedFrom = from;
        if (entry.doubtedAt.isValid() && !entry.isEdit()) entry.message.possibleRepeat = true;
        auto moved = move(tx, entry.id,
                          u"state = 'intent', channel = ?, changed_at = ?, answer = ?, "
                          "not_before = NULL, message = ?"_s,
                          u"'intent', 'in_doubt'"_s,
                          {to, now.toMSecsSinceEpoch(), why + u""_s, compact(entry.message)});
        if (!moved) return tl::unexpected<Error>(moved.error());
        entry = *moved;
    }
    return waiting;
}

Result<std::optional<Entry>> Ledger::longestNotLookedAt(store::Transaction& tx,
                                                        const QString& channel,
                                                        const QDateTime& since) {
    // What was edited is looked at as the newest edit left it.
    return one(select(tx,
                      u"channel = ? AND state = 'confirmed' AND remote_id <> '' AND seen = '' AND "
                      "changed_at > ? AND NOT EXISTS (SELECT 1 FROM ledger AS newer WHERE "
                      "newer.channel = ledger.channel AND newer.remote_id = ledger.remote_id AND "
                      "newer.id > ledger.id AND newer.state = 'confirmed') "
                      "ORDER BY COALESCE(seen_at, 0), id LIMIT 1"_s,
                      {channel, stored(since)}));
}

Result<Entry> Ledger::looked(store::Transaction& tx, qint64 id, Sighting sighting,
                             const QDateTime& now) {
    const QString seen = sighting == Sighting::Gone      ? u"gone"_s
                         : sighting == Sighting::Changed ? u"changed"_s
                                                         : u""_s;
    return move(tx, id, u"seen = ?, seen_at = ?"_s, u"'confirmed'"_s, {seen, stored(now)});
}

Result<QVector<Entry>> Ledger::unrecorded(store::Transaction& tx) {
    return select(tx, u"recorded = 0 AND state IN ('confirmed', 'failed') ORDER BY id"_s);
}

Result<void> Ledger::markRecorded(store::Transaction& tx, qint64 id) {
    auto query = tx.run(u"UPDATE ledger SET recorded = 1 WHERE id = ?"_s, {id});
    if (!query) return tl::unexpected<Error>(query.error());
    return {};
}

}  // namespace tocsin::delivery
