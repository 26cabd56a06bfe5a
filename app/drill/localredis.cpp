#include "drill/localredis.h"

#include <QStandardPaths>
#include <csignal>

namespace tocsin::drill {

LocalRedis::LocalRedis(const RedisOptions& options, QObject* parent)
    : LocalServer(QStringLiteral("Redis"), SIGTERM, parent), m_options(options) {
}

QString LocalRedis::url(int database) const {
    return QStringLiteral("redis://%1:%2/%3").arg(host()).arg(port()).arg(database);
}

QString LocalRedis::binary() {
    return QStandardPaths::findExecutable(QStringLiteral("redis-server"));
}

Result<void> LocalRedis::locate() {
    if (!binary().isEmpty()) return {};
    return fail(ErrorCode::NotFound,
                QStringLiteral("No Redis server is installed; install the package “redis-server” "
                               "and try again."));
}

QByteArray LocalRedis::configuration() const {
    QStringList lines{QStringLiteral("bind 127.0.0.1"),       QStringLiteral("port %1").arg(port()),
                      QStringLiteral("dir %1").arg(folder()), QStringLiteral("save \"\""),
                      QStringLiteral("appendonly no"),        QStringLiteral("daemonize no")};
    if (!m_options.password.isEmpty())
        lines += QStringLiteral("requirepass %1").arg(m_options.password);
    lines += m_options.configuration;
    return lines.join(u'\n').toUtf8() + '\n';
}

Result<LocalServer::Command> LocalRedis::command() {
    if (auto done = writeFile(QStringLiteral("redis.conf"), configuration()); !done)
        return tl::unexpected<Error>(done.error());
    return Command{binary(), {folder() + QStringLiteral("/redis.conf")}};
}

}  // namespace tocsin::drill
