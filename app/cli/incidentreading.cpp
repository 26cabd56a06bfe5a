// tocsin incident list | show | export: what the store says.
#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonObject>

#include "cli/answering.h"
#include "cli/incident.h"
#include "cli/incidentpapers.h"
#include "cli/output.h"
#include "escalation/ladderstore.h"
#include "incidents/incidentjson.h"
#include "incidents/postmortem.h"
#include "incidents/projection.h"
#include "sdk/async.h"
#include "sdk/secret.h"

using namespace Qt::StringLiterals;

namespace tocsin::cli {
namespace {

constexpr int kAll = 1000000;

struct Shown {
    incidents::Record record;
    escalation::Ladder ladder;
};

QJsonValue stamp(const QDateTime& at) {
    return at.isValid() ? QJsonValue(at.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

QJsonObject heading(const incidents::Incident& incident) {
    return {{u"id"_s, incident.id},
            {u"title"_s, incident.title},
            {u"severity"_s, nameOf(incident.priority)},
            {u"phase"_s, nameOf(incident.phase)},
            {u"commander"_s, incident.commander},
            {u"declared_at"_s, stamp(incident.declaredAt)},
            {u"acknowledged_at"_s, stamp(incident.acknowledgedAt)},
            {u"resolved_at"_s, stamp(incident.resolvedAt)}};
}

/// Team, tasks and what else the events come to.
void addCase(QJsonObject& out, const incidents::Incident& incident) {
    QJsonArray roles, tasks, silences;
    for (const incidents::Assignment& one : incident.roles)
        roles.append(QJsonObject{{u"role"_s, nameOf(one.role)},
                                 {u"name"_s, one.person},
                                 {u"since"_s, stamp(one.since)}});
    for (const incidents::Task& one : incident.tasks)
        tasks.append(incidents::toJson(one));
    for (const incidents::Silence& one : incident.silences)
        silences.append(QJsonObject{{u"source"_s, one.source},
                                    {u"alert"_s, one.alert},
                                    {u"id"_s, one.id},
                                    {u"until"_s, stamp(one.until)},
                                    {u"error"_s, one.error}});
    out[u"channel"_s] = incident.channel;
    out[u"alerts"_s] = QJsonArray::fromStringList(incident.alerts);
    out[u"keys"_s] = QJsonArray::fromStringList(incident.keys);
    out[u"roles"_s] = roles;
    out[u"tasks"_s] = tasks;
    out[u"silences"_s] = silences;
    out[u"assessment"_s] = incidents::toJson(incident.assessment);
    out[u"fix"_s] = incident.fix;
    out[u"verify_s"_s] = static_cast<qint64>(incident.verification.span.count());
    out[u"verified_at"_s] = stamp(incident.verification.verifiedAt);
    out[u"reopenings"_s] = incident.reopenings;
    out[u"merged_into"_s] = incident.mergedInto;
}

QJsonArray levelsOf(const escalation::Ladder& ladder) {
    QJsonArray levels;
    for (const escalation::Rung& rung : ladder.rungs)
        levels.append(QJsonObject{{u"level"_s, rung.level},
                                  {u"name"_s, rung.name},
                                  {u"due_at"_s, stamp(rung.dueAt)},
                                  {u"paged_at"_s, stamp(rung.pagedAt)},
                                  {u"state"_s, nameOf(rung.state)},
                                  {u"note"_s, rung.note}});
    return levels;
}

QJsonArray messagesOf(const QVector<delivery::Entry>& entries) {
    QJsonArray messages;
    for (const delivery::Entry& entry : entries)
        messages.append(
            QJsonObject{{u"event"_s, entry.event},
                        {u"channel"_s, entry.channel},
                        {u"state"_s, nameOf(entry.state)},
                        {u"tries"_s, entry.tries},
                        {u"remote_id"_s, entry.remoteId},
                        {u"text"_s, redact(entry.message.text)},
                        {u"mentions"_s, QJsonArray::fromStringList(entry.message.mentions)},
                        {u"possible_repeat"_s, entry.message.possibleRepeat},
                        {u"answer"_s, entry.answer}});
    return messages;
}

QJsonArray timelineOf(const QVector<incidents::Event>& events) {
    QJsonArray timeline;
    for (const incidents::Event& event : events)
        timeline.append(QJsonObject{{u"at"_s, stamp(event.at)},
                                    {u"actor"_s, event.actor},
                                    {u"kind"_s, event.kind},
                                    {u"text"_s, event.text}});
    return timeline;
}

void printShown(const Shown& shown, bool json) {
    const incidents::Incident& incident = shown.record.incident;
    if (json) {
        QJsonObject out = heading(incident);
        addCase(out, incident);
        out[u"levels"_s] = levelsOf(shown.ladder);
        out[u"messages"_s] = messagesOf(shown.record.messages);
        out[u"timeline"_s] = timelineOf(shown.record.events);
        return print(QJsonDocument(out));
    }
    print(u"%1  %2  %3  (%4)"_s.arg(incident.id, nameOf(incident.priority), incident.title,
                                    nameOf(incident.phase)));
    QVector<QStringList> levels{{u"LEVEL"_s, u"NAME"_s, u"DUE"_s, u"STATE"_s, u"NOTE"_s}};
    for (const escalation::Rung& rung : shown.ladder.rungs)
        levels.append({QString::number(rung.level), rung.name, utc(rung.dueAt), nameOf(rung.state),
                       rung.note});
    QVector<QStringList> messages{
        {u"MESSAGE"_s, u"CHANNEL"_s, u"STATE"_s, u"TRIES"_s, u"ANSWER"_s}};
    for (const delivery::Entry& entry : shown.record.messages)
        messages.append({entry.event, entry.channel, nameOf(entry.state),
                         QString::number(entry.tries), entry.answer});
    QVector<QStringList> timeline{{u"AT"_s, u"WHO"_s, u"WHAT"_s}};
    for (const incidents::Event& event : shown.record.events)
        timeline.append({utc(event.at), event.actor, event.text});
    QVector<QStringList> tasks{{u"TASK"_s, u"OWNER"_s, u"CHECK BACK"_s, u"DONE"_s, u"WHAT"_s}};
    for (const incidents::Task& task : incident.tasks)
        tasks.append({QString::number(task.number), task.owner, utc(task.checkBackAt),
                      utc(task.doneAt), task.text});
    for (const auto& rows : {levels, tasks, messages, timeline})
        if (rows.size() > 1) print(u"\n"_s + table(rows));
}

void printList(const QVector<incidents::Incident>& incidents, bool json) {
    if (json) {
        QJsonArray out;
        for (const incidents::Incident& incident : incidents)
            out.append(heading(incident));
        return print(QJsonDocument(out));
    }
    if (incidents.isEmpty()) return print(u"No incident was declared here."_s);
    QVector<QStringList> rows{
        {u"ID"_s, u"SEV"_s, u"PHASE"_s, u"DECLARED"_s, u"RESOLVED"_s, u"TITLE"_s}};
    for (const incidents::Incident& incident : incidents)
        rows.append({incident.id, nameOf(incident.priority), nameOf(incident.phase),
                     utc(incident.declaredAt), utc(incident.resolvedAt), incident.title});
    print(table(rows));
}

Result<Shown> readShown(store::Transaction& tx, const QString& id) {
    auto record = incidents::recordOf(tx, id);
    if (!record) return tl::unexpected<Error>(record.error());
    auto ladder = escalation::loadLadder(tx, id);
    return Shown{*record, ladder.value_or(escalation::Ladder())};
}

}  // namespace

void readIncidents(const CommandLine& line, Clock& clock, const Done& done) {
    const bool json = line.json();
    auto opened = store::Database::open(store::Database::fileIn(line.dataFolder()));
    if (!opened) {
        complain(opened.error(), json);
        QMetaObject::invokeMethod(
            QCoreApplication::instance(), [done] { done(Failure); }, Qt::QueuedConnection);
        return;
    }
    const std::shared_ptr<store::Database> db = std::move(*opened);
    if (!db->openNote().isEmpty()) complain(db->openNote());
    const QString verb = line.words().first(), id = line.words().value(1).toUpper();
    if (verb == u"list")
        return answer<QVector<incidents::Incident>>(
            db->read<QVector<incidents::Incident>>(
                [](store::Transaction& tx) { return incidents::Projection::list(tx, kAll); }),
            db, json, done, [json](const auto& all) { printList(all, json); });
    if (verb == u"show")
        return answer<Shown>(
            db->read<Shown>([id](store::Transaction& tx) { return readShown(tx, id); }), db, json,
            done, [json](const Shown& shown) { printShown(shown, json); });
    if (verb == u"stats") return showStatistics(line, db, clock, done);
    if (verb == u"import") return importFrom(line, db, clock, done);
    exportTo(line, db, clock, done);
}

}  // namespace tocsin::cli
