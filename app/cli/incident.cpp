// tocsin incident …: which half of the verbs is meant, and whether it was called rightly.
#include "cli/incident.h"

#include "incidents/incident.h"
#include "workspace/values.h"

using namespace Qt::StringLiterals;

namespace tocsin::cli {
namespace {

const QStringList kReading{u"list"_s, u"show"_s, u"export"_s};
const QStringList kActing{u"declare"_s, u"ack"_s,  u"note"_s,   u"escalate"_s,
                          u"hold"_s,    u"post"_s, u"resolve"_s};

/// Empty when the words and options are those the verb needs.
QString wrongWith(const CommandLine& line) {
    const QStringList words = line.words();
    const QString verb = words.value(0);
    if (!kReading.contains(verb) && !kActing.contains(verb))
        return u"Say what to do with incidents: %1."_s.arg((kReading + kActing).join(u", "_s));
    if (verb == u"declare") {
        if (line.value("title").trimmed().isEmpty() && line.values("alert").isEmpty())
            return u"An incident needs a title: --title TEXT, or --alert FINGERPRINT to take it from."_s;
        const auto severity = incidents::priorityFromText(line.value("severity"));
        return line.isSet("severity") && !severity ? severity.error().message : QString();
    }
    if (verb != u"list" && words.size() < 2)
        return u"Name the incident: tocsin incident %1 INC-1."_s.arg(verb);
    if ((verb == u"note" || verb == u"post") && words.size() < 3)
        return u"Say what to write: tocsin incident %1 INC-1 \"text\"."_s.arg(verb);
    if (verb == u"hold" &&
        (!line.isSet("reason") || !workspace::durationFromText(line.value("for"))))
        return u"A hold needs a reason and a length: --reason TEXT --for 15m."_s;
    return {};
}

}  // namespace

void runIncident(const QStringList& args, Clock& clock, const Done& done) {
    CommandLine line("incident");
    line.addValue(u"title"_s, u"declare: what is broken, for whom."_s, u"TEXT"_s);
    line.addValue(u"severity"_s, u"declare: P1, P2, P3 or P4."_s, u"P"_s);
    line.addValue(u"alert"_s, u"declare: attach this alert; may be repeated."_s, u"FINGERPRINT"_s);
    line.addValue(u"channel"_s, u"declare, post: where to post, instead of the policy's."_s,
                  u"NAME"_s);
    line.addValue(u"reason"_s, u"hold: why nobody else is paged."_s, u"TEXT"_s);
    line.addValue(u"for"_s, u"hold: how long, such as 15m."_s, u"DURATION"_s);
    line.addValue(u"format"_s, u"export: md (default), html or json."_s, u"FORMAT"_s);
    line.addValue(u"by"_s, u"Who acts, instead of the login name."_s, u"NAME"_s);
    if (!line.read(args, done)) return;
    if (const QString wrong = wrongWith(line); !wrong.isEmpty()) return line.refuse(wrong, done);
    if (kReading.contains(line.words().first()))
        readIncidents(line, clock, done);
    else
        actOnIncident(line, clock, done);
}

}  // namespace tocsin::cli
