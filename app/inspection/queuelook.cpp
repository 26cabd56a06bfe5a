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

qsizetype questionsAbout(const Queue& queue) {
    return queue.ends.size() + queue.lookedAt.size() + 1;
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
    m_scripts = 0;
    m_isLooking = true;
    count();
}

void QueueLook::ask(const QString& script, const std::function<void(const QueryResult&)>& next) {
    if (!m_connection) return end(Error{ErrorCode::Cancelled, u"The connection was closed."_s, {}});
    ++m_scripts;
    whenDone(m_connection->look(script), this,
             [this, next, round = m_round](const Result<QueryResult>& result) {
                 if (round != m_round) return;
                 if (!result) return end(result.error());
                 m_took += result->receipt.total;
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

/// Who works is asked once for all.
void QueueLook::inspect() {
    QVector<Queue> part;
    for (qsizetype questions = 0; m_done + part.size() < m_queues.size();) {
        const Queue& queue = m_queues[m_done + part.size()];
        questions += questionsAbout(queue);
        if (!part.isEmpty() && questions > kQuestionsAtOnce) break;
        part << queue;
    }
    if (part.isEmpty()) return end(std::nullopt);
    const bool asksClients = m_done == 0;
    ask((asksClients ? u"CLIENT LIST\n"_s : QString()) + lookScript(part),
        [this, part, asksClients](const QueryResult& result) { take(part, result, asksClients); });
}

void QueueLook::take(QVector<Queue> part, const QueryResult& result, bool hasClients) {
    const ReplyView answers = *result.reply;
    readLook(part, answers, hasClients ? 1 : 0);
    std::move(part.begin(), part.end(), m_queues.begin() + m_done);
    m_done += part.size();
    if (hasClients && !answers.children().empty())
        countWorkers(m_queues, answers.children().front());
    inspect();
}

void QueueLook::end(const std::optional<Error>& problem) {
    ++m_round;
    m_isLooking = false;
    emit ended(problem);
}

}  // namespace tocsin::inspection
