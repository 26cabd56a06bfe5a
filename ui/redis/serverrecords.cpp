#include "ui/redis/serverrecords.h"

#include <QCoreApplication>

#include "ui/redis/keywords.h"
#include "ui/theme/durations.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using inspection::ServerFigures;

namespace {

constexpr double kNearlyFullMemory = 0.9;
constexpr qint64 kLongBehind = 16LL * 1024 * 1024;

QString serverWords(const char* text) {
    return QCoreApplication::translate("RedisServer", text);
}

QString rateText(const std::optional<double>& rate) {
    return rate ? QString::number(*rate, 'f', *rate < 10 ? 1 : 0) : u"–"_s;
}

/// Misses that rounding would hide are not hidden.
QString hitRateText(double rate) {
    const QString percent = QString::number(rate * 100, 'f', 1);
    return rate < 1 && percent == u"100.0" ? u"> 99.9 %"_s : percent + u" %"_s;
}

QString secondsText(qint64 seconds) {
    return theme::ageText(std::chrono::seconds(seconds));
}

template <typename Get>
QVector<double> pastOf(const QVector<ServerFigures>& past, Get get) {
    QVector<double> out;
    out.reserve(past.size());
    for (const ServerFigures& figures : past)
        out << get(figures);
    return out;
}

FigureStrip::Figure memoryFigure(const QVector<ServerFigures>& past) {
    const ServerFigures& now = past.last();
    const bool hasLimit = now.memoryLimit > 0;
    const QString of =
        hasLimit ? serverWords("%1 of %2").arg(memoryText(now.memory), memoryText(now.memoryLimit))
                 : memoryText(now.memory);
    return {serverWords("memory"),
            of,
            pastOf(past, [](const auto& f) { return static_cast<double>(f.memory); }),
            static_cast<double>(now.memoryLimit),
            hasLimit && static_cast<double>(now.memory) >
                            kNearlyFullMemory * static_cast<double>(now.memoryLimit),
            hasLimit ? serverWords("used_memory against maxmemory")
                     : serverWords("used_memory; there is no maxmemory")};
}

/// Where nothing is saved at all, they only grow; that is no failure.
FigureStrip::Figure unsavedFigure(const QVector<ServerFigures>& past) {
    const ServerFigures& now = past.last();
    const QString changes = countText(now.unsaved);
    return {serverWords("unsaved changes"),
            now.cannotSave ? serverWords("%1, saving fails").arg(changes) : changes,
            pastOf(past, [](const auto& f) { return static_cast<double>(f.unsaved); }),
            10,
            now.cannotSave,
            serverWords("rdb_changes_since_last_save; red where the last snapshot or append "
                        "failed")};
}

}  // namespace

QVector<FigureStrip::Figure> serverFigures(const QVector<ServerFigures>& past) {
    if (past.isEmpty()) return {};
    const ServerFigures& now = past.last();
    const auto count = [](qint64 value) { return static_cast<double>(value); };
    QVector<FigureStrip::Figure> out{
        {serverWords("commands/s"), countText(now.ops),
         pastOf(past, [&](const auto& f) { return count(f.ops); }), 10, false,
         serverWords("instantaneous_ops_per_sec")},
        memoryFigure(past),
        {serverWords("hit rate"), now.hitRate ? hitRateText(*now.hitRate) : u"–"_s,
         pastOf(past, [](const auto& f) { return f.hitRate.value_or(-1); }), 1, false,
         serverWords("Reads that found their key, since the look before")},
        {serverWords("clients"), countText(now.clients),
         pastOf(past, [&](const auto& f) { return count(f.clients); }), 10, false,
         serverWords("connected_clients")},
        {serverWords("waiting clients"), countText(now.blocked),
         pastOf(past, [&](const auto& f) { return count(f.blocked); }), 10, false,
         serverWords("blocked_clients: in BLPOP and its kin; workers of queues wait like this")},
        {serverWords("evicted · expired /s"),
         rateText(now.evicted) + u" · "_s + rateText(now.expired),
         pastOf(past, [](const auto& f) { return f.evicted.value_or(-1); }), 1,
         now.evicted.value_or(0) > 0,
         serverWords(
             "Keys thrown out because memory is short, which the line shows, and keys whose "
             "time had come")},
        unsavedFigure(past),
        {serverWords("in · out /s"),
         memoryText(static_cast<qint64>(now.bytesIn)) + u" · "_s +
             memoryText(static_cast<qint64>(now.bytesOut)),
         pastOf(past, [](const auto& f) { return f.bytesIn + f.bytesOut; }), 1024, false,
         serverWords("Bytes a second that clients send and get")},
        {serverWords("round trip"), QString::number(now.roundTrip, 'f', 1) + u" ms"_s,
         pastOf(past, [](const auto& f) { return f.roundTrip; }), 1, now.roundTrip > 100,
         serverWords("How long this look itself took")}};
    if (now.behind)
        out << FigureStrip::Figure{
            serverWords("replica behind"),
            memoryText(*now.behind),
            pastOf(past, [&](const auto& f) { return count(f.behind.value_or(-1)); }),
            1024,
            *now.behind > kLongBehind,
            serverWords("Bytes of the replication stream that the worst replica has not got")};
    return out;
}

QVector<RecordColumn> findingColumns() {
    return {{serverWords("finding"), false}, {serverWords("what to do"), false}};
}

QVector<Record> findingRecords(const theme::Theme& theme,
                               const QVector<inspection::ServerFinding>& findings) {
    QVector<Record> out;
    for (const auto& finding : findings)
        out << Record{finding.what.toUtf8(),
                      {{finding.what, static_cast<int>(finding.severity), finding.what,
                        theme.severityIcon(finding.severity, AlertState::Firing)},
                       {finding.remedy, {}, finding.remedy, {}}}};
    return out;
}

