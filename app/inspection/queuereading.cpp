// The scripts that look at queues, and what their answers mean.
#include <algorithm>

#include "inspection/queuereplies.h"
#include "inspection/queues.h"
#include "inspection/redistext.h"

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

// Active jobs whose locks are looked at: those that were taken first, which the dead are among.
constexpr int kLooked = 50;
constexpr int kNewest = 10;  // active jobs that tell whether one was taken
// A pace is that of the last so many completed jobs: the more the better.
constexpr int kPaceJobs[] = {4, 19};
// BullMQ's rateLimit() sets the counter to JavaScript's largest whole number: nothing passes.
constexpr qint64 kOverridden = 9'007'199'254'740'991;
// A due time is stored as milliseconds × 4096, the rest counts jobs of the same millisecond.
constexpr qint64 kScoreUnit = 4096;

/// ["id", score] of RESP3 as well as "id", "score" of RESP2.
std::optional<double> firstScore(ReplyView pairs) {
    if (pairs.children().empty()) return std::nullopt;
    const ReplyView first = pairs.children().front();
    if (first.isAggregate())
        return first.children().size() > 1 ? std::optional(first.children()[1].text().toDouble())
                                           : std::nullopt;
    return pairs.children().size() > 1 ? std::optional(pairs.children()[1].text().toDouble())
                                       : std::nullopt;
}

}  // namespace

