#include <array>

#include "plugins/engines/redis/guard.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

// COMMAND of Redis 7.0: what it flags `readonly`.
// clang-format off
constexpr auto kReadOnly = std::to_array<const char*>({
    "bitcount", "bitfield_ro", "bitpos", "dbsize", "dump", "exists", "expiretime", "geodist",
    "geohash", "geopos", "georadius_ro", "georadiusbymember_ro", "geosearch", "get", "getbit",
    "getrange", "hexists", "hget", "hgetall", "hkeys", "hlen", "hmget", "hrandfield", "hscan",
    "hstrlen", "hvals", "lindex", "llen", "lolwut", "lpos", "lrange", "memory|usage", "mget",
    "object|encoding", "object|freq", "object|idletime", "object|refcount", "pexpiretime",
    "pfcount", "pttl", "randomkey", "scan", "scard", "sdiff", "sinter", "sintercard", "sismember",
    "smembers", "smismember", "srandmember", "sscan", "strlen", "substr", "sunion", "ttl", "type",
    "xinfo|consumers", "xinfo|groups", "xinfo|stream", "xlen", "xpending", "xrange", "xread",
    "xrevrange", "zcard", "zcount", "zdiff", "zinter", "zintercard", "zlexcount", "zmscore",
    "zrandmember", "zrange", "zrangebylex", "zrangebyscore", "zrank", "zrevrange",
    "zrevrangebylex", "zrevrangebyscore", "zrevrank", "zscan", "zscore", "zunion"});
// clang-format on

// Common ones it flags `write`, so that the guard can say so before there is a connection.
// clang-format off
constexpr auto kWrite = std::to_array<const char*>({
    "append", "blmove", "blmpop", "blpop", "brpop", "brpoplpush", "bzmpop", "bzpopmax",
    "bzpopmin", "copy", "decr", "decrby", "del", "expire", "expireat", "flushall", "flushdb",
    "geoadd", "getdel", "getex", "getset", "hdel", "hincrby", "hincrbyfloat", "hmset", "hset",
    "hsetnx", "incr", "incrby", "incrbyfloat", "linsert", "lmove", "lmpop", "lpop", "lpush",
    "lpushx", "lrem", "lset", "ltrim", "migrate", "move", "mset", "msetnx", "persist", "pexpire",
    "pexpireat", "pfadd", "pfmerge", "psetex", "rename", "renamenx", "restore", "rpop",
    "rpoplpush", "rpush", "rpushx", "sadd", "sdiffstore", "set", "setbit", "setex", "setnx",
    "setrange", "sinterstore", "smove", "sort", "spop", "srem", "sunionstore", "swapdb", "unlink",
    "xack", "xadd", "xautoclaim", "xclaim", "xdel", "xreadgroup", "xsetid", "xtrim", "zadd",
    "zdiffstore", "zincrby", "zinterstore", "zmpop", "zpopmax", "zpopmin", "zrangestore", "zrem",
    "zremrangebylex", "zremrangebyrank", "zremrangebyscore", "zunionstore"});
// clang-format on

// clang-format off
constexpr auto kContainers = std::to_array<const char*>({
    "acl", "client", "cluster", "command", "config", "function", "latency", "memory", "module",
    "object", "pubsub", "script", "slowlog", "xgroup", "xinfo"});
// clang-format on

}  // namespace

CommandTable CommandTable::bundled() {
    CommandTable table;
    for (const char* name : kReadOnly)
        table.m_flags.insert(name, {"readonly"});
    for (const char* name : kWrite)
        table.m_flags.insert(name, {"write"});
    for (const char* name : kContainers)
        table.m_containers.insert(name);
    return table;
}

// An entry is [name, arity, flags, first key, last key, step, categories, tips, key specs,
// subcommands]; only the first seven exist before Redis 7. Source:
// https://redis.io/docs/latest/commands/command/
Result<CommandTable> CommandTable::fromReply(ReplyView reply) {
    CommandTable table;
    table.m_fromServer = true;
    for (const ReplyView entry : reply.children())
        table.add(entry, 0);
    if (table.m_flags.isEmpty())
        return fail(ErrorCode::Protocol, u"The server's answer to COMMAND lists no command."_s);
    // Before Redis 7 containers are not marked as such.
    for (const char* name : kContainers)
        if (table.m_flags.contains(name)) table.m_containers.insert(name);
    return table;
}

QByteArrayList CommandTable::readers() {
    QSet<QByteArray> names{"ping", "echo", "info", "role", "time", "lastsave"};
    for (const char* name : kReadOnly)
        names.insert(QByteArray(name).split('|').first());
    for (const char* name : kContainers)
        names.insert(name);
    return names.values();
}

// The list has the names that commands were declared with; rename-command changes only the ones by
// which they are called, and COMMAND INFO goes by those.
void CommandTable::forgetRenamed(const QByteArrayList& names, ReplyView reply) {
    const ReplyChildren entries = reply.children();
    for (qsizetype i = 0; i < names.size() && i < static_cast<qsizetype>(entries.size()); ++i) {
        const ReplyChildren entry = entries[static_cast<std::size_t>(i)].children();
        if (!entry.empty() && entry.front().text().toLower() == names[i]) continue;
        const QByteArray own = names[i] + '|';
        m_flags.removeIf(
            [&](const auto& each) { return each.key() == names[i] || each.key().startsWith(own); });
        m_containers.remove(names[i]);
    }
}

void CommandTable::add(ReplyView entry, int depth) {
    constexpr std::size_t kFlags = 2;
    constexpr std::size_t kSubcommands = 9;
    if (entry.children().size() <= kFlags) return;
    const QByteArray name = entry.children().front().text().toLower();
    QSet<QByteArray> flags;
    for (const ReplyView flag : entry.children()[kFlags].children())
        flags.insert(flag.text().toLower());
    const bool hasSubcommands = entry.children().size() > kSubcommands &&
                                !entry.children()[kSubcommands].children().empty();
    if (!hasSubcommands || depth > 0) {
        m_flags.insert(name, flags);
        return;
    }
    m_containers.insert(name);
    for (const ReplyView sub : entry.children()[kSubcommands].children())
        add(sub, depth + 1);
}

std::optional<QSet<QByteArray>> CommandTable::flags(const QByteArray& leaf) const {
    const auto found = m_flags.find(leaf);
    if (found != m_flags.end()) return *found;
    const qsizetype bar = leaf.indexOf('|');
    if (bar < 0 || !m_containers.contains(leaf.first(bar))) return std::nullopt;
    const auto container = m_flags.find(leaf.first(bar));
    if (container == m_flags.end()) return std::nullopt;
    // A flag of the container says nothing about each of its subcommands: Redis 6 flags MEMORY
    // `readonly`, and MEMORY PURGE is one of it.
    QSet<QByteArray> inherited = *container;
    inherited.remove("readonly");
    return inherited;
}

}  // namespace tocsin::redis
