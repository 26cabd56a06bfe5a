#include "escalation/moves.h"

#include <QJsonArray>

#include "escalation/change.h"
#include "escalation/turn.h"
#include "escalation/wording.h"
#include "incidents/projection.h"

using namespace Qt::StringLiterals;

namespace tocsin::escalation {
namespace {

using std::chrono::milliseconds;

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
    bool told = false;
    while (const auto turn = nextTurn(change->ladder(), now)) {
        if (auto done = change->take(*turn, !policy.ownCard); !done)
            return tl::unexpected<Error>(done.error());
        told = told || pages(*turn);
    }
    if (!told && !policy.ownCard && !declaration.channel.isEmpty())
        if (auto done = change->intend(declaration.channel, declaredMessage(change->incident()));
            !done)
            return tl::unexpected<Error>(done.error());
    return change->save();
}

Result<Outcome> acknowledgeIn(store::Transaction& tx, const QString& incident, const QString& by,
                              std::optional<milliseconds> silence, const QDateTime& now) {
    auto change = Change::begin(tx, incident, now);
    if (!change) return tl::unexpected<Error>(change.error());
    const Ladder& ladder = change->ladder();
    const bool again = ladder.acknowledgedAt.isValid();
    if (again && !silence) return change->save();
    const auto length = silence ? silence : ladder.ackTimeout;
    const QString until =
        length ? u", for as long as nobody is silent for %1"_s.arg(spoken(*length)) : QString();
    QJsonObject detail;
    if (length) detail[u"silence_ms"_s] = qint64{length->count()};
    change->setLadder(acknowledged(ladder, by, now, length));
    if (auto done =
            change->append(u"acknowledged"_s, by,
                           (again ? u"acknowledged again"_s : u"acknowledged"_s) + until, detail);
        !done)
        return tl::unexpected<Error>(done.error());
    if (auto done = change->callOffPages(false, by, u"not needed: acknowledged by %1"_s.arg(by));
        !done)
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
    const QDateTime end = until.toUTC();
    const bool today = end.date() == now.toUTC().date();
    const QString text = u"escalation held until %1 UTC: %2"_s.arg(
        end.toString(today ? u"HH:mm"_s : u"yyyy-MM-dd HH:mm"_s), reason);
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
                           int level, const QDateTime& now) {
    auto change = Change::begin(tx, incident, now);
    if (!change) return tl::unexpected<Error>(change.error());
    const Ladder& ladder = change->ladder();
    const auto next = level > 0 ? byHand(ladder, level, now) : nextByHand(ladder, now);
    if (!next && level > 0)
        return fail(ErrorCode::Refused,
                    u"%1 has no level %2: its ladder has %3."_s.arg(incident).arg(level).arg(
                        ladder.rungs.size()));
    if (!next)
        return fail(ErrorCode::Refused,
                    u"Every level of %1 was paged already: there is nobody above."_s.arg(incident));
    if (auto done = change->append(u"escalated"_s, by, u"escalated to level %1"_s.arg(next->level));
        !done)
        return tl::unexpected<Error>(done.error());
    if (level > 0) change->setLadder(passedOver(change->ladder(), level, by));
    if (auto done = change->page(*next, by, false); !done)
        return tl::unexpected<Error>(done.error());
    return change->save();
}

Result<Outcome> changePriorityIn(store::Transaction& tx, const Policy& policy,
                                 const QString& incident, const QString& by,
                                 incidents::Priority priority, const QDateTime& now) {
    auto change = Change::begin(tx, incident, now);
    if (!change) return tl::unexpected<Error>(change.error());
    const incidents::Incident before = change->incident();
    if (before.priority == priority) return change->save();
    const QString from = nameOf(before.priority), to = nameOf(priority);
    if (auto done = change->append(u"priority"_s, by, u"severity %1 → %2"_s.arg(from, to),
                                   {{u"severity"_s, to}, {u"was"_s, from}});
        !done)
        return tl::unexpected<Error>(done.error());
    change->setLadder(replanned(change->ladder(), policy, before.priority, priority, now));
    while (const auto turn = nextTurn(change->ladder(), now)) {
        // A silence is judged by the sweep, which reads the timeline.
        if (turn->kind == Turn::Kind::Silence) break;
        if (auto done = change->take(*turn, false); !done)
            return tl::unexpected<Error>(done.error());
    }
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
    if (auto done = change->callOffPages(true, by, u"not needed: resolved"_s); !done)
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
    for (Message part : parts) {
        // An update goes to the thread of the incident's card, where the channel has threads.
        const bool isUpdate = part.event != cardEvent(incident) && part.replaces.isEmpty();
        if (isUpdate && part.thread.isEmpty() && target == change->incident().channel)
            part.thread = cardEvent(incident);
        if (auto done = change->intend(target, part); !done)
            return tl::unexpected<Error>(done.error());
    }
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

}  // namespace tocsin::escalation
