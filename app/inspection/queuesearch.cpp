#include "inspection/queuesearch.h"

#include <algorithm>

#include "inspection/connection.h"
#include "sdk/async.h"

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

// Five hundred questions hold a server for less than a millisecond, and the window not at all.
constexpr qsizetype kNamesAtOnce = 250;
constexpr qsizetype kUnsureAtOnce = 50;

}  // namespace

QueueSearch::QueueSearch(Connection& connection, Clock& clock, QObject* parent)
    : QObject(parent), m_connection(&connection), m_walk(connection, clock) {
    connect(&m_walk, &KeyWalk::keysArrived, this, &QueueSearch::collect);
    connect(&m_walk, &KeyWalk::progressed, this, &QueueSearch::progressed);
    connect(&m_walk, &KeyWalk::ended, this, &QueueSearch::endWalk);
}

void QueueSearch::start() {
    ++m_round;
    m_unasked.clear();
    m_found.clear();
    m_problem.reset();
    m_asked = 0;
    m_isAsking = false;
    m_isSearching = true;
    m_walk.start(queueKeyPattern());
}

void QueueSearch::stop() {
    m_walk.cancel();
}

void QueueSearch::collect(const QByteArrayList& keys) {
    for (const QByteArray& key : keys)
        if (const auto id = queueOfKey(key); id && !m_found.contains(*id)) m_unasked << *id;
    if (m_unasked.size() >= kNamesAtOnce) askNext();
}

void QueueSearch::endWalk(const std::optional<Error>& problem) {
    m_problem = problem;
    // Nobody is left to ask.
    if (problem && problem->code != ErrorCode::Cancelled) return end(problem);
    askNext();
}

void QueueSearch::askNext() {
    if (m_isAsking || !m_isSearching) return;
    if (m_unasked.isEmpty()) return m_walk.isWalking() ? void() : end(m_problem);
    QVector<QueueId> ids;
    for (auto next = m_unasked.begin(); next != m_unasked.end() && ids.size() < kNamesAtOnce;) {
        ids << *next;
        next = m_unasked.erase(next);
    }
    m_asked += ids.size();
    ask(evidenceScript(ids), [this, ids](ReplyView reply) { weigh(ids, reply); });
}

void QueueSearch::weigh(const QVector<QueueId>& ids, ReplyView reply) {
    const auto evidence = readEvidence(ids, reply);
    QVector<QueueId> unsure;
    for (qsizetype i = 0; i < ids.size(); ++i)
        evidence[i] == QueueEvidence::Unsure ? void(unsure << ids[i]) : keep(ids[i], evidence[i]);
    askSiblings(unsure);
}

void QueueSearch::askSiblings(const QVector<QueueId>& ids) {
    if (ids.isEmpty()) {
        emit progressed();
        return askNext();
    }
    const auto part = ids.first(std::min(ids.size(), kUnsureAtOnce));
    ask(siblingScript(part), [this, part, rest = ids.mid(part.size())](ReplyView reply) {
        const auto evidence = readSiblings(part, reply);
        for (qsizetype i = 0; i < part.size(); ++i)
            keep(part[i], evidence[i]);
        askSiblings(rest);
    });
}

void QueueSearch::ask(const QString& script, const std::function<void(ReplyView)>& next) {
    if (!m_connection) return end(Error{ErrorCode::Cancelled, u"The connection was closed."_s, {}});
    m_isAsking = true;
    whenDone(m_connection->look(script), this,
             [this, next, round = m_round](const Result<QueryResult>& result) {
                 if (round != m_round) return;
                 m_isAsking = false;
                 result ? next(*result->reply) : end(result.error());
             });
}

void QueueSearch::keep(const QueueId& id, QueueEvidence evidence) {
    if (evidence != QueueEvidence::None) m_found.insert(id, evidence);
}

QVector<QueueId> QueueSearch::found() const {
    QVector<QueueId> ids(m_found.keyBegin(), m_found.keyEnd());
    std::sort(ids.begin(), ids.end(), [this](const QueueId& a, const QueueId& b) {
        const bool isFilled = m_found.value(a) == QueueEvidence::Filled;
        const bool isOtherFilled = m_found.value(b) == QueueEvidence::Filled;
        return isFilled == isOtherFilled ? a < b : isFilled;
    });
    return ids;
}

void QueueSearch::end(const std::optional<Error>& problem) {
    ++m_round;
    m_isAsking = false;
    m_isSearching = false;
    if (m_walk.isWalking()) m_walk.cancel();  // its end is none of ours any more
    emit progressed();
    emit ended(problem);
}

}  // namespace tocsin::inspection
