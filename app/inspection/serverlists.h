#pragma once
#include <QDateTime>
#include <QHash>
#include <QVector>

#include "sdk/reply.h"

/// The lists a Redis keeps about itself, read from its replies.
namespace tocsin::inspection {

struct SlowCommand {
    qint64 id = 0;
    QDateTime at;
    std::chrono::microseconds took{0};
    QString command;  ///< as the server kept it: long ones are cut there; secrets are left out
    QString client;   ///< "10.0.0.7:51234 worker"
};
/// The answer to SLOWLOG GET.
QVector<SlowCommand> readSlowLog(ReplyView reply);

struct LatencySpike {
    QString event;  ///< "command", "fork", "aof-fsync-always" …
    QDateTime at;
    qint64 latest = 0, worst = 0;  ///< ms
};
/// The answer to LATENCY LATEST.
QVector<LatencySpike> readLatency(ReplyView reply);

struct RedisClient {
    qint64 id = 0;
    QString name, address, user, command, flags;
    qint64 age = 0, idle = 0;  ///< seconds
    qint64 memory = 0;         ///< bytes, of all its buffers
    qint64 output = 0;         ///< bytes that wait to be read by it
    int database = 0;
    qint64 subscriptions = 0;
};
/// The answer to CLIENT LIST.
QVector<RedisClient> readClients(const QByteArray& text);

enum class ClientGrouping { None, Name, Host, User, Command };
struct ClientGroup {
    QString what;
    int clients = 0;
    qint64 memory = 0;
    qint64 idlest = 0;  ///< seconds
};
/// The largest first.
QVector<ClientGroup> groupsOf(const QVector<RedisClient>& clients, ClientGrouping by);

struct ClusterNode {
    QString place;       ///< "10.0.0.2:6381"
    bool isOwn = false;  ///< the one that answers
    bool isPrimary = false;
    bool isDown = false;  ///< as the one that answers sees it
    int slotCount = 0;
};
/// The answer to CLUSTER NODES: the one that answers first, then by address.
QVector<ClusterNode> readNodes(const QByteArray& text);

struct RedisSetting {
    QString name, value;
    QString remark;  ///< what it means when that is worth a word
};
/// What CONFIG GET is asked, and what the answers say.
QString settingsScript();
QVector<RedisSetting> readSettings(ReplyView reply);

}  // namespace tocsin::inspection
