#include "incidents/commanderclock.h"

#include <algorithm>

namespace tocsin::incidents {
namespace {
constexpr std::chrono::seconds kBusyTime{std::chrono::hours(2)};
}  // namespace

QDateTime nextUpdateDue(const Incident& incident, const QDateTime& now,
                        const UpdateRhythm& rhythm) {
    if (!incident.isOpen()) return {};
    const QDateTime began = incident.beganAt();
    if (!incident.lastUpdateAt.isValid() || incident.lastUpdateAt < began)
        return began.addSecs(rhythm.first.count());
    const bool busy = began.secsTo(now) < kBusyTime.count();
    const std::chrono::seconds pause = busy ? rhythm.every : std::max(rhythm.every, rhythm.later);
    return incident.lastUpdateAt.addSecs(pause.count());
}

}  // namespace tocsin::incidents
