#include "plugins/engines/redis/sentences.h"

#include <QHash>
#include <QString>
#include <utility>

#include "sdk/secret.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

struct Sentence {
    ErrorCode code;
    const char* text;  ///< %1 place, %2 user
};

// The first word of an error line is its code. Source: Redis 7 src/server.c, src/cluster.c,
// src/acl.c.
const QHash<QByteArray, Sentence>& sentences() {
    static const QHash<QByteArray, Sentence> table{
        {"LOADING",
         {ErrorCode::Unavailable,
          "%1 is still loading its data from disk; try again in a few seconds (INFO persistence "
          "shows loading_eta_seconds)."}},
        {"BUSY",
         {ErrorCode::Unavailable,
          "%1 is busy running a script and answers nobody; wait for it, or have someone run SCRIPT "
          "KILL on the server."}},
        {"READONLY",
         {ErrorCode::Refused,
          "%1 is a replica and takes no writes; use the connection to its primary (ROLE names "
          "it)."}},
        {"NOAUTH",
         {ErrorCode::Auth,
          "%1 wants a password; add password: keychain:NAME or env:NAME to this connection in "
          "tocsin.yaml."}},
        {"WRONGPASS",
         {ErrorCode::Auth,
          "%1 does not accept the password of user “%2”; check the secret that this connection's "
          "password: refers to, and that the user is on in ACL LIST."}},
        {"NOPERM",
         {ErrorCode::Auth,
          "User “%2” on %1 may not do this. With the ACL rules of docs/redis-guard.md a user may "
          "do "
          "whatever runs here without an unlock, but for HELP; what is left needs another "
          "connection."}},
        {"MASTERDOWN",
         {ErrorCode::Unavailable,
          "%1 is a replica that has lost its primary and is set not to serve stale data; look at "
          "the primary (INFO replication)."}},
        {"OOM",
         {ErrorCode::Unavailable,
          "%1 has reached maxmemory and refuses commands that need more; look at INFO memory and "
          "CONFIG GET maxmemory-policy."}},
        {"MISCONF",
         {ErrorCode::Unavailable,
          "%1 cannot save to its disk and refuses writes; look at INFO persistence and the free "
          "disk space there."}},
        {"CLUSTERDOWN",
         {ErrorCode::Unavailable,
          "The cluster of %1 is down: not all slots are served; look at CLUSTER INFO and CLUSTER "
          "NODES."}},
        {"TRYAGAIN",
         {ErrorCode::Unavailable,
          "The slot of these keys is moving between two nodes; try again in a moment, or ask for "
          "one key at a time."}},
        {"CROSSSLOT",
         {ErrorCode::Refused,
          "These keys live in different slots of the cluster; ask for them one by one."}},
        {"NOREPLICAS",
         {ErrorCode::Unavailable,
          "%1 has too few replicas to take writes; look at INFO replication."}},
        {"DENIED",
         {ErrorCode::Auth,
          "%1 is in protected mode: it has no password and takes no connection from outside; set a "
          "password there, or connect through a tunnel on its own machine."}},
        {"NOPROTO", {ErrorCode::Protocol, "%1 does not speak a protocol known here."}},
        {"UNKILLABLE",
         {ErrorCode::Unavailable,
          "%1 is busy with a script that has already written and cannot be stopped; it must "
          "finish, or the server must be stopped without saving."}},
    };
    return table;
}

Error moved(const QList<QByteArray>& words, const QString& place, bool ask) {
    const QString node = words.size() > 2 ? QString::fromUtf8(words.at(2)) : u"another node"_s;
    return {
        ErrorCode::Refused,
        (ask ? u"This key is just moving from %1 to %2: try again in a moment."_s
             : u"This key lives on another node of the cluster: %2, not %1. Use or add a connection to that node."_s)
            .arg(place, node),
        {}};
}

