#include "incidents/commanderclock.h"

namespace tocsin::incidents {
namespace {
constexpr qint64 kMinute = 60;  // seconds
constexpr qint64 kFirstUpdate = 5 * kMinute;
constexpr qint64 kEveryUpdate = 20 * kMinute;
constexpr qint64 kBusyTime = 120 * kMinute;
constexpr qint64 kLateUpdate = 60 * kMinute;
}  // namespace

QDateTime nextUpdateDue(const Incident& incident, const QDateTime& now) {
    if (!incident.isOpen()) return {};
    if (!incident.lastUpdateAt.isValid()) return incident.declaredAt.addSecs(kFirstUpdate);
    const bool busy = incident.declaredAt.secsTo(now) < kBusyTime;
    return incident.lastUpdateAt.addSecs(busy ? kEveryUpdate : kLateUpdate);
}

}  // namespace tocsin::incidents
