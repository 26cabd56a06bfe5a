#include "plugins/engines/redis/guard.h"

#include "plugins/engines/redis/heavy.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

/// A refusal by name.
struct Refusal {
    const char* rule;
    const char* reason;
    const char* remedy;
    Effect effect = Effect::Changes;
};

constexpr const char* kByHand =
    "If it must be, do it with a second person: Run it anyway… asks for the connection's name, and "
    "for a reason where it is locked (on the command line --unlock --reason TEXT --name "
    "CONNECTION).";

/// The rules that a person overrules only by an Unlock and the connection's typed name.
bool needsTheName(const QString& rule) {
    static const QStringList rules{u"destructive"_s, u"server-settings"_s, u"topology"_s,
                                   u"blocks-server"_s, u"script"_s};
    return rules.contains(rule);
}

constexpr const char* kOwnServer = "Use another connection whose url names it.";

const QHash<QByteArray, Refusal>& neverRun() {
    static const QHash<QByteArray, Refusal> table = [] {
        QHash<QByteArray, Refusal> t;
        t["flushall"] = {
            "destructive",
            "FLUSHALL deletes every key of every database: queues, sessions and locks too.",
            "Walk the keys with redis-cli --scan --pattern and look first; if all must go, Run it "
            "anyway… asks for the connection's name, and for a reason where it is locked (on the "
            "command line --unlock --reason TEXT --name CONNECTION)."};
        t["flushdb"] = {
            "destructive",
            "FLUSHDB deletes every key of this database: queues, sessions and locks too.",
            "Walk the keys with redis-cli --scan --pattern and look first; if all must go, Run it "
            "anyway… asks for the connection's name, and for a reason where it is locked (on the "
            "command line --unlock --reason TEXT --name CONNECTION)."};
        t["swapdb"] = {"destructive", "SWAPDB exchanges two databases under every client at once.",
                       kByHand};
        t["shutdown"] = {"destructive", "SHUTDOWN stops the server.", kByHand};
        t["debug"] = {"destructive", "DEBUG can crash or stall the server.",
                      "MEMORY USAGE, OBJECT ENCODING and INFO answer most of its questions."};
        t["config|set"] = {
            "server-settings", "CONFIG SET changes the running server.",
            "CONFIG GET shows the present value. Change the configuration where it is kept."};
        t["config|rewrite"] = {"server-settings",
                               "CONFIG REWRITE overwrites the server's configuration file.",
                               kByHand};
        for (const char* name : {"replicaof",
                                 "slaveof",
                                 "failover",
                                 "cluster|failover",
                                 "cluster|reset",
                                 "cluster|forget",
                                 "cluster|flushslots",
                                 "cluster|setslot",
                                 "cluster|replicate",
                                 "cluster|addslots",
                                 "cluster|addslotsrange",
                                 "cluster|delslots",
                                 "cluster|delslotsrange",
                                 "cluster|meet",
                                 "cluster|bumpepoch",
                                 "cluster|set-config-epoch",
                                 "sentinel|failover",
                                 "sentinel|monitor",
                                 "sentinel|remove",
                                 "sentinel|reset",
                                 "sentinel|set",
                                 "sentinel|config"})
            t[name] = {"topology", "This changes which server holds the data, and may empty one.",
                       kByHand};
        for (const char* name : {"module|load", "module|loadex", "module|unload"})
            t[name] = {"server-settings", "This loads or unloads code in the server.", kByHand};
        for (const char* name : {"acl|setuser", "acl|deluser", "acl|load", "acl|save"})
            t[name] = {"server-settings",
                       "This changes who may do what on the server, and may lock others out at "
                       "once.",
                       kByHand};
        t["save"] = {"blocks-server",
                     "SAVE writes all data to the disk and answers nobody until that is done.",
                     "BGSAVE does it beside the clients."};
        t["client|pause"] = {"blocks-server",
                             "CLIENT PAUSE makes every client wait, as if the server hung.",
                             kByHand};
        t["keys"] = {
            "blocks-server",
            "KEYS walks every key in one go and stops the server for all other clients meanwhile.",
            "Use SCAN 0 MATCH pattern COUNT 500, or redis-cli --scan --pattern pattern.",
            Effect::Unproven};
        t["sort_ro"] = {
            "blocks-server",
            "SORT_RO sorts the whole key in one go, and BY or GET patterns read any other key.",
            "Page with LRANGE, SSCAN or ZRANGE instead.", Effect::Unproven};
        t["lcs"] = {"blocks-server",
                    "LCS takes time and memory in proportion to both lengths multiplied, and stops "
                    "the server meanwhile.",
                    "Read both values with GETRANGE and compare them where you are.",
                    Effect::Unproven};
        t["monitor"] = {"endless", "MONITOR never ends, and slows the server down while it runs.",
                        "Use SLOWLOG GET 20, CLIENT LIST or INFO commandstats; --monitor 5 takes a "
                        "sample of five seconds, after a confirmation.",
                        Effect::Unproven};
        for (const char* name : {"subscribe", "psubscribe", "ssubscribe", "unsubscribe",
                                 "punsubscribe", "sunsubscribe"})
            t[name] = {"endless",
                       "Subscriptions turn the connection into a stream that never ends.",
                       "PUBSUB CHANNELS and PUBSUB NUMSUB say who listens; for a stream use "
                       "XREVRANGE key + - COUNT 20.",
                       Effect::Unproven};
        for (const char* name : {"sync", "psync", "replconf"})
            t[name] = {"endless",
                       "This makes the connection a replica: the server sends everything it has.",
                       "Use INFO replication.", Effect::Unproven};
        for (const char* name : {"blpop", "brpop", "blmove", "blmpop", "brpoplpush", "bzpopmin",
                                 "bzpopmax", "bzmpop", "wait", "waitaof"})
            t[name] = {"blocking",
                       "This waits on the server until something arrives, and takes it.",
                       "LRANGE key -1 -1 or ZRANGE key 0 0 look without taking."};
        for (const char* name :
             {"multi", "exec", "discard", "watch", "unwatch", "client|reply", "client|tracking",
              "client|caching", "client|setname", "client|no-evict", "client|no-touch", "asking",
              "readonly", "readwrite", "reset", "quit"})
            t[name] = {"session-state",
                       "This changes how the connection itself behaves, so that later answers "
                       "could not be trusted.",
                       "Run the commands one by one.", Effect::Unproven};
        t["select"] = {
            "session-state",
            "SELECT would move this connection to another database without anybody seeing it.",
            kOwnServer, Effect::Unproven};
        for (const char* name : {"auth", "hello"})
            t[name] = {"session-state",
                       "The login of a connection comes from the workspace, and its secret must "
                       "not be typed here.",
                       kOwnServer, Effect::Unproven};
        return t;
    }();
    return table;
}

