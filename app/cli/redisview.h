#pragma once
#include <QJsonArray>
#include <QObject>
#include <functional>
#include <memory>
#include <optional>

#include "inspection/connection.h"
#include "inspection/queuewatch.h"
#include "inspection/serverinfo.h"

namespace tocsin::cli {

/// One view of a Redis connection, looked at once and printed: `tocsin query CONNECTION --view
/// queues|server|slowlog|clients|latency|settings`.
class RedisView : public QObject {
    Q_OBJECT
public:
    /// Nothing: printed. Called once, never from within show().
    using Ended = std::function<void(const std::optional<Error>&)>;

    /// `connection` and `clock` outlive it.
    RedisView(inspection::Connection& connection, Clock& clock, bool json, Ended ended);

    static QStringList names();
    void show(const QString& name);

private:
    void showQueues();
    void addQueue(qsizetype at);
    void showServer();
    void showList(const QString& name);
    void lookForQueues(const inspection::ServerInfo& info, std::chrono::microseconds took);
    void end(const std::optional<Error>& problem);

    inspection::Connection& m_connection;
    Clock& m_clock;
    bool m_json;
    Ended m_ended;
    std::unique_ptr<inspection::QueueWatch> m_watch;
    QJsonArray m_queues;
};

}  // namespace tocsin::cli
