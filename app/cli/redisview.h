#pragma once
#include <QJsonArray>
#include <QObject>
#include <functional>
#include <memory>
#include <optional>

#include "cli/redisjobs.h"
#include "cli/rediskeys.h"
#include "cli/redissizes.h"
#include "inspection/connection.h"
#include "inspection/queuewatch.h"
#include "inspection/serverinfo.h"

namespace tocsin::cli {

/// Which view, and of what.
struct ViewWish {
    QString name;
    QString of = {};  ///< of keys: and sizes: the pattern; of jobs: the queue
    QByteArray type = {};
    inspection::KeyFilter filter = {};
};

/// One view of a Redis connection, looked at once and printed: `tocsin query CONNECTION --view
/// queues|jobs|server|keys|sizes|slowlog|clients|latency|settings|channels|doctors`.
class RedisView : public QObject {
    Q_OBJECT
public:
    /// Nothing: printed. Called once, never from within show().
    using Ended = std::function<void(const std::optional<Error>&)>;

    /// `connection` and `clock` outlive it.
    RedisView(inspection::Connection& connection, Clock& clock, bool json, Ended ended);

    static QStringList names();
    void show(const ViewWish& wish);

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
    std::unique_ptr<RedisKeys> m_keys;
    std::unique_ptr<RedisSizes> m_sizes;
    std::unique_ptr<RedisJobs> m_jobs;
    QJsonArray m_queues;
};

}  // namespace tocsin::cli
