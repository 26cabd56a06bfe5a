#include "inspection/serverinfo.h"

#include <QTest>

#include "inspection/serverlists.h"

using namespace tocsin;
using namespace tocsin::inspection;

/// What INFO and the server's lists say.
class ServerInfoTest : public QObject {
    Q_OBJECT
private slots:
    void warnsOfEvictionBeforeQueuesWereLookedFor();
    void reckonsFigures();
    void findsWhatIsWrong_data();
    void findsWhatIsWrong();
    void sortsTheWorstFirst();
    void readsReplicas();
    void readsClients();
    void readsTheSlowLog();
    void survivesNonsense();
};

namespace {

ServerInfo infoOf(const QByteArray& text) {
    return ServerInfo::fromText(text);
}

}  // namespace

void ServerInfoTest::reckonsFigures() {
    const auto before = infoOf("keyspace_hits:100\r\nkeyspace_misses:100\r\nevicted_keys:5\r\n");
    const auto now = infoOf(
        "# Stats\r\nkeyspace_hits:190\r\nkeyspace_misses:110\r\n"
        "evicted_keys:25\r\nused_memory:1024\r\nconnected_clients:7\r\n"
        "instantaneous_ops_per_sec:42\r\ninstantaneous_input_kbps:2.50\r\nblocked_clients:3\r\n"
        "rdb_changes_since_last_save:12\r\nrdb_last_bgsave_status:ok\r\n"
        "aof_last_write_status:err\r\n");
    const QDateTime at = QDateTime::fromSecsSinceEpoch(1'000'000, Qt::UTC);
    const auto figures = figuresOf(now, before, at.addSecs(10), at);
    QCOMPARE(figures.hitRate.value(), 0.9);
    QCOMPARE(figures.evicted.value(), 2.0);
    QCOMPARE(figures.ops, qint64(42));
    QCOMPARE(figures.bytesIn, 2560.0);
    QCOMPARE(figures.blocked, qint64(3));
    QCOMPARE(figures.unsaved, qint64(12));
    QVERIFY(figures.cannotSave);
    QVERIFY(!figuresOf(before, {}, at, at).cannotSave);
    QVERIFY(!figures.expired);  // not told
    QVERIFY(!figuresOf(now, {}, at, at).hitRate);
    // A server that was started anew counts from nothing: what happened in between is not known.
    QVERIFY(!figuresOf(before, now, at.addSecs(1), at).evicted);
    QVERIFY(!figuresOf(before, now, at.addSecs(1), at).hitRate);
}

void ServerInfoTest::findsWhatIsWrong_data() {
    QTest::addColumn<QByteArray>("now");
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<bool>("queues");
    QTest::addColumn<QString>("says");
    QTest::addColumn<int>("severity");
    const auto row = [](const char* name, const char* now, const char* before, bool queues,
                        const char* says, Severity severity) {
        QTest::newRow(name) << QByteArray(now) << QByteArray(before) << queues
                            << QString::fromUtf8(says) << static_cast<int>(severity);
    };
    row("snapshot", "rdb_last_bgsave_status:err", "", false, "snapshot failed", Severity::Critical);
    row("aof", "aof_last_write_status:err", "", false, "append-only", Severity::Critical);
    row("loading", "loading:1\nloading_eta_seconds:9", "", false, "9 s", Severity::Critical);
    row("full", "used_memory:95\nmaxmemory:100\nmaxmemory_policy:noeviction", "", false,
        "nearly full", Severity::Critical);
    row("full cache", "used_memory:95\nmaxmemory:100\nmaxmemory_policy:allkeys-lru", "", false,
        "nearly full", Severity::Warning);
    row("queues that may vanish", "maxmemory:100\nmaxmemory_policy:allkeys-lru", "", true,
        "jobs are lost", Severity::Critical);
    row("evicted", "evicted_keys:7", "evicted_keys:4", false, "last look: 3", Severity::Warning);
    row("rejected", "rejected_connections:2", "rejected_connections:1", false, "last look: 1",
        Severity::Critical);
    row("clients", "connected_clients:90\nmaxclients:100", "", false, "90 of 100",
        Severity::Warning);
    row("lost primary",
        "role:slave\nmaster_link_status:down\nmaster_host:db\nmaster_port:6379\n"
        "master_link_down_since_seconds:12",
        "", false, "db:6379 for 12 s", Severity::Critical);
    row("never had its primary",
        "role:slave\nmaster_link_status:down\nmaster_host:db\nmaster_port:6379\n"
        "master_link_down_since_seconds:-1",
        "", false, "has never been connected to its primary db:6379", Severity::Critical);
    row("late replica",
        "connected_slaves:1\nmaster_repl_offset:100\n"
        "slave0:ip=10.0.0.2,port=6379,state=online,offset=100,lag=60",
        "", false, "10.0.0.2:6379", Severity::Warning);
    row("cluster down", "cluster_enabled:1\ncluster_state:fail\ncluster_slots_ok:10922", "", false,
        "cluster_state:fail): 10 922 of 16 384", Severity::Critical);
    row("cluster, a node silent", "cluster_enabled:1\ncluster_state:ok\ncluster_slots_pfail:5461",
        "", false, "5 461 of 16 384 slots do not answer", Severity::Warning);
    row("cluster, not told", "cluster_enabled:1", "", false, "is not known", Severity::Warning);
    row("cluster, well", "cluster_enabled:1\ncluster_state:ok\ncluster_slots_ok:16384", "", false,
        "", Severity::Unknown);
    row("oom", "errorstat_OOM:count=9", "errorstat_OOM:count=4", false, "last look: 5",
        Severity::Warning);
    row("all is well",
        "rdb_last_bgsave_status:ok\nused_memory:10\nmaxmemory:100\nmaxmemory_policy:noeviction", "",
        true, "", Severity::Unknown);
}

