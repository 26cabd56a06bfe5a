#pragma once
#include <QStringList>

#include "drill/localserver.h"

namespace tocsin::drill {

struct RedisOptions {
    QString password = {};  ///< `requirepass`; none when empty
    QStringList configuration =
        {};  ///< further lines of redis.conf ("maxmemory 8mb", "user a on …")
};

/// A throw-away Redis without persistence.
class LocalRedis : public LocalServer {
    Q_OBJECT
public:
    explicit LocalRedis(const RedisOptions& options = {}, QObject* parent = nullptr);

    /// "redis://127.0.0.1:port/0"
    QString url(int database = 0) const;
    QString password() const { return m_options.password; }

    static QString binary();  ///< path of redis-server; empty when there is none

protected:
    Result<void> locate() override;
    Result<Command> command() override;
    QByteArray readyText() const override { return "eady to accept connections"; }

private:
    QByteArray configuration() const;

    RedisOptions m_options;
};

}  // namespace tocsin::drill
