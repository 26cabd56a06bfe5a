#pragma once
#include <QByteArrayList>
#include <QHash>
#include <chrono>
#include <optional>

#include "sdk/clock.h"

namespace tocsin::redis {

/// What the server said of sizes a moment ago, whoever asked (the guard, or a script that counts),
/// so that what looks again and again (the queues, every few seconds) does not pay a round trip for
/// the same sizes each time. Session's thread; `clock` outlives it.
class KnownSizes {
public:
    explicit KnownSizes(Clock& clock) : m_clock(clock) {}

    /// The answer to a size's question, when it was told less than half a minute ago; -1: that
    /// there is none.
    std::optional<qint64> recall(const QByteArrayList& question) const {
        const auto kept = m_kept.constFind(question);
        const bool isFresh = kept != m_kept.cend() && m_clock.elapsed() - kept->at < kFresh;
        return isFresh ? std::optional(kept->size) : std::nullopt;
    }
    void keep(const QByteArrayList& question, qint64 size) {
        if (m_kept.size() >= kMost) m_kept.clear();
        m_kept.insert(question, {size, m_clock.elapsed()});
    }
    /// They were another server's.
    void forget() { m_kept.clear(); }

private:
    struct Kept {
        qint64 size;
        std::chrono::milliseconds at;
    };
    static constexpr std::chrono::seconds kFresh{30};
    static constexpr qsizetype kMost = 40'000;

    Clock& m_clock;
    QHash<QByteArrayList, Kept> m_kept;
};

}  // namespace tocsin::redis
