#pragma once
#include <QFuture>
#include <QJsonObject>

#include "delivery/ledger.h"
#include "incidents/document.h"
#include "incidents/incident.h"
#include "store/database.h"

namespace tocsin::incidents {

/// Everything the store knows of one incident.
struct Record {
    Incident incident;
    QVector<Event> events;              ///< the timeline, in order
    QVector<delivery::Entry> messages;  ///< who was told when, in order
};
Result<Record> recordOf(store::Transaction& tx, const QString& incident);

/// The post-mortem's raw material: summary, figures, timeline, what was run with what it said, who
/// was told when, open points, and the questions that people must answer. Pure.
Document postMortem(const Record& record, const QDateTime& now);
/// The whole record, nothing left out: {incident, timeline:[{seq,at,actor,kind,text,detail}],
/// messages:[{event,channel,state,tries,created_at,changed_at,remote_id,answer,message}]}. Pure.
QJsonObject toJson(const Record& record);

/// Time from the declaration to the acknowledgement and to the resolution; empty while it runs.
std::optional<std::chrono::milliseconds> timeToAcknowledge(const Incident& incident);
std::optional<std::chrono::milliseconds> timeToResolve(const Incident& incident);

/// `format` is "md", "html" or "json"; anything else is refused.
QFuture<Result<QByteArray>> exportIncident(store::Database& db, const QString& incident,
                                           const QString& format, const QDateTime& now);

}  // namespace tocsin::incidents
