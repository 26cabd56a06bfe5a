#pragma once
#include <chrono>

#include "sdk/clock.h"

namespace tocsin::delivery {

/// Until when one channel rests because the other side's limits are used up. By the time that
/// really passed, asleep or awake: after a restart the first request learns them anew.
class Pace {
public:
    explicit Pace(const Clock& clock) : m_clock(clock) {}

    /// After an answer that left nothing of its limit.
    void restPosts(std::chrono::milliseconds pause) { extend(m_posts, pause); }
    void restEdits(std::chrono::milliseconds pause) { extend(m_edits, pause); }
    void lift() { m_posts = m_edits = std::chrono::milliseconds(0); }
    std::chrono::milliseconds postsRest() const { return left(m_posts); }
    std::chrono::milliseconds editsRest() const { return left(m_edits); }
    void restAll(std::chrono::milliseconds pause) {
        restPosts(pause);
        restEdits(pause);
    }

private:
    void extend(std::chrono::milliseconds& until, std::chrono::milliseconds pause) {
        until = std::max(until, m_clock.lasted() + pause);
    }
    std::chrono::milliseconds left(std::chrono::milliseconds until) const {
        return std::max(std::chrono::milliseconds(0), until - m_clock.lasted());
    }

    const Clock& m_clock;
    std::chrono::milliseconds m_posts{0}, m_edits{0};
};

}  // namespace tocsin::delivery
