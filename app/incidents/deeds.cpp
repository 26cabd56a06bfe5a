#include "incidents/deeds.h"

#include <QJsonArray>

#include "incidents/checklist.h"
#include "incidents/incidentjson.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

Event said(const QString& kind, const QString& text, const QJsonObject& detail = {}) {
    Event event;
    event.kind = kind;
    event.text = text;
    event.detail = detail;
    return event;
}

QStringList without(const QStringList& all, const QStringList& gone) {
    QStringList left = all;
    left.removeIf([&](const QString& one) { return gone.contains(one); });
    return left;
}

QStringList onlyOf(const QStringList& all, const QStringList& known) {
    QStringList found = all;
    found.removeIf([&](const QString& one) { return !known.contains(one); });
    return found;
}

QString named(const QStringList& alerts, const QStringList& keys) {
    return keys.isEmpty() ? alerts.join(u", "_s) : keys.join(u", "_s);
}

QJsonObject lists(const QStringList& alerts, const QStringList& keys) {
    return {{u"alerts"_s, QJsonArray::fromStringList(alerts)},
            {u"keys"_s, QJsonArray::fromStringList(keys)}};
}

Result<Event> attaching(const Incident& incident, const QStringList& alerts,
                        const QStringList& keys, const QString& why) {
    const QStringList newAlerts = without(alerts, incident.alerts);
    const QStringList newKeys = without(keys, incident.keys);
    if (newAlerts.isEmpty() && (newKeys.isEmpty() || !why.isEmpty()))
        return fail(ErrorCode::Refused, u"All of that is attached already."_s);
    const QString because = why.isEmpty() ? QString() : u" · "_s + why;
    return said(u"attached"_s, u"attached %1%2"_s.arg(named(newAlerts, keys), because),
                lists(newAlerts, newKeys));
}

/// "a minute", "15 min", "2 h", as the timeline says it.
QString spanText(std::chrono::seconds span) {
    if (span.count() < 60) return u"%1 s"_s.arg(span.count());
    const qint64 minutes = span.count() / 60;
    return minutes % 60 == 0 ? u"%1 h"_s.arg(minutes / 60) : u"%1 min"_s.arg(minutes);
}

}  // namespace

Deed assess(const Assessment& assessment) {
    return [assessment](const Incident&, const QDateTime&) -> Result<Event> {
        if (assessment.isEmpty())
            return fail(ErrorCode::Refused,
                        u"An assessment needs at least one answer: impact, users, services or "
                        "error rate."_s);
        QStringList parts;
        if (!assessment.impact.isEmpty()) parts << assessment.impact;
        if (!assessment.users.isEmpty()) parts << u"users: "_s + assessment.users;
        if (!assessment.services.isEmpty()) parts << u"services: "_s + assessment.services;
        if (!assessment.errorRate.isEmpty()) parts << u"error rate: "_s + assessment.errorRate;
        return said(u"assessed"_s, u"assessed: "_s + parts.join(u" · "_s), toJson(assessment));
    };
}

Deed giveRole(Role role, const QString& person) {
    return [role, name = person.simplified()](const Incident& incident,
                                              const QDateTime&) -> Result<Event> {
        if (name.isEmpty())
            return fail(ErrorCode::Refused, u"Name who becomes %1."_s.arg(nameOf(role)));
        if (role == Role::Commander)
            return fail(ErrorCode::Refused, u"The command is handed over: use the hand-over."_s);
        for (const Assignment& one : incident.roles)
            if (one.role == role && one.person == name)
                return fail(ErrorCode::Refused, u"%1 is %2 already."_s.arg(name, nameOf(role)));
        return said(u"role"_s, u"%1 is %2"_s.arg(name, nameOf(role)),
                    {{u"role"_s, nameOf(role)}, {u"name"_s, name}, {u"given"_s, true}});
    };
}

