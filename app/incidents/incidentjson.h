#pragma once
#include "incidents/incident.h"

namespace tocsin::incidents {

/// What an incident has beyond the columns of the `incidents` table: team, tasks, checklist,
/// assessment, verification, silences, merges. Also how events carry those values. Times are UTC in
/// ISO 8601 with milliseconds. Pure.
QJsonObject moreToJson(const Incident& incident);
void readMore(Incident& incident, const QJsonObject& json);

QJsonObject toJson(const Task& task);
Task taskFromJson(const QJsonObject& json);
QJsonObject toJson(const Assessment& assessment);
Assessment assessmentFromJson(const QJsonObject& json);

QString isoText(const QDateTime& at);  ///< empty when invalid
QDateTime isoTime(const QJsonValue& text);
QStringList textsOf(const QJsonValue& array);

}  // namespace tocsin::incidents
