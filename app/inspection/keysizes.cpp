#include "inspection/keysizes.h"

#include "inspection/connection.h"
#include "sdk/async.h"

namespace tocsin::inspection {

using namespace std::chrono_literals;

constexpr qsizetype kSizesAtOnce = 40;
constexpr auto kSizesBreath = 10ms;

namespace {

/// Sizes that the server keeps to itself are not sizes of nothing.
std::optional<Error> refusalIn(ReplyView reply) {
    for (const ReplyView answer : reply.children())
        if (answer.isError())
            return Error{ErrorCode::Refused,
                         QStringLiteral("The server does not tell the size of its keys: ") +
                             QString::fromUtf8(answer.bytes()),
                         {}};
    return std::nullopt;
}

}  // namespace

KeySizes::KeySizes(Connection& connection, Clock& clock, QObject* parent)
    : QObject(parent), m_connection(&connection), m_clock(clock) {
}

void KeySizes::measure(const QByteArrayList& keys) {
    ++m_round;
    m_keys = keys;
    m_measured.clear();
    m_at = 0;
    m_took = 0us;
    m_measuring = true;
    step();
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
                 const auto sample = readSample(some, *result->reply);
                 if (const auto refusal = refusalIn(*result->reply); refusal && sample.isEmpty())
                     return end(refusal);
                 m_measured += sample;
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
