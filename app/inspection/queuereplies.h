#pragma once
#include <QDateTime>
#include <optional>
#include <utility>

#include "sdk/reply.h"

/// What the scripts about queues have in common.
namespace tocsin::inspection {

/// Replies in the order of the script's commands, from the one at `from` on.
class QueueReplies {
public:
    explicit QueueReplies(ReplyView reply, std::size_t from = 0)
        : m_replies(reply.children()), m_at(from) {}
    ReplyView next() {
        const ReplyView reply = m_at < m_replies.size() ? m_replies[m_at++] : ReplyView();
        m_isForeign = m_isForeign || (reply.isError() && reply.text().startsWith("WRONGTYPE"));
        return reply;
    }
    /// -1: refused, or of another type.
    qint64 number() {
        const ReplyView reply = next();
        return reply.isError() ? -1 : reply.text().toLongLong();
    }
    /// Whether a key was of another type than a queue's since this was asked last.
    bool tookForeign() { return std::exchange(m_isForeign, false); }

private:
    const ReplyChildren m_replies;
    std::size_t m_at;
    bool m_isForeign = false;
};

/// Of milliseconds since 1970; nothing for 0, which stands for a field that is not there.
inline std::optional<QDateTime> queueTime(double stamp) {
    if (stamp <= 0) return std::nullopt;
    return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(stamp), Qt::UTC);
}

/// One of the values of HMGET.
inline QByteArray queueField(ReplyView values, std::size_t at) {
    return at < values.children().size() ? values.children()[at].text() : QByteArray();
}

/// Before version 5, BullMQ keeps a marker "0:…" in `wait`: it is no job.
inline bool isQueueMarker(const QByteArray& id) {
    return id.startsWith("0:");
}

}  // namespace tocsin::inspection
