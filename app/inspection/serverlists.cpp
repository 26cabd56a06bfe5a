#include "inspection/serverlists.h"

#include <algorithm>

#include "sdk/secret.h"

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype kLongestCommand = 500;

const char* const kSettings[] = {"maxmemory",
                                 "maxmemory-policy",
                                 "maxclients",
                                 "timeout",
                                 "appendonly",
                                 "appendfsync",
                                 "save",
                                 "slowlog-log-slower-than",
                                 "slowlog-max-len",
                                 "latency-monitor-threshold",
                                 "client-output-buffer-limit",
                                 "repl-backlog-size",
                                 "min-replicas-to-write",
                                 "lazyfree-lazy-user-del",
                                 "notify-keyspace-events",
                                 "protected-mode"};

QString commandText(ReplyView arguments) {
    QString out;
    for (const ReplyView argument : arguments.children()) {
        if (!out.isEmpty()) out += u' ';
        out += QString::fromUtf8(argument.text());
        if (out.size() > kLongestCommand) return redact(out.left(kLongestCommand)) + u'…';
    }
    return redact(out);
}

/// "127.0.0.1" of "127.0.0.1:6379", "[::1]" of "[::1]:6379"; a socket's path stays.
QString hostOf(const QString& address) {
    const qsizetype colon = address.lastIndexOf(u':');
    return colon > 0 ? address.left(colon) : address;
}

QString remarkOn(const QString& name, const QString& value) {
    if (name == u"maxmemory" && value == u"0")
        return u"no limit: it grows until the machine has none left"_s;
    if (name == u"maxmemory-policy" && value != u"noeviction")
        return u"keys are thrown out when memory is short; queues need noeviction"_s;
    if (name == u"timeout" && value == u"0") return u"idle clients are never closed"_s;
    if (name == u"appendonly" && value == u"no")
        return u"what came after the last snapshot is lost in a crash"_s;
    if (name == u"save" && value.isEmpty()) return u"no snapshots"_s;
    if (name == u"slowlog-log-slower-than" && value.startsWith(u'-'))
        return u"off: the slow log stays empty"_s;
    if (name == u"slowlog-log-slower-than")
        return u"%1 ms"_s.arg(value.toDouble() / 1000.0, 0, 'f', 1);
    if (name == u"latency-monitor-threshold" && value == u"0")
        return u"off: LATENCY LATEST stays empty"_s;
    if (name == u"protected-mode" && value == u"no") return u"reachable from other machines"_s;
    return {};
}

}  // namespace

QVector<SlowCommand> readSlowLog(ReplyView reply) {
    QVector<SlowCommand> out;
    for (const ReplyView entry : reply.children()) {
        if (entry.children().size() < 4) continue;
        SlowCommand slow;
        slow.id = entry.children()[0].text().toLongLong();
        slow.at = QDateTime::fromSecsSinceEpoch(entry.children()[1].text().toLongLong(), Qt::UTC);
        slow.took = std::chrono::microseconds(entry.children()[2].text().toLongLong());
        slow.command = commandText(entry.children()[3]);
        if (entry.children().size() > 5)  // from Redis 4.0
            slow.client = QString::fromUtf8(
                (entry.children()[4].text() + ' ' + entry.children()[5].text()).trimmed());
        out << slow;
    }
    return out;
}

QVector<LatencySpike> readLatency(ReplyView reply) {
    QVector<LatencySpike> out;
    for (const ReplyView entry : reply.children()) {
        if (entry.children().size() < 4) continue;
        out << LatencySpike{
            QString::fromUtf8(entry.children()[0].text()),
            QDateTime::fromSecsSinceEpoch(entry.children()[1].text().toLongLong(), Qt::UTC),
            entry.children()[2].text().toLongLong(), entry.children()[3].text().toLongLong()};
    }
    return out;
}

