#pragma once
#include <QProcess>

namespace tocsin::support {

/// An application with a producer and workers of a real queue library, on a real Redis: what it
/// fills, and with what, says tests/bullmq/queues.js. Its worker lives as long as this.
///   QCOMPARE(application.start(u"bullmq6"_s, server.port()), QString());
class QueueApplication {
public:
    ~QueueApplication();

    /// Blocks until everything is queued, and what is to be done is done; returns what went wrong.
    /// `extent` "all" adds queues that are rare.
    QString start(const QString& library, quint16 redisPort, const QString& extent = {});
    /// Ends it as a deployment would; false when it does not end.
    bool stop();

private:
    QProcess m_process;
};

}  // namespace tocsin::support
