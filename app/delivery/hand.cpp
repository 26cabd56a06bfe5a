// What a person does to a message in the ledger.
#include "delivery/ledgerrows.h"

using namespace Qt::StringLiterals;

namespace tocsin::delivery {
namespace {

/// The identity of the next copy by hand. The name is one that nothing else gives: the ladder and
/// the standing messages count their own repeats as "…/again-N".
Result<QString> nextCopy(store::Transaction& tx, const QString& event) {
    const QString copies = event.section(u"/resent-"_s, 0, 0) + u"/resent-"_s;
    auto known = tx.run(u"SELECT COUNT(*) FROM ledger WHERE substr(event, 1, ?) = ?"_s,
                        {copies.size(), copies});
    if (!known || !known->next())
        return known ? fail(ErrorCode::Internal, u"The ledger cannot be counted."_s)
                     : tl::unexpected<Error>(known.error());
    return copies + QString::number(known->value(0).toInt() + 1);
}

Result<Entry> onceMore(store::Transaction& tx, const Entry& entry, const QDateTime& now) {
    Message message = entry.message;
    message.possibleRepeat = true;
    message.replaces.clear();  // it is to be seen again, not changed in place
    auto event = nextCopy(tx, entry.event);
    if (!event) return tl::unexpected<Error>(event.error());
    message.event = *event;
    // A known event would be passed over in silence, and nothing would leave.
    auto known = select(tx, u"event = ?"_s, {message.event});
    if (!known) return tl::unexpected<Error>(known.error());
    if (!known->isEmpty())
        return fail(
            ErrorCode::Internal,
            u"The ledger has a message %1 already; nothing was sent. Write it anew."_s.arg(*event));
    return Ledger::intend(tx, entry.incident, entry.channel, message, now);
}

}  // namespace

Result<Entry> Ledger::again(store::Transaction& tx, qint64 id, const QString& by,
                            const QDateTime& now) {
    auto found = entry(tx, id);
    if (!found) return found;
    if (found->state == EntryState::Confirmed) return onceMore(tx, *found, now);
    if (found->state == EntryState::Sending)
        return fail(ErrorCode::Refused, u"It is being sent now; wait for its answer."_s);
    if (found->state == EntryState::Folded)
        return fail(ErrorCode::Refused,
                    u"A newer state replaced it; send that one again instead."_s);
    return move(tx, id,
                u"state = CASE WHEN doubted_at IS NULL THEN 'intent' ELSE 'in_doubt' END, "
                "changed_at = ?, answer = ?, not_before = NULL, recorded = 0"_s,
                u"'intent', 'in_doubt', 'failed', 'cancelled'"_s,
                {now.toMSecsSinceEpoch(), u"Sent again by %1."_s.arg(by)});
}

Result<Entry> Ledger::calledBack(store::Transaction& tx, qint64 id, const QString& by,
                                 const QDateTime& now) {
    auto found = entry(tx, id);
    if (!found) return found;
    if (found->state == EntryState::Sending)
        return fail(ErrorCode::Refused,
                    u"It is being sent now and cannot be called back any more."_s);
    if (found->isFinished())
        return fail(ErrorCode::Refused, u"It is %1 already; there is nothing to call back."_s.arg(
                                            nameOf(found->state)));
    const QString why = found->doubtedAt.isValid()
                            ? u"Called back by %1; an earlier try may have arrived."_s.arg(by)
                            : u"Called back by %1; it did not leave."_s.arg(by);
    return move(tx, id, u"state = 'cancelled', changed_at = ?, answer = ?, not_before = NULL"_s,
                u"'intent', 'in_doubt'"_s, {now.toMSecsSinceEpoch(), why});
}

Result<QVector<Entry>> Ledger::newest(store::Transaction& tx, int most) {
    return select(tx, u"id > 0 ORDER BY id DESC LIMIT ?"_s, {most});
}

}  // namespace tocsin::delivery
