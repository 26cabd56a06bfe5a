// The scripts that look at queues, and what their answers mean.
#include <algorithm>

#include "inspection/queues.h"
#include "inspection/redistext.h"

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

constexpr int kLooked = 50;  // active jobs whose locks are looked at
// New ones are put before them meanwhile.
constexpr int kLookedAgain = 200;
// A due time is stored as milliseconds × 4096, the rest counts jobs of the same millisecond.
constexpr qint64 kScoreUnit = 4096;

/// Replies in the order of the script's commands.
class Replies {
public:
    explicit Replies(ReplyView reply) : m_replies(reply.children()) {}
    ReplyView next() { return m_at < m_replies.size() ? m_replies[m_at++] : ReplyView(); }
    qint64 number() {
        const ReplyView reply = next();
        return reply.isError() ? -1 : reply.text().toLongLong();
    }

private:
    const ReplyChildren m_replies;
    std::size_t m_at = 0;
};

std::optional<QDateTime> time(double milliseconds) {
    if (milliseconds <= 0) return std::nullopt;
    return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(milliseconds), Qt::UTC);
}

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

QByteArray field(ReplyView values, std::size_t at) {
    return at < values.children().size() ? values.children()[at].text() : QByteArray();
}

}  // namespace

QByteArray queueKeyPattern() {
    return "*:[iemw][dvea]*";
}

std::optional<QueueId> queueOfKey(const QByteArray& key) {
    for (const char* suffix :
         {":meta", ":id", ":meta-paused", ":wait", ":waiting-children", ":events"}) {
        if (!key.endsWith(suffix)) continue;
        const QByteArray rest = key.chopped(qstrlen(suffix));
        const qsizetype colon = rest.indexOf(':');
        if (colon < 1 || colon + 1 >= rest.size()) return std::nullopt;
        return QueueId{rest.first(colon), rest.mid(colon + 1)};
    }
    return std::nullopt;
}

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
        ask("HMGET", "meta", u" paused concurrency version"_s);
        ask("EXISTS", "meta-paused");
        ask("PTTL", "limiter");
        ask("LRANGE", "wait", u" -2 -1"_s);
        ask("LRANGE", "paused", u" -1 -1"_s);
        ask("ZRANGE", "prioritized", u" 0 0"_s);
        ask("LRANGE", "active", u" 0 %1"_s.arg(kLooked - 1));
        ask("ZRANGE", "delayed", u" 0 0 WITHSCORES"_s);
        ask("EXISTS", "meta");
    }
    return script;
}

