// What the figures of a queue mean, in words.
#include <QRegularExpression>
#include <algorithm>

#include "inspection/queues.h"
#include "sdk/figures.h"

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

// A worker takes a due job at once, unless all are busy; this much late is a sign.
constexpr qint64 kOverdueSeconds = 5;
constexpr qint64 kStillSeconds = 60;  // without an end of a job, worth a word

QString amount(qint64 number, const QString& thing) {
    return u"%1 %2%3"_s.arg(countText(number), thing, number == 1 ? QString() : u"s"_s);
}

QString span(qint64 seconds) {
    if (seconds < 90) return u"%1 s"_s.arg(seconds);
    if (seconds < 90 * 60) return u"%1 min"_s.arg(seconds / 60);
    if (seconds < 36 * 3600) return u"%1 h"_s.arg((seconds + 1800) / 3600);
    return u"%1 days"_s.arg((seconds + 43'200) / 86'400);
}

qint64 overdueBy(const Queue& queue) {
    return queue.overdue > 0 && queue.nextDue ? queue.nextDue->secsTo(queue.at) : 0;
}

/// For how long nothing moved, as far as what is kept and the looks show. Where no completed job is
/// kept only what was looked at counts.
qint64 stillFor(const Queue& queue) {
    QDateTime moved = queue.completed > 0 && queue.lastDone ? *queue.lastDone : queue.lookedSince;
    for (const auto& each : {queue.lastFailed, queue.lastTaken})
        if (each && *each > moved) moved = *each;
    return moved.isValid() ? std::max<qint64>(0, moved.secsTo(queue.at)) : 0;
}

QString waitingStill(const Queue& queue) {
    const bool isTold = queue.completed > 0 && queue.lastDone;
    return (isTold ? u"%1 wait, and none that is kept ended for %2"_s
                   : u"%1 wait, and none was taken for %2"_s)
        .arg(countText(queue.waiting), span(stillFor(queue)));
}

std::optional<qint64> secondsLeft(const Queue& queue) {
    if (queue.paceJobs == 0 || !queue.paceFrom) return std::nullopt;
    const auto took = static_cast<double>(queue.paceFrom->msecsTo(queue.at)) / 1000.0;
    return static_cast<qint64>(static_cast<double>(queue.waiting) * std::max(0.001, took) /
                               static_cast<double>(queue.paceJobs));
}

QString working(const Queue& queue) {
    if (queue.waiting <= 0) return u"Works"_s;
    if (stillFor(queue) >= kStillSeconds) return u"Works: %1"_s.arg(waitingStill(queue));
    const auto left = secondsLeft(queue);
    return left ? u"Works: %1 wait, about %2 at this pace"_s.arg(countText(queue.waiting),
                                                                 span(*left))
                : u"Works: %1 wait"_s.arg(countText(queue.waiting));
}

/// Where older completed jobs are kept as well, all of the last minutes are. Where none is older,
/// they may be thrown away by number (removeOnComplete), and there is no share to tell.
QString failing(const Queue& queue) {
    if (queue.completed == queue.completedRecently)
        return u"Failing: %1 in %2 minutes; %3"_s.arg(queue.failedRecently)
            .arg(kRecentlyMinutes)
            .arg(queue.completed == 0 ? u"what is completed is not kept"_s
                                      : u"how many were completed does not show"_s);
    return u"Failing: %1 of %2 in %3 minutes"_s.arg(queue.failedRecently)
        .arg(queue.failedRecently + queue.completedRecently)
        .arg(kRecentlyMinutes);
}

QString windowLeft(const Queue& queue) {
    return span((queue.limiterLeft.count() + 999) / 1000);
}

QString limited(const Queue& queue) {
    const QString counted = amount(queue.limiterCount, u"job"_s);
    switch (queue.limiter) {
        case Limiter::Holds:
            return u"Its rate limiter holds jobs back for another %1%2."_s.arg(
                windowLeft(queue),
                queue.limiterMax && queue.limiterCount < 2 * *queue.limiterMax
                    ? u": %1 passed, and %2 may"_s.arg(counted).arg(*queue.limiterMax)
                    : QString());
        case Limiter::Open:
            return u"It is not paused; its rate limiter let %1 of %2 pass, and counts anew in %3."_s
                .arg(queue.limiterCount)
                .arg(*queue.limiterMax)
                .arg(windowLeft(queue));
        case Limiter::Counts:
            return u"It is not paused; a rate limiter counts%1 and starts anew in %2, but its limit is known to the workers alone: whether it holds jobs back does not show."_s
                .arg(queue.limiterCount >= 0 && queue.limiterCount < 1'000'000'000 ? u' ' + counted
                                                                                   : QString(),
                     windowLeft(queue));
        case Limiter::Off:
            break;
    }
    return {};
}

QString letRun(const Queue& queue) {
    if (queue.paused) return u"It is paused: no job is handed out until somebody resumes it."_s;
    if (!queue.knowsPause)
        return u"Whether it is paused is not known: the server refuses the key that tells."_s;
    if (queue.limiter != Limiter::Off) return limited(queue);
    return u"It is not paused%1."_s.arg(
        queue.concurrency
            ? u", and at most %1 run at once over all workers"_s.arg(*queue.concurrency)
            : QString());
}

/// Of many active jobs only those that were taken first are.
bool looksAtAll(const Queue& queue) {
    return queue.lookedAt.isEmpty() || static_cast<qint64>(queue.lookedAt.size()) >= queue.active;
}

QString locksOf(const Queue& queue) {
    const QString active = amount(queue.active, u"active job"_s);
    const auto looked = static_cast<qint64>(queue.lookedAt.size());
    const bool isAll = looksAtAll(queue);
    if (queue.stalled < 0)
        return u"%1; whether they have live locks is not known: the server refuses to tell."_s.arg(
            active);
    if (queue.stalled > 0)
        return u"%1 of %2 lost the lock: the worker died, or its event loop is blocked."_s
            .arg(queue.stalled)
            .arg(isAll ? active
                       : u"the %1 that were taken first, of %2,"_s.arg(looked).arg(active));
    return isAll
               ? (queue.active == 1 ? u"%1, with a live lock."_s : u"%1, each with a live lock."_s)
                     .arg(active)
               : u"%1; the %2 that were taken first have live locks, the others were not looked at."_s
                     .arg(active)
                     .arg(looked);
}

QString whoWorks(const Queue& queue) {
    const QString workers = !queue.workers ? u"Who works is not known: CLIENT LIST is refused"_s
                            : *queue.workers == 0 && queue.active > 0 && queue.stalled == 0
                                ? u"No worker shows its name in CLIENT LIST"_s
                            : *queue.workers == 0
                                ? u"No worker is connected"_s
                                : u"%1 connected"_s.arg(amount(*queue.workers, u"worker"_s));
    if (queue.active < 0) return workers + u", and neither is how many jobs are worked on."_s;
    if (queue.active == 0) return workers + u", and no job is being worked on."_s;
    return workers + u"; "_s + locksOf(queue);
}

QString whatMoves(const Queue& queue) {
    QString text = u"What moved in the last %1 minutes is not known"_s.arg(kRecentlyMinutes);
    if (queue.completedRecently >= 0 && queue.failedRecently >= 0)
        text =
            queue.completed == 0
                ? u"No completed job is kept, so how many were done does not show; %1 failed in the last %2 minutes"_s
                      .arg(queue.failedRecently)
                      .arg(kRecentlyMinutes)
                : u"%1 of the kept jobs completed and %2 failed in the last %3 minutes"_s
                      .arg(queue.completedRecently)
                      .arg(queue.failedRecently)
                      .arg(kRecentlyMinutes);
    if (queue.lastDone && queue.lastDone->secsTo(queue.at) >= kStillSeconds)
        text += u"; the last was completed %1 ago"_s.arg(span(queue.lastDone->secsTo(queue.at)));
    if (queue.tookOne)
        text += *queue.tookOne ? u"; a job was taken since the look before"_s
                               : u"; no job was taken since the look before"_s;
    if (queue.oldestWaiting)
        text += u"; the oldest that waits was added %1 ago"_s.arg(
            span(std::max<qint64>(0, queue.oldestWaiting->secsTo(queue.at))));
    if (const qint64 late = overdueBy(queue); late > kOverdueSeconds)
        text +=
            u"; %1 overdue, by up to %2"_s.arg(amount(queue.overdue, u"delayed job"_s), span(late));
    else if (queue.nextDue && queue.delayed > 0)
        text += u"; the next delayed job is due in %1"_s.arg(
            span(std::max<qint64>(0, queue.at.secsTo(*queue.nextDue))));
    return text + u'.';
}

QueueVerdict said(QueueState state, const QString& headline) {
    return {state, headline, {}};
}

QueueVerdict judged(const Queue& q) {
    const qint64 due = std::max<qint64>(0, q.waiting) + std::max<qint64>(0, q.overdue);
    // What was refused may well move, and so may what was looked at only once: where completed
    // jobs are not kept, it takes two looks to see whether one is taken.
    const bool moves =
        q.completedRecently != 0 || q.failedRecently != 0 || q.tookOne.value_or(true);
    if (q.paused)
        return said(QueueState::Paused,
                    q.waiting > 0 ? u"Paused: %1 held back"_s.arg(amount(q.waiting, u"job"_s))
                                  : u"Paused; nothing waits"_s);
    if (q.stalled > 0)
        return said(QueueState::Stuck,
                    u"Stuck: %1%2 without a lock"_s.arg(looksAtAll(q) ? QString() : u"at least "_s,
                                                        amount(q.stalled, u"active job"_s)));
    if (!q.knowsPause && due > 0 && q.active == 0)
        return said(
            QueueState::Unknown,
            u"Not known: %1, but the server does not tell whether the queue is paused"_s.arg(
                amount(due, u"job"_s) + (due == 1 ? u" is due"_s : u" are due"_s)));
    // A worker whose own name has a space in it shows none.
    if (due > 0 && q.workers && *q.workers == 0 && q.active == 0 && !q.tookOne.value_or(false))
        return said(QueueState::Stuck,
                    u"Stuck: %1 and no worker is connected"_s.arg(
                        amount(due, u"job"_s) + (due == 1 ? u" is due"_s : u" are due"_s)));
    if (const qint64 held = std::max<qint64>(0, q.waiting) + q.limitedJobs;
        held > 0 && q.limiter == Limiter::Holds)
        return said(QueueState::Slow,
                    u"Slow: %1 behind the rate limiter"_s.arg(amount(held, u"job"_s)));
    if (due > 0 && q.active == 0 && !moves)
        return said(QueueState::Stuck,
                    u"Stuck: %1, and no worker takes one%2"_s.arg(
                        amount(due, u"job"_s) + (due == 1 ? u" is due"_s : u" are due"_s),
                        q.limiter == Limiter::Counts ? u", unless a rate limiter holds them back"_s
                                                     : QString()));
    if (q.failedRecently > q.completedRecently && q.failedRecently >= 5)
        return said(QueueState::Slow, failing(q));
    if (overdueBy(q) > kOverdueSeconds)
        return said(QueueState::Slow, u"Delayed jobs run late, by %1"_s.arg(span(overdueBy(q))));
    if (q.waiting > 0 && q.active > 0 && stillFor(q) >= kRecentlyMinutes * 60)
        return said(QueueState::Slow, u"Slow: %1"_s.arg(waitingStill(q)));
    if (q.waiting > 0 && q.completedRecently > 0) return said(QueueState::Working, working(q));
    if (q.active > 0 && q.stalled < 0)
        return said(QueueState::Unknown,
                    u"Not known: %1, but not whether anybody still works on it"_s.arg(
                        amount(q.active, u"active job"_s)));
    if (q.active > 0) return said(QueueState::Working, working(q));
    if (q.waiting < 0 || q.active < 0)
        return said(QueueState::Unknown,
                    q.isForeign ? u"Not known: one of its keys is of another type than a queue's"_s
                                : u"Not known: the server refuses to count its jobs"_s);
    if (q.waiting > 0) return said(QueueState::Waiting, u"%1 wait"_s.arg(q.waiting));
    if (q.delayed > 0)
        return said(QueueState::Waiting,
                    u"Only delayed: due in %1"_s.arg(
                        q.nextDue ? span(std::max<qint64>(0, q.at.secsTo(*q.nextDue))) : u"?"_s));
    return said(QueueState::Idle, u"Nothing waits"_s);
}

/// What differs from job to job of the same fault: numbers, ids, quoted parts.
QString faultOf(const QString& reason) {
    static const QRegularExpression varying(
        u"[0-9a-f]{8}-[0-9a-f-]{27}|\\b[0-9a-f]{16,}\\b|\"[^\"]*\"|'[^']*'|\\d+"_s);
    return reason.section(u'\n', 0, 0).left(300).replace(varying, u"…"_s);
}

}  // namespace

