// What each kind of event does to an incident.
#include <QHash>
#include <QJsonArray>

#include "incidents/incidentjson.h"
#include "incidents/projection.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

void addMissing(QStringList& to, const QStringList& more) {
    for (const QString& one : more)
        if (!to.contains(one)) to.append(one);
}

void removeAll(QStringList& from, const QStringList& gone) {
    from.removeIf([&](const QString& one) { return gone.contains(one); });
}

Task* taskOf(Incident& incident, const QJsonObject& said) {
    const int number = said[u"number"_s].toInt();
    for (Task& task : incident.tasks)
        if (task.number == number) return &task;
    return nullptr;
}

void declared(Incident& incident, const Event& event) {
    const QJsonObject& said = event.detail;
    incident.id = event.incident;
    incident.declaredAt = event.at;
    incident.title = said[u"title"_s].toString(event.text);
    incident.priority = priorityFromText(said[u"severity"_s].toString()).value_or(Priority::P3);
    incident.commander = said[u"commander"_s].toString();
    incident.channel = said[u"channel"_s].toString();
    incident.runbook = said[u"runbook"_s].toString();
    incident.runbookUrl = QUrl(said[u"runbook_url"_s].toString());
    incident.alerts = textsOf(said[u"alerts"_s]);
    incident.keys = textsOf(said[u"keys"_s]);
}

void acknowledged(Incident& incident, const Event& event) {
    if (!incident.acknowledgedAt.isValid()) incident.acknowledgedAt = event.at;
    // What came back was assessed the first time.
    if (incident.phase == Phase::Acknowledge)
        incident.phase = incident.reopenings > 0 ? Phase::Investigate : Phase::Assess;
}

void phaseChanged(Incident& incident, const Event& event) {
    incident.phase = phaseFromText(event.detail[u"phase"_s].toString()).value_or(incident.phase);
}

void priorityChanged(Incident& incident, const Event& event) {
    incident.priority =
        priorityFromText(event.detail[u"severity"_s].toString()).value_or(incident.priority);
}

void commanderChanged(Incident& incident, const Event& event) {
    incident.commander = event.detail[u"name"_s].toString();
}

void roleChanged(Incident& incident, const Event& event) {
    const auto role = roleFromText(event.detail[u"role"_s].toString());
    const QString person = event.detail[u"name"_s].toString();
    if (!role || *role == Role::Commander) return;
    const bool alone = *role != Role::Specialist;
    incident.roles.removeIf([&](const Assignment& one) {
        return one.role == *role && (alone || one.person == person);
    });
    if (event.detail[u"given"_s].toBool(true) && !person.isEmpty())
        incident.roles.append({*role, person, event.at});
}

void posted(Incident& incident, const Event& event) {
    const QString channel = event.detail[u"channel"_s].toString(incident.channel);
    if (channel == incident.channel) incident.lastUpdateAt = event.at;
}

void attached(Incident& incident, const Event& event) {
    const QStringList alerts = textsOf(event.detail[u"alerts"_s]);
    addMissing(incident.alerts, alerts);
    addMissing(incident.keys, textsOf(event.detail[u"keys"_s]));
    removeAll(incident.detached, alerts);
}

void detached(Incident& incident, const Event& event) {
    const QStringList alerts = textsOf(event.detail[u"alerts"_s]);
    removeAll(incident.alerts, alerts);
    removeAll(incident.keys, textsOf(event.detail[u"keys"_s]));
    addMissing(incident.detached, alerts);
}

void merged(Incident& incident, const Event& event) {
    incident.mergedInto = event.detail[u"into"_s].toString();
    if (!incident.resolvedAt.isValid()) incident.resolvedAt = event.at;
    incident.phase = Phase::PostMortem;
}

void absorbed(Incident& incident, const Event& event) {
    addMissing(incident.absorbed, {event.detail[u"from"_s].toString()});
    attached(incident, event);
    for (const auto& value : event.detail[u"tasks"_s].toArray()) {
        Task task = taskFromJson(value.toObject());
        task.number = static_cast<int>(incident.tasks.size()) + 1;
        incident.tasks.append(task);
    }
}

void taskAdded(Incident& incident, const Event& event) {
    Task task = taskFromJson(event.detail);
    task.createdAt = event.at;
    if (task.number < 1) task.number = static_cast<int>(incident.tasks.size()) + 1;
    incident.tasks.append(task);
}

