#pragma once
#include <QByteArrayList>
#include <QHash>
#include <chrono>
#include <optional>

#include "sdk/clock.h"

namespace tocsin::redis {

/// Which commands of scripts had small answers a moment ago, so that what looks again and again
/// (the queues, every few seconds) does not pay a round trip for the same sizes each time.
/// Session's thread; `clock` outlives it.
class SmallAnswers {
public:
    explicit SmallAnswers(Clock& clock) : m_clock(clock) {}

    /// About how many bytes, when that was weighed less than half a minute ago.
    std::optional<qint64> recall(const QByteArrayList& command) const {
        const auto kept = m_kept.constFind(command);
        const bool isFresh = kept != m_kept.cend() && m_clock.elapsed() - kept->at < kFresh;
        return isFresh ? std::optional(kept->bytes) : std::nullopt;
    }
    void keep(const QByteArrayList& command, qint64 bytes) {
        if (bytes > kSmall) return void(m_kept.remove(command));
        if (m_kept.size() >= kMost) m_kept.clear();
        m_kept.insert(command, {bytes, m_clock.elapsed()});
    }
    /// They were another server's.
    void forget() { m_kept.clear(); }

private:
    struct Kept {
        qint64 bytes;
        std::chrono::milliseconds at;
    };
    static constexpr std::chrono::seconds kFresh{30};
    static constexpr qint64 kSmall = 64 * 1024;
    static constexpr qsizetype kMost = 20'000;

    Clock& m_clock;
    QHash<QByteArrayList, Kept> m_kept;
};

}  // namespace tocsin::redis
