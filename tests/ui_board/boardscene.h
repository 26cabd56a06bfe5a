#pragma once
#include "alerts/board.h"

namespace tocsin::test {

/// The board of an ordinary bad morning: what fires, what is silenced, a source that is gone.
inline AlertSnapshot badMorning(const Clock& clock) {
    using namespace Qt::StringLiterals;
    AlertSnapshot snapshot{u"prod"_s, clock.now(), {}};
    const auto add = [&](const QString& key, Severity severity, int secondsAgo,
                         const QString& summary, const QString& instance = {}) -> Alert& {
        Alert alert;
        alert.key = key;
        alert.severity = severity;
        alert.startsAt = clock.now().addSecs(-secondsAgo);
        alert.summary = summary;
        alert.fingerprint = key + instance;
        alert.labels = {{u"alertname"_s, key}, {u"job"_s, u"app"_s}};
        if (!instance.isEmpty()) alert.labels.insert(u"instance"_s, instance);
        snapshot.alerts.append(alert);
        return snapshot.alerts.last();
    };
    Alert& connections =
        add(u"database_connections"_s, Severity::Critical, 761, u"Pool at 97 % of 100"_s);
    connections.measurement = Measurement{97, 95, u"%"_s, {}};
    for (int i = 0; i < 60; ++i)
        connections.measurement->trend.append(
            {clock.now().addSecs(-900 + i * 15).toMSecsSinceEpoch(),
             i < 14 ? 52 + (i * 7) % 9 : std::min(97.0, 52 + (i - 14) * 2.6)});
    add(u"error_rate"_s, Severity::Critical, 662, u"7.4 % of requests, limit 5 %"_s);
    add(u"response_time_p95"_s, Severity::Warning, 648, u"1.84 s, limit 1 s"_s);
    add(u"queue_processing_time"_s, Severity::Warning, 380,
        u"video-transcoding: oldest job 5 m 12 s"_s);
    for (const QString& worker : {u"worker-2"_s, u"worker-3"_s, u"worker-5"_s})
        add(u"disk_usage"_s, Severity::Warning, 4929, u"86 %, limit 85 %"_s, worker);
    Alert& memory = add(u"memory_usage"_s, Severity::Warning, 3 * 3600, u"91 %"_s);
    memory.state = AlertState::Silenced;
    memory.suppressions = {
        {u"5f0c"_s, u"scribe"_s, u"resize planned"_s, clock.now().addSecs(7200)}};
    return snapshot;
}

}  // namespace tocsin::test
