// The jobs of one queue, without their data.
#include <algorithm>

#include "inspection/queuereplies.h"
#include "inspection/queues.h"
#include "inspection/redistext.h"

namespace tocsin::inspection {

using namespace Qt::StringLiterals;

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
            // Taken ones are put in front, so those that run longest, and the dead, are behind.
            return list("active", u"-%1 -1"_s.arg(most)) + u"PING\n"_s;
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

QByteArrayList readIds(JobState state, ReplyView reply) {
    const bool isBackwards = state == JobState::Waiting || state == JobState::Active;
    QByteArrayList ids;
    for (const ReplyView answer : reply.children()) {
        QByteArrayList listed;
        for (const ReplyView id : answer.children())
            if (!isQueueMarker(id.text())) listed << id.text();
        if (isBackwards) std::reverse(listed.begin(), listed.end());
        ids += listed;
    }
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
    QueueReplies replies(reply);
    QVector<QueueJob> jobs;
    for (const QByteArray& id : ids) {
        const ReplyView values = replies.next();
        QueueJob job;
        job.id = id;
        job.name = QString::fromUtf8(queueField(values, 0));
        job.added = queueTime(queueField(values, 1).toDouble());
        job.started = queueTime(queueField(values, 2).toDouble());
        job.ended = queueTime(queueField(values, 3).toDouble());
        const double delay = queueField(values, 4).toDouble();
        if (job.added && delay > 0) job.due = job.added->addMSecs(static_cast<qint64>(delay));
        job.attempts = std::max(queueField(values, 5).toInt(), queueField(values, 6).toInt());
        job.stalls = queueField(values, 7).toInt();
        job.priority = queueField(values, 8).toLongLong();
        job.failedReason = QString::fromUtf8(queueField(values, 9));
        job.parent = QString::fromUtf8(queueField(values, 10));
        job.repeatKey = QString::fromUtf8(queueField(values, 11));
        job.worker = QString::fromUtf8(queueField(values, 12));
        job.hasLock = replies.number() == 1;
        jobs << job;
    }
    return jobs;
}

QString dataCommand(const Queue& queue, const QByteArray& id) {
    return u"HGET %1 data"_s.arg(redisWord(queue.id.key(id)));
}

}  // namespace tocsin::inspection
