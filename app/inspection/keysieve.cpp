#include "inspection/keysieve.h"

#include "inspection/connection.h"
#include "inspection/redistext.h"
#include "sdk/async.h"

namespace tocsin::inspection {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

// A hundred PTTLs hold a server for about 0.1 ms, a hundred MEMORY USAGEs for about 0.3.
constexpr qsizetype kFirstAtOnce = 100;
constexpr qsizetype kLeastAtOnce = 10;
constexpr qsizetype kMostAtOnce = 500;
constexpr auto kSieveTooLong = 2ms;
constexpr auto kSieveShort = 1ms;
constexpr auto kSieveBreath = 20ms;

}  // namespace

bool KeyFilter::fitsExpiry(qint64 pttl) const {
    switch (expiry) {
        case Expiry::Never:
            return pttl == -1;
        case Expiry::Within:
            return pttl >= 0 && pttl < within.count();
        case Expiry::Any:
            break;
    }
    return true;
}

KeySieve::KeySieve(Connection& connection, Clock& clock, QObject* parent)
    : QObject(parent), m_connection(&connection), m_clock(clock) {
}

void KeySieve::setFilter(const KeyFilter& filter, std::chrono::microseconds idlePing) {
    cancel();
    m_filter = filter;
    m_idlePing = idlePing;
    m_cost = {};
    m_atOnce = kFirstAtOnce;
    m_pause = 0ms;
}

void KeySieve::sift(const QByteArrayList& keys) {
    cancel();
    (m_filter.asksExpiry() ? m_unasked : m_fitting) = keys;
    turn();
}

void KeySieve::cancel() {
    ++m_round;
    m_unasked.clear();
    m_fitting.clear();
}

/// Sizes are asked when they fill a turn, or nothing else is left.
void KeySieve::turn() {
    if (m_unasked.isEmpty() && m_fitting.isEmpty()) return emit sifted(std::nullopt);
    if (!m_connection)
        return emit sifted(Error{ErrorCode::Cancelled, u"The connection was closed."_s, {}});
    if (m_unasked.isEmpty() || m_fitting.size() >= m_atOnce)
        ask(Question::Size, m_fitting);
    else
        ask(Question::Expiry, m_unasked);
}

void KeySieve::ask(Question question, QByteArrayList& from) {
    const QByteArrayList asked = from.mid(0, m_atOnce);
    from.remove(0, asked.size());
    QString script;
    for (const QByteArray& key : asked)
        script += (question == Question::Expiry ? u"PTTL "_s : u"MEMORY USAGE "_s) +
                  redisWord(key) + u'\n';
    // A line alone would be judged as one that somebody typed, with questions of its own.
    if (asked.size() == 1) script += u"PING"_s;
    (question == Question::Expiry ? m_cost.expiriesAsked : m_cost.sizesAsked) += asked.size();
    whenDone(m_connection->look(script), this,
             [this, question, asked, round = m_round](const Result<QueryResult>& result) {
                 if (round != m_round) return;
                 if (!result) return emit sifted(result.error());
                 adapt(result->receipt.total);
                 take(question, asked, *result->reply);
             });
}

void KeySieve::take(Question question, const QByteArrayList& asked, ReplyView answers) {
    const ReplyChildren all = answers.children();
    QByteArrayList fit;
    for (qsizetype i = 0; i < asked.size() && i < static_cast<qsizetype>(all.size()); ++i) {
        const ReplyView answer = all[static_cast<std::size_t>(i)];
        if (answer.isError())
            return emit sifted(Error{ErrorCode::Refused,
                                     u"The server does not tell the %1 of its keys: %2"_s.arg(
                                         question == Question::Expiry ? u"expiry"_s : u"size"_s,
                                         QString::fromUtf8(answer.text())),
                                     {}});
        // Null: gone meanwhile.
        if (answer.kind() != Reply::Kind::Integer) continue;
        const qint64 number = answer.text().toLongLong();
        if (question == Question::Expiry ? m_filter.fitsExpiry(number) : m_filter.fitsSize(number))
            fit << asked[i];
    }
    const quint64 round = m_round;
    if (question == Question::Expiry && m_filter.asksSize())
        m_fitting += fit;
    else if (!fit.isEmpty())
        emit passed(fit);
    if (round != m_round) return;  // who took them had enough
    if (m_pause == 0ms) return turn();
    m_clock.callAfter(m_pause, this, [this, round] {
        if (round == m_round) turn();
    });
}

void KeySieve::adapt(std::chrono::microseconds took) {
    m_cost.longestTurn = std::max(m_cost.longestTurn, took);
    const auto held = took - m_idlePing;
    if (held > kSieveTooLong)
        m_atOnce = std::max(kLeastAtOnce, m_atOnce / 2);
    else if (held < kSieveShort)
        m_atOnce = std::min(kMostAtOnce, m_atOnce + m_atOnce / 2);
    m_pause = held > 2 * kSieveTooLong && m_atOnce == kLeastAtOnce
                  ? std::chrono::milliseconds(kSieveBreath)
                  : 0ms;
}

}  // namespace tocsin::inspection