namespace {

/// Before version 5, BullMQ keeps a marker "0:…" in `wait`: it is no job.
bool isMarker(const QByteArray& id) {
    return id.startsWith("0:");
}

void readHead(Queue& queue, Replies& replies) {
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
}

void readOldest(Queue& queue, Replies& replies) {
    QByteArrayList ends;
    for (const ReplyView id : replies.next().children())
        ends << id.text();
    for (const ReplyView id : replies.next().children())
        ends << id.text();
    if (std::any_of(ends.cbegin(), ends.cend(), isMarker) && queue.waiting > 0) --queue.waiting;
    ends.removeIf(isMarker);
    if (!ends.isEmpty()) queue.oldestJob = ends.last();
    const ReplyView ranked = replies.next();
    if (!ranked.children().empty()) queue.firstRanked = ranked.children().front().text();
}

Queue readQueue(const QueueId& id, Replies& replies, const QDateTime& now) {
    Queue queue;
    queue.id = id;
    queue.at = now;
    readHead(queue, replies);
    const ReplyView meta = replies.next();
    const bool oldPaused = replies.number() == 1;
    queue.paused = !field(meta, 0).isEmpty() || oldPaused;
    if (const int limit = field(meta, 1).toInt(); limit > 0) queue.concurrency = limit;
    queue.version = QString::fromUtf8(field(meta, 2)).section(u':', -1);
    queue.isRateLimited = replies.number() > 0;
    readOldest(queue, replies);
    for (const ReplyView job : replies.next().children())
        queue.lookedAt << job.text();
    if (const auto score = firstScore(replies.next()))
        queue.nextDue = time(*score / static_cast<double>(kScoreUnit));
    const bool hasMeta = replies.number() == 1;
    queue.isClassic = !hasMeta || oldPaused;
    queue.exists = hasMeta || oldPaused || queue.waiting != 0 || queue.active > 0 ||
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
    Replies replies(reply);
    QVector<Queue> queues;
    queues.reserve(ids.size());
    for (const QueueId& id : ids)
        queues << readQueue(id, replies, now);
    return queues;
}

QByteArrayList workerNames(const QueueId& id) {
    const QByteArray all = id.prefix + ':' + id.name;
    QByteArrayList names;
    for (qsizetype colon = all.indexOf(':'); colon >= 0; colon = all.indexOf(':', colon + 1))
        names << all.first(colon) + ':' + all.sliced(colon + 1).toBase64();
    return names;
}

QString lookScript(const QVector<Queue>& queues) {
    QString script = u"CLIENT LIST\nPING\n"_s;
    for (const Queue& queue : queues) {
        for (const QByteArray& job : {queue.oldestJob, queue.firstRanked})
            if (!job.isEmpty())
                script += u"HGET %1 timestamp\n"_s.arg(redisWord(queue.id.key(job)));
        for (const QByteArray& job : queue.lookedAt)
            script += u"EXISTS %1\n"_s.arg(redisWord(queue.id.key(job) + ":lock"));
        if (!queue.lookedAt.isEmpty())
            script +=
                u"LRANGE %1 0 %2\n"_s.arg(redisWord(queue.id.key("active"))).arg(kLookedAgain - 1);
    }
    return script;
}

namespace {

std::optional<QDateTime> earlier(const std::optional<QDateTime>& known, ReplyView stamp) {
    const auto told = time(stamp.text().toDouble());
    return known && (!told || *known < *told) ? known : told;
}

/// A job that was completed since its id was read has no lock either, but is active no more.
qint64 readStalled(const Queue& queue, Replies& replies) {
    if (queue.lookedAt.isEmpty()) return 0;
    QByteArrayList unlocked;
    for (const QByteArray& job : queue.lookedAt)
        if (replies.number() == 0) unlocked << job;
    qint64 stalled = 0;
    for (const ReplyView job : replies.next().children())
        stalled += unlocked.contains(job.text()) ? 1 : 0;
    return stalled;
}

}  // namespace

void readLook(QVector<Queue>& queues, ReplyView reply) {
    Replies replies(reply);
    QHash<QByteArray, int> workers;
    const ReplyView clients = replies.next();
    for (const QByteArray& line : clients.text().split('\n')) {
        const qsizetype at = line.indexOf(" name=");
        if (at < 0) continue;
        const qsizetype end = line.indexOf(' ', at + 6);
        QByteArray name = line.mid(at + 6, end - at - 6);
        if (const qsizetype named = name.indexOf(":w:"); named > 0) name.truncate(named);
        ++workers[name];
    }
    replies.next();
    for (Queue& queue : queues) {
        for (const QByteArray& job : {queue.oldestJob, queue.firstRanked})
            if (!job.isEmpty()) queue.oldestWaiting = earlier(queue.oldestWaiting, replies.next());
        queue.stalled = readStalled(queue, replies);
        // A refusal is no count: nobody may be told that no worker is there.
        if (clients.isError()) continue;
        queue.workers = 0;
        for (const QByteArray& name : workerNames(queue.id))
            *queue.workers += workers.value(name);
    }
}

void compareLooks(const QVector<Queue>& before, QVector<Queue>& now) {
    QHash<QByteArray, const Queue*> past;
    for (const Queue& queue : before)
        past.insert(queue.id.key({}), &queue);
    for (Queue& queue : now) {
        const Queue* then = past.value(queue.id.key({}));
        if (!then || (then->oldestJob.isEmpty() && then->firstRanked.isEmpty())) continue;
        const bool hasNewActive =
            std::any_of(queue.lookedAt.cbegin(), queue.lookedAt.cend(),
                        [then](const QByteArray& job) { return !then->lookedAt.contains(job); });
        queue.tookOne = hasNewActive || then->oldestJob != queue.oldestJob ||
                        then->firstRanked != queue.firstRanked;
    }
}

QString idScript(const Queue& queue, JobState state, int most) {
    const auto last = QString::number(most - 1);
    const auto list = [&](const char* suffix, const QString& range) {
        return u"LRANGE %1 %2\n"_s.arg(redisWord(queue.id.key(suffix)), range);
    };
    const auto sorted = [&](const char* command, const char* suffix) {
        return u"%1 %2 0 %3\n"_s.arg(QLatin1String(command), redisWord(queue.id.key(suffix)), last);
    };
    switch (state) {
        case JobState::Waiting:  // the right-hand end runs next
            return list("wait", u"-%1 -1"_s.arg(most)) + list("paused", u"-%1 -1"_s.arg(most));
        case JobState::Active:
            return list("active", u"0 "_s + last) + u"PING\n"_s;
        case JobState::Delayed:
            return sorted("ZRANGE", "delayed") + u"PING\n"_s;
        case JobState::Failed:
            return sorted("ZREVRANGE", "failed") + u"PING\n"_s;
        case JobState::Completed:
            return sorted("ZREVRANGE", "completed") + u"PING\n"_s;
        case JobState::Prioritized:
            return sorted("ZRANGE", "prioritized") + u"PING\n"_s;
        case JobState::Children:
            return sorted("ZRANGE", "waiting-children") + u"PING\n"_s;
    }
    return {};
}

QByteArrayList readIds(ReplyView reply) {
    QByteArrayList ids;
    for (const ReplyView answer : reply.children())
        for (const ReplyView id : answer.children())
            if (!isMarker(id.text())) ids << id.text();
    return ids;
}

QString jobScript(const Queue& queue, const QByteArrayList& ids) {
    QString script;
    for (const QByteArray& id : ids) {
        script +=
            u"HMGET %1 name timestamp processedOn finishedOn delay atm attemptsMade stc priority failedReason parentKey rjk pb\n"_s
                .arg(redisWord(queue.id.key(id)));
        script += u"EXISTS %1\n"_s.arg(redisWord(queue.id.key(id) + ":lock"));
    }
    return script;
}

QVector<QueueJob> readJobs(const QByteArrayList& ids, ReplyView reply) {
    Replies replies(reply);
    QVector<QueueJob> jobs;
    for (const QByteArray& id : ids) {
        const ReplyView values = replies.next();
        QueueJob job;
        job.id = id;
        job.name = QString::fromUtf8(field(values, 0));
        job.added = time(field(values, 1).toDouble());
        job.started = time(field(values, 2).toDouble());
        job.ended = time(field(values, 3).toDouble());
        const double delay = field(values, 4).toDouble();
        if (job.added && delay > 0) job.due = job.added->addMSecs(static_cast<qint64>(delay));
        job.attempts = std::max(field(values, 5).toInt(), field(values, 6).toInt());
        job.stalls = field(values, 7).toInt();
        job.priority = field(values, 8).toLongLong();
        job.failedReason = QString::fromUtf8(field(values, 9));
        job.parent = QString::fromUtf8(field(values, 10));
        job.repeatKey = QString::fromUtf8(field(values, 11));
        job.worker = QString::fromUtf8(field(values, 12));
        job.hasLock = replies.number() == 1;
        jobs << job;
    }
    return jobs;
}

QString dataCommand(const Queue& queue, const QByteArray& id) {
    return u"HGET %1 data"_s.arg(redisWord(queue.id.key(id)));
}

}  // namespace tocsin::inspection
