// Many ladders in one go: ten thousand may fall due in the same second.
#include "delivery/intents.h"
#include "escalation/change.h"
#include "escalation/ladderstore.h"
#include "incidents/eventbatch.h"

namespace tocsin::escalation {
namespace {

/// Gives the written events back to the outcomes they came from.
void handBack(QVector<Outcome>& outcomes, const QVector<incidents::Event>& written) {
    qsizetype at = 0;
    for (Outcome& outcome : outcomes)
        for (incidents::Event& event : outcome.events)
            event = written.at(at++);
}

}  // namespace

Change Change::gathering(store::Transaction& tx, const Ladder& ladder,
                         const incidents::Incident& incident, const QDateTime& now) {
    Change change(tx, now);
    change.m_before = ladder;
    change.m_outcome.ladder = ladder;
    change.m_incident = incident;
    change.m_gathers = true;
    return change;
}

Result<QVector<Outcome>> Change::saveAll(store::Transaction& tx, const QVector<Change>& changes,
                                         const QDateTime& now) {
    QVector<Outcome> outcomes;
    QVector<incidents::Event> events;
    QVector<delivery::Intent> intents;
    QVector<LadderMove> ladders;
    for (const Change& change : changes) {
        const Outcome& outcome = change.m_outcome;
        outcomes.append(outcome);
        events += outcome.events;
        for (const delivery::Entry& entry : outcome.intents)
            intents.append({entry.incident, entry.channel, entry.message});
        ladders.append({outcome.ladder, change.m_before});
    }
    auto written = incidents::appendAll(tx, events);
    if (!written) return tl::unexpected<Error>(written.error());
    if (auto done = delivery::intendAll(tx, intents, now); !done)
        return tl::unexpected<Error>(done.error());
    if (auto done = saveLadders(tx, ladders); !done) return tl::unexpected<Error>(done.error());
    handBack(outcomes, *written);
    return outcomes;
}

}  // namespace tocsin::escalation
