// What is done with tasks.
#include "incidents/deeds.h"
#include "incidents/incidentjson.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

Event taskEvent(const QString& kind, const QString& text, const QJsonObject& detail) {
    Event event;
    event.kind = kind;
    event.text = text;
    event.detail = detail;
    return event;
}

QString clockTime(const QDateTime& at) {
    return at.toUTC().toString(u"HH:mm"_s);
}

Result<Task> openTask(const Incident& incident, int number) {
    for (const Task& task : incident.tasks) {
        if (task.number != number) continue;
        if (task.isOpen()) return task;
        return fail(ErrorCode::Refused,
                    u"Task %1 of %2 is over already."_s.arg(QString::number(number), incident.id));
    }
    return fail(ErrorCode::NotFound,
                u"%1 has no task %2."_s.arg(incident.id, QString::number(number)));
}

Deed ending(int number, const QString& outcome, const QString& kind, const QString& verb) {
    return [=](const Incident& incident, const QDateTime&) -> Result<Event> {
        const auto task = openTask(incident, number);
        if (!task) return tl::unexpected<Error>(task.error());
        const QString why = outcome.isEmpty() ? QString() : u": "_s + outcome;
        return taskEvent(kind, u"task %1 %2: %3%4"_s.arg(number).arg(verb, task->text, why),
                         {{u"number"_s, number}, {u"outcome"_s, outcome}});
    };
}

}  // namespace

Deed addTask(const TaskDraft& draft) {
    return [draft](const Incident& incident, const QDateTime& now) -> Result<Event> {
        if (draft.text.simplified().isEmpty())
            return fail(ErrorCode::Refused, u"Say what is to be done."_s);
        Task task;
        task.number = static_cast<int>(incident.tasks.size()) + 1;
        task.text = draft.text.simplified();
        task.owner = draft.owner.simplified();
        if (draft.box) task.boxEndsAt = now.addSecs(draft.box->count());
        if (draft.checkBack)
            task.checkBackAt = now.addSecs(draft.checkBack->count());
        else
            task.checkBackAt = task.boxEndsAt;
        task.createdAt = now;
        const QString whom = task.owner.isEmpty() ? u"task"_s : u"task for "_s + task.owner;
        const QString back = task.checkBackAt.isValid()
                                 ? u", check-back %1"_s.arg(clockTime(task.checkBackAt))
                                 : QString();
        return taskEvent(u"task"_s, u"%1: %2%3"_s.arg(whom, task.text, back), toJson(task));
    };
}

Deed checkTask(int number, const QString& said, std::optional<std::chrono::seconds> again) {
    return [=](const Incident& incident, const QDateTime& now) -> Result<Event> {
        const auto task = openTask(incident, number);
        if (!task) return tl::unexpected<Error>(task.error());
        const QDateTime next = again ? now.addSecs(again->count()) : QDateTime();
        const QString answer = said.isEmpty() ? u"asked, goes on"_s : said;
        const QString then = next.isValid() ? u", again %1"_s.arg(clockTime(next)) : QString();
        return taskEvent(
            u"task-checked"_s, u"task %1, %2: %3%4"_s.arg(number).arg(task->text, answer, then),
            {{u"number"_s, number}, {u"said"_s, said}, {u"check_back_at"_s, isoText(next)}});
    };
}

Deed passTask(int number, const QString& owner) {
    return [number, name = owner.simplified()](const Incident& incident,
                                               const QDateTime&) -> Result<Event> {
        const auto task = openTask(incident, number);
        if (!task) return tl::unexpected<Error>(task.error());
        if (name.isEmpty()) return fail(ErrorCode::Refused, u"Name who takes the task."_s);
        return taskEvent(u"task-checked"_s,
                         u"task %1 goes to %2: %3"_s.arg(number).arg(name, task->text),
                         {{u"number"_s, number},
                          {u"owner"_s, name},
                          {u"check_back_at"_s, isoText(task->checkBackAt)}});
    };
}

Deed finishTask(int number, const QString& outcome) {
    return ending(number, outcome, u"task-done"_s, u"done"_s);
}

Deed dropTask(int number, const QString& why) {
    return ending(number, why, u"task-dropped"_s, u"dropped"_s);
}

}  // namespace tocsin::incidents
