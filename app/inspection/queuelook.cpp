#include "inspection/queuelook.h"

#include <algorithm>

#include "inspection/connection.h"
#include "sdk/async.h"

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;

// One answer's worth: some milliseconds to read.
constexpr qsizetype kQueuesAtOnce = 250;
constexpr qsizetype kQuestionsAtOnce = 6000;

// Half as long as the guard remembers a size.
constexpr std::chrono::seconds kSizesKnown(15);

qsizetype questionsAbout(const Queue& queue) {
    return queue.ends.size() + queue.lookedAt.size() + 1;
}

bool hasNewEnds(const QVector<Queue>& queues) {
    return std::any_of(queues.cbegin(), queues.cend(),
                       [](const Queue& queue) { return !queue.newEnds.isEmpty(); });
}

}  // namespace

QueueLook::QueueLook(Connection& connection, Clock& clock, QObject* parent)
    : QObject(parent), m_connection(&connection), m_clock(clock) {
}

void QueueLook::start(const QVector<QueueId>& ids) {
    ++m_round;
    m_ids = ids;
    m_queues.clear();
    m_done = 0;
    m_took = {};
    m_trips = 0;
    m_isLooking = true;
    count();
}

void QueueLook::ask(const QString& script, const std::function<void(const QueryResult&)>& next) {
    if (!m_connection) return end(Error{ErrorCode::Cancelled, u"The connection was closed."_s, {}});
    whenDone(m_connection->look(script), this,
             [this, next, round = m_round](const Result<QueryResult>& result) {
                 if (round != m_round) return;
                 if (!result) return end(result.error());
                 m_took += result->receipt.total;
                 m_trips += result->receipt.roundTrips;
                 next(*result);
             });
}

void QueueLook::count() {
    const auto part = m_ids.mid(m_done, kQueuesAtOnce);
    if (part.isEmpty()) {
        m_done = 0;
        return inspect();
    }
    const QDateTime now = m_clock.now();
    ask(countScript(part, now), [this, part, now](const QueryResult& result) {
        auto counts = readCounts(part, *result.reply, now);
        if (!counts) return end(counts.error());
        counts->removeIf([](const Queue& queue) { return !queue.exists; });
        m_queues += *counts;
        m_done += part.size();
        count();
    });
}

/// As many of the queues that are left as may be asked about at once.
QVector<Queue> QueueLook::nextPart(const std::function<qsizetype(const Queue&)>& questions) const {
    QVector<Queue> part;
    for (qsizetype asked = 0; m_done + part.size() < m_queues.size();) {
        const Queue& queue = m_queues[m_done + part.size()];
        asked += questions(queue);
        if (!part.isEmpty() && asked > kQuestionsAtOnce) break;
        part << queue;
    }
    return part;
}

void QueueLook::put(const QVector<Queue>& part) {
    std::copy(part.begin(), part.end(), m_queues.begin() + m_done);
    m_done += part.size();
}

/// Who works is asked once for all.
void QueueLook::inspect() {
    QVector<Queue> part = nextPart(questionsAbout);
    if (part.isEmpty()) {
        m_done = 0;
        if (hasNewEnds(m_queues)) emit counted();
        return askAges();
    }
    for (Queue& queue : part)
        std::copy_if(queue.ends.cbegin(), queue.ends.cend(), std::back_inserter(queue.newEnds),
                     [&](const QByteArray& end) { return isNew(queue, end); });
    const bool asksClients = m_done == 0;
    ask((asksClients ? u"CLIENT LIST\n"_s : QString()) + lookScript(part),
        [this, part, asksClients](const QueryResult& result) { take(part, result, asksClients); });
}

void QueueLook::take(QVector<Queue> part, const QueryResult& result, bool hasClients) {
    const ReplyView answers = *result.reply;
    readLook(part, answers, hasClients ? 1 : 0);
    put(part);
    if (hasClients && !answers.children().empty())
        countWorkers(m_queues, answers.children().front());
    inspect();
}

void QueueLook::askAges() {
    QVector<Queue> part = nextPart([](const Queue& queue) { return queue.newEnds.size(); });
    if (part.isEmpty()) {
        rememberEnds();
        return end(std::nullopt);
    }
    if (!hasNewEnds(part)) {
        put(part);
        return askAges();
    }
    ask(ageScript(part), [this, part](const QueryResult& result) mutable {
        readAges(part, *result.reply);
        put(part);
        askAges();
    });
}

/// Of the others the guard still knows how long the answer is, so that they need no trip of their
/// own.
bool QueueLook::isNew(const Queue& queue, const QByteArray& end) const {
    return m_clock.elapsed() - m_endsAt > kSizesKnown || !m_knownEnds.contains(queue.id.key(end));
}

void QueueLook::rememberEnds() {
    m_knownEnds.clear();
    m_endsAt = m_clock.elapsed();
    for (const Queue& queue : std::as_const(m_queues))
        for (const QByteArray& end : queue.ends)
            m_knownEnds << queue.id.key(end);
}

void QueueLook::end(const std::optional<Error>& problem) {
    ++m_round;
    m_isLooking = false;
    emit ended(problem);
}

}  // namespace tocsin::inspection
