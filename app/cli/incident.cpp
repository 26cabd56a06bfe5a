// tocsin incident …: which half of the verbs is meant, and whether it was called rightly.
#include "cli/incident.h"

#include "cli/incidentpapers.h"
#include "cli/incidentwish.h"
#include "incidents/incident.h"
#include "workspace/values.h"

using namespace Qt::StringLiterals;

namespace tocsin::cli {
namespace {

const QStringList kReading{u"list"_s, u"show"_s, u"export"_s, u"import"_s, u"stats"_s};
const QStringList kActing{u"declare"_s, u"ack"_s,    u"note"_s,    u"escalate"_s,
                          u"hold"_s,    u"post"_s,   u"resolve"_s, u"reopen"_s,
                          u"merge"_s,   u"assess"_s, u"role"_s,    u"task"_s,
                          u"phase"_s,   u"attach"_s, u"detach"_s,  u"severity"_s};
const QString kSimulate = u"simulate"_s;

/// How many words a verb takes, itself counted; what is not here takes a text of any length.
const QHash<QString, qsizetype>& mostWords() {
    static const QHash<QString, qsizetype> most{
        {u"list"_s, 1},     {u"stats"_s, 1},  {kSimulate, 1},   {u"declare"_s, 1},
        {u"show"_s, 2},     {u"export"_s, 2}, {u"import"_s, 2}, {u"ack"_s, 2},
        {u"escalate"_s, 2}, {u"hold"_s, 2},   {u"assess"_s, 2}, {u"attach"_s, 2},
        {u"detach"_s, 2},   {u"merge"_s, 3},  {u"phase"_s, 3},  {u"severity"_s, 3}};
    return most;
}

QString wordTooMany(const QStringList& words) {
    const qsizetype most = mostWords().value(words.first(), words.size());
    return words.size() > most ? u"“incident %1” takes no “%2”."_s.arg(words.first(), words[most])
                               : QString();
}

bool isDuration(const CommandLine& line, const char* option) {
    return !line.isSet(option) || workspace::durationFromText(line.value(option));
}

/// Empty when the options of the ladder are readable.
QString wrongWithLadder(const CommandLine& line, const QString& verb) {
    if (verb == u"severity") {
        const auto severity = incidents::priorityFromText(line.words().value(2));
        return severity ? QString() : severity.error().message;
    }
    if (verb == u"ack" && !isDuration(line, "silence"))
        return u"--silence is a duration such as 30m: how long nobody may do anything."_s;
    bool number = true;
    if (verb == u"escalate" && line.isSet("level")) (void)line.value("level").toInt(&number);
    return number ? QString() : u"--level is a number of the ladder, such as 2."_s;
}

/// Empty when the words and options are those the verb needs.
QString wrongWith(const CommandLine& line) {
    const QStringList words = line.words();
    const QString verb = words.value(0);
    if (verb != kSimulate && !kReading.contains(verb) && !kActing.contains(verb))
        return u"Say what to do with incidents: %1."_s.arg(
            (kReading + kActing + QStringList{kSimulate}).join(u", "_s));
    if (const QString wrong = wordTooMany(words); !wrong.isEmpty()) return wrong;
    if (verb == kSimulate) return {};
    if (verb == u"declare") {
        if (line.value("title").trimmed().isEmpty() && line.values("alert").isEmpty())
            return u"An incident needs a title: --title TEXT, or --alert FINGERPRINT to take it from."_s;
        const auto severity = incidents::priorityFromText(line.value("severity"));
        return line.isSet("severity") && !severity ? severity.error().message : QString();
    }
    if (verb == u"stats") {
        bool isNumber = true;
        const int days = line.isSet("days") ? line.value("days").toInt(&isNumber) : 1;
        return isNumber && days > 0 ? QString() : u"--days is a number of days, such as 90."_s;
    }
    if (verb == u"import" && words.size() < 2)
        return u"Name the file: tocsin incident import INC-42.json."_s;
    if (verb != u"list" && words.size() < 2)
        return u"Name the incident: tocsin incident %1 INC-1."_s.arg(verb);
    if (verb == u"export") return wrongExport(line);
    if ((verb == u"note" || verb == u"post") && words.mid(2).join(QString()).trimmed().isEmpty())
        return u"Say what to write: tocsin incident %1 INC-1 \"text\"."_s.arg(verb);
    if (verb == u"hold" &&
        (!line.isSet("reason") || !workspace::durationFromText(line.value("for"))))
        return u"A hold needs a reason and a length: --reason TEXT --for 15m."_s;
    const QString wrong = wrongWithLadder(line, verb);
    return wrong.isEmpty() ? IncidentWish::wrongDeed(line) : wrong;
}

}  // namespace

void runIncident(const QStringList& args, Clock& clock, const Done& done) {
    CommandLine line("incident");
    line.addValue(u"title"_s, u"declare: what is broken, for whom."_s, u"TEXT"_s);
    line.addValue(u"severity"_s, u"declare, simulate: P1, P2, P3 or P4."_s, u"P"_s);
    line.addValue(u"alert"_s, u"declare, attach, detach: this alert; may be repeated."_s,
                  u"FINGERPRINT"_s);
    line.addValue(u"channel"_s, u"declare, post: where to post, instead of the policy's."_s,
                  u"NAME"_s);
    line.addValue(u"reason"_s,
                  u"hold: why nobody else is paged; role commander: the state of things."_s,
                  u"TEXT"_s);
    line.addValue(u"for"_s, u"hold, simulate: how long; task add: its time box, such as 15m."_s,
                  u"DURATION"_s);
    line.addValue(u"key"_s, u"attach, detach: this key; may be repeated."_s, u"KEY"_s);
    line.addValue(u"owner"_s, u"task add: who does it."_s, u"NAME"_s);
    line.addValue(u"check-back"_s, u"task add, task check: ask how it goes after this."_s,
                  u"DURATION"_s);
    line.addValue(u"verify"_s, u"resolve: how long the alerts must stay clear."_s, u"DURATION"_s);
    line.addFlag(u"remove"_s, u"role: take it away."_s);
    line.addValue(u"impact"_s, u"assess: what people notice."_s, u"TEXT"_s);
    line.addValue(u"users"_s, u"assess: how many, or which."_s, u"TEXT"_s);
    line.addValue(u"services"_s, u"assess: what is affected."_s, u"TEXT"_s);
    line.addValue(u"error-rate"_s, u"assess: as measured."_s, u"TEXT"_s);
    line.addValue(u"level"_s, u"escalate: to this level instead of the next."_s, u"N"_s);
    line.addValue(u"silence"_s,
                  u"ack: when nobody does anything for so long, the ladder goes on."_s,
                  u"DURATION"_s);
    line.addValue(u"at"_s, u"simulate: declared then, such as 2026-01-31T22:30Z; now without it."_s,
                  u"TIME"_s);
    line.addValue(u"ack-after"_s, u"simulate: somebody acknowledges then."_s, u"DURATION"_s);
    line.addValue(u"format"_s, u"export: md (default), html, pdf or json."_s, u"FORMAT"_s);
    line.addValue(u"output"_s, u"export: write to this file; its ending is the format."_s,
                  u"FILE"_s);
    line.addValue(u"days"_s, u"stats: over the last N days; 365 without it."_s, u"N"_s);
    line.addValue(u"by"_s, u"Who acts, instead of the login name."_s, u"NAME"_s);
    if (!line.read(args, done)) return;
    if (const QString wrong = wrongWith(line); !wrong.isEmpty()) return line.refuse(wrong, done);
    if (line.words().first() == kSimulate)
        simulateIncident(line, clock, done);
    else if (kReading.contains(line.words().first()))
        readIncidents(line, clock, done);
    else
        actOnIncident(line, clock, done);
}

}  // namespace tocsin::cli