void taskChecked(Incident& incident, const Event& event) {
    if (Task* task = taskOf(incident, event.detail)) {
        task->checkBackAt = isoTime(event.detail[u"check_back_at"_s]);
        if (event.detail.contains(u"box_ends_at"_s))
            task->boxEndsAt = isoTime(event.detail[u"box_ends_at"_s]);
        if (event.detail.contains(u"owner"_s)) task->owner = event.detail[u"owner"_s].toString();
    }
}

void taskEnded(Incident& incident, const Event& event) {
    if (Task* task = taskOf(incident, event.detail)) {
        task->doneAt = event.at;
        task->outcome = event.detail[u"outcome"_s].toString();
        task->dropped = event.kind == u"task-dropped";
    }
}

void checked(Incident& incident, const Event& event) {
    const QStringList item{event.detail[u"phase"_s].toString() + u'/' +
                           event.detail[u"item"_s].toString()};
    if (event.detail[u"done"_s].toBool(true))
        addMissing(incident.checked, item);
    else
        removeAll(incident.checked, item);
}

void assessed(Incident& incident, const Event& event) {
    incident.assessment = assessmentFromJson(event.detail);
}

void resolved(Incident& incident, const Event& event) {
    if (!incident.resolvedAt.isValid()) incident.resolvedAt = event.at;
    incident.fix = event.detail[u"fix"_s].toString();
    incident.phase = Phase::PostMortem;
}

void verifying(Incident& incident, const Event& event) {
    incident.verification = {
        event.at, std::chrono::seconds(event.detail[u"for_s"_s].toInteger()), {}};
}

void verified(Incident& incident, const Event& event) {
    incident.verification.verifiedAt = event.at;
}

void reopened(Incident& incident, const Event& event) {
    incident.resolvedAt = {};
    incident.verification = {};
    incident.mergedInto.clear();
    incident.reopenedAt = event.at;
    ++incident.reopenings;
    incident.phase = Phase::Acknowledge;
}

void silenced(Incident& incident, const Event& event) {
    const QJsonObject& said = event.detail;
    const QString alert = said[u"alert"_s].toString();
    incident.silences.removeIf([&](const Silence& one) { return one.alert == alert; });
    incident.silences.append({said[u"source"_s].toString(), alert, said[u"id"_s].toString(),
                              isoTime(said[u"until"_s]), said[u"error"_s].toString()});
}

void unsilenced(Incident& incident, const Event& event) {
    const QString alert = event.detail[u"alert"_s].toString();
    incident.silences.removeIf([&](const Silence& one) { return one.alert == alert; });
}

void imported(Incident& incident, const Event& event) {
    incident.importedFrom = event.detail[u"from"_s].toString();
    incident.importedAt = event.at;
    incident.importedOpen = event.detail[u"was_open"_s].toBool();
    if (incident.isOpen()) incident.resolvedAt = isoTime(event.detail[u"exported_at"_s]);
    incident.phase = Phase::PostMortem;
    // Nothing here watches the alerts of another machine.
    incident.verification = {};
    incident.silences.clear();
}

using Fold = void (*)(Incident&, const Event&);
const QHash<QString, Fold>& folds() {
    static const QHash<QString, Fold> all{{u"declared"_s, declared},
                                          {u"acknowledged"_s, acknowledged},
                                          {u"phase"_s, phaseChanged},
                                          {u"priority"_s, priorityChanged},
                                          {u"commander"_s, commanderChanged},
                                          {u"role"_s, roleChanged},
                                          {u"posted"_s, posted},
                                          {u"attached"_s, attached},
                                          {u"detached"_s, detached},
                                          {u"merged"_s, merged},
                                          {u"absorbed"_s, absorbed},
                                          {u"task"_s, taskAdded},
                                          {u"task-checked"_s, taskChecked},
                                          {u"task-done"_s, taskEnded},
                                          {u"task-dropped"_s, taskEnded},
                                          {u"checked"_s, checked},
                                          {u"assessed"_s, assessed},
                                          {u"resolved"_s, resolved},
                                          {u"verifying"_s, verifying},
                                          {u"verified"_s, verified},
                                          {u"reopened"_s, reopened},
                                          {u"silenced"_s, silenced},
                                          {u"imported"_s, imported},
                                          {u"silence-failed"_s, silenced},
                                          {u"unsilenced"_s, unsilenced}};
    return all;
}

}  // namespace

void fold(Incident& incident, const Event& event) {
    if (const Fold what = folds().value(event.kind)) what(incident, event);
}

}  // namespace tocsin::incidents
