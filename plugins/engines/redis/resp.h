#pragma once
#include <QByteArray>
#include <QByteArrayView>
#include <QCryptographicHash>
#include <optional>
#include <vector>

#include "sdk/error.h"
#include "sdk/reply.h"

namespace tocsin::redis {

/// Reads replies out of the bytes of a Redis connection, as they arrive. Understands RESP2 and all
/// of RESP3 (https://github.com/redis/redis-specifications, protocol/RESP3.md), including
/// attributes (dropped), pushes, and streamed strings and aggregates.
///
/// Nothing the other side claims is believed: memory grows with what arrived, not with what was
/// announced, and depth costs heap, not stack. After an error the position in the stream is lost:
/// every later call repeats it, and the connection must be closed.
class RespDecoder {
public:
    struct Limits {
        int depth = 10'000;                  ///< aggregates inside one another
        qint64 bytes = 256LL * 1024 * 1024;  ///< of one reply in memory, its bookkeeping included
    };

    RespDecoder() : RespDecoder(Limits{}) {}
    explicit RespDecoder(Limits limits);

    void setLimits(Limits limits) { m_limits = limits; }
    void feed(QByteArrayView bytes);
    /// The next whole reply, or nothing until more is fed. Errors: Protocol (with the byte offset
    /// in the stream), TooLarge (a limit).
    Result<std::optional<Reply>> next();

    /// Of the reply that next() returned last: its bytes on the wire.
    qint64 wireBytes() const { return m_lastBytes; }
    /// SHA-256, as hex, of all bytes read since it was last asked for.
    QByteArray takeSha256();

private:
    struct Frame {
        Reply node;
        qint64 left = 0;         ///< children still to come; unused when streamed
        bool streamed = false;   ///< ends with "."
        bool attribute = false;  ///< is dropped when complete; the real value follows
    };
    /// What reading one item came to: whether there was enough to read it.
    enum class Step { Advanced, Starved };

    Result<Step> readItem();
    Result<Step> readBulk();
    Result<Step> readChunkHeader(QByteArrayView line);
    Result<Step> dispatch(char type, QByteArrayView line);
    Result<Step> beginBulk(char type, QByteArrayView line);
    Result<Step> beginAggregate(char type, QByteArrayView line);
    Result<Step> endStreamed(QByteArrayView line);
    Result<Step> scalar(char type, QByteArrayView line);
    Result<Step> finishBulk(QByteArray payload);
    Result<Step> complete(Reply value);
    std::optional<QByteArrayView> peekLine();
    void consume(qsizetype count);
    void compact();
    void hashRead();
    Result<Step> charge(qint64 bytes);
    tl::unexpected<Error> broken(const QString& what);
    tl::unexpected<Error> tooLarge(const QString& what);

    Limits m_limits;
    QByteArray m_buffer;
    qsizetype m_at = 0;       ///< first unread byte of m_buffer
    qsizetype m_hashed = 0;   ///< bytes of m_buffer that are in m_hash
    qsizetype m_scanned = 0;  ///< no CRLF between m_at and here
    qint64 m_offset = 0;      ///< of m_at in the stream
    std::vector<Frame> m_frames;
    char m_bulkType = 0;  ///< '$', '!', '=' or ';' while a payload is being read
    qint64 m_bulkLength = 0;
    bool m_inStreamedString = false;
    QByteArray m_chunks;
    std::optional<Reply> m_done;
    std::optional<Error> m_error;
    qint64 m_cost = 0;
    qint64 m_bytes = 0;
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    qint64 m_lastBytes = 0;
};

}  // namespace tocsin::redis
