// What in INFO a person should know, in words.
#include <algorithm>

#include "inspection/serverinfo.h"
#include "sdk/figures.h"

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

constexpr double kNearlyFull = 0.9;
constexpr double kManyClients = 0.8;
constexpr qint64 kSlots = 16'384;  // of every cluster
constexpr qint64 kSlowForkUs = 500'000;
constexpr qint64 kLateReplicaSeconds = 10;
constexpr qint64 kFarBehind = 16LL * 1024 * 1024;
constexpr qint64 kWorthDefragmenting = 256LL * 1024 * 1024;

class Findings {
public:
    Findings(const ServerInfo& now, const ServerInfo& before) : m_now(now), m_before(before) {}

    void add(Severity severity, const QString& what, const QString& remedy) {
        m_found << ServerFinding{severity, what, remedy};
    }
    /// How much a counter grew since the look before; all of it without one.
    qint64 grew(const QByteArray& name) const {
        return m_now.number(name).value_or(0) - m_before.number(name).value_or(0);
    }
    QString since() const {
        return m_before.isEmpty() ? u"since the server began"_s : u"since the last look"_s;
    }
    void persistence();
    void memory(std::optional<bool> hasQueues);
    void clients();
    void replication();
    void cluster();
    void errors();
    QVector<ServerFinding> take() {
        std::stable_sort(m_found.begin(), m_found.end(),
                         [](const ServerFinding& a, const ServerFinding& b) {
                             return a.severity < b.severity;  // critical is the least
                         });
        return std::move(m_found);
    }

private:
    const ServerInfo& m_now;
    const ServerInfo& m_before;
    QVector<ServerFinding> m_found;
};

void Findings::persistence() {
    if (m_now.number("loading") == 1)
        add(Severity::Critical,
            u"It is loading its data; about %1 s are left."_s.arg(
                m_now.number("loading_eta_seconds").value_or(0)),
            u"Wait: commands are refused until it is done."_s);
    if (const QByteArray last = m_now.text("rdb_last_bgsave_status");
        !last.isEmpty() && last != "ok")
        add(Severity::Critical, u"The last snapshot failed, and writes may be refused (MISCONF)."_s,
            u"Look at the disk's room and at the server's log; %1 changes are not saved."_s.arg(
                m_now.number("rdb_changes_since_last_save").value_or(0)));
    if (const QByteArray last = m_now.text("aof_last_write_status");
        !last.isEmpty() && last != "ok")
        add(Severity::Critical, u"The last write to the append-only file failed."_s,
            u"Look at the disk's room; writes are refused meanwhile."_s);
    if (const QByteArray last = m_now.text("aof_last_bgrewrite_status");
        !last.isEmpty() && last != "ok")
        add(Severity::Warning,
            u"The last rewrite of the append-only file failed; it keeps growing."_s,
            u"Look at the disk's room and at the server's log."_s);
    if (const qint64 fork = m_now.number("latest_fork_usec").value_or(0); fork > kSlowForkUs)
        add(Severity::Warning,
            u"The last fork for a snapshot stopped the server for %1 ms."_s.arg(fork / 1000),
            u"Save less often, or on a replica; check transparent huge pages."_s);
}

void Findings::memory(std::optional<bool> hasQueues) {
    const qint64 used = m_now.number("used_memory").value_or(0);
    const qint64 limit = m_now.number("maxmemory").value_or(0);
    const QString policy = QString::fromUtf8(m_now.text("maxmemory_policy"));
    if (limit > 0 && static_cast<double>(used) > kNearlyFull * static_cast<double>(limit))
        add(policy == u"noeviction" ? Severity::Critical : Severity::Warning,
            u"Memory is nearly full: %1 of %2."_s.arg(sizeText(used), sizeText(limit)),
            policy == u"noeviction"
                ? u"Writes will be refused (OOM): find what grows with Keys, Biggest."_s
                : u"Keys are thrown out (%1): find what grows with Keys, Biggest."_s.arg(policy));
    const bool evicts = !policy.isEmpty() && policy != u"noeviction";
    if (!hasQueues && evicts && limit > 0)
        add(Severity::Info,
            u"maxmemory-policy is %1: right for a cache, but queues on it would lose jobs."_s.arg(
                policy),
            u"Nobody looked for queues yet: Queues says whether there are some."_s);
    if (hasQueues.value_or(false) && evicts)
        add(limit > 0 ? Severity::Critical : Severity::Warning,
            u"maxmemory-policy is %1: with queues on it, jobs are lost when memory is short."_s.arg(
                policy),
            u"BullMQ asks for noeviction: CONFIG SET maxmemory-policy noeviction."_s);
    if (const qint64 evicted = grew("evicted_keys"); evicted > 0)
        add(Severity::Warning, u"Keys thrown out %1: %2."_s.arg(since()).arg(evicted),
            u"Memory is short: the cache misses more, and whoever relies on a key loses it."_s);
    const double ratio = m_now.decimal("mem_fragmentation_ratio").value_or(1);
    if (used > kWorthDefragmenting && ratio > 1.5)
        add(Severity::Info, u"It holds %1 times the memory it uses."_s.arg(ratio, 0, 'f', 1),
            u"MEMORY DOCTOR explains; activedefrag gives it back."_s);
    if (used > kWorthDefragmenting && ratio > 0 && ratio < 0.9)
        add(Severity::Critical,
            u"Part of its memory is swapped out: every command may wait for a disk."_s,
            u"Free memory on the machine, or move the server."_s);
}

