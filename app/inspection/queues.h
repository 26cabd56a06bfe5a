#pragma once
#include <QByteArrayList>
#include <QDateTime>
#include <QHash>
#include <QString>
#include <QVector>
#include <chrono>
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
    QString fullName() const { return QString::fromUtf8(prefix + ':' + name); }
    /// Without the prefix that the libraries take where none is chosen.
    QString shortName() const { return prefix == "bull" ? QString::fromUtf8(name) : fullName(); }
    bool operator==(const QueueId& other) const {
        return prefix == other.prefix && name == other.name;
    }
    bool operator<(const QueueId& other) const {
        return name == other.name ? prefix < other.prefix : name < other.name;
    }
};
inline size_t qHash(const QueueId& id, size_t seed = 0) {
    return qHashMulti(seed, id.prefix, id.name);
}

/// What a rate limiter does at this moment. Its limit is known where `meta` keeps it (BullMQ 5 and
/// later, for all workers); that of a single worker is known to that worker alone.
enum class Limiter {
    Off,     ///< no window is open
    Open,    ///< more jobs may pass in this window
    Counts,  ///< it counts, and how far it may is not known here
    Holds    ///< no job passes until the window ends
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
    std::optional<QDateTime> lastDone = {}, lastFailed = {};  ///< of those that are kept
    /// So many were completed after `paceFrom`, in the last minutes; 0: too few to tell a pace.
    qint64 paceJobs = 0;
    std::optional<QDateTime> paceFrom = {};
    bool paused = false;
    bool knowsPause = true;               ///< false: the server refuses the keys that tell
    std::optional<int> concurrency = {};  ///< a limit over all workers
    Limiter limiter = Limiter::Off;
    qint64 limiterCount = 0;                ///< jobs that passed in its window
    std::optional<qint64> limiterMax = {};  ///< that may
    std::chrono::milliseconds limiterLeft = {};
    qint64 limitedJobs = 0;  ///< Bull only: delayed by the limiter
    bool isForeign = false;  ///< a key of its is of another type than a queue's
    qint64 stalled = 0;      ///< active without a lock, of `lookedAt`; -1: refused
    /// A job was taken since the look before; nothing: there was none, or nothing waited then.
    std::optional<bool> tookOne = {};
    std::optional<QDateTime> lastTaken = {};  ///< when a look last found that one was
    QDateTime lookedSince = {};               ///< when the first of the looks was
    std::optional<int> workers = {};          ///< by their names in CLIENT LIST; nothing: refused
    /// When the older of the jobs at the ends of the lists was added; it may have been delayed, or
    /// tried and put back, since.
    std::optional<QDateTime> oldestWaiting = {};
    std::optional<QDateTime> nextDue = {};
    QDateTime at = {};  ///< when this was so

    QByteArrayList lookedAt = {};      ///< ids of the active jobs that were taken first
    QByteArrayList newestActive = {};  ///< of those that were taken last
    QByteArrayList ends = {};          ///< of waiting jobs, whose age is asked
    QByteArrayList newEnds = {};       ///< of them: asked last, when it is known how long that is
    QByteArray nextJob = {};           ///< id of the plain job that runs next
    QByteArray firstRanked = {};       ///< id of the prioritized job that runs next
};

inline constexpr int kRecentlyMinutes = 5;

/// The pattern that finds what a queue has for sure in one walk: `…:meta` and `…:id`, and where a
/// flow made it `…:wait`, `…:waiting-children` or `…:events`.
QByteArray queueKeyPattern();
/// The queue a found key may belong to; nothing when it is no key of a queue. Others use such names
/// too ("photo:17:meta"): evidence tells.
std::optional<QueueId> queueOfKey(const QByteArray& key);

enum class QueueEvidence {
    None,    ///< no queue
    Unsure,  ///< keys of a queue's names, whose types tell
    Empty,   ///< a queue without jobs
    Filled   ///< a queue with jobs, or about whose jobs the server says nothing
};
/// First two commands each, then, of those that are unsure, the types of their keys. The answers
/// are in the order of `ids`.
QString evidenceScript(const QVector<QueueId>& ids);
QVector<QueueEvidence> readEvidence(const QVector<QueueId>& ids, ReplyView reply);
QString siblingScript(const QVector<QueueId>& ids);
QVector<QueueEvidence> readSiblings(const QVector<QueueId>& ids, ReplyView reply);

/// First round trip: every count of every queue.
QString countScript(const QVector<QueueId>& ids, const QDateTime& now);
/// What it answered. Queues of which nothing is there are marked so. Errors: Protocol.
Result<QVector<Queue>> readCounts(const QVector<QueueId>& ids, ReplyView reply,
                                  const QDateTime& now);
/// Second: the ages of waiting jobs, the locks of active ones and whether they are still active
/// after that. Of Queue::newEnds only the size of what tells their age, which the guard would have
/// to ask first: no answer of the script then needs to be weighed. `from` is where the script's
/// first answer stands in `reply`.
QString lookScript(const QVector<Queue>& queues);
void readLook(QVector<Queue>& queues, ReplyView reply, std::size_t from = 0);
/// Third and last, where there are any: the ages of Queue::newEnds.
QString ageScript(const QVector<Queue>& queues);
void readAges(QVector<Queue>& queues, ReplyView reply);
/// Of the answer to CLIENT LIST. A refusal is no count: nobody may be told that no worker is there.
void countWorkers(QVector<Queue>& queues, ReplyView clients);
/// What the looks before say of this one: Queue::tookOne, since when. Jobs that are removed when
/// they are completed leave no other trace. Ages that are still to be asked are those of the look
/// before.
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

/// First the ids of up to `most` jobs: the next to run, the first taken or the newest first; then
/// what they are.
QString idScript(const Queue& queue, JobState state, int most);
QByteArrayList readIds(JobState state, ReplyView reply);
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
