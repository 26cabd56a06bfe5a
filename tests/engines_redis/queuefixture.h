// A connection to a real Redis whose queues are looked at.
#pragma once
#include <QSignalSpy>
#include <QTest>
#include <memory>

#include "inspection/connection.h"
#include "inspection/queuewatch.h"
#include "tests/engines_redis/asking.h"
#include "tests/support/redisserver.h"

namespace tocsin::inspection {

/// What a test of queues is built on.
class QueueFixture : public QObject {
protected:
    std::unique_ptr<Connection> connectionTo(quint16 port) {
        ConnectionInfo info;
        info.name = QStringLiteral("cache");
        info.kind = QStringLiteral("redis");
        info.timeout = std::chrono::seconds(20);
        return std::make_unique<Connection>(
            info, std::make_unique<redis::Engine>(redis::test::addressOfPort(port), m_clock),
            Error{}, m_clock);
    }
    const Queue* queue(const QueueWatch& watch, const char* name) const {
        for (const Queue& each : watch.queues())
            if (each.id.name == name) return &each;
        qFatal("no queue %s", name);
    }
    QVector<QueueJob> jobs(Connection& connection, const Queue& queue, JobState state) {
        const auto ids = redis::test::settled(connection.run(idScript(queue, state, 50)));
        if (!ids) return {};
        const QByteArrayList list = readIds(state, *ids->reply);
        const auto answer = redis::test::settled(connection.run(jobScript(queue, list)));
        return answer ? readJobs(list, *answer->reply) : QVector<QueueJob>();
    }

    SystemClock m_clock;
};

}  // namespace tocsin::inspection