void Findings::clients() {
    const qint64 clients = m_now.number("connected_clients").value_or(0);
    const qint64 most = m_now.number("maxclients").value_or(0);
    if (most > 0 && static_cast<double>(clients) > kManyClients * static_cast<double>(most))
        add(Severity::Warning, u"%1 of %2 connections are in use."_s.arg(clients).arg(most),
            u"Clients, grouped by address or name, says who holds them."_s);
    if (const qint64 rejected = grew("rejected_connections"); rejected > 0)
        add(m_before.isEmpty() ? Severity::Warning : Severity::Critical,
            u"Connections turned away at maxclients %1: %2."_s.arg(since()).arg(rejected),
            u"Clients, grouped by address or name, says who holds them."_s);
}

void Findings::replication() {
    if (m_now.text("role") == "slave" && m_now.text("master_link_status") == "down") {
        const QString primary = QString::fromUtf8(m_now.text("master_host")) + u':' +
                                QString::fromUtf8(m_now.text("master_port"));
        const auto since = m_now.number("master_link_down_since_seconds");
        // -1: the link was never up since this server began.
        if (since && *since < 0)
            add(Severity::Critical,
                u"This replica has never been connected to its primary %1 since it began; what it says is old, or nothing."_s
                    .arg(primary),
                u"Look at the primary, and whether this replica names the right one (ROLE)."_s);
        else
            add(Severity::Critical,
                u"This replica has lost its primary %1%2; what it says is old."_s.arg(
                    primary, since ? u" for %1 s"_s.arg(*since) : QString()),
                u"Look at the primary; readers of this replica see the past."_s);
    }
    for (const auto& replica : m_now.replicas()) {
        const QString place = QString::fromUtf8(replica.place);
        if (replica.state != "online")
            add(Severity::Warning,
                u"Replica %1 is not online yet: %2."_s.arg(place, QString::fromUtf8(replica.state)),
                u"It is being filled; a failover to it would lose data."_s);
        else if (replica.lag > kLateReplicaSeconds || replica.behind > kFarBehind)
            add(Severity::Warning,
                u"Replica %1 is %2 behind and last answered %3 s ago."_s
                    .arg(place, sizeText(replica.behind))
                    .arg(replica.lag),
                u"A failover to it would lose what it has not got."_s);
    }
}

/// What this node says of the others.
void Findings::cluster() {
    if (!m_now.isCluster()) return;
    const QByteArray state = m_now.text("cluster_state");
    if (state.isEmpty())
        return add(Severity::Warning,
                   u"Whether the cluster is up is not known: CLUSTER INFO is refused."_s,
                   u"The user needs +cluster|info."_s);
    const qint64 served = m_now.number("cluster_slots_ok").value_or(0);
    const qint64 silent = m_now.number("cluster_slots_pfail").value_or(0) +
                          m_now.number("cluster_slots_fail").value_or(0);
    if (state != "ok")
        add(Severity::Critical,
            u"The cluster is down (cluster_state:%1): %2 of %3 slots are served."_s.arg(
                QString::fromUtf8(state), countText(served), countText(kSlots)),
            u"Its keys answer CLUSTERDOWN: CLUSTER NODES says which primary is gone; bring it back, or fail over to its replica."_s);
    else if (silent > 0)
        add(Severity::Warning,
            u"The nodes of %1 of %2 slots do not answer."_s.arg(countText(silent),
                                                                countText(kSlots)),
            u"CLUSTER NODES says which."_s);
}

/// INFO errorstats (Redis 6.2): how often the server answered with which error.
void Findings::errors() {
    const struct {
        const char* field;
        const char* what;
    } kinds[] = {{"errorstat_OOM", "Writes refused because memory is full (OOM)"},
                 {"errorstat_READONLY", "Writes sent to a read-only replica (READONLY)"},
                 {"errorstat_NOAUTH", "Commands without a login (NOAUTH)"},
                 {"errorstat_WRONGPASS", "Failed logins (WRONGPASS)"},
                 {"errorstat_MISCONF", "Writes refused because saving fails (MISCONF)"},
                 {"errorstat_BUSY", "Commands that met a script without end (BUSY)"}};
    for (const auto& kind : kinds) {
        const qint64 now = ServerInfo::part(m_now.text(kind.field), "count").value_or(0);
        const qint64 more = now - ServerInfo::part(m_before.text(kind.field), "count").value_or(0);
        if (more <= 0) continue;
        add(m_before.isEmpty() ? Severity::Info : Severity::Warning,
            u"%1 %2: %3."_s.arg(QString::fromLatin1(kind.what), since()).arg(more),
            u"Clients and the application's log say who."_s);
    }
}

}  // namespace

QVector<ServerFinding> findingsOf(const ServerInfo& now, const ServerInfo& before,
                                  std::optional<bool> hasQueues) {
    Findings findings(now, before);
    findings.persistence();
    findings.memory(hasQueues);
    findings.clients();
    findings.replication();
    findings.cluster();
    findings.errors();
    return findings.take();
}

}  // namespace tocsin::inspection
