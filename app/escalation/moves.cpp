#include "escalation/moves.h"

#include <QJsonArray>

#include "escalation/change.h"
#include "escalation/ladderstore.h"
#include "escalation/planner.h"
#include "escalation/wording.h"
#include "incidents/projection.h"

using namespace Qt::StringLiterals;

namespace tocsin::escalation {
namespace {

const QString kTocsin = u"Tocsin"_s;

tl::unexpected<Error> noChannel() {
    return fail(ErrorCode::Config,
                u"There is no channel to post to. Name one under `channels` and "
                "`escalation.channel` in tocsin.yaml."_s);
}

/// A post that belongs to no incident: a test of a channel.
Result<Outcome> postAlone(store::Transaction& tx, const QString& channel,
                          const QVector<Message>& parts, const QDateTime& now) {
    if (channel.isEmpty()) return noChannel();
    Outcome outcome;
    for (const Message& part : parts) {
        auto entry = delivery::Ledger::intend(tx, {}, channel, part, now);
        if (!entry) return tl::unexpected<Error>(entry.error());
        outcome.intents.append(*entry);
    }
    return outcome;
}

QString reasonGiven(const QString& reason) {
    return reason.isEmpty() ? QString() : u": "_s + reason;
}

}  // namespace

Result<Outcome> declareIn(store::Transaction& tx, const Policy& policy,
                          incidents::Declaration declaration, const QDateTime& now) {
    if (declaration.title.simplified().isEmpty())
        return fail(ErrorCode::Refused,
                    u"An incident needs a title: say what is broken for whom."_s);
    auto id = incidents::Projection::nextId(tx);
    if (!id) return tl::unexpected<Error>(id.error());
    if (declaration.channel.isEmpty()) declaration.channel = policy.channel;
    auto change =
        Change::declared(tx, *id, declaration, plan(policy, *id, declaration.priority, now), now);
    if (!change) return tl::unexpected<Error>(change.error());
    const QVector<Page> pages = due(change->ladder(), now);
    for (const Page& page : pages)
        if (auto done = change->page(page, kTocsin, true); !done)
            return tl::unexpected<Error>(done.error());
    if (pages.isEmpty() && !declaration.channel.isEmpty())
        if (auto done = change->intend(declaration.channel, declaredMessage(change->incident()));
            !done)
            return tl::unexpected<Error>(done.error());
    return change->save();
}

Result<Outcome> acknowledgeIn(store::Transaction& tx, const QString& incident, const QString& by,
                              const QDateTime& now) {
    auto change = Change::begin(tx, incident, now);
    if (!change) return tl::unexpected<Error>(change.error());
    if (change->ladder().acknowledgedAt.isValid()) return change->save();
    change->setLadder(acknowledged(change->ladder(), by, now));
    if (auto done = change->append(u"acknowledged"_s, by, u"acknowledged"_s); !done)
        return tl::unexpected<Error>(done.error());
    return change->save();
}

Result<Outcome> holdIn(store::Transaction& tx, const QString& incident, const QString& by,
                       const QString& reason, const QDateTime& until, const QDateTime& now) {
    if (!until.isValid() || until <= now)
        return fail(ErrorCode::Refused,
                    u"A hold needs a time in the future: say until when escalation waits."_s);
    if (reason.simplified().isEmpty())
        return fail(ErrorCode::Refused, u"A hold needs a reason: say why nobody else is paged."_s);
    auto change = Change::begin(tx, incident, now);
    if (!change) return tl::unexpected<Error>(change.error());
    change->setLadder(held(change->ladder(), reason, until));
    const QString text =
        u"escalation held until %1 UTC: %2"_s.arg(until.toUTC().toString(u"HH:mm"_s), reason);
    if (auto done = change->append(
            u"held"_s, by, text,
            {{u"until"_s, until.toUTC().toString(Qt::ISODate)}, {u"reason"_s, reason}});
        !done)
        return tl::unexpected<Error>(done.error());
    return change->save();
}

Result<Outcome> releaseIn(store::Transaction& tx, const QString& incident, const QString& by,
                          const QDateTime& now) {
    auto change = Change::begin(tx, incident, now);
    if (!change) return tl::unexpected<Error>(change.error());
    if (!change->ladder().held) return change->save();
    change->setLadder(released(change->ladder(), now));
    if (auto done = change->append(u"released"_s, by, u"hold ended"_s); !done)
        return tl::unexpected<Error>(done.error());
    return change->save();
}

Result<Outcome> escalateIn(store::Transaction& tx, const QString& incident, const QString& by,
                           const QDateTime& now) {
    auto change = Change::begin(tx, incident, now);
    if (!change) return tl::unexpected<Error>(change.error());
    const auto next = nextByHand(change->ladder(), now);
    if (!next)
        return fail(ErrorCode::Refused,
                    u"Every level of %1 was paged already: there is nobody above."_s.arg(incident));
    if (auto done = change->append(u"escalated"_s, by, u"escalated to level %1"_s.arg(next->level));
        !done)
        return tl::unexpected<Error>(done.error());
    if (auto done = change->page(*next, by, false); !done)
        return tl::unexpected<Error>(done.error());
    return change->save();
}

Result<Outcome> resolveIn(store::Transaction& tx, const QString& incident, const QString& by,
                          const QString& whatFixedIt, const QDateTime& now) {
    auto change = Change::begin(tx, incident, now);
    if (!change) return tl::unexpected<Error>(change.error());
    change->setLadder(resolved(change->ladder()));
    if (auto done = change->append(u"resolved"_s, by, u"resolved"_s + reasonGiven(whatFixedIt),
                                   {{u"fix"_s, whatFixedIt}});
        !done)
        return tl::unexpected<Error>(done.error());
    const QString channel = change->incident().channel;
    if (!channel.isEmpty())
        if (auto done =
                change->intend(channel, resolvedMessage(change->incident(), by, whatFixedIt, now));
            !done)
            return tl::unexpected<Error>(done.error());
    return change->save();
}

Result<Outcome> postIn(store::Transaction& tx, const QString& incident, const QString& channel,
                       const QVector<Message>& parts, const QString& by, const QDateTime& now) {
    if (incident.isEmpty()) return postAlone(tx, channel, parts, now);
    auto change = Change::beginAny(tx, incident, now);
    if (!change) return tl::unexpected<Error>(change.error());
    const QString target = channel.isEmpty() ? change->incident().channel : channel;
    if (target.isEmpty()) return noChannel();
    for (const Message& part : parts)
        if (auto done = change->intend(target, part); !done)
            return tl::unexpected<Error>(done.error());
    const Message first = parts.value(0);
    if (auto done = change->append(u"posted"_s, by, u"posted to #%1: %2"_s.arg(target, first.text),
                                   {{u"channel"_s, target},
                                    {u"event"_s, first.event},
                                    {u"mentions"_s, QJsonArray::fromStringList(first.mentions)},
                                    {u"parts"_s, parts.size()}});
        !done)
        return tl::unexpected<Error>(done.error());
    return change->save();
}

Result<QVector<Outcome>> fireDueIn(store::Transaction& tx, const QDateTime& now) {
    auto ladders = loadOpenLadders(tx);
    if (!ladders) return tl::unexpected<Error>(ladders.error());
    QVector<Outcome> outcomes;
    for (const Ladder& ladder : std::as_const(*ladders)) {
        const bool over = holdIsOver(ladder, now);
        if (!over && due(ladder, now).isEmpty()) continue;
        auto change = Change::begin(tx, ladder.incident, now);
        if (!change) return tl::unexpected<Error>(change.error());
        if (over) {
            change->setLadder(unheld(ladder));
            if (auto done = change->append(u"released"_s, kTocsin, u"hold is over"_s); !done)
                return tl::unexpected<Error>(done.error());
        }
        for (const Page& page : due(change->ladder(), now))
            if (auto done = change->page(page, kTocsin, false); !done)
                return tl::unexpected<Error>(done.error());
        auto outcome = change->save();
        if (!outcome) return tl::unexpected<Error>(outcome.error());
        outcomes.append(*outcome);
    }
    return outcomes;
}

Result<QVector<Outcome>> recordDeliveriesIn(store::Transaction& tx, const QDateTime& now) {
    auto entries = delivery::Ledger::unrecorded(tx);
    if (!entries) return tl::unexpected<Error>(entries.error());
    QVector<Outcome> outcomes;
    for (const delivery::Entry& entry : std::as_const(*entries)) {
        if (auto marked = delivery::Ledger::markRecorded(tx, entry.id); !marked)
            return tl::unexpected<Error>(marked.error());
        if (entry.incident.isEmpty()) continue;
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
