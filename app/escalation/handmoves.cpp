#include "escalation/handmoves.h"

#include "escalation/change.h"
#include "escalation/ladderstore.h"

using namespace Qt::StringLiterals;

namespace tocsin::escalation {
namespace {

using delivery::Entry;

QString nameIn(const Entry& entry) {
    const QString text = entry.message.text.simplified();
    return text.isEmpty() ? entry.event : u"“%1”"_s.arg(text.left(80));
}

/// What a person did to a page shows on its level.
void followOnRung(Change& change, const Entry& entry) {
    using delivery::EntryState;
    Ladder ladder = change.ladder();
    for (Rung& rung : ladder.rungs) {
        if (rung.event != entry.event) continue;
        const bool goesAgain =
            entry.state == EntryState::Intent || entry.state == EntryState::InDoubt;
        const bool wasOver = rung.state == RungState::Failed || rung.state == RungState::Cancelled;
        if (goesAgain && wasOver) {
            rung.state = RungState::Paged;
            rung.note = entry.answer;
        }
        if (entry.state == EntryState::Cancelled && rung.state == RungState::Paged) {
            rung.state = RungState::Cancelled;
            rung.note = entry.answer;
        }
    }
    change.setLadder(ladder);
}

Result<Outcome> told(store::Transaction& tx, const Entry& entry, const QString& kind,
                     const QString& by, const QString& text, const QDateTime& now) {
    if (entry.incident.isEmpty()) {
        Outcome outcome;
        outcome.intents.append(entry);
        return outcome;
    }
    auto change = Change::beginAny(tx, entry.incident, now);
    if (!change) return tl::unexpected<Error>(change.error());
    followOnRung(*change, entry);
    if (auto done = change->append(
            kind, by, text,
            {{u"event"_s, entry.event}, {u"channel"_s, entry.channel}, {u"tries"_s, entry.tries}});
        !done)
        return tl::unexpected<Error>(done.error());
    auto outcome = change->save();
    if (outcome) outcome->intents.append(entry);
    return outcome;
}

}  // namespace

Result<Outcome> sendAgainIn(store::Transaction& tx, qint64 entry, const QString& by,
                            const QDateTime& now) {
    auto again = delivery::Ledger::again(tx, entry, by, now);
    if (!again) return tl::unexpected<Error>(again.error());
    const QString how = again->message.possibleRepeat ? u", marked as a repeat"_s : QString();
    return told(tx, *again, u"sent_again"_s, by,
                u"#%1: sent %2 again by hand%3"_s.arg(again->channel, nameIn(*again), how), now);
}

Result<Outcome> callBackIn(store::Transaction& tx, qint64 entry, const QString& by,
                           const QDateTime& now) {
    auto called = delivery::Ledger::calledBack(tx, entry, by, now);
    if (!called) return tl::unexpected<Error>(called.error());
    return told(tx, *called, u"called_back"_s, by,
                u"#%1: called back %2. %3"_s.arg(called->channel, nameIn(*called), called->answer),
                now);
}

Result<Outcome> noteSightingIn(store::Transaction& tx, qint64 entry, Sighting sighting,
                               const QDateTime& now) {
    auto known = delivery::Ledger::entry(tx, entry);
    if (!known) return tl::unexpected<Error>(known.error());
    if (!known->seen.isEmpty()) return Outcome();
    auto seen = delivery::Ledger::looked(tx, entry, sighting, now);
    if (!seen) return tl::unexpected<Error>(seen.error());
    const QString what =
        sighting == Sighting::Gone ? u"was deleted over there"_s : u"was changed over there"_s;
    return told(tx, *seen, u"altered"_s, u"Tocsin"_s,
                u"#%1: %2 %3"_s.arg(seen->channel, nameIn(*seen), what), now);
}

}  // namespace tocsin::escalation
