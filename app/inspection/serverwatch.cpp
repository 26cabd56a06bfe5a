#include "inspection/serverwatch.h"

#include "inspection/connection.h"
#include "inspection/redistext.h"
#include "sdk/async.h"

namespace tocsin::inspection {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

constexpr int kMostDoublings = 4;

static void addCluster(ServerInfo& info, ReplyView replies) {
    if (replies.children().size() > 1 && !replies.children()[1].isError())
        info.add(replies.children()[1].text());
}

ServerWatch::ServerWatch(Connection& connection, Clock& clock, const QString& node, QObject* parent)
    : QObject(parent), m_connection(&connection), m_clock(clock), m_node(node) {
}

void ServerWatch::watch(std::chrono::milliseconds every) {
    ++m_round;
    m_every = every;
    if (every > 0ms) look();
}

void ServerWatch::look() {
    if (!m_connection) return;
    // As one of two it runs without the questions that a typed command is worth.
    const QString script = m_isCluster ? u"INFO\nCLUSTER INFO"_s : u"INFO\nPING"_s;
    whenDone(m_connection->look(atNode(script, m_node)), this,
             [this, round = m_round](const Result<QueryResult>& result) {
                 if (round != m_round) return;
                 const bool answered = result && !result->reply->children().empty() &&
                                       !result->reply->children().front().isError();
                 ServerInfo info;
                 if (answered)
                     info = ServerInfo::fromText(result->reply->children().front().text());
                 if (info.isCluster() && !std::exchange(m_isCluster, true)) return look();
                 if (m_isCluster && answered) addCluster(info, *result->reply);
                 if (answered)
                     take(info, result->receipt.total);
                 else
                     emit failed(result ? Error{ErrorCode::Refused,
                                                u"The server does not answer INFO to this user."_s,
                                                {}}
                                        : result.error());
                 // A server that does not answer is asked less and less often.
                 m_failures = answered ? 0 : std::min(m_failures + 1, kMostDoublings);
                 m_clock.callAfter(m_every * (1 << m_failures), this, [this, round] {
                     if (round == m_round) look();
                 });
             });
}

void ServerWatch::take(const ServerInfo& info, std::chrono::microseconds took) {
    const QDateTime now = m_clock.now();
    const QDateTime last = m_figures.isEmpty() ? now : m_figures.last().at;
    // Another run of the server counts from nothing.
    m_before = info.text("run_id") == m_info.text("run_id") ? m_info : ServerInfo();
    m_info = info;
    ServerFigures figures = figuresOf(m_info, m_before, now, last);
    figures.roundTrip = static_cast<double>(took.count()) / 1000.0;
    if (m_figures.size() >= kMostFigures) m_figures.removeFirst();
    m_figures << figures;
    emit changed();
}

}  // namespace tocsin::inspection