QString countScript(const QVector<QueueId>& ids, const QDateTime& now) {
    const qint64 ms = now.toMSecsSinceEpoch();
    const QString recently = QString::number(ms - kRecentlyMinutes * 60'000);
    QString script;
    for (const QueueId& id : ids) {
        const auto ask = [&](const char* command, const char* suffix, const QString& rest = {}) {
            script += QLatin1String(command) + u' ' + redisWord(id.key(suffix)) + rest + u'\n';
        };
        ask("LLEN", "wait");
        ask("LLEN", "paused");
        ask("ZCARD", "prioritized");
        ask("LLEN", "active");
        ask("ZCARD", "delayed");
        ask("ZCARD", "failed");
        ask("ZCARD", "completed");
        ask("ZCARD", "waiting-children");
        ask("ZCARD", "repeat");
        ask("ZCOUNT", "delayed", u" -inf %1"_s.arg(ms * kScoreUnit));
        ask("ZCOUNT", "failed", u' ' + recently + u" +inf"_s);
        ask("ZCOUNT", "completed", u' ' + recently + u" +inf"_s);
        ask("ZREVRANGE", "completed", u" 0 0 WITHSCORES"_s);
        for (const int back : kPaceJobs)
            ask("ZREVRANGE", "completed", u" %1 %1 WITHSCORES"_s.arg(back));
        ask("ZREVRANGE", "failed", u" 0 0 WITHSCORES"_s);
        ask("HMGET", "meta", u" paused concurrency version max opts.maxLenEvents"_s);
        ask("EXISTS", "meta-paused");
        ask("EXISTS", "events");
        ask("PTTL", "limiter");
        ask("GETRANGE", "limiter", u" 0 19"_s);
        ask("SCARD", "limiter:limited");
        for (const char* list : {"wait", "paused"}) {
            ask("LRANGE", list, u" -2 -1"_s);
            ask("LRANGE", list, u" 0 1"_s);
        }
        ask("ZRANGE", "prioritized", u" 0 0"_s);
        ask("ZRANGE", "prioritized", u" -1 -1"_s);
        ask("LRANGE", "active", u" -%1 -1"_s.arg(kLooked));
        ask("LRANGE", "active", u" 0 %1"_s.arg(kNewest - 1));
        ask("ZRANGE", "delayed", u" 0 0 WITHSCORES"_s);
    }
    return script;
}

namespace {

void readHead(Queue& queue, QueueReplies& replies) {
    const qint64 wait = replies.number();
    const qint64 paused = replies.number();
    queue.prioritized = replies.number();
    queue.active = replies.number();
    queue.delayed = replies.number();
    queue.failed = replies.number();
    queue.completed = replies.number();
    queue.waitingForChildren = replies.number();
    queue.schedulers = replies.number();
    const bool isKnown = wait >= 0 && paused >= 0 && queue.prioritized >= 0;
    queue.waiting = isKnown ? wait + paused + queue.prioritized : -1;
    queue.overdue = replies.number();
    queue.failedRecently = replies.number();
    queue.completedRecently = replies.number();
    const auto moment = [&] { return queueTime(firstScore(replies.next()).value_or(0)); };
    queue.lastDone = moment();
    for (const int back : kPaceJobs)
        if (const auto from = moment(); from && from->secsTo(queue.at) < kRecentlyMinutes * 60) {
            queue.paceJobs = back;
            queue.paceFrom = from;
        }
    queue.lastFailed = moment();
}

void readMeta(Queue& queue, QueueReplies& replies) {
    const ReplyView meta = replies.next();
    const qint64 oldPause = replies.number();
    const bool oldPaused = oldPause == 1;
    const bool hasEvents = replies.number() == 1;
    queue.paused = !queueField(meta, 0).isEmpty() || oldPaused;
    queue.knowsPause = queue.paused || (!meta.isError() && oldPause >= 0);
    if (const int limit = queueField(meta, 1).toInt(); limit > 0) queue.concurrency = limit;
    queue.version = QString::fromUtf8(queueField(meta, 2)).section(u':', -1);
    if (const qint64 most = queueField(meta, 3).toLongLong(); most > 0) queue.limiterMax = most;
    const bool isWritten = !queue.version.isEmpty() || !queueField(meta, 4).isEmpty();
    queue.isClassic = !isWritten && !hasEvents;
    queue.exists = isWritten || queue.paused;
}

/// A window is open as long as the counter lives; what may pass in it, the counter does not say.
void readLimiter(Queue& queue, QueueReplies& replies) {
    queue.limiterLeft = std::chrono::milliseconds(std::max<qint64>(0, replies.number()));
    queue.limiterCount = replies.number();
    queue.limitedJobs = std::max<qint64>(0, replies.number());
    if (queue.limiterLeft.count() == 0) return;
    const bool isFull = queue.limiterMax && queue.limiterCount >= *queue.limiterMax;
    if (isFull || queue.limiterCount >= kOverridden || queue.limitedJobs > 0)
        queue.limiter = Limiter::Holds;
    else
        queue.limiter =
            queue.limiterMax && queue.limiterCount >= 0 ? Limiter::Open : Limiter::Counts;
}

void addEnd(Queue& queue, const QByteArray& id) {
    if (!id.isEmpty() && !queue.ends.contains(id)) queue.ends << id;
}

/// Both ends: what is added "lifo" is put where the next one is taken, in front of older ones.
void readEnds(Queue& queue, QueueReplies& replies) {
    bool hasMarker = false;
    const auto plain = [&hasMarker](ReplyView ids) {
        QByteArrayList jobs;
        for (const ReplyView id : ids.children())
            jobs << id.text();
        hasMarker = jobs.removeIf(isQueueMarker) > 0 || hasMarker;
        return jobs;
    };
    for (int list = 0; list < 2; ++list) {
        const QByteArrayList next = plain(replies.next());
        const QByteArrayList last = plain(replies.next());
        if (queue.nextJob.isEmpty()) queue.nextJob = next.value(next.size() - 1);
        addEnd(queue, next.value(next.size() - 1));
        addEnd(queue, last.value(0));
    }
    if (hasMarker && queue.waiting > 0) --queue.waiting;
    queue.firstRanked = plain(replies.next()).value(0);
    addEnd(queue, queue.firstRanked);
    addEnd(queue, plain(replies.next()).value(0));
}

QByteArrayList idsOf(ReplyView ids) {
    QByteArrayList jobs;
    for (const ReplyView id : ids.children())
        jobs << id.text();
    return jobs;
}

Queue readQueue(const QueueId& id, QueueReplies& replies, const QDateTime& now) {
    Queue queue;
    queue.id = id;
    queue.at = queue.lookedSince = now;
    readHead(queue, replies);
    readMeta(queue, replies);
    readLimiter(queue, replies);
    readEnds(queue, replies);
    const ReplyView takenFirst = replies.next();
    queue.lookedAt = idsOf(takenFirst);
    if (takenFirst.isError()) queue.stalled = -1;
    queue.newestActive = idsOf(replies.next());
    if (const auto score = firstScore(replies.next()))
        queue.nextDue = queueTime(*score / static_cast<double>(kScoreUnit));
    queue.isForeign = replies.tookForeign();
    queue.exists = queue.exists || queue.waiting != 0 || queue.active > 0 ||
                   queue.waitingForChildren > 0 || queue.delayed > 0 || queue.failed > 0 ||
                   queue.completed > 0;
    return queue;
}

}  // namespace

Result<QVector<Queue>> readCounts(const QVector<QueueId>& ids, ReplyView reply,
                                  const QDateTime& now) {
    const auto each = static_cast<std::size_t>(countScript({QueueId{"a", "b"}}, now).count(u'\n'));
    if (reply.children().size() != each * static_cast<std::size_t>(ids.size()))
        return fail(ErrorCode::Protocol,
                    u"The server answered %1 of %2 questions about its queues."_s
                        .arg(reply.children().size())
                        .arg(each * static_cast<std::size_t>(ids.size())));
    QueueReplies replies(reply);
    QVector<Queue> queues;
    queues.reserve(ids.size());
    for (const QueueId& id : ids)
        queues << readQueue(id, replies, now);
    return queues;
}

QString lookScript(const QVector<Queue>& queues) {
    QString script;
    for (const Queue& queue : queues) {
        for (const QByteArray& job : queue.ends)
            script +=
                u"%1 %2 timestamp\n"_s.arg(queue.newEnds.contains(job) ? u"HSTRLEN"_s : u"HGET"_s,
                                           redisWord(queue.id.key(job)));
        for (const QByteArray& job : queue.lookedAt)
            script += u"EXISTS %1\n"_s.arg(redisWord(queue.id.key(job) + ":lock"));
        // What is taken meanwhile is put in front, and what ends there moves these further back.
        if (!queue.lookedAt.isEmpty())
            script += u"LRANGE %1 -%2 -1\n"_s.arg(redisWord(queue.id.key("active"))).arg(kLooked);
    }
    return script + u"PING\n"_s;
}

namespace {

std::optional<QDateTime> earlier(const std::optional<QDateTime>& known, ReplyView stamp) {
    const auto told = queueTime(stamp.text().toDouble());
    return known && (!told || *known < *told) ? known : told;
}

/// A job that was completed since its id was read has no lock either, but is active no more.
qint64 readStalled(const Queue& queue, QueueReplies& replies) {
    if (queue.lookedAt.isEmpty()) return queue.stalled;
    QByteArrayList unlocked;
    bool isTold = true;
    for (const QByteArray& job : queue.lookedAt) {
        const qint64 locks = replies.number();
        if (locks == 0) unlocked << job;
        isTold = isTold && locks >= 0;
    }
    const ReplyView still = replies.next();
    if (!isTold || still.isError()) return -1;
    qint64 stalled = 0;
    for (const QByteArray& job : idsOf(still))
        stalled += unlocked.contains(job) ? 1 : 0;
    return stalled;
}

}  // namespace

void readLook(QVector<Queue>& queues, ReplyView reply, std::size_t from) {
    QueueReplies replies(reply, from);
    for (Queue& queue : queues) {
        for (const QByteArray& job : std::as_const(queue.ends)) {
            const ReplyView told = replies.next();
            if (!queue.newEnds.contains(job))
                queue.oldestWaiting = earlier(queue.oldestWaiting, told);
        }
        queue.stalled = readStalled(queue, replies);
    }
}

QString ageScript(const QVector<Queue>& queues) {
    QString script;
    for (const Queue& queue : queues)
        for (const QByteArray& job : queue.newEnds)
            script += u"HGET %1 timestamp\n"_s.arg(redisWord(queue.id.key(job)));
    // A line alone would be judged as one that somebody typed, with questions of its own.
    return script + u"PING\n"_s;
}

void readAges(QVector<Queue>& queues, ReplyView reply) {
    QueueReplies replies(reply);
    for (Queue& queue : queues) {
        for (qsizetype left = queue.newEnds.size(); left > 0; --left)
            queue.oldestWaiting = earlier(queue.oldestWaiting, replies.next());
        queue.newEnds.clear();
    }
}

void countWorkers(QVector<Queue>& queues, ReplyView clients) {
    if (clients.isError()) return;
    QHash<QByteArray, int> workers;
    for (const QByteArray& line : clients.text().split('\n')) {
        const qsizetype at = line.indexOf(" name=");
        if (at < 0) continue;
        const qsizetype end = line.indexOf(' ', at + 6);
        QByteArray name = line.mid(at + 6, end - at - 6);
        if (const qsizetype named = name.indexOf(":w:"); named > 0) name.truncate(named);
        ++workers[name];
    }
    for (Queue& queue : queues) {
        queue.workers = 0;
        for (const QByteArray& name : workerNames(queue.id))
            *queue.workers += workers.value(name);
    }
}

void compareLooks(const QVector<Queue>& before, QVector<Queue>& now) {
    QHash<QueueId, const Queue*> past;
    for (const Queue& queue : before)
        past.insert(queue.id, &queue);
    for (Queue& queue : now) {
        const Queue* then = past.value(queue.id);
        if (!then) continue;
        if (!queue.newEnds.isEmpty()) queue.oldestWaiting = then->oldestWaiting;
        queue.lookedSince = then->lookedSince;
        queue.lastTaken = then->lastTaken;
        if (then->nextJob.isEmpty() && then->firstRanked.isEmpty()) continue;
        // The one that was taken last: others come forward as those before them end.
        const bool hasNewActive = !queue.newestActive.isEmpty() &&
                                  !then->newestActive.contains(queue.newestActive.first());
        queue.tookOne = hasNewActive || then->nextJob != queue.nextJob ||
                        then->firstRanked != queue.firstRanked;
        if (*queue.tookOne) queue.lastTaken = queue.at;
        // Only workers that know a limit obey a counter that was set by hand.
        if (queue.limiter == Limiter::Holds && !queue.limiterMax && queue.limitedJobs == 0 &&
            *queue.tookOne && then->limiter == Limiter::Holds)
            queue.limiter = Limiter::Counts;
    }
}

}  // namespace tocsin::inspection
