#include "incidents/incidentjson.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

template <typename T, typename Write>
QJsonArray arrayOf(const QVector<T>& values, Write&& write) {
    QJsonArray array;
    for (const T& value : values)
        array.append(write(value));
    return array;
}

QJsonObject fromAssignment(const Assignment& one) {
    return {
        {u"role"_s, nameOf(one.role)}, {u"person"_s, one.person}, {u"since"_s, isoText(one.since)}};
}

Assignment toAssignment(const QJsonObject& json) {
    return {roleFromText(json[u"role"_s].toString()).value_or(Role::Specialist),
            json[u"person"_s].toString(), isoTime(json[u"since"_s])};
}

QJsonObject fromSilence(const Silence& one) {
    return {{u"source"_s, one.source},
            {u"alert"_s, one.alert},
            {u"id"_s, one.id},
            {u"until"_s, isoText(one.until)},
            {u"error"_s, one.error}};
}

Silence toSilence(const QJsonObject& json) {
    return {json[u"source"_s].toString(), json[u"alert"_s].toString(), json[u"id"_s].toString(),
            isoTime(json[u"until"_s]), json[u"error"_s].toString()};
}

}  // namespace

QString isoText(const QDateTime& at) {
    return at.isValid() ? at.toUTC().toString(Qt::ISODateWithMs) : QString();
}

QDateTime isoTime(const QJsonValue& text) {
    return QDateTime::fromString(text.toString(), Qt::ISODateWithMs).toUTC();
}

QStringList textsOf(const QJsonValue& array) {
    QStringList out;
    for (const auto& value : array.toArray())
        out.append(value.toString());
    return out;
}

QJsonObject toJson(const Task& task) {
    return {{u"number"_s, task.number},
            {u"text"_s, task.text},
            {u"owner"_s, task.owner},
            {u"created_at"_s, isoText(task.createdAt)},
            {u"box_ends_at"_s, isoText(task.boxEndsAt)},
            {u"check_back_at"_s, isoText(task.checkBackAt)},
            {u"done_at"_s, isoText(task.doneAt)},
            {u"outcome"_s, task.outcome},
            {u"dropped"_s, task.dropped}};
}

Task taskFromJson(const QJsonObject& json) {
    Task task;
    task.number = json[u"number"_s].toInt();
    task.text = json[u"text"_s].toString();
    task.owner = json[u"owner"_s].toString();
    task.createdAt = isoTime(json[u"created_at"_s]);
    task.boxEndsAt = isoTime(json[u"box_ends_at"_s]);
    task.checkBackAt = isoTime(json[u"check_back_at"_s]);
    task.doneAt = isoTime(json[u"done_at"_s]);
    task.outcome = json[u"outcome"_s].toString();
    task.dropped = json[u"dropped"_s].toBool();
    return task;
}

QJsonObject toJson(const Assessment& assessment) {
    return {{u"impact"_s, assessment.impact},
            {u"users"_s, assessment.users},
            {u"services"_s, assessment.services},
            {u"error_rate"_s, assessment.errorRate}};
}

Assessment assessmentFromJson(const QJsonObject& json) {
    return {json[u"impact"_s].toString(), json[u"users"_s].toString(),
            json[u"services"_s].toString(), json[u"error_rate"_s].toString()};
}

QJsonObject moreToJson(const Incident& incident) {
    const Verification& verification = incident.verification;
    QJsonObject more{
        {u"detached"_s, QJsonArray::fromStringList(incident.detached)},
        {u"roles"_s, arrayOf(incident.roles, fromAssignment)},
        {u"tasks"_s, arrayOf(incident.tasks, [](const Task& one) { return toJson(one); })},
        {u"checked"_s, QJsonArray::fromStringList(incident.checked)},
        {u"assessment"_s, toJson(incident.assessment)},
        {u"fix"_s, incident.fix},
        {u"verifying_since"_s, isoText(verification.since)},
        {u"verify_s"_s, static_cast<qint64>(verification.span.count())},
        {u"verified_at"_s, isoText(verification.verifiedAt)},
        {u"silences"_s, arrayOf(incident.silences, fromSilence)},
        {u"reopened_at"_s, isoText(incident.reopenedAt)},
        {u"reopenings"_s, incident.reopenings},
        {u"merged_into"_s, incident.mergedInto},
        {u"absorbed"_s, QJsonArray::fromStringList(incident.absorbed)},
        {u"imported_from"_s, incident.importedFrom},
        {u"imported_at"_s, isoText(incident.importedAt)},
        {u"imported_open"_s, incident.importedOpen}};
    if (incident.runbookUrl.isValid())
        more[u"runbook_url"_s] = incident.runbookUrl.toString(QUrl::FullyEncoded);
    return more;
}

void readMore(Incident& incident, const QJsonObject& json) {
    incident.detached = textsOf(json[u"detached"_s]);
    for (const auto& one : json[u"roles"_s].toArray())
        incident.roles.append(toAssignment(one.toObject()));
    for (const auto& one : json[u"tasks"_s].toArray())
        incident.tasks.append(taskFromJson(one.toObject()));
    incident.checked = textsOf(json[u"checked"_s]);
    incident.assessment = assessmentFromJson(json[u"assessment"_s].toObject());
    incident.fix = json[u"fix"_s].toString();
    incident.verification = {isoTime(json[u"verifying_since"_s]),
                             std::chrono::seconds(json[u"verify_s"_s].toInteger()),
                             isoTime(json[u"verified_at"_s])};
    for (const auto& one : json[u"silences"_s].toArray())
        incident.silences.append(toSilence(one.toObject()));
    incident.reopenedAt = isoTime(json[u"reopened_at"_s]);
    incident.reopenings = json[u"reopenings"_s].toInt();
    incident.mergedInto = json[u"merged_into"_s].toString();
    incident.absorbed = textsOf(json[u"absorbed"_s]);
    incident.importedFrom = json[u"imported_from"_s].toString();
    incident.importedAt = isoTime(json[u"imported_at"_s]);
    incident.importedOpen = json[u"imported_open"_s].toBool();
    incident.runbookUrl = QUrl(json[u"runbook_url"_s].toString());
}

}  // namespace tocsin::incidents
