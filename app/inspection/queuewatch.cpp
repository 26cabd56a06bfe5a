#include "inspection/queuewatch.h"

#include <algorithm>

#include "inspection/connection.h"
#include "sdk/async.h"

namespace tocsin::inspection {

constexpr qsizetype kRemembered = 120;
constexpr int kMostSlowdowns = 4;

QueueWatch::QueueWatch(Connection& connection, Clock& clock, QObject* parent)
    : QObject(parent), m_connection(&connection), m_clock(clock), m_walk(connection, clock) {
    connect(&m_walk, &KeyWalk::keysArrived, this, [this](const QByteArrayList& keys) {
        for (const QByteArray& key : keys)
            if (const auto id = queueOfKey(key); id && !m_found.contains(*id)) m_found << *id;
    });
    connect(&m_walk, &KeyWalk::ended, this,
            [this](const std::optional<Error>& problem) { endWalk(problem); });
}

/// Only a walk that came to its end says which queues there are; what another found is added.
void QueueWatch::endWalk(const std::optional<Error>& problem) {
    m_hasWalked = m_hasWalked || !problem;
    m_mustWalk = problem && !std::exchange(m_isStopped, false);
    if (!problem) m_ids.clear();
    for (const QueueId& id : std::as_const(m_found))
        if (!m_ids.contains(id)) m_ids << id;
    std::sort(m_ids.begin(), m_ids.end());
    if (m_mustWalk) return giveUp(*problem);
    if (problem) emit failed(*problem);
    look();
}

void QueueWatch::stopFinding() {
    m_isStopped = m_walk.isWalking();
    m_walk.cancel();
}

void QueueWatch::find() {
    m_found.clear();
    m_isStopped = false;
    m_mustWalk = false;
    m_walk.start(queueKeyPattern());
}

void QueueWatch::look() {
    if (m_isLooking || !m_connection) return;
    if (m_mustWalk && !m_walk.isWalking()) return find();
    // Nothing is known yet, which is not "none".
    if (m_ids.isEmpty() && !m_hasWalked) return planNext();
    if (m_ids.isEmpty()) {
        m_queues.clear();
        m_lookedAt = m_clock.now();
        emit changed();
        return planNext();
    }
    m_isLooking = true;
    const QDateTime now = m_clock.now();
    whenDone(m_connection->look(countScript(m_ids, now)), this,
             [this, ids = m_ids, now](const Result<QueryResult>& result) {
                 m_isLooking = false;
                 auto counts = result ? readCounts(ids, *result->reply, now)
                                      : tl::unexpected<Error>(result.error());
                 if (!counts) return giveUp(counts.error());
                 counts->removeIf([](const Queue& queue) { return !queue.exists; });
                 readSecond(*std::move(counts), result->receipt.total);
             });
}

void QueueWatch::readSecond(QVector<Queue> queues, std::chrono::microseconds took) {
    if (!m_connection) return;
    m_isLooking = true;
    whenDone(m_connection->look(lookScript(queues)), this,
             [this, queues, took](const Result<QueryResult>& result) mutable {
                 m_isLooking = false;
                 if (!result) return giveUp(result.error());
                 m_failures = 0;
                 readLook(queues, *result->reply);
                 compareLooks(m_queues, queues);
                 m_queues = std::move(queues);
                 m_lookedAt = m_clock.now();
                 m_took = took + result->receipt.total;
                 remember();
                 emit changed();
                 planNext();
             });
}

void QueueWatch::giveUp(const Error& why) {
    m_failures = std::min(m_failures + 1, kMostSlowdowns);
    emit failed(why);
    planNext();
}

void QueueWatch::remember() {
    for (const Queue& queue : std::as_const(m_queues)) {
        auto& past = m_trends[queue.id.key({})];
        past << queue.waiting;
        if (past.size() > kRemembered) past.removeFirst();
    }
}

QVector<qint64> QueueWatch::trend(const QueueId& id) const {
    return m_trends.value(id.key({}));
}

void QueueWatch::watch(std::chrono::milliseconds every) {
    m_every = every;
    m_failures = 0;
    planNext();
}

void QueueWatch::planNext() {
    ++m_round;
    if (m_every.count() <= 0) return;
    // A server that does not answer is asked less and less often.
    m_clock.callAfter(m_every * (1 << m_failures), this, [this, round = m_round] {
        if (round == m_round) look();
    });
}

}  // namespace tocsin::inspection
