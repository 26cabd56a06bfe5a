#include "incidents/postmortem.h"

#include <QJsonArray>
#include <QJsonDocument>

#include "delivery/messagejson.h"
#include "incidents/events.h"
#include "incidents/evidence.h"
#include "incidents/projection.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

using std::chrono::milliseconds;

QString utc(const QDateTime& at) {
    return at.isValid() ? at.toUTC().toString(u"yyyy-MM-dd HH:mm:ss"_s) + u" UTC"_s : u"not yet"_s;
}

QString spoken(milliseconds duration) {
    const qint64 seconds = duration.count() / 1000;
    if (seconds < 60) return u"%1 s"_s.arg(seconds);
    if (seconds < 3600) return u"%1 min %2 s"_s.arg(seconds / 60).arg(seconds % 60);
    return u"%1 h %2 min"_s.arg(seconds / 3600).arg(seconds / 60 % 60);
}

QString spoken(const std::optional<milliseconds>& duration) {
    return duration ? spoken(*duration) : u"not yet"_s;
}

QString whatFixedIt(const Record& record) {
    for (const Event& event : record.events)
        if (event.kind == u"resolved") return event.detail[u"fix"_s].toString();
    return {};
}

void addSummary(Document& out, const Record& record, const QDateTime& now) {
    const Incident& incident = record.incident;
    const QString state = incident.isOpen()
                              ? u"It is still open, since %1."_s.arg(
                                    spoken(milliseconds(incident.declaredAt.msecsTo(now))))
                              : u"It was resolved after %1."_s.arg(spoken(timeToResolve(incident)));
    const QString fix = whatFixedIt(record);
    out.append(Block::heading(
        1, u"%1 · %2 · %3"_s.arg(incident.id, nameOf(incident.priority), incident.title)));
    out.append(Block::heading(2, u"Summary"_s));
    out.append(Block::paragraph(u"Declared %1%2. %3"_s.arg(
        utc(incident.declaredAt),
        incident.commander.isEmpty() ? QString() : u", commanded by "_s + incident.commander,
        state)));
    if (!fix.isEmpty()) out.append(Block::paragraph(u"What fixed it: "_s + fix));
    out.append(Block::table({{u"Figure"_s, u"Value"_s},
                             {u"Severity"_s, nameOf(incident.priority)},
                             {u"Declared"_s, utc(incident.declaredAt)},
                             {u"Acknowledged"_s, utc(incident.acknowledgedAt)},
                             {u"Resolved"_s, utc(incident.resolvedAt)},
                             {u"Time to acknowledge"_s, spoken(timeToAcknowledge(incident))},
                             {u"Time to resolve"_s, spoken(timeToResolve(incident))}}));
}

void addImpact(Document& out, const Incident& incident) {
    out.append(Block::heading(2, u"Impact"_s));
    out.append(Block::paragraph(u"To be filled in: who noticed what, how many, for how long."_s));
    if (!incident.keys.isEmpty())
        out.append(Block::paragraph(u"Alerts: "_s + incident.keys.join(u", "_s)));
    if (!incident.alerts.isEmpty()) out.append(Block::bullets(incident.alerts));
}

void addTimeline(Document& out, const QVector<Event>& events) {
    QVector<QStringList> rows{{u"Time (UTC)"_s, u"Who"_s, u"What"_s, u"Said"_s}};
    for (const Event& event : events)
        rows.append({event.at.toUTC().toString(u"yyyy-MM-dd HH:mm:ss"_s), event.actor, event.kind,
                     event.text});
    out.append(Block::heading(2, u"Timeline"_s));
    out.append(Block::table(rows));
}

void addEvidence(Document& out, const QVector<Event>& events) {
    out.append(Block::heading(2, u"What was run"_s));
    bool any = false;
    for (const Event& event : events) {
        if (!isEvidence(event)) continue;
        any = true;
        out += evidenceOf(event);
    }
    if (!any) out.append(Block::paragraph(u"Nothing was run from the console."_s));
}

void addMessages(Document& out, const QVector<delivery::Entry>& messages) {
    out.append(Block::heading(2, u"Who was told when"_s));
    if (messages.isEmpty()) return out.append(Block::paragraph(u"No message was sent."_s));
    QVector<QStringList> rows{
        {u"Due (UTC)"_s, u"Channel"_s, u"State"_s, u"Since (UTC)"_s, u"Tries"_s, u"Message"_s}};
    for (const delivery::Entry& entry : messages) {
        const QString state = nameOf(entry.state) +
                              (entry.message.possibleRepeat ? u", possibly twice"_s : QString());
        const QString to = entry.message.mentions.isEmpty()
                               ? QString()
                               : u"@"_s + entry.message.mentions.join(u", @"_s) + u": "_s;
        rows.append({entry.createdAt.toUTC().toString(u"HH:mm:ss"_s), u"#"_s + entry.channel, state,
                     entry.changedAt.toUTC().toString(u"HH:mm:ss"_s), QString::number(entry.tries),
                     to + entry.message.text});
    }
    out.append(Block::table(rows));
}

QStringList openPoints(const Record& record) {
    QStringList points;
    if (record.incident.isOpen()) points.append(u"The incident is not resolved."_s);
    if (!record.incident.acknowledgedAt.isValid()) points.append(u"Nobody acknowledged it."_s);
    for (const delivery::Entry& entry : record.messages)
        if (!entry.isSettled())
            points.append(u"Message %1 to #%2 is %3. %4"_s.arg(entry.event, entry.channel,
                                                               nameOf(entry.state), entry.answer));
    return points;
}