Deed takeRole(Role role, const QString& person) {
    return [role, person](const Incident& incident, const QDateTime&) -> Result<Event> {
        for (const Assignment& one : incident.roles)
            if (one.role == role && (person.isEmpty() || one.person == person))
                return said(
                    u"role"_s, u"%1 is no longer %2"_s.arg(one.person, nameOf(role)),
                    {{u"role"_s, nameOf(role)}, {u"name"_s, one.person}, {u"given"_s, false}});
        return fail(ErrorCode::NotFound, u"Nobody of that name is %1."_s.arg(nameOf(role)));
    };
}

Deed tick(Phase phase, const QString& item, bool done) {
    return [phase, item, done](const Incident& incident, const QDateTime&) -> Result<Event> {
        for (const ChecklistItem& one : checklist(incident, phase))
            if (one.id == item)
                return said(
                    u"checked"_s,
                    (done ? u"%1: %2"_s : u"%1: not yet: %2"_s).arg(nameOf(phase), one.text),
                    {{u"phase"_s, nameOf(phase)}, {u"item"_s, item}, {u"done"_s, done}});
        return fail(ErrorCode::NotFound,
                    u"The checklist of “%1” has no item “%2”."_s.arg(nameOf(phase), item));
    };
}

Deed enterPhase(Phase phase) {
    return [phase](const Incident& incident, const QDateTime&) -> Result<Event> {
        if (phase == Phase::Acknowledge)
            return fail(ErrorCode::Refused,
                        u"An incident is acknowledged by somebody: use the acknowledgement."_s);
        if (phase == Phase::PostMortem && incident.isOpen())
            return fail(ErrorCode::Refused,
                        u"%1 is still open: resolve it first."_s.arg(incident.id));
        if (phase != Phase::PostMortem && !incident.isOpen())
            return fail(ErrorCode::Refused, u"%1 is resolved: reopen it first."_s.arg(incident.id));
        return said(u"phase"_s, u"phase: %1"_s.arg(nameOf(phase)), {{u"phase"_s, nameOf(phase)}});
    };
}

Deed attachLater(const QStringList& alerts, const QStringList& keys, const QString& why) {
    return [alerts, keys, why](const Incident& incident, const QDateTime&) -> Result<Event> {
        return attaching(incident, without(alerts, incident.detached), keys, why);
    };
}

Deed attachAgain(const QStringList& alerts, const QStringList& keys) {
    return [alerts, keys](const Incident& incident, const QDateTime&) -> Result<Event> {
        return attaching(incident, alerts, keys, {});
    };
}

Deed detach(const QStringList& alerts, const QStringList& keys) {
    return [alerts, keys](const Incident& incident, const QDateTime&) -> Result<Event> {
        const QStringList goneAlerts = onlyOf(alerts, incident.alerts);
        const QStringList goneKeys = onlyOf(keys, incident.keys);
        if (goneAlerts.isEmpty() && goneKeys.isEmpty())
            return fail(ErrorCode::NotFound,
                        u"%1 has nothing of that attached."_s.arg(incident.id));
        return said(u"detached"_s, u"detached %1"_s.arg(named(goneAlerts, goneKeys)),
                    lists(goneAlerts, goneKeys));
    };
}

Deed startVerifying(std::chrono::seconds span) {
    return [span](const Incident& incident, const QDateTime&) -> Result<Event> {
        if (incident.isOpen())
            return fail(ErrorCode::Refused,
                        u"%1 is still open: resolve it first."_s.arg(incident.id));
        return said(u"verifying"_s, u"the alerts must stay clear for %1"_s.arg(spanText(span)),
                    {{u"for_s"_s, static_cast<qint64>(span.count())}});
    };
}

Deed verifiedClear() {
    return [](const Incident& incident, const QDateTime&) -> Result<Event> {
        if (!incident.verification.isRunning())
            return fail(ErrorCode::Refused, u"%1 is not being verified."_s.arg(incident.id));
        return said(u"verified"_s,
                    u"the alerts stayed clear for %1"_s.arg(spanText(incident.verification.span)));
    };
}

}  // namespace tocsin::incidents