/// Not flagged `readonly` by the server, but known to change nothing. docs/redis-guard.md has the
/// reasons.
const QSet<QByteArray>& allowedByName() {
    static const QSet<QByteArray> names{"ping",
                                        "echo",
                                        "info",
                                        "role",
                                        "time",
                                        "lastsave",
                                        "dbsize",
                                        "slowlog|get",
                                        "slowlog|len",
                                        "client|list",
                                        "client|info",
                                        "client|id",
                                        "client|getname",
                                        "latency|latest",
                                        "latency|history",
                                        "latency|doctor",
                                        "latency|graph",
                                        "latency|histogram",
                                        "config|get",
                                        "memory|usage",
                                        "memory|stats",
                                        "memory|doctor",
                                        "cluster|info",
                                        "cluster|nodes",
                                        "cluster|slots",
                                        "cluster|shards",
                                        "cluster|myid",
                                        "cluster|keyslot",
                                        "cluster|countkeysinslot",
                                        "command",
                                        "command|count",
                                        "command|docs",
                                        "command|info",
                                        "command|list",
                                        "command|getkeys",
                                        "command|getkeysandflags",
                                        "acl|whoami",
                                        "acl|dryrun",
                                        "acl|users",
                                        "acl|cat",
                                        "module|list",
                                        "cluster|replicas",
                                        "cluster|links",
                                        "client|getredir",
                                        "client|trackinginfo",
                                        "memory|malloc-stats",
                                        "script|exists",
                                        "object|encoding",
                                        "object|freq",
                                        "object|idletime",
                                        "object|refcount",
                                        "xinfo|stream",
                                        "xinfo|groups",
                                        "xinfo|consumers",
                                        "pubsub|channels",
                                        "pubsub|numsub",
                                        "pubsub|numpat",
                                        "pubsub|shardchannels",
                                        "pubsub|shardnumsub"};
    return names;
}