void ServerInfoTest::findsWhatIsWrong() {
    QFETCH(const QByteArray, now);
    QFETCH(const QByteArray, before);
    QFETCH(const bool, queues);
    QFETCH(const QString, says);
    QFETCH(const int, severity);
    const auto found = findingsOf(infoOf(now), infoOf(before), queues);
    QCOMPARE(found.size(), says.isEmpty() ? 0 : 1);
    if (says.isEmpty()) return;
    QVERIFY2(found[0].what.contains(says), qPrintable(found[0].what));
    QCOMPARE(static_cast<int>(found[0].severity), severity);
    QVERIFY(found[0].remedy.endsWith(u'.'));
}

void ServerInfoTest::sortsTheWorstFirst() {
    const auto found = findingsOf(
        infoOf("evicted_keys:1\nerrorstat_NOAUTH:count=1\naof_last_write_status:err"), {}, false);
    QCOMPARE(found.size(), 3);
    QCOMPARE(found[0].severity, Severity::Critical);
    QCOMPARE(found[2].severity, Severity::Info);
}

void ServerInfoTest::readsReplicas() {
    const auto info = infoOf(
        "connected_slaves:2\nmaster_repl_offset:500\n"
        "slave0:ip=a,port=1,state=online,offset=400,lag=1\n"
        "slave1:ip=b,port=2,state=wait_bgsave,offset=0,lag=0\n"
        "db0:keys=3,expires=1,avg_ttl=5000\ndb10:keys=1,expires=0,avg_ttl=0\n");
    QCOMPARE(info.replicas().size(), 2);
    QCOMPARE(info.replicas()[0].behind, qint64(100));
    QCOMPARE(info.replicas()[1].place, QByteArray("b:2"));
    QCOMPARE(info.keyspaces().size(), 2);
    QCOMPARE(info.keyspaces()[1].database, QByteArray("db10"));
    QCOMPARE(figuresOf(info, {}, {}, {}).behind.value(), qint64(500));
}

void ServerInfoTest::readsClients() {
    const auto clients = readClients(
        "id=4 addr=10.0.0.1:38834 name=worker age=90 idle=7 flags=N db=2 sub=1 psub=0 "
        "tot-mem=37658 "
        "omem=5 cmd=client|list user=default resp=2\n"
        "id=5 addr=10.0.0.1:38835 name= age=1 idle=0 flags=b db=0 cmd=bzpopmin user=app\n"
        "id=6 addr=[::1]:99 name=worker age=1 idle=0 cmd=get user=app\n");
    QCOMPARE(clients.size(), 3);
    QCOMPARE(clients[0].command, QStringLiteral("client list"));
    QCOMPARE(clients[0].memory, qint64(37658));
    const auto byHost = groupsOf(clients, ClientGrouping::Host);
    QCOMPARE(byHost.size(), 2);
    QCOMPARE(byHost[0].what, QStringLiteral("10.0.0.1"));
    QCOMPARE(byHost[0].clients, 2);
    QCOMPARE(groupsOf(clients, ClientGrouping::Name)[0].clients, 2);
}

void ServerInfoTest::readsTheSlowLog() {
    const auto integer = [](const char* text) { return Reply(Reply::Kind::Integer, text); };
    const auto bulk = [](const char* text) { return Reply(Reply::Kind::BulkString, text); };
    const Reply entry(Reply::Kind::Array, {},
                      {integer("14"), integer("1309448221"), integer("15000"),
                       Reply(Reply::Kind::Array, {}, {bulk("KEYS"), bulk("*")}),
                       bulk("127.0.0.1:58217"), bulk("worker")});
    const auto slow = readSlowLog(Reply(Reply::Kind::Array, {}, {entry, Reply()}));
    QCOMPARE(slow.size(), 1);
    QCOMPARE(slow[0].command, QStringLiteral("KEYS *"));
    QCOMPARE(slow[0].client, QStringLiteral("127.0.0.1:58217 worker"));
    QCOMPARE(static_cast<qint64>(slow[0].took.count()), qint64(15000));
}

void ServerInfoTest::survivesNonsense() {
    for (const char* text : {"", ":", "a", "connected_slaves:99999999999\n", "db0:", "dbx:keys=1",
                             "used_memory:x\nmaxmemory:y", "slave0:\nconnected_slaves:1"}) {
        const auto info = infoOf(text);
        (void)figuresOf(info, info, {}, {});
        (void)findingsOf(info, info, true);
        (void)info.keyspaces();
        QVERIFY(readClients(text).isEmpty());
    }
}

void ServerInfoTest::warnsOfEvictionBeforeQueuesWereLookedFor() {
    const ServerInfo info =
        ServerInfo::fromText("maxmemory:100\r\nmaxmemory_policy:allkeys-lru\r\n");
    const auto unknown = findingsOf(info, {}, std::nullopt);
    QCOMPARE(unknown.size(), 1);
    QVERIFY(unknown.first().what.contains(QStringLiteral("queues on it would lose jobs")));
    QVERIFY(findingsOf(info, {}, false).isEmpty());
    QVERIFY(findingsOf(info, {}, true).first().what.contains(QStringLiteral("jobs are lost")));
}

QTEST_GUILESS_MAIN(ServerInfoTest)
#include "tst_serverinfo.moc"
