#pragma once
#include <QByteArray>
#include <QByteArrayView>
#include <optional>
#include <vector>

#include "plugins/engines/redis/sha256.h"
#include "sdk/error.h"
#include "sdk/reply.h"

namespace tocsin::redis {

/// Reads replies out of the bytes of a Redis connection, as they arrive. Understands RESP2 and all
/// of RESP3 (https://github.com/redis/redis-specifications, protocol/RESP3.md), including
/// attributes (dropped), pushes, and streamed strings and aggregates.
///
/// Of a reply only its texts are kept, one after another, with a byte or two before each that say
/// what it is (replyarena.h); its framing is not. Nothing the other side claims is believed: memory
/// grows with what arrived, not with what was announced, and depth costs heap, not stack. After an
/// error the position in the stream is lost: every later call repeats it, and the connection must
/// be closed.
class RespDecoder {
public:
    struct Limits {
        int depth = 10'000;                  ///< aggregates inside one another
        qint64 bytes = 256LL * 1024 * 1024;  ///< of one reply in memory, its bookkeeping included;
                                             ///< 4 GB at most, and 256 MB of one text
    };

    RespDecoder() : RespDecoder(Limits{}) {}
    explicit RespDecoder(Limits limits);

    void setLimits(Limits limits);
    /// Whether takeSha256() will be asked for: that costs more than the rest. It is, by default.
    void setHashing(bool on) { m_hashes = on; }
    void feed(QByteArrayView bytes);
    /// The next whole reply, or nothing until more is fed. Errors: Protocol (with the byte offset
    /// in the stream), TooLarge (a limit).
    Result<std::optional<Reply>> next();

    /// Of the reply that next() returned last: its bytes on the wire.
    qint64 wireBytes() const { return m_lastBytes; }
    /// SHA-256, as hex, of all bytes read since it was last asked for.
    QByteArray takeSha256();

private:
    /// An aggregate whose children are still coming.
    struct Frame {
        ReplyArena::Open open = {};
        bool streamed = false;   ///< ends with "."
        bool attribute = false;  ///< is dropped when complete; the real value follows
        qint64 left = 0;         ///< children still to come; unused when streamed
    };
    /// What reading one item came to: whether there was enough to read it, and whether it made
    /// sense (else m_error says).
    enum class Step { Advanced, Starved, Failed };

    Step readItem();
    Step readBulk();
    Step readChunkHeader(QByteArrayView line);
    Step dispatch(char type, QByteArrayView line);
    Step beginBulk(char type, QByteArrayView line);
    Step beginAggregate(char type, QByteArrayView line);
    Step endStreamed(QByteArrayView line);
    Step scalar(char type, QByteArrayView line);
    Step finishBulk();
    Step finish(ReplyKind kind, QByteArrayView text);
    Step nothing();
    Step textAdded(ReplyKind kind, std::size_t skipped = 0);
    Step valueAdded();
    bool closeFrame();
    ReplyArena& arena();
    std::optional<QByteArrayView> peekLine();
    void consume(qsizetype count);
    void compact();
    void hashRead();
    bool charge(qint64 bytes);
    Step broken(const QString& what);
    Step tooLarge(const QString& what);
    Step overCap();

    Limits m_limits;
    QByteArray m_buffer;
    qsizetype m_at = 0;       ///< first unread byte of m_buffer
    qsizetype m_hashed = 0;   ///< bytes of m_buffer that are in m_hash
    qsizetype m_scanned = 0;  ///< no CRLF between m_at and here
    qint64 m_offset = 0;      ///< of m_at in the stream
    std::vector<Frame> m_frames;
    std::shared_ptr<ReplyArena> m_arena;
    char m_bulkType = 0;  ///< '$', '!', '=' or ';' while a payload is being read
    qint64 m_bulkLength = 0;
    qint64 m_bulkLeft = 0;     ///< of it, still to come
    std::size_t m_textAt = 0;  ///< where the text that comes in parts begins in the arena
    bool m_inStreamedString = false;
    std::optional<Reply> m_done;
    std::optional<Error> m_error;
    qint64 m_cost = 0;
    qint64 m_bytes = 0;
    Sha256 m_hash;
    bool m_hashes = true;
    qint64 m_lastBytes = 0;
};

}  // namespace tocsin::redis
