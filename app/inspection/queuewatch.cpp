#include "inspection/queuewatch.h"

#include <algorithm>

#include "inspection/connection.h"

namespace tocsin::inspection {

constexpr qsizetype kRemembered = 120;
constexpr int kMostSlowdowns = 4;

QueueWatch::QueueWatch(Connection& connection, Clock& clock, QObject* parent)
    : QObject(parent), m_clock(clock), m_search(connection, clock), m_look(connection, clock) {
    connect(&m_search, &QueueSearch::ended, this, &QueueWatch::endSearch);
    connect(&m_look, &QueueLook::counted, this, &QueueWatch::showCounts);
    connect(&m_look, &QueueLook::ended, this, &QueueWatch::endLook);
}

/// Only a walk that came to its end says which queues there are; what another found is added.
void QueueWatch::endSearch(const std::optional<Error>& problem) {
    m_hasWalked = m_hasWalked || !problem;
    m_mustWalk = problem && !std::exchange(m_isStopped, false);
    if (!problem) {
        m_ids.clear();
        m_leftOut = 0;
    }
    follow(m_search.found());
    if (m_mustWalk) return giveUp(*problem);
    if (problem) emit failed(*problem);
    look();
}

void QueueWatch::follow(const QVector<QueueId>& found) {
    const QSet<QueueId> known(m_ids.cbegin(), m_ids.cend());
    for (const QueueId& id : found) {
        if (known.contains(id)) continue;
        m_ids.size() < kMostQueues ? void(m_ids << id) : void(++m_leftOut);
    }
    std::sort(m_ids.begin(), m_ids.end());
}

void QueueWatch::stopFinding() {
    m_isStopped = m_search.walk().isWalking();
    m_search.stop();
}

void QueueWatch::find() {
    m_isStopped = false;
    m_mustWalk = false;
    m_search.start();
}

void QueueWatch::look() {
    if (m_look.isLooking()) return;
    if (m_mustWalk && !m_search.isSearching()) return find();
    // Nothing is known yet, which is not "none".
    if (m_ids.isEmpty() && !m_hasWalked) return planNext();
    if (m_ids.isEmpty()) {
        m_queues.clear();
        m_before.clear();
        m_lookedAt = m_clock.now();
        emit changed();
        return planNext();
    }
    m_look.start(m_ids);
}

void QueueWatch::showCounts() {
    m_queues = m_look.queues();
    compareLooks(m_before, m_queues);
    m_lookedAt = m_clock.now();
    emit counted();
}

void QueueWatch::endLook(const std::optional<Error>& problem) {
    if (problem) return giveUp(*problem);
    m_failures = 0;
    m_queues = m_look.queues();
    compareLooks(std::exchange(m_before, m_queues), m_queues);
    m_lookedAt = m_clock.now();
    remember();
    emit changed();
    planNext();
}

void QueueWatch::giveUp(const Error& why) {
    m_failures = std::min(m_failures + 1, kMostSlowdowns);
    emit failed(why);
    planNext();
}

void QueueWatch::remember() {
    for (const Queue& queue : std::as_const(m_queues)) {
        auto& past = m_trends[queue.id];
        past << queue.waiting;
        if (past.size() > kRemembered) past.removeFirst();
    }
}

QVector<qint64> QueueWatch::trend(const QueueId& id) const {
    return m_trends.value(id);
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