QueueVerdict verdictOf(const Queue& queue) {
    QueueVerdict verdict = judged(queue);
    verdict.signs = {letRun(queue), whoWorks(queue), whatMoves(queue)};
    return verdict;
}

QString nameOf(JobState state) {
    switch (state) {
        case JobState::Waiting:
            return u"waiting"_s;
        case JobState::Active:
            return u"active"_s;
        case JobState::Delayed:
            return u"delayed"_s;
        case JobState::Failed:
            return u"failed"_s;
        case JobState::Completed:
            return u"completed"_s;
        case JobState::Prioritized:
            return u"prioritized"_s;
        case JobState::Children:
            return u"waiting for children"_s;
    }
    return {};
}

QVector<FailureGroup> grouped(const QVector<QueueJob>& failed) {
    QVector<FailureGroup> groups;
    QHash<QString, qsizetype> at;
    for (const QueueJob& job : failed) {
        const QString fault = faultOf(job.failedReason);
        const auto found = at.constFind(fault);
        if (found == at.cend()) {
            at.insert(fault, groups.size());
            groups << FailureGroup{job.failedReason.section(u'\n', 0, 0), 1, job.ended, job.id};
            continue;
        }
        FailureGroup& group = groups[*found];
        ++group.jobs;
        if (job.ended && (!group.newest || *job.ended > *group.newest)) group.newest = job.ended;
    }
    std::stable_sort(groups.begin(), groups.end(),
                     [](const FailureGroup& a, const FailureGroup& b) { return a.jobs > b.jobs; });
    return groups;
}

}  // namespace tocsin::inspection
