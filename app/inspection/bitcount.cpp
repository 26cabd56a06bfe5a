#include "inspection/bitcount.h"

#include "inspection/connection.h"
#include "inspection/redistext.h"
#include "sdk/async.h"

namespace tocsin::inspection {

using namespace Qt::StringLiterals;

constexpr qint64 kCountedAtOnce = 2LL * 1024 * 1024;

void BitCount::count(Connection* connection, const QByteArray& key, qint64 bytes) {
    ++m_round;
    m_connection = connection;
    m_key = key;
    m_bytes = bytes;
    m_at = 0;
    m_set = 0;
    m_isCounting = true;
    step();
}

void BitCount::cancel() {
    ++m_round;
    m_isCounting = false;
}

void BitCount::step() {
    if (m_at >= m_bytes) return end(std::nullopt);
    if (!m_connection) return end(Error{ErrorCode::Cancelled, u"The connection was closed."_s, {}});
    const qint64 last = std::min(m_at + kCountedAtOnce, m_bytes) - 1;
    const QString script = u"BITCOUNT %1 %2 %3\nPING"_s.arg(redisWord(m_key)).arg(m_at).arg(last);
    whenDone(m_connection->look(script), this,
             [this, last, round = m_round](const Result<QueryResult>& result) {
                 if (round != m_round) return;
                 if (!result) return end(result.error());
                 const ReplyView said = result->reply->children().front();
                 if (said.isError())
                     return end(Error{
                         ErrorCode::Refused,
                         u"The server does not count: %1"_s.arg(QString::fromUtf8(said.text())),
                         {}});
                 m_set += said.text().toLongLong();
                 m_at = last + 1;
                 emit progressed();
                 if (round == m_round) step();
             });
}

void BitCount::end(const std::optional<Error>& problem) {
    m_isCounting = false;
    emit ended(problem);
}

}  // namespace tocsin::inspection
