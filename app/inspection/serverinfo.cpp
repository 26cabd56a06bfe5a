#include "inspection/serverinfo.h"

#include <algorithm>

namespace tocsin::inspection {
namespace {

double kilobytes(const ServerInfo& info, const QByteArray& name) {
    return info.decimal(name).value_or(0) * 1024.0;
}

/// How much a counter grew per second; unknown where it was set back, as by a restart.
std::optional<double> grown(const ServerInfo& now, const ServerInfo& before, const QByteArray& name,
                            double seconds) {
    const auto last = before.number(name);
    const auto current = now.number(name);
    if (!last || !current || *current < *last || seconds <= 0) return std::nullopt;
    return static_cast<double>(*current - *last) / seconds;
}

std::optional<double> hitRateOf(const ServerInfo& now, const ServerInfo& before) {
    const auto hits = grown(now, before, "keyspace_hits", 1);
    const auto misses = grown(now, before, "keyspace_misses", 1);
    if (!hits || !misses || *hits + *misses <= 0) return std::nullopt;
    return *hits / (*hits + *misses);
}

std::optional<qint64> behindOf(const ServerInfo& info) {
    if (info.text("role") == "slave") {
        const auto head = info.number("master_repl_offset");
        const auto own = info.number("slave_repl_offset");
        return head && own ? std::optional(std::max<qint64>(0, *head - *own)) : std::nullopt;
    }
    std::optional<qint64> worst;
    for (const auto& replica : info.replicas())
        worst = std::max(worst.value_or(0), replica.behind);
    return worst;
}

}  // namespace

ServerInfo ServerInfo::fromText(const QByteArray& text) {
    ServerInfo info;
    info.add(text);
    return info;
}

void ServerInfo::add(const QByteArray& text) {
    for (const QByteArray& raw : text.split('\n')) {
        const QByteArray line = raw.trimmed();
        const qsizetype colon = line.indexOf(':');
        if (colon <= 0 || line.startsWith('#')) continue;
        m_fields.insert(line.left(colon), line.mid(colon + 1));
    }
}

std::optional<qint64> ServerInfo::number(const QByteArray& name) const {
    bool ok = false;
    const qint64 value = m_fields.value(name).toLongLong(&ok);
    return ok ? std::optional(value) : std::nullopt;
}

std::optional<double> ServerInfo::decimal(const QByteArray& name) const {
    bool ok = false;
    const double value = m_fields.value(name).toDouble(&ok);
    return ok ? std::optional(value) : std::nullopt;
}

std::optional<qint64> ServerInfo::part(const QByteArray& line, const QByteArray& name) {
    for (const QByteArray& part : line.split(',')) {
        if (!part.startsWith(name + '=')) continue;
        bool ok = false;
        const qint64 value = part.mid(name.size() + 1).toLongLong(&ok);
        if (ok) return value;
    }
    return std::nullopt;
}

QVector<ServerInfo::Keyspace> ServerInfo::keyspaces() const {
    QVector<Keyspace> out;
    for (auto it = m_fields.cbegin(); it != m_fields.cend(); ++it) {
        if (!it.key().startsWith("db") || !part(it.value(), "keys")) continue;
        out << Keyspace{it.key(), part(it.value(), "keys").value_or(0),
                        part(it.value(), "expires").value_or(0),
                        part(it.value(), "avg_ttl").value_or(0)};
    }
    std::sort(out.begin(), out.end(), [](const Keyspace& a, const Keyspace& b) {
        return a.database.mid(2).toInt() < b.database.mid(2).toInt();
    });
    return out;
}

QVector<ServerInfo::Replica> ServerInfo::replicas() const {
    QVector<Replica> out;
    const qint64 head = number("master_repl_offset").value_or(0);
    const qint64 count = std::min<qint64>(1000, number("connected_slaves").value_or(0));
    for (qint64 i = 0; i < count; ++i) {
        // slave0:ip=10.0.0.2,port=6379,state=online,offset=14,lag=1
        const QByteArray line = text("slave" + QByteArray::number(i));
        Replica replica;
        for (const QByteArray& each : line.split(',')) {
            if (each.startsWith("ip=")) replica.place = each.mid(3) + replica.place;
            if (each.startsWith("port=")) replica.place += ':' + each.mid(5);
            if (each.startsWith("state=")) replica.state = each.mid(6);
        }
        replica.behind = std::max<qint64>(0, head - part(line, "offset").value_or(head));
        replica.lag = part(line, "lag").value_or(0);
        if (!line.isEmpty()) out << replica;
    }
    return out;
}

/// What is not there, or says "ok", has not failed.
static bool hasFailed(const ServerInfo& info, const QByteArray& name) {
    const QByteArray status = info.text(name);
    return !status.isEmpty() && status != "ok";
}

ServerFigures figuresOf(const ServerInfo& now, const ServerInfo& before, const QDateTime& at,
                        const QDateTime& atBefore) {
    const double seconds =
        before.isEmpty() ? 0 : static_cast<double>(atBefore.msecsTo(at)) / 1000.0;
    ServerFigures figures;
    figures.at = at;
    figures.ops = now.number("instantaneous_ops_per_sec").value_or(0);
    figures.memory = now.number("used_memory").value_or(0);
    figures.memoryLimit = now.number("maxmemory").value_or(0);
    figures.clients = now.number("connected_clients").value_or(0);
    figures.blocked = now.number("blocked_clients").value_or(0);
    figures.hitRate = hitRateOf(now, before);
    figures.evicted = grown(now, before, "evicted_keys", seconds);
    figures.expired = grown(now, before, "expired_keys", seconds);
    figures.bytesIn = kilobytes(now, "instantaneous_input_kbps");
    figures.bytesOut = kilobytes(now, "instantaneous_output_kbps");
    figures.behind = behindOf(now);
    figures.unsaved = now.number("rdb_changes_since_last_save").value_or(0);
    figures.cannotSave =
        hasFailed(now, "rdb_last_bgsave_status") || hasFailed(now, "aof_last_write_status");
    return figures;
}

}  // namespace tocsin::inspection
