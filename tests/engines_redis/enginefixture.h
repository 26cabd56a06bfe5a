// An engine over a real Redis without a password, which holds something of every kind.
#pragma once
#include <QSignalSpy>
#include <QTest>
#include <memory>

#include "plugins/engines/redis/engine.h"
#include "tests/engines_redis/asking.h"
#include "tests/support/redisserver.h"

namespace tocsin::redis {

using test::ask;

/// What a test of the engine is built on: derive, and call the first two from the slots of their
/// names.
class EngineFixture : public QObject {
protected:
    void startServer() {
        QCOMPARE(m_server.start(), QString());
        test::Plain plain(m_server.port());
        for (int i = 0; i < 3000; ++i)
            plain.command({"SET", "job:" + QByteArray::number(i), "x"});
        plain.command({"CONFIG", "SET", "enable-debug-command", "yes"});
        QByteArrayList push{"RPUSH", "long"};
        for (int i = 0; i < 20'000; ++i)
            push << QByteArray::number(i);
        plain.command(push);
        plain.command({"RPUSH", "bull:mail:wait", "1", "2"});
        plain.command({"ZADD", "bull:mail:failed", "1", "a", "2", "b", "3", "c"});
        plain.command({"HSET", "hash", "name", "mail", "at", "1"});
        plain.command({"XADD", "stream", "*", "f", "v"});
        plain.command({"SADD", "set", "a"});
        plain.command({"SET", "big", QByteArray(17 * 1024 * 1024, 'x')});
        plain.command({"SET", "binary", QByteArray("\0\xff\r\n", 4)});
        for (int from = 0; from < 20'000; from += 1000) {
            QByteArrayList wide{"HSET", "wide"};
            QByteArrayList scores{"ZADD", "scores"};
            for (int i = from; i < from + 1000; ++i) {
                const QByteArray number = QByteArray::number(i);
                wide << "f" + number << number;
                scores << number << "m" + number;
                plain.command({"XADD", "events", "*", "n", number});
            }
            plain.command(wide);
            plain.command(scores);
        }
        for (int i = 0; i < 2000; ++i)
            plain.command({"RPUSH", "heavy", QByteArray(20'000, 'h')});
        plain.command({"SELECT", "2"});
        plain.command({"SET", "only-here", "two"});
    }
    void makeEngine() {
        m_engine = std::make_unique<Engine>(test::addressOfPort(m_server.port()), m_clock);
    }

    support::RedisServer m_server;
    SystemClock m_clock;
    std::unique_ptr<Engine> m_engine;
};

}  // namespace tocsin::redis
