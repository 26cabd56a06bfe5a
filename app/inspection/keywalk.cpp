#include "inspection/keywalk.h"

#include "inspection/connection.h"
#include "inspection/redistext.h"
#include "sdk/async.h"

namespace tocsin::inspection {
namespace {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// COUNT 100 held 1 M keys' server for 1.3 ms, 1 000 for 4.7 ms: between them, by what is measured.
constexpr int kFirstCount = 200;
constexpr int kLeastCount = 50;
constexpr int kMostCount = 1000;
constexpr auto kTooLong = 2ms;
constexpr auto kLatePing = 4ms;  // a busy machine of one's own makes it two or three
constexpr auto kShort = 1ms;
constexpr auto kBreath = 20ms;
constexpr int kTurnsPerPing = 10;  // 80 ms, and more where steps are long

}  // namespace

KeyWalk::KeyWalk(Connection& connection, Clock& clock, QObject* parent)
    : QObject(parent), m_connection(&connection), m_clock(clock), m_sieve(connection, clock) {
    connect(&m_sieve, &KeySieve::passed, this, &KeyWalk::deliver);
    connect(&m_sieve, &KeySieve::sifted, this, [this](const std::optional<Error>& problem) {
        problem ? end(problem) : partDone(m_afterSieve);
    });
}

void KeyWalk::start(const QByteArray& pattern, const QByteArray& type, const KeyFilter& filter) {
    ++m_generation;
    m_pattern = pattern.isEmpty() ? QByteArray("*") : pattern;
    m_type = type;
    m_filter = filter;
    m_sieve.setFilter(filter, 0us);
    m_progress = {};
    m_count = kFirstCount;
    m_pause = 0ms;
    m_walking = true;
    ping("0");
}

/// How long nothing takes: the first question, and asked again while others may have become busy.
void KeyWalk::ping(const QByteArray& cursor) {
    if (!m_connection) return end(Error{ErrorCode::Cancelled, u"The connection was closed."_s, {}});
    m_turns = 0;
    whenDone(m_connection->look(u"DBSIZE\nPING"_s), this,
             [this, cursor, generation = m_generation](const Result<QueryResult>& result) {
                 if (generation != m_generation) return;
                 if (!result) return end(result.error());
                 takePing(*result);
                 emit progressed();
                 if (generation == m_generation) step(cursor);
             });
}

void KeyWalk::takePing(const QueryResult& result) {
    m_progress.ping = result.receipt.total;
    if (m_progress.steps == 0) {
        const ReplyView told = result.reply->children().front();
        m_progress.keysInAll =
            told.kind() == ReplyKind::Integer ? std::max<qint64>(0, told.text().toLongLong()) : -1;
        m_progress.idlePing = m_progress.ping;
        return m_sieve.setFilter(m_filter, m_progress.idlePing);
    }
    m_progress.idlePing = std::min(m_progress.idlePing, m_progress.ping);
    m_sieve.setIdlePing(m_progress.idlePing);
}

void KeyWalk::step(const QByteArray& cursor) {
    if (!m_connection) return end(Error{ErrorCode::Cancelled, u"The connection was closed."_s, {}});
    ++m_turns;
    m_sent = cursor;
    QString text = u"--scan --cursor %1 --pattern %2 --count %3"_s
                       .arg(QString::fromLatin1(cursor), redisWord(m_pattern))
                       .arg(m_count);
    if (!m_type.isEmpty()) text += u" --type "_s + redisWord(m_type);
    whenDone(m_connection->look(text), this,
             [this, generation = m_generation](const Result<QueryResult>& result) {
                 if (generation != m_generation) return;
                 result ? take(*result) : end(result.error());
             });
}

void KeyWalk::take(const QueryResult& result) {
    const ReplyView scan = *result.reply;
    if (scan.children().size() != 3)
        return end(Error{ErrorCode::Protocol, u"The server does not walk its keys for us."_s, {}});
    const ReplyChildren found = scan.children()[1].children();
    const qint64 steps = scan.children()[2].text().toLongLong();
    m_progress.steps += steps;
    m_progress.keysMatched += static_cast<qint64>(found.size());
    pass(steps * m_count);
    m_progress.count = m_count;
    adapt(result.receipt.firstRow);
    const QByteArray cursor = scan.children()[0].text();
    if (cursor == m_sent && cursor != "0")
        return end(
            Error{ErrorCode::Protocol,
                  u"The server hands out the same cursor again: this walk would never end."_s,
                  {}});
    // The server looks for the next ones while these are taken.
    const bool isAhead = !m_filter.asks() && cursor != "0";
    if (isAhead) goOn(cursor);
    QByteArrayList keys;
    keys.reserve(static_cast<qsizetype>(found.size()));
    for (const ReplyView key : found)
        keys << key.text();
    const quint64 generation = m_generation;
    if (m_filter.asks()) {
        m_afterSieve = cursor;
        emit progressed();
        return generation == m_generation ? m_sieve.sift(keys) : void();
    }
    deliver(keys);
    if (generation != m_generation) return;  // who took them had enough
    isAhead ? emit progressed() : partDone(cursor);
}

void KeyWalk::deliver(const QByteArrayList& keys) {
    m_progress.keysFound += keys.size();
    if (!keys.isEmpty()) emit keysArrived(keys);
}

void KeyWalk::partDone(const QByteArray& cursor) {
    if (cursor != "0") {
        emit progressed();
        return goOn(cursor);
    }
    pass(m_progress.keysInAll);
    end(std::nullopt);
}

void KeyWalk::pass(qint64 keys) {
    m_progress.keysPassed += std::max<qint64>(0, keys);
    if (m_progress.keysInAll >= 0)
        m_progress.keysPassed = std::min(m_progress.keysPassed, m_progress.keysInAll);
}

void KeyWalk::goOn(const QByteArray& cursor) {
    // Late by chance, or busy: the next turn tells.
    const bool asksNow = isPingLate() || m_turns >= kTurnsPerPing;
    const auto next = [this, cursor, asksNow] { asksNow ? ping(cursor) : step(cursor); };
    if (m_pause == 0ms) return next();
    m_clock.callAfter(m_pause, this, [this, next, generation = m_generation] {
        if (generation == m_generation) next();
    });
}

bool KeyWalk::isPingLate() const {
    return m_progress.ping - m_progress.idlePing > kLatePing;
}

/// By what others feel: the step's own time, or that of the last PING, where it was later than the
/// fastest by more.
void KeyWalk::adapt(std::chrono::microseconds held) {
    m_progress.longestStep = std::max(m_progress.longestStep, held);
    const auto felt = isPingLate() ? std::max(held, m_progress.ping) : held;
    const auto late = felt - m_progress.idlePing;
    if (late > kTooLong)
        m_count = std::max(kLeastCount, m_count / 2);
    else if (late < kShort)
        m_count = std::min(kMostCount, m_count + m_count / 2);
    // Already at the least and still slow: others are at work, and they come first.
    m_pause =
        late > 2 * kTooLong && m_count == kLeastCount ? std::chrono::milliseconds(kBreath) : 0ms;
}

void KeyWalk::cancel() {
    if (m_walking)
        end(Error{ErrorCode::Cancelled, u"Stopped; what was found until then is shown."_s, {}});
}

void KeyWalk::end(const std::optional<Error>& problem) {
    ++m_generation;
    m_walking = false;
    m_sieve.cancel();
    emit progressed();
    emit ended(problem);
}

}  // namespace tocsin::inspection