Error plain(const QByteArray& line, const QString& place) {
    const QString text = redact(QString::fromUtf8(line));
    if (line.contains("unknown command") || line.contains("unknown subcommand"))
        return {
            ErrorCode::NotFound,
            u"%1 does not know this command; check its spelling and the server's version (INFO server)."_s
                .arg(place),
            text};
    if (line.contains("wrong number of arguments"))
        return {
            ErrorCode::Parse,
            u"This command has too few or too many arguments; COMMAND DOCS name shows what it takes."_s,
            text};
    if (line.contains("max number of clients"))
        return {
            ErrorCode::Unavailable,
            u"%1 has no connection left (maxclients); close idle clients, see CLIENT LIST from a connection that is still open."_s
                .arg(place),
            text};
    if (line.contains("DB index is out of range"))
        return {
            ErrorCode::Config,
            u"%1: the server has no database of that number; change the number at the end of the url."_s
                .arg(place),
            text};
    if (line.contains("without any password configured"))
        return {
            ErrorCode::Auth,
            u"%1 has no password set, but this connection sends one; remove password: from it, or set one on the server."_s
                .arg(place),
            text};
    if (line.contains("invalid password"))  // Redis before 6
        return {
            ErrorCode::Auth,
            u"%1 does not accept this password; check the secret that password: refers to."_s.arg(
                place),
            text};
    return {ErrorCode::Refused, u"%1 answered: %2"_s.arg(place, text), text};
}

/// The command that counts, and the one that reads a part, for each type of key.
const QHash<QByteArray, std::pair<const char*, const char*>>& fitting() {
    static const QHash<QByteArray, std::pair<const char*, const char*>> table{
        {"string", {"STRLEN %1", "GET %1"}},
        {"list", {"LLEN %1", "LRANGE %1 0 99"}},
        {"set", {"SCARD %1", "SSCAN %1 0 COUNT 200"}},
        {"zset", {"ZCARD %1", "ZRANGE %1 0 99 WITHSCORES"}},
        {"hash", {"HLEN %1", "HSCAN %1 0 COUNT 200"}},
        {"stream", {"XLEN %1", "XREVRANGE %1 + - COUNT 20"}},
    };
    return table;
}

bool isCount(const QByteArray& name) {
    return name == "LLEN" || name == "SCARD" || name == "ZCARD" || name == "HLEN" ||
           name == "STRLEN" || name == "XLEN";
}

}  // namespace

Error errorFromServer(const QByteArray& line, const QString& place, const QString& user) {
    const QList<QByteArray> words = line.split(' ');
    Error error = plain(line, place);
    if (words.first() == "MOVED" || words.first() == "ASK")
        error = moved(words, place, words.first() == "ASK");
    else if (const auto found = sentences().find(words.first()); found != sentences().end())
        error = {found->code,
                 QString::fromUtf8(found->text)
                     .replace(u"%1"_s, place)
                     .replace(u"%2"_s, user.isEmpty() ? u"default"_s : user),
                 {}};
    error.detail = redact(QString::fromUtf8(line));
    return error;
}

Error wrongType(const QByteArrayList& arguments, const QByteArray& type, const QByteArray& line) {
    const QByteArray name = arguments.value(0).toUpper();
    const QString key = QString::fromUtf8(arguments.value(1));
    const QString kind = type == "zset" ? u"sorted set"_s : QString::fromUtf8(type);
    const auto found = fitting().find(type);
    if (found == fitting().end())
        return {ErrorCode::Refused,
                u"“%1” is a %2, which %3 does not read."_s.arg(key, kind, QString::fromUtf8(name)),
                redact(QString::fromUtf8(line))};
    const char* fits = isCount(name) ? found->first : found->second;
    return {
        ErrorCode::Refused,
        u"“%1” is a %2, which %3 does not read; use: %4"_s.arg(
            key, kind, QString::fromUtf8(name), QString::fromLatin1(fits).replace(u"%1"_s, key)),
        redact(QString::fromUtf8(line))};
}

bool countsOneKey(const QByteArrayList& arguments) {
    return arguments.size() == 2 && isCount(arguments.first().toUpper());
}

QString missingKeyNotice(const QByteArrayList& arguments) {
    const QString key = QString::fromUtf8(arguments.value(1));
    QString notice = u"There is no key “%1”: 0 may mean empty or misspelt."_s.arg(key);
    if (key.endsWith(u":waiting"_s))
        notice += u" BullMQ keeps waiting jobs in “%1:wait”."_s.arg(key.chopped(8));
    return notice;
}

}  // namespace tocsin::redis
