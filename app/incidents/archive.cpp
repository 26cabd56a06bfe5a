// An incident as one document, on its way out.
#include "incidents/archive.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>

#include "delivery/messagejson.h"
#include "incidents/archiveformat.h"
#include "incidents/incidentjson.h"
#include "sdk/redaction.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

QJsonValue stampOrNull(const QDateTime& at) {
    return at.isValid() ? QJsonValue(isoText(at)) : QJsonValue();
}

QJsonObject headOf(const Incident& incident) {
    QJsonObject out{{u"id"_s, incident.id},
                    {u"title"_s, incident.title},
                    {u"severity"_s, nameOf(incident.priority)},
                    {u"phase"_s, nameOf(incident.phase)},
                    {u"commander"_s, incident.commander},
                    {u"channel"_s, incident.channel},
                    {u"runbook"_s, incident.runbook},
                    {u"declared_at"_s, stampOrNull(incident.declaredAt)},
                    {u"acknowledged_at"_s, stampOrNull(incident.acknowledgedAt)},
                    {u"resolved_at"_s, stampOrNull(incident.resolvedAt)},
                    {u"alerts"_s, QJsonArray::fromStringList(incident.alerts)},
                    {u"keys"_s, QJsonArray::fromStringList(incident.keys)}};
    out[u"more"_s] = moreToJson(incident);
    return out;
}

QJsonObject eventJson(const Event& event) {
    return {{u"seq"_s, event.seq},   {u"at"_s, isoText(event.at)}, {u"actor"_s, event.actor},
            {u"kind"_s, event.kind}, {u"text"_s, event.text},      {u"detail"_s, event.detail}};
}

QJsonObject entryJson(const delivery::Entry& entry) {
    return {{u"event"_s, entry.event},
            {u"channel"_s, entry.channel},
            {u"state"_s, nameOf(entry.state)},
            {u"tries"_s, entry.tries},
            {u"created_at"_s, stampOrNull(entry.createdAt)},
            {u"changed_at"_s, stampOrNull(entry.changedAt)},
            {u"remote_id"_s, entry.remoteId},
            {u"answer"_s, entry.answer},
            {u"message"_s, delivery::toJson(redacted(entry.message))}};
}

QJsonArray filesJson(const QVector<Event>& events, const EvidenceFiles& files) {
    QJsonArray out;
    QSet<QString> known;
    for (const Event& event : events) {
        const KeptFile file = KeptFile::fromJson(event.detail[u"file"_s].toObject());
        if (event.kind != u"file" || file.name.isEmpty() || known.contains(file.sha256)) continue;
        known.insert(file.sha256);
        const auto content = files.read(file.sha256);
        if (!content) continue;
        QJsonObject one = file.toJson();
        one[u"content"_s] = QString::fromLatin1(content->toBase64());
        out.append(one);
    }
    return out;
}

}  // namespace

QByteArray archived(const Record& record, const EvidenceFiles& files, const QDateTime& now) {
    QJsonArray timeline, messages;
    for (const Event& event : record.events)
        timeline.append(eventJson(event));
    for (const delivery::Entry& entry : record.messages)
        messages.append(entryJson(entry));
    return QJsonDocument(QJsonObject{{u"format"_s, kArchiveFormat},
                                     {u"version"_s, kArchiveVersion},
                                     {u"exported_at"_s, isoText(now)},
                                     {u"incident"_s, headOf(record.incident)},
                                     {u"timeline"_s, timeline},
                                     {u"messages"_s, messages},
                                     {u"files"_s, filesJson(record.events, files)}})
        .toJson();
}

Result<void> keepFiles(const Archive& archive, const EvidenceFiles& files) {
    for (const ArchivedFile& each : archive.files)
        if (auto kept = files.keep(each.content, each.file.name); !kept)
            return tl::unexpected<Error>(kept.error());
    return {};
}

}  // namespace tocsin::incidents
