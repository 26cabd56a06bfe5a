#include "announcements/samples.h"

#include <QUuid>

#include "escalation/planner.h"
#include "escalation/wording.h"

using namespace Qt::StringLiterals;

namespace tocsin::announcements {

incidents::Incident sampleIncident(const QString& channel, const QDateTime& now) {
    incidents::Incident incident;
    incident.id = u"INC-0"_s;
    incident.title = u"An example: the database has no connections left"_s;
    incident.priority = incidents::Priority::P1;
    incident.commander = u"commander"_s;
    incident.channel = channel;
    incident.keys = QStringList{u"database_connections"_s};
    incident.declaredAt = now;
    return incident;
}

QHash<alerts::AlertId, Alert> sampleAlerts(const QDateTime& now) {
    Alert alert;
    alert.source = u"example"_s;
    alert.fingerprint = u"1"_s;
    alert.key = u"database_connections"_s;
    alert.severity = Severity::Critical;
    alert.summary = u"An example: 97 % of 100 connections"_s;
    alert.startsAt = now.addSecs(-11 * 60);
    alert.labels = {{u"instance"_s, u"db-1"_s}};
    return {{alerts::alertId(alert), alert}};
}

Message samplePage(const incidents::Incident& incident, const escalation::Policy& policy, int level,
                   const QDateTime& now) {
    const escalation::Ladder ladder =
        escalation::plan(policy, incident.id, incident.priority, incident.declaredAt);
    const escalation::Rung* rung = escalation::rungAt(ladder, level);
    if (!rung) return {};
    return escalation::pageMessage(incident, *rung, {.level = level, .times = 1, .dueAt = now}, now,
                                   {!policy.ownCard, {}, policy.pageWording});
}

Message testPost(const QDateTime& now) {
    Message message;
    message.event = u"test/"_s + QUuid::createUuid().toString(QUuid::WithoutBraces).left(13);
    message.text = u"Test post from Tocsin at <t:%1:T>. Nothing is wrong; nobody is paged."_s.arg(
        now.toSecsSinceEpoch());
    message.silent = true;
    return message;
}

}  // namespace tocsin::announcements
