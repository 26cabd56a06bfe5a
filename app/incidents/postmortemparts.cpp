#include "incidents/postmortemparts.h"

#include <QHash>

#include "incidents/evidence.h"
#include "incidents/lessons.h"
#include "incidents/timeline.h"
#include "incidents/timelinedrawing.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

using std::chrono::milliseconds;

QString utcText(const QDateTime& at) {
    return at.isValid() ? at.toUTC().toString(u"yyyy-MM-dd HH:mm:ss"_s) + u" UTC"_s : u"not yet"_s;
}

QString whatFixed(const Record& record) {
    for (qsizetype i = record.events.size() - 1; i >= 0; --i)
        if (record.events[i].kind == u"resolved")
            return record.events[i].detail[u"fix"_s].toString();
    return {};
}

Document summaryPart(const Record& record, const QDateTime& now) {
    const Incident& incident = record.incident;
    const QString state =
        incident.isOpen() ? u"It is still open, for %1 now."_s.arg(
                                spokenSpan(milliseconds(incident.declaredAt.msecsTo(now))))
                          : u"It was resolved after %1."_s.arg(spokenSpan(timeToResolve(incident)));
    Document out{Block::paragraph(u"Declared %1%2. %3"_s.arg(
        utcText(incident.declaredAt),
        incident.commander.isEmpty() ? QString() : u", commanded by "_s + incident.commander,
        state))};
    if (const QString fix = whatFixed(record); !fix.isEmpty())
        out.append(Block::paragraph(u"What fixed it: "_s + fix));
    if (incident.reopenings > 0)
        out.append(Block::paragraph(u"It was reopened %1."_s.arg(
            incident.reopenings == 1 ? u"once"_s : u"%1 times"_s.arg(incident.reopenings))));
    if (!incident.mergedInto.isEmpty())
        out.append(Block::paragraph(u"It went into %1."_s.arg(incident.mergedInto)));
    return out;
}

Document figuresPart(const Record& record, const QDateTime&) {
    const Incident& incident = record.incident;
    return {Block::table({{u"Figure"_s, u"Value"_s},
                          {u"Severity"_s, nameOf(incident.priority)},
                          {u"Declared"_s, utcText(incident.declaredAt)},
                          {u"Acknowledged"_s, utcText(incident.acknowledgedAt)},
                          {u"Resolved"_s, utcText(incident.resolvedAt)},
                          {u"Time to acknowledge"_s, spokenSpan(timeToAcknowledge(incident))},
                          {u"Time to resolve"_s, spokenSpan(timeToResolve(incident))}})};
}

Document impactPart(const Record& record, const QDateTime&) {
    const Incident& incident = record.incident;
    const Assessment& known = incident.assessment;
    Document out;
    if (known.isEmpty())
        out.append(
            Block::paragraph(u"To be filled in: who noticed what, how many, for how long."_s));
    QVector<QStringList> rows{{u"What"_s, u"As assessed"_s}};
    const auto add = [&](const QString& what, const QString& said) {
        if (!said.isEmpty()) rows.append({what, said});
    };
    add(u"Impact"_s, known.impact);
    add(u"Users"_s, known.users);
    add(u"Services"_s, known.services);
    add(u"Error rate"_s, known.errorRate);
    if (rows.size() > 1) out.append(Block::table(rows));
    if (!incident.keys.isEmpty())
        out.append(Block::paragraph(u"Alerts: "_s + incident.keys.join(u", "_s)));
    if (!incident.alerts.isEmpty()) out.append(Block::bullets(incident.alerts));
    return out;
}

Document teamPart(const Record& record, const QDateTime&) {
    QVector<QStringList> rows{{u"Role"_s, u"Who"_s, u"Since (UTC)"_s}};
    for (const Assignment& one : record.incident.roles)
        rows.append({nameOf(one.role), one.person, one.since.toUTC().toString(u"HH:mm:ss"_s)});
    return rows.size() > 1 ? Document{Block::table(rows)} : Document();
}

Document drawingPart(const Record& record, const QDateTime& now) {
    const QString svg = timelineDrawing(record, now);
    return svg.isEmpty() ? Document() : Document{Block::drawing(svg)};
}

Document timelinePart(const Record& record, const QDateTime&) {
    const auto corrections = correctionsOf(record.events);
    QVector<QStringList> rows{{u"Time (UTC)"_s, u"Who"_s, u"What"_s, u"Said"_s}};
    for (const Event& event : record.events) {
        const auto right = corrections.constFind(event.seq);
        const QString said = right == corrections.constEnd()
                                 ? event.text
                                 : u"%1 (corrected: %2)"_s.arg(event.text, right->text);
        rows.append(
            {event.at.toUTC().toString(u"yyyy-MM-dd HH:mm:ss"_s), event.actor, event.kind, said});
    }
    return {Block::table(rows)};
}

