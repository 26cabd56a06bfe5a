#pragma once
#include <QJsonArray>
#include <QObject>
#include <functional>
#include <memory>
#include <optional>

#include "inspection/connection.h"
#include "inspection/queuewatch.h"

namespace tocsin::cli {

/// Lists the jobs of one queue of BullMQ or Bull, up to fifty of each state, and prints them
/// without their data.
class RedisJobs : public QObject {
    Q_OBJECT
public:
    using Ended = std::function<void(const std::optional<Error>&)>;

    /// `connection` and `clock` outlive it.
    RedisJobs(inspection::Connection& connection, Clock& clock, bool json, Ended ended);

    /// "bull:mail". Errors: NotFound, with the queues that there are.
    void show(const QString& queueName);

private:
    void add(const inspection::Queue& queue, qsizetype at);
    void end(const std::optional<Error>& problem);

    inspection::Connection& m_connection;
    inspection::QueueWatch m_watch;
    bool m_json;
    Ended m_ended;
    QJsonArray m_jobs;
    QVector<QStringList> m_rows;
};

}  // namespace tocsin::cli
