#pragma once
#include <QFile>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include "tests/engines_redis/asking.h"
#include "tests/support/redisserver.h"

namespace tocsin::support {

/// A real Sentinel over one primary, "mymaster", and its replicas. It thinks a server gone that was
/// silent for 300 ms.
class RedisSentinel {
public:
    ~RedisSentinel() {
        m_process.kill();
        m_process.waitForFinished();
    }

    /// False when it does not run or does not find `replica` within half a minute.
    bool start(quint16 primary, quint16 replica) {
        QTcpServer free;
        if (!free.listen(QHostAddress::LocalHost)) return false;
        m_port = free.serverPort();
        free.close();
        QFile file(m_folder.filePath(QStringLiteral("sentinel.conf")));
        if (!file.open(QIODevice::WriteOnly)) return false;
        file.write(QStringLiteral("bind 127.0.0.1\nport %1\ndir %2\n"
                                  "sentinel monitor mymaster 127.0.0.1 %3 1\n"
                                  "sentinel down-after-milliseconds mymaster 300\n"
                                  "sentinel failover-timeout mymaster 2000\n")
                       .arg(m_port)
                       .arg(m_folder.path())
                       .arg(primary)
                       .toUtf8());
        file.close();
        m_process.start(drill::LocalRedis::binary(),
                        {file.fileName(), QStringLiteral("--sentinel")});
        if (!m_process.waitForStarted()) return false;
        // It knows the replica only some time after it found the primary.
        return QTest::qWaitFor(
            [this, replica] {
                return toText(ask({"SENTINEL", "REPLICAS", "mymaster"}))
                    .contains(QString::number(replica));
            },
            30'000);
    }

    quint16 port() const { return m_port; }
    Reply ask(const QByteArrayList& command) const {
        return redis::test::Plain(m_port).command(command);
    }
    /// The primary and a replica change places; false when the Sentinel would not for a minute.
    bool failOver() const {
        return QTest::qWaitFor(
            [this] {
                return ask({"SENTINEL", "FAILOVER", "mymaster"}).text() == "OK";
            },
            60'000);
    }

private:
    QTemporaryDir m_folder;
    QProcess m_process;
    quint16 m_port = 0;
};

}  // namespace tocsin::support