void addQuestions(Document& out, const Record& record) {
    const QStringList points = openPoints(record);
    out.append(Block::heading(2, u"Open points"_s));
    out.append(points.isEmpty() ? Block::paragraph(u"None known to the console."_s)
                                : Block::bullets(points));
    out.append(Block::heading(2, u"Five whys"_s));
    out.append(Block::bullets({u"Why did users notice? "_s, u"Why did that happen? "_s,
                               u"Why was that possible? "_s, u"Why was it not caught earlier? "_s,
                               u"Why did nothing prevent it? "_s}));
    out.append(Block::heading(2, u"What we change"_s));
    out.append(Block::table({{u"Change"_s, u"Owner"_s, u"By"_s}, {u" "_s, u" "_s, u" "_s}}));
}

std::optional<milliseconds> between(const QDateTime& from, const QDateTime& to) {
    if (!from.isValid() || !to.isValid()) return {};
    return milliseconds(from.msecsTo(to));
}

QJsonValue stamp(const QDateTime& at) {
    return at.isValid() ? QJsonValue(at.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

QJsonObject toJson(const Incident& incident) {
    return {{u"id"_s, incident.id},
            {u"title"_s, incident.title},
            {u"severity"_s, nameOf(incident.priority)},
            {u"phase"_s, nameOf(incident.phase)},
            {u"commander"_s, incident.commander},
            {u"channel"_s, incident.channel},
            {u"runbook"_s, incident.runbook},
            {u"declared_at"_s, stamp(incident.declaredAt)},
            {u"acknowledged_at"_s, stamp(incident.acknowledgedAt)},
            {u"resolved_at"_s, stamp(incident.resolvedAt)},
            {u"alerts"_s, QJsonArray::fromStringList(incident.alerts)},
            {u"keys"_s, QJsonArray::fromStringList(incident.keys)}};
}

QJsonObject toJson(const Event& event) {
    return {{u"seq"_s, event.seq},   {u"at"_s, stamp(event.at)}, {u"actor"_s, event.actor},
            {u"kind"_s, event.kind}, {u"text"_s, event.text},    {u"detail"_s, event.detail}};
}

QJsonObject toJson(const delivery::Entry& entry) {
    return {{u"event"_s, entry.event},
            {u"channel"_s, entry.channel},
            {u"state"_s, nameOf(entry.state)},
            {u"tries"_s, entry.tries},
            {u"created_at"_s, stamp(entry.createdAt)},
            {u"changed_at"_s, stamp(entry.changedAt)},
            {u"remote_id"_s, entry.remoteId},
            {u"answer"_s, entry.answer},
            {u"message"_s, delivery::toJson(entry.message)}};
}

Result<QByteArray> rendered(const Record& record, const QString& format, const QDateTime& now) {
    if (format == u"json") return QJsonDocument(toJson(record)).toJson();
    const Document document = postMortem(record, now);
    if (format == u"md") return toMarkdown(document).toUtf8();
    if (format == u"html")
        return toHtml(document, record.incident.id + u" "_s + record.incident.title).toUtf8();
    return fail(ErrorCode::Refused,
                u"“%1” is not a format to export. Use md, html or json; a browser prints the HTML "
                "as PDF."_s.arg(format));
}

}  // namespace

Result<Record> recordOf(store::Transaction& tx, const QString& incident) {
    auto found = Projection::find(tx, incident);
    if (!found) return tl::unexpected<Error>(found.error());
    if (!*found)
        return fail(ErrorCode::NotFound,
                    u"There is no incident %1. `tocsin incident list` names those there are."_s.arg(
                        incident));
    auto events = eventsOf(tx, incident);
    if (!events) return tl::unexpected<Error>(events.error());
    auto messages = delivery::Ledger::ofIncident(tx, incident);
    if (!messages) return tl::unexpected<Error>(messages.error());
    return Record{**found, *events, *messages};
}

Document postMortem(const Record& record, const QDateTime& now) {
    Document out;
    addSummary(out, record, now);
    addImpact(out, record.incident);
    addTimeline(out, record.events);
    addEvidence(out, record.events);
    addMessages(out, record.messages);
    addQuestions(out, record);
    return out;
}

QJsonObject toJson(const Record& record) {
    QJsonArray timeline, messages;
    for (const Event& event : record.events)
        timeline.append(toJson(event));
    for (const delivery::Entry& entry : record.messages)
        messages.append(toJson(entry));
    return {{u"incident"_s, toJson(record.incident)},
            {u"timeline"_s, timeline},
            {u"messages"_s, messages}};
}

std::optional<milliseconds> timeToAcknowledge(const Incident& incident) {
    return between(incident.declaredAt, incident.acknowledgedAt);
}

std::optional<milliseconds> timeToResolve(const Incident& incident) {
    return between(incident.declaredAt, incident.resolvedAt);
}

QFuture<Result<QByteArray>> exportIncident(store::Database& db, const QString& incident,
                                           const QString& format, const QDateTime& now) {
    return db.read<QByteArray>([=](store::Transaction& tx) -> Result<QByteArray> {
        auto record = recordOf(tx, incident);
        if (!record) return tl::unexpected<Error>(record.error());
        return rendered(*record, format, now);
    });
}

}  // namespace tocsin::incidents
