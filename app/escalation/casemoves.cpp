// The moves that turn an incident: reopened, merged into another, handed over.
#include <QJsonArray>

#include "escalation/change.h"
#include "escalation/moves.h"
#include "escalation/planner.h"
#include "escalation/wording.h"
#include "incidents/incidentjson.h"

using namespace Qt::StringLiterals;

namespace tocsin::escalation {
namespace {

QJsonArray openTasksOf(const incidents::Incident& incident) {
    QJsonArray tasks;
    for (const incidents::Task& task : incident.tasks)
        if (task.isOpen()) tasks.append(incidents::toJson(task));
    return tasks;
}

Result<void> tell(Change& change, const Message& message) {
    const QString channel = change.incident().channel;
    return channel.isEmpty() ? Result<void>() : change.intend(channel, message);
}

}  // namespace

Result<Outcome> reopenIn(store::Transaction& tx, const Policy& policy, const QString& incident,
                         const QString& by, const QString& reason, const QDateTime& now) {
    auto change = Change::beginAny(tx, incident, now);
    if (!change) return tl::unexpected<Error>(change.error());
    if (!change->ladder().closed)
        return fail(ErrorCode::Refused, u"%1 is open: there is nothing to reopen."_s.arg(incident));
    if (!change->incident().importedFrom.isEmpty())
        return fail(
            ErrorCode::Refused,
            u"%1 is a copy of %2 from another machine. Reopen it there, or declare it anew."_s.arg(
                incident, change->incident().importedFrom));
    change->setLadder(plan(policy, incident, change->incident().priority, now));
    const QString why = reason.isEmpty() ? QString() : u": "_s + reason;
    if (auto done = change->append(u"reopened"_s, by, u"reopened"_s + why, {{u"reason"_s, reason}});
        !done)
        return tl::unexpected<Error>(done.error());
    if (auto done = tell(*change, reopenedMessage(change->incident(), by, reason, now)); !done)
        return tl::unexpected<Error>(done.error());
    while (const auto turn = nextTurn(change->ladder(), now))
        if (auto done = change->take(*turn, false); !done)
            return tl::unexpected<Error>(done.error());
    return change->save();
}

Result<QVector<Outcome>> mergeIn(store::Transaction& tx, const QString& incident,
                                 const QString& into, const QString& by, const QDateTime& now) {
    if (incident == into)
        return fail(ErrorCode::Refused, u"%1 cannot be merged into itself."_s.arg(into));
    auto ending = Change::begin(tx, incident, now);
    if (!ending) return tl::unexpected<Error>(ending.error());
    auto staying = Change::begin(tx, into, now);
    if (!staying) return tl::unexpected<Error>(staying.error());
    const incidents::Incident gone = ending->incident(), stays = staying->incident();

    ending->setLadder(resolved(ending->ladder()));
    auto done = ending->append(u"merged"_s, by, u"merged into %1 %2"_s.arg(into, stays.title),
                               {{u"into"_s, into}});
    if (done) done = ending->callOffPages(true, by, u"not needed: merged into %1"_s.arg(into));
    if (done) done = tell(*ending, mergedMessage(gone, stays, by));
    if (done)
        done = staying->append(u"absorbed"_s, by, u"took over %1 %2"_s.arg(incident, gone.title),
                               {{u"from"_s, incident},
                                {u"alerts"_s, QJsonArray::fromStringList(gone.alerts)},
                                {u"keys"_s, QJsonArray::fromStringList(gone.keys)},
                                {u"tasks"_s, openTasksOf(gone)}});
    if (!done) return tl::unexpected<Error>(done.error());
    QVector<Outcome> outcomes;
    for (Change* change : {&*ending, &*staying}) {
        auto outcome = change->save();
        if (!outcome) return tl::unexpected<Error>(outcome.error());
        outcomes.append(*outcome);
    }
    return outcomes;
}

Result<Outcome> handOverIn(store::Transaction& tx, const QString& incident, const QString& by,
                           const QString& to, const QString& state, const QDateTime& now) {
    const QString name = to.simplified();
    if (name.isEmpty()) return fail(ErrorCode::Refused, u"Name who takes command."_s);
    auto change = Change::begin(tx, incident, now);
    if (!change) return tl::unexpected<Error>(change.error());
    const QString from = change->incident().commander;
    if (from == name)
        return fail(ErrorCode::Refused, u"%1 commands %2 already."_s.arg(name, incident));
    const QString then = state.isEmpty() ? QString() : u" · "_s + state;
    auto done = change->append(u"commander"_s, by, u"%1 takes command%2"_s.arg(name, then),
                               {{u"name"_s, name}, {u"from"_s, from}, {u"state"_s, state}});
    if (done) done = tell(*change, handOverMessage(change->incident(), from, state, now));
    if (!done) return tl::unexpected<Error>(done.error());
    return change->save();
}

}  // namespace tocsin::escalation
