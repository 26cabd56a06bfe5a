#pragma once
#include "drill/localpostgres.h"
#include "tests/support/started.h"

namespace tocsin::support {

/// A real PostgreSQL for a test:
///   PostgresServer server;                       // or PostgresServer server({.maxConnections =
///   5}); QCOMPARE(server.start(), QString()); engine.connectTo(server.url("oncall", "secret"));
class PostgresServer : public drill::LocalPostgres {
    Q_OBJECT
public:
    using LocalPostgres::LocalPostgres;

    /// Blocks until usable; returns what went wrong.
    QString start() { return started(*this); }
    /// As superuser, blocking; returns the first cell of the last result, or the server's words.
    QString sql(const QString& statements) const {
        const auto result = drill::runSql(superuserUrl(), statements);
        return result ? *result : result.error().message;
    }
};

}  // namespace tocsin::support
