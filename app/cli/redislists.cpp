#include "cli/redislists.h"

#include <QJsonObject>
#include <algorithm>

#include "cli/output.h"
#include "inspection/replyjson.h"
#include "inspection/serverlists.h"

using namespace Qt::StringLiterals;

namespace tocsin::cli {
namespace {

/// Before Redis 6.2 a client's memory is not told.
QJsonValue known(qint64 memory) {
    return memory > 0 ? QJsonValue(memory) : QJsonValue();
}

RedisList slowLog(ReplyView reply) {
    RedisList list{{{u"AT"_s, u"TOOK"_s, u"CLIENT"_s, u"COMMAND"_s}}, {}};
    for (const inspection::SlowCommand& each : inspection::readSlowLog(reply)) {
        const double ms = static_cast<double>(each.took.count()) / 1000.0;
        list.rows << QStringList{utc(each.at), u"%1 ms"_s.arg(ms, 0, 'f', 1), each.client,
                                 each.command};
        list.json << QJsonObject{{u"id"_s, each.id},
                                 {u"at"_s, each.at.toUTC().toString(Qt::ISODate)},
                                 {u"took_us"_s, qint64(each.took.count())},
                                 {u"client"_s, each.client},
                                 {u"command"_s, each.command}};
    }
    return list;
}

RedisList latency(ReplyView reply) {
    RedisList list{{{u"EVENT"_s, u"AT"_s, u"LATEST"_s, u"WORST"_s}}, {}};
    if (reply.children().empty())
        list.words = u"None is kept; where latency-monitor-threshold is 0, none ever is."_s;
    for (const inspection::LatencySpike& each : inspection::readLatency(reply)) {
        list.rows << QStringList{each.event, utc(each.at), u"%1 ms"_s.arg(each.latest),
                                 u"%1 ms"_s.arg(each.worst)};
        list.json << QJsonObject{{u"event"_s, each.event},
                                 {u"at"_s, each.at.toUTC().toString(Qt::ISODate)},
                                 {u"latest_ms"_s, each.latest},
                                 {u"worst_ms"_s, each.worst}};
    }
    return list;
}

RedisList clients(ReplyView reply) {
    RedisList list{{{u"ID"_s, u"ADDRESS"_s, u"NAME"_s, u"USER"_s, u"AGE"_s, u"IDLE"_s, u"MEMORY"_s,
                     u"COMMAND"_s}},
                   {}};
    for (const inspection::RedisClient& each : inspection::readClients(reply.text())) {
        list.rows << QStringList{QString::number(each.id),
                                 each.address,
                                 each.name,
                                 each.user.isEmpty() ? u"–"_s : each.user,
                                 age(each.age),
                                 age(each.idle),
                                 each.memory > 0 ? u"%1 kB"_s.arg(each.memory / 1024) : u"–"_s,
                                 each.command};
        list.json << QJsonObject{{u"id"_s, each.id},
                                 {u"address"_s, each.address},
                                 {u"name"_s, each.name},
                                 {u"user"_s, each.user},
                                 {u"age_s"_s, each.age},
                                 {u"idle_s"_s, each.idle},
                                 {u"memory"_s, known(each.memory)},
                                 {u"output"_s, each.output},
                                 {u"database"_s, each.database},
                                 {u"subscriptions"_s, each.subscriptions},
                                 {u"flags"_s, each.flags},
                                 {u"command"_s, each.command}};
    }
    return list;
}

RedisList settings(ReplyView reply) {
    RedisList list{{{u"NAME"_s, u"VALUE"_s, u"REMARK"_s}}, {}};
    for (const inspection::RedisSetting& each : inspection::readSettings(reply)) {
        list.rows << QStringList{each.name, each.value, each.remark};
        list.json << QJsonObject{
            {u"name"_s, each.name}, {u"value"_s, each.value}, {u"remark"_s, each.remark}};
    }
    return list;
}

/// Nothing is subscribed to for it.
RedisList channels(ReplyView reply) {
    RedisList list{{{u"CHANNEL"_s}}, {}};
    for (const ReplyView each : reply.children().front().children()) {
        list.rows << QStringList{QString::fromUtf8(each.bytes())};
        list.json << inspection::exactJson(each.bytes());
    }
    const ReplyView patterns = reply.children().back();
    list.words = u"%1 channels have subscribers, and %2 patterns."_s.arg(list.json.size())
                     .arg(patterns.kind() == ReplyKind::Integer ? QString::fromUtf8(patterns.text())
                                                                : u"an unknown number of"_s);
    return list;
}

/// What one may not ask another may.
RedisList doctors(ReplyView reply) {
    RedisList list;
    QStringList said;
    const char* const names[] = {"MEMORY DOCTOR", "LATENCY DOCTOR"};
    for (std::size_t i = 0; i < std::min(reply.children().size(), std::size(names)); ++i) {
        const QString doctor = QString::fromLatin1(names[i]);
        const ReplyView answer = reply.children()[i];
        const QString says = QString::fromUtf8(answer.text()).trimmed();
        said << doctor + u"\n"_s + (answer.isError() ? u"The server refuses it: "_s + says : says);
        list.json << QJsonObject{{u"doctor"_s, doctor},
                                 {answer.isError() ? u"refused"_s : u"says"_s, says}};
    }
    list.words = said.join(u"\n\n"_s);
    return list;
}

/// Of several questions one may be refused, if it is not the one that the list is about.
bool isRefused(const QString& name, ReplyView reply) {
    const ReplyChildren parts = reply.children();
    if (name == u"channels") return parts.size() != 2 || !parts.front().isAggregate();
    if (name == u"settings" || name == u"doctors")
        return std::all_of(parts.begin(), parts.end(),
                           [](ReplyView part) { return part.isError(); });
    return name == u"clients" ? !reply.bytes().contains("id=") : !reply.isAggregate();
}

}  // namespace

QStringList redisListNames() {
    return {u"slowlog"_s, u"clients"_s, u"latency"_s, u"settings"_s, u"channels"_s, u"doctors"_s};
}

QString redisListScript(const QString& name) {
    if (name == u"slowlog") return u"SLOWLOG GET 128"_s;
    if (name == u"latency") return u"LATENCY LATEST"_s;
    if (name == u"clients") return u"CLIENT LIST"_s;
    if (name == u"channels") return u"PUBSUB CHANNELS\nPUBSUB NUMPAT"_s;
    if (name == u"doctors") return u"MEMORY DOCTOR\nLATENCY DOCTOR"_s;
    return inspection::settingsScript();
}

Result<RedisList> redisListOf(const QString& name, ReplyView reply) {
    if (isRefused(name, reply)) {
        const ReplyView said = reply.children().empty() ? reply : reply.children().front();
        return fail(ErrorCode::Refused, u"The server does not answer this to this user."_s,
                    QString::fromUtf8(said.bytes()));
    }
    if (name == u"slowlog") return slowLog(reply);
    if (name == u"latency") return latency(reply);
    if (name == u"clients") return clients(reply);
    if (name == u"channels") return channels(reply);
    if (name == u"doctors") return doctors(reply);
    return settings(reply);
}

}  // namespace tocsin::cli