QVector<RedisClient> readClients(const QByteArray& text) {
    QVector<RedisClient> out;
    for (const QByteArray& line : text.split('\n')) {
        QHash<QByteArray, QByteArray> fields;
        for (const QByteArray& field : line.trimmed().split(' '))
            if (const qsizetype equals = field.indexOf('='); equals > 0)
                fields.insert(field.left(equals), field.mid(equals + 1));
        if (!fields.contains("id")) continue;
        const auto number = [&fields](const char* name) { return fields.value(name).toLongLong(); };
        const auto words = [&fields](const char* name) {
            return QString::fromUtf8(fields.value(name));
        };
        RedisClient client;
        client.id = number("id");
        client.name = words("name");
        client.address = words("addr");
        client.user = words("user");
        client.command = words("cmd").replace(u'|', u' ');
        client.flags = words("flags");
        client.age = number("age");
        client.idle = number("idle");
        client.memory = number("tot-mem");
        client.output = number("omem");
        client.database = static_cast<int>(number("db"));
        client.subscriptions = number("sub") + number("psub") + number("ssub");
        out << client;
    }
    return out;
}

QVector<ClientGroup> groupsOf(const QVector<RedisClient>& clients, ClientGrouping by) {
    QHash<QString, ClientGroup> groups;
    for (const RedisClient& client : clients) {
        const QString what = by == ClientGrouping::Name      ? client.name
                             : by == ClientGrouping::Host    ? hostOf(client.address)
                             : by == ClientGrouping::User    ? client.user
                             : by == ClientGrouping::Command ? client.command
                                                             : QString::number(client.id);
        ClientGroup& group = groups[what];
        group.what = what;
        ++group.clients;
        group.memory += client.memory;
        group.idlest = std::max(group.idlest, client.idle);
    }
    QVector<ClientGroup> out(groups.cbegin(), groups.cend());
    std::sort(out.begin(), out.end(), [](const ClientGroup& a, const ClientGroup& b) {
        return a.clients == b.clients ? a.what < b.what : a.clients > b.clients;
    });
    return out;
}

/// One question each: before Redis 7 CONFIG GET takes a single name.
QString settingsScript() {
    QString script;
    for (const char* name : kSettings)
        script += u"CONFIG GET "_s + QLatin1String(name) + u'\n';
    return script;
}

QVector<RedisSetting> readSettings(ReplyView reply) {
    QVector<RedisSetting> out;
    for (const ReplyView answer : reply.children()) {
        if (answer.children().size() < 2) continue;
        const QString name = QString::fromUtf8(answer.children()[0].text());
        const QString value = QString::fromUtf8(answer.children()[1].text());
        out << RedisSetting{name, value, remarkOn(name, value)};
    }
    return out;
}

namespace {

/// "0-8191", "9000"; a slot on its way stands in brackets.
int slotsIn(const QByteArray& range) {
    if (range.startsWith('[')) return 0;
    const QByteArrayList ends = range.split('-');
    return ends.last().toInt() - ends.first().toInt() + 1;
}

}  // namespace

/// A line each: id, address, flags, primary, two times, epoch, link, slots …
/// (https://redis.io/docs/latest/commands/cluster-nodes/).
QVector<ClusterNode> readNodes(const QByteArray& text) {
    constexpr qsizetype kSlotsFrom = 8;
    QVector<ClusterNode> nodes;
    for (const QByteArray& line : text.split('\n')) {
        const QByteArrayList words = line.trimmed().split(' ');
        const QByteArrayList flags = words.value(2).split(',');
        if (words.size() < kSlotsFrom || flags.contains("noaddr") || flags.contains("handshake"))
            continue;
        ClusterNode node;
        node.place = QString::fromUtf8(words[1].left(words[1].indexOf('@')));
        node.isOwn = flags.contains("myself");
        node.isPrimary = flags.contains("master");
        node.isDown = flags.contains("fail") || flags.contains("fail?");
        for (const QByteArray& range : words.mid(kSlotsFrom))
            node.slotCount += slotsIn(range);
        nodes << node;
    }
    std::sort(nodes.begin(), nodes.end(), [](const ClusterNode& a, const ClusterNode& b) {
        return a.isOwn != b.isOwn ? a.isOwn : a.place < b.place;
    });
    return nodes;
}

}  // namespace tocsin::inspection
