// The words and options of tocsin incident …, and the deeds they stand for.
#include "cli/incidentwish.h"

#include "workspace/values.h"

using namespace Qt::StringLiterals;

namespace tocsin::cli {
namespace {

const QStringList kTaskVerbs{u"add"_s, u"check"_s, u"pass"_s, u"done"_s, u"drop"_s};

std::optional<std::chrono::seconds> wholeSeconds(
    const std::optional<std::chrono::milliseconds>& length) {
    if (!length) return {};
    return std::chrono::duration_cast<std::chrono::seconds>(*length);
}

QString wrongTask(const QStringList& words) {
    const QString what = words.value(2);
    if (!kTaskVerbs.contains(what))
        return u"Say what to do with the task: %1."_s.arg(kTaskVerbs.join(u", "_s));
    if (what == u"add")
        return words.size() > 3
                   ? QString()
                   : u"Say what is to be done: tocsin incident task INC-1 add \"text\"."_s;
    bool isNumber = false;
    (void)words.value(3).toInt(&isNumber);
    if (!isNumber)
        return u"Name the task by its number: tocsin incident task INC-1 %1 1."_s.arg(what);
    if (what == u"pass" && words.size() < 5)
        return u"Name who takes it: tocsin incident task INC-1 pass 1 NAME."_s;
    return {};
}

QString wrongDuration(const CommandLine& line) {
    for (const char* option : {"for", "check-back", "verify"})
        if (line.isSet(option) && !workspace::durationFromText(line.value(option)))
            return u"--%1 needs a duration such as 15m, not “%2”."_s.arg(QLatin1String(option),
                                                                         line.value(option));
    return {};
}

}  // namespace

IncidentWish::IncidentWish(const CommandLine& line)
    : words(line.words()),
      verb(words.first()),
      id(words.value(1).toUpper()),
      text(words.mid(2).join(u' ')),
      title(line.value("title")),
      severity(line.value("severity")),
      channel(line.value("channel")),
      reason(line.value("reason")),
      length(workspace::durationFromText(line.value("for"))),
      checkBack(workspace::durationFromText(line.value("check-back"))),
      verify(workspace::durationFromText(line.value("verify"))),
      silence(workspace::durationFromText(line.value("silence"))),
      level(line.value("level").toInt()),
      by(line.value("by")),
      owner(line.value("owner")),
      assessment{line.value("impact"), line.value("users"), line.value("services"),
                 line.value("error-rate")},
      alerts(line.values("alert")),
      keys(line.values("key")),
      remove(line.isSet("remove")),
      json(line.json()) {
}

const QStringList& IncidentWish::deedVerbs() {
    static const QStringList verbs{u"assess"_s, u"role"_s,   u"task"_s,
                                   u"phase"_s,  u"attach"_s, u"detach"_s};
    return verbs;
}

QString IncidentWish::wrongDeed(const CommandLine& line) {
    const QStringList words = line.words();
    const QString verb = words.value(0);
    if (const QString wrong = wrongDuration(line); !wrong.isEmpty()) return wrong;
    if (verb == u"role") {
        const auto role = incidents::roleFromText(words.value(2));
        if (!role) return role.error().message;
        if (words.size() < 4 && !line.isSet("remove"))
            return u"Name who: tocsin incident role INC-1 %1 NAME."_s.arg(words.value(2));
    }
    if (verb == u"phase") {
        const auto phase = incidents::phaseFromText(words.value(2));
        if (!phase) return phase.error().message;
    }
    if (verb == u"task") return wrongTask(words);
    if ((verb == u"attach" || verb == u"detach") && line.values("alert").isEmpty() &&
        line.values("key").isEmpty())
        return u"Say what to %1: --alert SOURCE/FINGERPRINT or --key KEY."_s.arg(verb);
    if (verb == u"merge" && words.size() < 3)
        return u"Name the incident that goes on: tocsin incident merge INC-1 INC-2."_s;
    return {};
}

incidents::Deed IncidentWish::deed() const {
    if (verb == u"assess") return incidents::assess(assessment);
    if (verb == u"role") {
        const auto role = incidents::roleFromText(word(0)).value_or(incidents::Role::Specialist);
        return remove ? incidents::takeRole(role, rest(1)) : incidents::giveRole(role, rest(1));
    }
    if (verb == u"phase")
        return incidents::enterPhase(
            incidents::phaseFromText(word(0)).value_or(incidents::Phase::Investigate));
    if (verb == u"detach") return incidents::detach(alerts, keys);
    if (verb == u"attach") return incidents::attachAgain(alerts, keys);
    return taskDeed();
}

incidents::Deed IncidentWish::taskDeed() const {
    const int number = word(1).toInt();
    if (word(0) == u"add")
        return incidents::addTask({rest(1), owner, wholeSeconds(length), wholeSeconds(checkBack)});
    if (word(0) == u"check") return incidents::checkTask(number, rest(2), wholeSeconds(checkBack));
    if (word(0) == u"pass") return incidents::passTask(number, rest(2));
    if (word(0) == u"done") return incidents::finishTask(number, rest(2));
    return incidents::dropTask(number, rest(2));
}

}  // namespace tocsin::cli