QVector<RecordColumn> slowColumns() {
    return {{serverWords("at (UTC)"), false},
            {serverWords("took"), true},
            {serverWords("client"), false},
            {serverWords("command"), false}};
}

QVector<Record> slowRecords(const QVector<inspection::SlowCommand>& slow) {
    QVector<Record> out;
    for (const auto& each : slow)
        out << Record{
            QByteArray::number(each.id),
            {{each.at.toString(u"MM-dd HH:mm:ss"_s), each.at, each.at.toString(Qt::ISODate), {}},
             {QString::number(static_cast<double>(each.took.count()) / 1000.0, 'f', 1) + u" ms"_s,
              static_cast<qint64>(each.took.count()),
              {},
              {}},
             {each.client, {}, each.client, {}},
             {each.command, {}, each.command, {}}}};
    return out;
}

QVector<RecordColumn> latencyColumns() {
    return {{serverWords("event"), false},
            {serverWords("last at (UTC)"), false},
            {serverWords("last"), true},
            {serverWords("worst"), true}};
}

QVector<Record> latencyRecords(const QVector<inspection::LatencySpike>& spikes) {
    QVector<Record> out;
    for (const auto& spike : spikes)
        out << Record{spike.event.toUtf8(),
                      {{spike.event, {}, {}, {}},
                       {spike.at.toString(u"MM-dd HH:mm:ss"_s), spike.at, {}, {}},
                       {serverWords("%1 ms").arg(spike.latest), spike.latest, {}, {}},
                       {serverWords("%1 ms").arg(spike.worst), spike.worst, {}, {}}}};
    return out;
}

QVector<RecordColumn> clientColumns() {
    return {{serverWords("id"), true},       {serverWords("name"), false},
            {serverWords("address"), false}, {serverWords("user"), false},
            {serverWords("last"), false},    {serverWords("connected"), true},
            {serverWords("idle"), true},     {serverWords("memory"), true},
            {serverWords("unread"), true}};
}

QVector<Record> clientRecords(const QVector<inspection::RedisClient>& clients) {
    QVector<Record> out;
    for (const auto& client : clients)
        out << Record{QByteArray::number(client.id),
                      {{QString::number(client.id), client.id, {}, {}},
                       {client.name, {}, client.name, {}},
                       {client.address, {}, {}, {}},
                       {client.user, {}, {}, {}},
                       {client.command,
                        {},
                        serverWords("flags %1, database %2, %3 subscriptions")
                            .arg(client.flags)
                            .arg(client.database)
                            .arg(client.subscriptions),
                        {}},
                       {secondsText(client.age), client.age, {}, {}},
                       {secondsText(client.idle), client.idle, {}, {}},
                       {memoryText(client.memory), client.memory, {}, {}},
                       {memoryText(client.output), client.output, {}, {}}}};
    return out;
}

QVector<RecordColumn> groupColumns(const QString& by) {
    return {{by, false},
            {serverWords("clients"), true},
            {serverWords("memory"), true},
            {serverWords("longest idle"), true}};
}

QVector<Record> groupRecords(const QVector<inspection::ClientGroup>& groups) {
    QVector<Record> out;
    for (const auto& group : groups)
        out << Record{group.what.toUtf8(),
                      {{group.what.isEmpty() ? serverWords("(none)") : group.what, {}, {}, {}},
                       {countText(group.clients), group.clients, {}, {}},
                       {memoryText(group.memory), group.memory, {}, {}},
                       {secondsText(group.idlest), group.idlest, {}, {}}}};
    return out;
}

QVector<RecordColumn> keyspaceColumns() {
    return {{serverWords("what"), false},
            {serverWords("keys"), true},
            {serverWords("never expire"), true},
            {serverWords("mean lifetime"), true},
            {serverWords("state"), false}};
}

QVector<Record> keyspaceRecords(const inspection::ServerInfo& info) {
    QVector<Record> out;
    for (const auto& space : info.keyspaces()) {
        const qint64 lasting = space.keys - space.expiring;
        out << Record{
            space.database,
            {{QString::fromUtf8(space.database), {}, {}, {}},
             {countText(space.keys), space.keys, {}, {}},
             {countText(lasting), lasting, {}, {}},
             {space.averageTtl > 0 ? theme::ageText(std::chrono::milliseconds(space.averageTtl))
                                   : QString(),
              space.averageTtl,
              {},
              {}},
             {}}};
    }
    for (const auto& replica : info.replicas())
        out << Record{
            replica.place,
            {{serverWords("replica %1").arg(QString::fromUtf8(replica.place)), {}, {}, {}},
             {},
             {},
             {},
             {serverWords("%1, %2 behind, answered %3 ago")
                  .arg(QString::fromUtf8(replica.state), memoryText(replica.behind),
                       secondsText(replica.lag)),
              {},
              {},
              {}}}};
    return out;
}

QVector<RecordColumn> settingColumns() {
    return {{serverWords("setting"), false},
            {serverWords("value"), false},
            {serverWords("which means"), false}};
}

QVector<Record> settingRecords(const QVector<inspection::RedisSetting>& settings) {
    QVector<Record> out;
    for (const auto& setting : settings)
        out << Record{setting.name.toUtf8(),
                      {{setting.name, {}, {}, {}},
                       {setting.value, {}, setting.value, {}},
                       {setting.remark, {}, setting.remark, {}}}};
    return out;
}

}  // namespace tocsin::ui
