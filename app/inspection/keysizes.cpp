#include "inspection/keysizes.h"

#include "inspection/connection.h"
#include "sdk/async.h"

namespace tocsin::inspection {

using namespace std::chrono_literals;

constexpr qsizetype kSizesAtOnce = 40;
constexpr auto kSizesBreath = 10ms;

namespace {

bool isForbiddenKey(ReplyView answer) {
    return answer.isError() && answer.text().startsWith("NOPERM") &&
           !answer.text().contains("to run the");
}

/// Sizes that the server keeps to itself are not sizes of nothing.
std::optional<Error> refusalIn(ReplyView reply) {
    for (const ReplyView answer : reply.children())
        if (answer.isError() && !isForbiddenKey(answer))
            return Error{ErrorCode::Refused,
                         QStringLiteral("The server does not tell the size of its keys: ") +
                             QString::fromUtf8(answer.bytes()),
                         {}};
    return std::nullopt;
}

/// Of the three questions about a key each is answered so.
qint64 forbiddenIn(ReplyView reply) {
    constexpr qint64 kQuestions = 3;
    qint64 answers = 0;
    for (const ReplyView answer : reply.children())
        answers += isForbiddenKey(answer) ? 1 : 0;
    return answers / kQuestions;
}

}  // namespace

KeySizes::KeySizes(Connection& connection, Clock& clock, QObject* parent)
    : QObject(parent), m_connection(&connection), m_clock(clock) {
}

void KeySizes::measure(const QByteArrayList& keys) {
    ++m_round;
    m_keys = keys;
    m_measured.clear();
    m_forbidden = 0;
    m_at = 0;
    m_took = 0us;
    m_measuring = true;
    step();
}

qint64 KeySizes::standsFor(qint64 keys) const {
    const auto measured = static_cast<double>(m_measured.size());
    const double asked = measured + static_cast<double>(m_forbidden);
    return m_forbidden == 0 || asked == 0
               ? keys
               : static_cast<qint64>(static_cast<double>(keys) * measured / asked);
}

void KeySizes::cancel() {
    if (!m_measuring) return;
    ++m_round;
    end(std::nullopt);
}

void KeySizes::step() {
    if (!m_connection)
        return end(Error{ErrorCode::Cancelled, QStringLiteral("The connection was closed."), {}});
    const QByteArrayList some = m_keys.mid(m_at, kSizesAtOnce);
    if (some.isEmpty()) return end(std::nullopt);
    whenDone(m_connection->look(sampleScript(some)), this,
             [this, some, round = m_round](const Result<QueryResult>& result) {
                 if (round != m_round) return;
                 if (!result) return end(result.error());
                 m_at += some.size();
                 m_took += result->receipt.total;
                 if (const auto refusal = refusalIn(*result->reply)) return end(refusal);
                 m_forbidden += forbiddenIn(*result->reply);
                 m_measured += readSample(some, *result->reply);
                 emit progressed();
                 m_clock.callAfter(kSizesBreath, this, [this, round] {
                     if (round == m_round) step();
                 });
             });
}

void KeySizes::end(const std::optional<Error>& problem) {
    m_measuring = false;
    emit ended(problem);
}

}  // namespace tocsin::inspection