Document runsPart(const Record& record, const QDateTime&) {
    Document out;
    for (const Event& event : record.events)
        if (isEvidence(event)) out += evidenceOf(event);
    if (out.isEmpty()) out.append(Block::paragraph(u"Nothing was run from the console."_s));
    return out;
}

Document messagesPart(const Record& record, const QDateTime&) {
    if (record.messages.isEmpty()) return {Block::paragraph(u"No message was sent."_s)};
    QVector<QStringList> rows{
        {u"Due (UTC)"_s, u"Channel"_s, u"State"_s, u"Since (UTC)"_s, u"Tries"_s, u"Message"_s}};
    for (const delivery::Entry& entry : record.messages) {
        const QString state = nameOf(entry.state) +
                              (entry.message.possibleRepeat ? u", possibly twice"_s : QString());
        const QString to = entry.message.mentions.isEmpty()
                               ? QString()
                               : u"@"_s + entry.message.mentions.join(u", @"_s) + u": "_s;
        rows.append({entry.createdAt.toUTC().toString(u"HH:mm:ss"_s), u"#"_s + entry.channel, state,
                     entry.changedAt.toUTC().toString(u"HH:mm:ss"_s), QString::number(entry.tries),
                     to + entry.message.text});
    }
    return {Block::table(rows)};
}

Document tasksPart(const Record& record, const QDateTime&) {
    QVector<QStringList> rows{{u"Task"_s, u"Owner"_s, u"Since (UTC)"_s, u"What"_s}};
    for (const Task& task : record.incident.tasks)
        if (task.isOpen())
            rows.append({QString::number(task.number), task.owner,
                         task.createdAt.toUTC().toString(u"yyyy-MM-dd HH:mm"_s), task.text});
    return {rows.size() > 1 ? Block::table(rows) : Block::paragraph(u"No task is open."_s)};
}

Document pointsPart(const Record& record, const QDateTime&) {
    QStringList points;
    if (record.incident.isOpen()) points.append(u"The incident is not resolved."_s);
    if (!record.incident.acknowledgedAt.isValid()) points.append(u"Nobody acknowledged it."_s);
    for (const delivery::Entry& entry : record.messages)
        if (!entry.isSettled())
            points.append(u"Message %1 to #%2 is %3. %4"_s.arg(entry.event, entry.channel,
                                                               nameOf(entry.state), entry.answer));
    return {points.isEmpty() ? Block::paragraph(u"None known to the console."_s)
                             : Block::bullets(points)};
}

Document lessonsPart(const Record& record, const QDateTime&) {
    const QVector<Lesson> lessons = lessonsOf(record.events);
    if (lessons.isEmpty())
        return {Block::paragraph(u"No step was passed over, edited or failed."_s)};
    QStringList items;
    for (const Lesson& lesson : lessons)
        items.append(lesson.runbook.isEmpty() ? lesson.text
                                              : lesson.runbook + u": "_s + lesson.text);
    return {Block::bullets(items)};
}

}  // namespace

QMap<QString, QString> postMortemValues(const Record& record, const QString& workspace) {
    const Incident& incident = record.incident;
    return {{u"incident"_s, incident.id},
            {u"title"_s, incident.title},
            {u"severity"_s, nameOf(incident.priority)},
            {u"commander"_s, incident.commander},
            {u"channel"_s, incident.channel},
            {u"declared"_s, utcText(incident.declaredAt)},
            {u"acknowledged"_s, utcText(incident.acknowledgedAt)},
            {u"resolved"_s, utcText(incident.resolvedAt)},
            {u"time_to_acknowledge"_s, spokenSpan(timeToAcknowledge(incident))},
            {u"time_to_resolve"_s, spokenSpan(timeToResolve(incident))},
            {u"fix"_s, whatFixed(record)},
            {u"runbook"_s, incident.runbook},
            {u"keys"_s, incident.keys.join(u", "_s)},
            {u"workspace"_s, workspace}};
}

Document postMortemPart(const QString& name, const Record& record, const QDateTime& now) {
    using Part = Document (*)(const Record&, const QDateTime&);
    static const QHash<QString, Part> parts{
        {u"summary"_s, summaryPart}, {u"figures"_s, figuresPart},   {u"impact"_s, impactPart},
        {u"team"_s, teamPart},       {u"drawing"_s, drawingPart},   {u"timeline"_s, timelinePart},
        {u"runs"_s, runsPart},       {u"messages"_s, messagesPart}, {u"tasks"_s, tasksPart},
        {u"points"_s, pointsPart},   {u"lessons"_s, lessonsPart}};
    const Part part = parts.value(name);
    return part ? part(record, now) : Document();
}

}  // namespace tocsin::incidents