/// What flags itself `readonly` is believed where it is known how much it does: in Redis 7.0, or
/// looked at since.
bool isKnownReader(const QByteArray& leaf) {
    static const CommandTable known = CommandTable::bundled();
    static const QSet<QByteArray> since{"httl", "hpttl", "hexpiretime", "hpexpiretime"};
    return since.contains(leaf) ||
           known.flags(leaf).value_or(QSet<QByteArray>()).contains("readonly");
}

QString shown(const QByteArray& leaf) {
    return QString::fromUtf8(leaf).toUpper().replace(u'|', u' ');
}

Judgement readOnly(const QString& rule, const QString& reason) {
    return {{Effect::ReadOnly, rule, reason, {}}, Leave::Never};
}

Judgement refused(Effect effect, const QString& rule, const QString& reason, const QString& remedy,
                  Leave leave = Leave::Never) {
    return {{effect, rule, reason, remedy}, leave};
}

Judgement unlockable(Effect effect, const QString& rule, const QString& reason) {
    return refused(effect, rule, reason,
                   u"Run it anyway… asks for a confirmation, and for a reason where the connection "
                   u"is locked (on "
                   "the command line --unlock --reason TEXT)."_s,
                   Leave::Unlock);
}

/// "client|list" for CLIENT LIST; "get" for GET key. The container's own name when nothing follows
/// it.
QByteArray leafOf(const QByteArrayList& arguments, const CommandTable& table) {
    const QByteArray name = arguments.first().toLower();
    if (!table.isContainer(name) || arguments.size() < 2) return name;
    return name + '|' + arguments.at(1).toLower();
}

Judgement unknown(const QByteArray& leaf, const CommandTable& table) {
    const bool hasOnlyContainer = table.isContainer(leaf);
    if (hasOnlyContainer)
        return refused(Effect::Unproven, u"incomplete"_s,
                       u"%1 alone does nothing; it needs a subcommand."_s.arg(shown(leaf)),
                       u"%1 HELP lists them."_s.arg(shown(leaf)));
    const QString who = table.isFromServer()
                            ? u"This server does not list %1 among its commands"_s
                            : u"%1 is not a command that is known to change nothing"_s;
    return refused(Effect::Unproven, u"unknown-command"_s,
                   who.arg(shown(leaf)) +
                       u", so nothing is known about what it does: a server may call any command, "
                       "FLUSHALL too, by another name (rename-command)."_s,
                   QString::fromUtf8(kByHand), Leave::UnlockAndName);
}

/// Runs or changes code: it can do whatever needs the name by itself. What only lists the code is
/// judged as any other command.
bool isScript(const QByteArray& leaf) {
    static const QSet<QByteArray> listing{"function|list", "function|stats", "function|dump",
                                          "function|help", "script|exists",  "script|help"};
    return leaf.startsWith("eval") || leaf.startsWith("fcall") ||
           ((leaf.startsWith("script|") || leaf.startsWith("function|")) &&
            !listing.contains(leaf));
}

