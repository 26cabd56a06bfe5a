#pragma once
#include <QByteArrayList>
#include <QDateTime>
#include <QString>
#include <QVector>
#include <optional>

#include "sdk/error.h"
#include "sdk/reply.h"

/// What BullMQ (3 to 6) and Bull keep in Redis, read without their scripts: keys and counts only.
/// Sources: the keys of bullmq 3.16, 4.18, 5.81 and 6.7 and of bull 4.16, which the tests run.
namespace tocsin::inspection {

/// One queue's keys begin with "prefix:name:".
struct QueueId {
    QByteArray prefix, name;

    QByteArray key(const QByteArray& suffix) const { return prefix + ':' + name + ':' + suffix; }
    bool operator==(const QueueId& other) const {
        return prefix == other.prefix && name == other.name;
    }
    bool operator<(const QueueId& other) const {
        return name == other.name ? prefix < other.prefix : name < other.name;
    }
};

/// One look at a queue. Counts that the server refused are -1.
struct Queue {
    QueueId id = {};
    bool exists = false;     ///< anything of it is there at all
    bool isClassic = false;  ///< Bull, not BullMQ
    QString version = {};    ///< "5.81.5" as BullMQ writes it into `meta`; empty: not told
    qint64 waiting = 0;      ///< wait + paused + prioritized
    qint64 prioritized = 0;  ///< of them
    qint64 active = 0, delayed = 0, failed = 0, completed = 0;
    qint64 waitingForChildren = 0;
    qint64 schedulers = 0;         ///< repeating jobs
    qint64 overdue = 0;            ///< delayed jobs whose time has come and gone
    qint64 failedRecently = 0;     ///< in kRecently before `at`
    qint64 completedRecently = 0;  ///< of those that are kept
    bool paused = false;
    std::optional<int> concurrency = {};  ///< a limit over all workers
    bool isRateLimited = false;           ///< the limiter holds jobs back right now
    qint64 stalled = 0;                   ///< active without a lock, of the first kLooked
    /// A job was taken since the look before; nothing: there was none, or nothing waited then.
    std::optional<bool> tookOne = {};
    std::optional<int> workers = {};  ///< by their names in CLIENT LIST; nothing: refused
    std::optional<QDateTime> oldestWaiting = {};
    std::optional<QDateTime> nextDue = {};
    QDateTime at = {};  ///< when this was so

    QVector<QByteArray> lookedAt = {};  ///< ids of the first active jobs
    QByteArray oldestJob = {};          ///< id of the plain job that waits longest
    QByteArray firstRanked = {};        ///< id of the prioritized job that runs next
};

inline constexpr int kRecentlyMinutes = 5;

/// The pattern that finds what a queue has for sure in one walk: `…:meta` and `…:id`, and where a
/// flow made it `…:wait`, `…:waiting-children` or `…:events`.
QByteArray queueKeyPattern();
/// The queue a found key belongs to; nothing when it is no key of a queue.
std::optional<QueueId> queueOfKey(const QByteArray& key);

/// First round trip: every count of every queue.
QString countScript(const QVector<QueueId>& ids, const QDateTime& now);
/// What it answered. Queues of which nothing is there are marked so. Errors: Protocol.
Result<QVector<Queue>> readCounts(const QVector<QueueId>& ids, ReplyView reply,
                                  const QDateTime& now);
/// Second and last: the oldest job's age, the locks of active jobs and whether they are still
/// active after that, the workers.
QString lookScript(const QVector<Queue>& queues);
void readLook(QVector<Queue>& queues, ReplyView reply);
/// What the look before says of this one: Queue::tookOne. Jobs that are removed when they are
/// completed leave no other trace.
void compareLooks(const QVector<Queue>& before, QVector<Queue>& now);

/// The names that this queue's workers may carry in CLIENT LIST; named workers add ":w:…". A key
/// does not tell where its prefix ends and the name begins, so every colon is tried.
QByteArrayList workerNames(const QueueId& id);

/// Unknown: the server refused what would tell.
enum class QueueState { Idle, Working, Waiting, Unknown, Slow, Paused, Stuck };
/// "delayed or stuck?" answered in words.
struct QueueVerdict {
    QueueState state = QueueState::Idle;
    QString headline;   ///< "Stuck: 12 jobs wait and no worker is connected"
    QStringList signs;  ///< the three signs: is it let run, does anybody work, does it move
};
QueueVerdict verdictOf(const Queue& queue);

enum class JobState { Waiting, Active, Delayed, Failed, Completed, Prioritized, Children };
QString nameOf(JobState state);

/// A job without its data.
struct QueueJob {
    QByteArray id;
    QString name;
    std::optional<QDateTime> added, started, ended, due;
    int attempts = 0;
    int stalls = 0;
    qint64 priority = 0;
    QString failedReason;
    QString parent;     ///< of a flow
    QString repeatKey;  ///< of a repeating job
    QString worker;
    bool hasLock = true;  ///< only asked of active jobs
};

/// First the ids of up to `most` jobs, next to run or newest first; then what they are.
QString idScript(const Queue& queue, JobState state, int most);
QByteArrayList readIds(ReplyView reply);
QString jobScript(const Queue& queue, const QByteArrayList& ids);
QVector<QueueJob> readJobs(const QByteArrayList& ids, ReplyView reply);
/// The command that reads a job's data; sent only when somebody asks to see it.
QString dataCommand(const Queue& queue, const QByteArray& id);

struct FailureGroup {
    QString reason;
    int jobs = 0;
    std::optional<QDateTime> newest;
    QByteArray example;
};
/// Failures that differ only in numbers, ids and quoted parts are one; the most frequent first.
QVector<FailureGroup> grouped(const QVector<QueueJob>& failed);

}  // namespace tocsin::inspection
