// What happens to ladders without anybody asking for it.
#include <QJsonObject>

#include "escalation/change.h"
#include "escalation/clockhistory.h"
#include "escalation/ladderstore.h"
#include "escalation/moves.h"
#include "escalation/turn.h"
#include "escalation/wording.h"
#include "incidents/eventbatch.h"

using namespace Qt::StringLiterals;

namespace tocsin::escalation {
namespace {

const QString kTocsin = u"Tocsin"_s;

/// Somebody may have worked on it since the acknowledgement: then it is not silent yet.
Result<bool> isWorkedOn(store::Transaction& tx, Change& change, const QDateTime& now) {
    auto last = lastWorkedOn(tx, change.ladder().incident);
    if (!last) return tl::unexpected<Error>(last.error());
    if (!last->isValid()) return false;
    const Ladder later = stillWorkedOn(change.ladder(), *last);
    if (later.silentAt <= now) return false;
    change.setLadder(later);
    return true;
}

Result<void> takeTurns(store::Transaction& tx, Change& change, const QDateTime& now) {
    while (const auto turn = nextTurn(change.ladder(), now)) {
        if (turn->kind == Turn::Kind::Silence) {
            auto worked = isWorkedOn(tx, change, now);
            if (!worked) return tl::unexpected<Error>(worked.error());
            if (*worked) continue;
        }
        if (auto done = change.take(*turn, false); !done) return done;
    }
    return {};
}

/// The same for each of these ladders, written together.
Result<QVector<Outcome>> forEach(store::Transaction& tx, const QVector<Ladder>& ladders,
                                 const QDateTime& now,
                                 const std::function<Result<void>(Change&)>& what) {
    QStringList ids;
    for (const Ladder& ladder : ladders)
        ids.append(ladder.incident);
    auto incidents = incidents::findAll(tx, ids);
    if (!incidents) return tl::unexpected<Error>(incidents.error());
    QVector<Change> changes;
    for (const Ladder& ladder : ladders) {
        Change change = Change::gathering(tx, ladder, incidents->value(ladder.incident), now);
        if (auto done = what(change); !done) return tl::unexpected<Error>(done.error());
        changes.append(change);
    }
    return Change::saveAll(tx, changes, now);
}

}  // namespace

Result<QVector<Outcome>> fireDueIn(store::Transaction& tx, const QDateTime& now, int limit) {
    auto ladders = loadDueLadders(tx, now, limit);
    if (!ladders) return tl::unexpected<Error>(ladders.error());
    return forEach(tx, *ladders, now, [&](Change& change) { return takeTurns(tx, change, now); });
}

Result<QVector<Outcome>> clockMovedIn(store::Transaction& tx, const ClockMove& move,
                                      const ClockReading& now) {
    auto ladders = loadOpenLadders(tx);
    if (!ladders) return tl::unexpected<Error>(ladders.error());
    if (auto kept = keepReading(tx, now); !kept) return tl::unexpected<Error>(kept.error());
    return forEach(tx, *ladders, now.wall, [&](Change& change) {
        change.setLadder(shifted(change.ladder(), move.step));
        return change.append(u"clock"_s, kTocsin, clockText(move, now.wall),
                             {{u"step_ms"_s, qint64{move.step.count()}},
                              {u"slept_ms"_s, qint64{move.slept.count()}}});
    });
}

Result<QVector<Outcome>> clockComparedIn(store::Transaction& tx, const ClockReading& now) {
    auto last = lastReading(tx);
    if (!last) return tl::unexpected<Error>(last.error());
    const ClockMove move = *last ? now.since(**last) : ClockMove();
    if (move.any()) return clockMovedIn(tx, move, now);
    if (auto kept = keepReading(tx, now); !kept) return tl::unexpected<Error>(kept.error());
    return QVector<Outcome>();
}

Result<QVector<Outcome>> clockNoticedIn(store::Transaction& tx, const ClockMove& noticed,
                                        const ClockReading& now) {
    auto last = lastReading(tx);
    if (!last) return tl::unexpected<Error>(last.error());
    ClockMove move = noticed;
    if (*last && !now.epoch.isEmpty() && now.epoch == (*last)->epoch)
        move.step = now.since(**last).step;
    return move.any() ? clockMovedIn(tx, move, now) : QVector<Outcome>();
}

Result<QVector<Outcome>> recordDeliveriesIn(store::Transaction& tx, const QDateTime& now) {
    auto entries = delivery::Ledger::unrecorded(tx);
    if (!entries) return tl::unexpected<Error>(entries.error());
    QVector<Outcome> outcomes;
    for (const delivery::Entry& entry : std::as_const(*entries)) {
        if (auto marked = delivery::Ledger::markRecorded(tx, entry.id); !marked)
            return tl::unexpected<Error>(marked.error());
        // A standing message is edited often; only that it stopped being true is news.
        const bool isEdit = entry.isEdit();
        if (entry.incident.isEmpty() || (isEdit && entry.state == delivery::EntryState::Confirmed))
            continue;
        auto change = Change::beginAny(tx, entry.incident, now);
        if (!change && change.error().code == ErrorCode::NotFound) continue;
        if (!change) return tl::unexpected<Error>(change.error());
        if (auto done = change->recordDelivery(entry); !done)
            return tl::unexpected<Error>(done.error());
        auto outcome = change->save();
        if (!outcome) return tl::unexpected<Error>(outcome.error());
        outcomes.append(*outcome);
    }
    return outcomes;
}

Result<std::optional<Ladder>> noteWaitingIn(store::Transaction& tx, const delivery::Entry& entry) {
    auto ladder = loadLadder(tx, entry.incident);
    if (!ladder) return tl::unexpected<Error>(ladder.error());
    for (Rung& rung : ladder->rungs) {
        if (rung.event != entry.event || rung.state != RungState::Paged) continue;
        if (rung.note == entry.answer) return std::optional<Ladder>();
        rung.note = entry.answer;
        if (auto saved = saveLadder(tx, *ladder); !saved)
            return tl::unexpected<Error>(saved.error());
        return std::optional<Ladder>(*ladder);
    }
    return std::optional<Ladder>();
}

}  // namespace tocsin::escalation