Judgement byFlags(const QByteArray& leaf, const QSet<QByteArray>& flags) {
    if (flags.contains("write"))
        return unlockable(Effect::Changes, u"write-command"_s,
                          u"%1 changes data."_s.arg(shown(leaf)));
    if (leaf == "touch")
        return unlockable(Effect::Changes, u"touch"_s,
                          u"TOUCH only changes when a key was last used."_s);
    // The server says so itself from Redis 7 on: may_replicate beside readonly.
    if (leaf == "pfcount" || (flags.contains("readonly") && flags.contains("may_replicate")))
        return unlockable(
            Effect::Changes, u"writes-while-reading"_s,
            u"%1 may write what it counted into its key, although it is flagged as readonly. Keys "
            "shows the number without asking for it."_s.arg(shown(leaf)));
    if (allowedByName().contains(leaf) || leaf.endsWith("|help"))
        return readOnly(u"allow-list"_s,
                        u"%1 is in the list of commands that change nothing."_s.arg(shown(leaf)));
    if (flags.contains("admin"))
        return unlockable(Effect::Changes, u"admin-command"_s,
                          u"%1 administers the server."_s.arg(shown(leaf)));
    if (flags.contains("module") || leaf.contains('.'))
        return unlockable(
            Effect::Unproven, u"module-command"_s,
            u"%1 belongs to a module. Modules flag themselves, some call `readonly` what changes their settings, and how much one reads cannot be asked first."_s
                .arg(shown(leaf)));
    if (flags.contains("readonly") && !flags.contains("pubsub") && isKnownReader(leaf))
        return readOnly(u"readonly-flag"_s, u"The server flags %1 as readonly."_s.arg(shown(leaf)));
    return unlockable(
        Effect::Unproven, u"not-in-allow-list"_s,
        flags.contains("readonly")
            ? u"The server flags %1 as readonly, but Redis 7.0 does not have it: how much it does is not known here."_s
                  .arg(shown(leaf))
            : u"The server does not flag %1 as readonly, and it is not in the list of commands that change nothing."_s
                  .arg(shown(leaf)));
}

}  // namespace

Judgement judge(const QByteArrayList& arguments, const CommandTable& table) {
    if (arguments.isEmpty())
        return refused(Effect::Unproven, u"empty"_s, u"There is no command here."_s,
                       u"Write one, for example INFO memory."_s);
    const QByteArray leaf = leafOf(arguments, table);
    for (const QByteArray& name : {leaf, arguments.first().toLower()})
        if (const auto found = neverRun().find(name); found != neverRun().end())
            return refused(found->effect, QString::fromLatin1(found->rule),
                           QString::fromUtf8(found->reason), QString::fromUtf8(found->remedy),
                           needsTheName(QString::fromLatin1(found->rule)) ? Leave::UnlockAndName
                                                                          : Leave::Never);
    if (isScript(leaf))
        return refused(
            Effect::Unproven, u"script"_s,
            u"%1 runs or changes code in the server, and nobody can tell from outside what that code does."_s
                .arg(shown(leaf)),
            QString::fromUtf8(kByHand), Leave::UnlockAndName);
    auto flags = table.flags(leaf);
    if (!flags && !table.isFromServer() &&
        (allowedByName().contains(leaf) || leaf.endsWith("|help")))
        flags = QSet<QByteArray>{};
    if (!flags && leaf == "command") flags = QSet<QByteArray>{};
    if (!flags) return unknown(leaf, table);
    if (const auto heavy = heavyArguments(leaf, arguments)) return {*heavy, Leave::Never};
    return byFlags(leaf, *flags);
}

Judgement judgeLine(const CommandLine& line, const CommandTable& table) {
    if (line.scan)
        return readOnly(u"readonly-flag"_s,
                        u"Walks the keys with SCAN, %1 at a time."_s.arg(line.scan->count));
    if (line.monitor)
        return unlockable(
            Effect::Unproven, u"monitor"_s,
            u"MONITOR makes the server write out every command of every client, which can halve what it gets done; the sample ends by itself after %1 s."_s
                .arg(*line.monitor));
    return judge(line.arguments, table);
}

}  // namespace tocsin::redis
