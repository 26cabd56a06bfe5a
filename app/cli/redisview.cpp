#include "cli/redisview.h"

#include <QJsonArray>
#include <QJsonObject>

#include "cli/output.h"
#include "cli/redislists.h"
#include "inspection/serverinfo.h"
#include "sdk/async.h"

namespace tocsin::cli {
namespace {

using namespace Qt::StringLiterals;
using inspection::Queue;
using inspection::QueueState;

constexpr int kGroupedFailures = 100;  // the newest of a queue

QString stateWord(QueueState state) {
    switch (state) {
        case QueueState::Idle:
            return u"idle"_s;
        case QueueState::Working:
            return u"working"_s;
        case QueueState::Waiting:
            return u"waiting"_s;
        case QueueState::Unknown:
            return u"unknown"_s;
        case QueueState::Slow:
            return u"slow"_s;
        case QueueState::Paused:
            return u"paused"_s;
        case QueueState::Stuck:
            return u"stuck"_s;
    }
    return {};
}

/// What the server refused to count is no number.
QString countWord(qint64 count) {
    return count < 0 ? u"–"_s : QString::number(count);
}

QJsonValue countJson(qint64 count) {
    return count < 0 ? QJsonValue() : QJsonValue(count);
}

QString limiterWord(inspection::Limiter limiter) {
    switch (limiter) {
        case inspection::Limiter::Off:
            return u"off"_s;
        case inspection::Limiter::Open:
            return u"open"_s;
        case inspection::Limiter::Counts:
            return u"counts"_s;
        case inspection::Limiter::Holds:
            return u"holds"_s;
    }
    return {};
}

QJsonArray failuresJson(const QVector<inspection::FailureGroup>& groups) {
    QJsonArray all;
    for (const auto& group : groups)
        all << QJsonObject{
            {u"reason"_s, group.reason},
            {u"jobs"_s, group.jobs},
            {u"newest"_s,
             group.newest ? QJsonValue(group.newest->toString(Qt::ISODate)) : QJsonValue()},
            {u"example"_s, QString::fromUtf8(group.example)}};
    return all;
}

QJsonObject queueJson(const Queue& queue) {
    const auto verdict = inspection::verdictOf(queue);
    const auto time = [](const std::optional<QDateTime>& at) {
        return at ? QJsonValue(at->toString(Qt::ISODate)) : QJsonValue();
    };
    return {{u"queue"_s, queue.id.fullName()},
            {u"state"_s, stateWord(verdict.state)},
            {u"headline"_s, verdict.headline},
            {u"signs"_s, QJsonArray::fromStringList(verdict.signs)},
            {u"waiting"_s, countJson(queue.waiting)},
            {u"active"_s, countJson(queue.active)},
            {u"stalled"_s, countJson(queue.stalled)},
            {u"delayed"_s, countJson(queue.delayed)},
            {u"overdue"_s, countJson(queue.overdue)},
            {u"failed"_s, countJson(queue.failed)},
            {u"failedRecently"_s, countJson(queue.failedRecently)},
            {u"completed"_s, countJson(queue.completed)},
            {u"completedRecently"_s, countJson(queue.completedRecently)},
            {u"prioritized"_s, countJson(queue.prioritized)},
            {u"waitingForChildren"_s, countJson(queue.waitingForChildren)},
            {u"schedulers"_s, countJson(queue.schedulers)},
            {u"concurrency"_s, queue.concurrency ? QJsonValue(*queue.concurrency) : QJsonValue()},
            {u"library"_s, queue.isClassic ? u"Bull"_s : u"BullMQ"_s},
            {u"version"_s, queue.version.isEmpty() ? QJsonValue() : QJsonValue(queue.version)},
            {u"limiter"_s, limiterWord(queue.limiter)},
            {u"paused"_s, queue.knowsPause ? QJsonValue(queue.paused) : QJsonValue()},
            {u"workers"_s, queue.workers ? QJsonValue(*queue.workers) : QJsonValue()},
            {u"oldestWaiting"_s, time(queue.oldestWaiting)},
            {u"nextDue"_s, time(queue.nextDue)}};
}

QStringList queueRow(const Queue& queue) {
    return {queue.id.fullName(),
            countWord(queue.waiting),
            countWord(queue.active),
            countWord(queue.delayed),
            countWord(queue.failedRecently),
            countWord(queue.failed),
            queue.workers ? QString::number(*queue.workers) : u"–"_s,
            queue.oldestWaiting ? age(queue.oldestWaiting->secsTo(queue.at)) : u"–"_s,
            inspection::verdictOf(queue).headline};
}

void printQueues(const QVector<Queue>& queues, qsizetype leftOut) {
    if (queues.isEmpty()) return print(u"There is no queue of BullMQ or Bull here."_s);
    QVector<QStringList> rows{{u"QUEUE"_s, u"WAITING"_s, u"ACTIVE"_s, u"DELAYED"_s,
                               u"FAILED 5 MIN"_s, u"FAILED"_s, u"WORKERS"_s, u"OLDEST"_s,
                               u"STATE"_s}};
    for (const Queue& queue : queues)
        rows << queueRow(queue);
    print(table(rows));
    if (leftOut > 0)
        print(u"\n%1 more queues were not looked at: at most %2 are, those with jobs first."_s
                  .arg(leftOut)
                  .arg(inspection::QueueWatch::kMostQueues));
}

/// Of all reads since the server started.
std::optional<double> hitRateOf(const inspection::ServerInfo& info) {
    const double hits = static_cast<double>(info.number("keyspace_hits").value_or(0));
    const double reads = hits + static_cast<double>(info.number("keyspace_misses").value_or(0));
    return reads > 0 ? std::optional(hits / reads) : std::nullopt;
}

template <typename T>
QJsonValue known(const std::optional<T>& figure) {
    return figure ? QJsonValue(*figure) : QJsonValue();
}

QJsonObject persistenceJson(const inspection::ServerInfo& info) {
    return {{u"loading"_s, info.number("loading").value_or(0) != 0},
            {u"lastSaveStatus"_s, QString::fromUtf8(info.text("rdb_last_bgsave_status"))},
            {u"changesSinceSave"_s, known(info.number("rdb_changes_since_last_save"))},
            {u"appendOnly"_s, info.number("aof_enabled").value_or(0) != 0}};
}

QJsonObject serverJson(const inspection::ServerInfo& info, const inspection::ServerFigures& figures,
                       const QVector<inspection::ServerFinding>& findings) {
    QJsonArray all;
    for (const auto& finding : findings)
        all << QJsonObject{{u"severity"_s, nameOf(finding.severity)},
                           {u"what"_s, finding.what},
                           {u"remedy"_s, finding.remedy}};
    return {{u"opsPerSecond"_s, known(info.number("instantaneous_ops_per_sec"))},
            {u"memory"_s, known(info.number("used_memory"))},
            {u"memoryLimit"_s, known(info.number("maxmemory"))},
            {u"clients"_s, known(info.number("connected_clients"))},
            {u"blocked"_s, known(info.number("blocked_clients"))},
            {u"role"_s, QString::fromUtf8(info.text("role"))},
            {u"maxmemoryPolicy"_s, QString::fromUtf8(info.text("maxmemory_policy"))},
            {u"hitRate"_s, known(hitRateOf(info))},
            {u"evictedKeys"_s, known(info.number("evicted_keys"))},
            {u"expiredKeys"_s, known(info.number("expired_keys"))},
            {u"replicationBehindBytes"_s, known(figures.behind)},
            {u"persistence"_s, persistenceJson(info)},
            {u"roundTripMs"_s, figures.roundTrip},
            {u"findings"_s, all}};
}

void printServer(const inspection::ServerInfo& info, std::chrono::microseconds took,
                 const QDateTime& now, std::optional<bool> hasQueues, bool json) {
    inspection::ServerFigures figures = inspection::figuresOf(info, {}, now, now);
    figures.roundTrip = static_cast<double>(took.count()) / 1000.0;
    const auto findings = inspection::findingsOf(info, {}, hasQueues);
    if (json) return print(QJsonDocument(serverJson(info, figures, findings)));
    const auto megabytes = [](qint64 bytes) {
        return u"%1 MB"_s.arg(static_cast<double>(bytes) / (1024.0 * 1024.0), 0, 'f', 1);
    };
    print(table(
        {{u"COMMANDS/S"_s, u"MEMORY"_s, u"LIMIT"_s, u"CLIENTS"_s, u"BLOCKED"_s, u"ROUND TRIP"_s},
         {QString::number(figures.ops), megabytes(figures.memory),
          figures.memoryLimit > 0 ? megabytes(figures.memoryLimit) : u"–"_s,
          QString::number(figures.clients), QString::number(figures.blocked),
          u"%1 ms"_s.arg(figures.roundTrip, 0, 'f', 1)}}));
    if (findings.isEmpty()) return print(u"\nNothing in INFO looks wrong."_s);
    QVector<QStringList> rows{{u"SEVERITY"_s, u"WHAT"_s, u"WHAT TO DO"_s}};
    for (const auto& finding : findings)
        rows << QStringList{nameOf(finding.severity), finding.what, finding.remedy};
    print(u'\n' + table(rows));
}

void printList(const RedisList& list) {
    if (list.rows.size() > 1) print(table(list.rows));
    if (!list.words.isEmpty()) return print(list.words);
    if (list.rows.size() <= 1) print(u"There is nothing in it."_s);
}

}  // namespace

RedisView::RedisView(inspection::Connection& connection, Clock& clock, bool json, Ended ended)
    : m_connection(connection), m_clock(clock), m_json(json), m_ended(std::move(ended)) {
}

QStringList RedisView::names() {
    return QStringList{u"queues"_s, u"jobs"_s, u"server"_s, u"keys"_s, u"sizes"_s} +
           redisListNames();
}

void RedisView::show(const ViewWish& wish) {
    if (redisListNames().contains(wish.name)) return showList(wish.name);
    const auto ended = [this](const std::optional<Error>& problem) { end(problem); };
    if (wish.name == u"jobs") {
        m_jobs = std::make_unique<RedisJobs>(m_connection, m_clock, m_json, ended);
        return m_jobs->show(wish.of);
    }
    if (wish.name == u"keys") {
        m_keys = std::make_unique<RedisKeys>(m_connection, m_clock, m_json, ended);
        return m_keys->show(wish.of.toUtf8(), wish.type, wish.filter);
    }
    if (wish.name == u"sizes") {
        m_sizes = std::make_unique<RedisSizes>(m_connection, m_clock, m_json, ended);
        return m_sizes->show(wish.of.toUtf8());
    }
    wish.name == u"queues" ? showQueues() : showServer();
}

void RedisView::showList(const QString& name) {
    whenDone(m_connection.look(redisListScript(name)), this,
             [this, name](const Result<QueryResult>& result) {
                 if (!result) return end(result.error());
                 const auto list = redisListOf(name, *result->reply);
                 if (!list) return end(list.error());
                 for (const QString& notice : result->notices)
                     complain(notice);
                 m_json ? print(QJsonDocument(QJsonObject{{name, list->json}})) : printList(*list);
                 end(std::nullopt);
             });
}

void RedisView::showQueues() {
    m_watch = std::make_unique<inspection::QueueWatch>(m_connection, m_clock);
    connect(m_watch.get(), &inspection::QueueWatch::failed, this,
            [this](const Error& error) { end(error); });
    connect(m_watch.get(), &inspection::QueueWatch::changed, this, [this] {
        if (m_json) return addQueue(0);
        printQueues(m_watch->queues(), m_watch->leftOut());
        end(std::nullopt);
    });
    m_watch->find();
}

/// One queue after the other: why their newest jobs failed is asked of those where any did.
void RedisView::addQueue(qsizetype at) {
    if (at == m_watch->queues().size()) {
        print(QJsonDocument(
            QJsonObject{{u"queues"_s, m_queues}, {u"notLookedAt"_s, m_watch->leftOut()}}));
        return end(std::nullopt);
    }
    const Queue queue = m_watch->queues()[at];
    const auto add = [this, queue, at](const QJsonArray& failures) {
        QJsonObject json = queueJson(queue);
        json[u"failures"_s] = failures;
        m_queues << json;
        addQueue(at + 1);
    };
    if (queue.failed <= 0) return add({});
    const auto ids = inspection::idScript(queue, inspection::JobState::Failed, kGroupedFailures);
    whenDone(m_connection.look(ids), this, [this, queue, add](const Result<QueryResult>& result) {
        if (!result) return end(result.error());
        const QByteArrayList jobs =
            inspection::readIds(inspection::JobState::Failed, *result->reply);
        if (jobs.isEmpty()) return add({});
        whenDone(
            m_connection.look(inspection::jobScript(queue, jobs)), this,
            [this, jobs, add](const Result<QueryResult>& told) {
                if (!told) return end(told.error());
                add(failuresJson(inspection::grouped(inspection::readJobs(jobs, *told->reply))));
            });
    });
}

void RedisView::showServer() {
    whenDone(m_connection.look(u"INFO\nPING"_s), this, [this](const Result<QueryResult>& result) {
        if (!result) return end(result.error());
        const ReplyView info =
            result->reply->children().empty() ? ReplyView() : result->reply->children().front();
        auto read = inspection::ServerInfo::fromText(info.text());
        // Without its figures nothing could look wrong.
        if (info.isError() || !read.number("used_memory") || !read.number("connected_clients"))
            return end(Error{
                ErrorCode::Refused, u"The server does not tell its figures (INFO) to this user."_s,
                QString::fromUtf8(
                    info.bytes().first(std::min<qsizetype>(info.bytes().size(), 200)))});
        for (const QString& notice : result->notices)
            complain(notice);
        const auto took = result->receipt.total;
        if (!read.isCluster()) return lookForQueues(read, took);
        whenDone(m_connection.look(u"CLUSTER INFO\nPING"_s), this,
                 [this, read, took](const Result<QueryResult>& said) mutable {
                     if (said && !said->reply->children().empty() &&
                         !said->reply->children().front().isError())
                         read.add(said->reply->children().front().text());
                     lookForQueues(read, took);
                 });
    });
}

/// Where keys may be thrown out, it matters whether jobs are among them.
void RedisView::lookForQueues(const inspection::ServerInfo& info, std::chrono::microseconds took) {
    const auto tell = [this, info, took](std::optional<bool> hasQueues) {
        if (!m_ended) return;
        printServer(info, took, m_clock.now(), hasQueues, m_json);
        end(std::nullopt);
    };
    const QByteArray policy = info.text("maxmemory_policy");
    if (policy.isEmpty() || policy == "noeviction") return tell(std::nullopt);
    m_watch = std::make_unique<inspection::QueueWatch>(m_connection, m_clock);
    connect(m_watch.get(), &inspection::QueueWatch::failed, this, [tell](const Error& error) {
        complain(u"Whether queues live here is not known: "_s + error.message);
        tell(std::nullopt);
    });
    connect(m_watch.get(), &inspection::QueueWatch::changed, this,
            [this, tell] { tell(!m_watch->queues().isEmpty()); });
    m_watch->find();
}

void RedisView::end(const std::optional<Error>& problem) {
    if (const Ended ended = std::exchange(m_ended, nullptr)) ended(problem);
}

}  // namespace tocsin::cli
