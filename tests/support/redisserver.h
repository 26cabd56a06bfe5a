#pragma once
#include "drill/localredis.h"
#include "tests/support/started.h"

namespace tocsin::support {

/// A real Redis for a test: `RedisServer server; QCOMPARE(server.start(), QString());`
class RedisServer : public drill::LocalRedis {
    Q_OBJECT
public:
    using LocalRedis::LocalRedis;

    /// Blocks until usable; returns what went wrong.
    QString start() { return started(*this); }
};

}  // namespace tocsin::support
