#include "incidents/record.h"

#include "incidents/events.h"
#include "incidents/projection.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {

using std::chrono::milliseconds;

namespace {

std::optional<milliseconds> spanBetween(const QDateTime& from, const QDateTime& to) {
    if (!from.isValid() || !to.isValid()) return {};
    return milliseconds(from.msecsTo(to));
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

std::optional<milliseconds> timeToAcknowledge(const Incident& incident) {
    return spanBetween(incident.declaredAt, incident.acknowledgedAt);
}

std::optional<milliseconds> timeToResolve(const Incident& incident) {
    return spanBetween(incident.declaredAt, incident.resolvedAt);
}

QString spokenSpan(milliseconds span) {
    const qint64 seconds = span.count() / 1000;
    if (seconds < 60) return u"%1 s"_s.arg(seconds);
    if (seconds < 3600) return u"%1 min %2 s"_s.arg(seconds / 60).arg(seconds % 60);
    return u"%1 h %2 min"_s.arg(seconds / 3600).arg(seconds / 60 % 60);
}

QString spokenSpan(const std::optional<milliseconds>& span) {
    return span ? spokenSpan(*span) : u"not yet"_s;
}

}  // namespace tocsin::incidents
