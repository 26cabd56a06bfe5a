#include "drill/queuetrouble.h"

#include <QDateTime>
#include <QTimer>

namespace tocsin::drill {
namespace {

constexpr int kWorkEveryMs = 100;
constexpr int kReadEveryMs = 400;
constexpr int kArriveEveryMs = 1500;
constexpr int kJobsAtOnce = 25;
constexpr int kFailedJobs = 7;

}  // namespace

QueueTrouble::QueueTrouble(Vitals& vitals, const Scenario& scenario, quint16 redisPort,
                           const QString& redisPassword)
    : Trouble(vitals), m_scenario(scenario), m_redis(redisPort, redisPassword, this) {
}

QByteArray QueueTrouble::key(const QByteArray& suffix) const {
    return "bull:" + m_scenario.queue.toUtf8() + ':' + suffix;
}

void QueueTrouble::start() {
    fill();
    const auto every = [this](int milliseconds, auto what) {
        auto* timer = new QTimer(this);
        connect(timer, &QTimer::timeout, this, what);
        timer->start(milliseconds);
    };
    every(kWorkEveryMs, &QueueTrouble::work);
    every(kReadEveryMs, &QueueTrouble::measure);
    every(kArriveEveryMs, [this] { addJob(QDateTime::currentMSecsSinceEpoch()); });
    emit progressed(QStringLiteral("The queue %1 is paused; %2 jobs wait, the oldest since %3 s.")
                        .arg(m_scenario.queue)
                        .arg(m_scenario.jobs)
                        .arg(m_scenario.oldestSeconds));
}

void QueueTrouble::fill() {
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    m_redis.send({"HSET", key("meta"), "paused", "1", "concurrency", "4", "version", "bullmq:6.2.0",
                  "opts.maxLenEvents", "10000"});
    for (int i = 0; i < m_scenario.jobs; ++i)
        addJob(now - m_scenario.oldestSeconds * 1000LL * (m_scenario.jobs - i) / m_scenario.jobs);
    for (int i = 0; i < kFailedJobs; ++i) {
        const QByteArray job = QByteArray::number(8000 + i);
        const QByteArray at = QByteArray::number(now - 3600000LL * (i + 1));
        m_redis.send({"ZADD", key("failed"), at, job});
        m_redis.send({"HSET", key(job), "name", "transcode", "failedReason",
                      "mux: asset is not ready", "atm", "3", "timestamp", at, "finishedOn", at});
    }
}

void QueueTrouble::addJob(qint64 timestamp) {
    const QByteArray job = QByteArray::number(++m_lastJob);
    m_redis.send({"HSET", key(job), "name", "transcode", "data", "{\"contentId\":" + job + "}",
                  "timestamp", QByteArray::number(timestamp), "priority", "0", "delay", "0", "atm",
                  "0"});
    m_redis.send({"LPUSH", key("wait"), job});  // the next to run is at the right-hand end
    m_redis.send({"SET", key("id"), job});
}

void QueueTrouble::work() {
    m_redis.send({"HGET", key("meta"), "paused"}, [this](const QByteArray& paused) {
        if (!paused.isNull()) return;
        if (!m_resumed)
            emit progressed(QStringLiteral("The queue runs again; workers take its jobs."));
        m_resumed = true;
        for (int i = 0; i < kJobsAtOnce; ++i)
            takeJob();
    });
}

void QueueTrouble::takeJob() {
    m_redis.send({"RPOP", key("wait")}, [this](const QByteArray& job) {
        if (job.isNull()) return;
        const QByteArray now = QByteArray::number(QDateTime::currentMSecsSinceEpoch());
        m_redis.send({"HSET", key(job), "processedOn", now, "finishedOn", now, "atm", "1"});
        m_redis.send({"ZADD", key("completed"), now, job});
    });
}

void QueueTrouble::measure() {
    m_redis.send({"LLEN", key("wait")},
                 [this](const QByteArray& length) { vitals().queueDepth = length.toInt(); });
    m_redis.send({"LINDEX", key("wait"), "-1"},
                 [this](const QByteArray& job) { measureOldest(job); });
}

void QueueTrouble::measureOldest(const QByteArray& job) {
    if (job.isNull()) {
        vitals().queueProcessingTime = 2;
        return;
    }
    m_redis.send({"HGET", key(job), "timestamp"}, [this](const QByteArray& timestamp) {
        const qint64 age = QDateTime::currentMSecsSinceEpoch() - timestamp.toLongLong();
        vitals().queueProcessingTime = static_cast<double>(age) / 1000.0;
    });
}

void QueueTrouble::cure() {
    m_redis.send({"HDEL", key("meta"), "paused"});
}

}  // namespace tocsin::drill
