#pragma once
#include <chrono>
#include <deque>

namespace tocsin::delivery {

/// Discord shuts an address out for a while after 10 000 refused requests (401, 403, 429) within
/// ten minutes, and others may share that address: all channels together stay below half of it.
/// Source: Discord's documentation, "Rate Limits", "Invalid Request Limit". Times are monotonic.
class RefusalBudget {
public:
    static constexpr int kMost = 5000;
    static constexpr std::chrono::minutes kWindow{10};

    void count(std::chrono::milliseconds now);
    /// How long nothing may be asked; zero normally.
    std::chrono::milliseconds rest(std::chrono::milliseconds now) const;

private:
    std::deque<std::chrono::milliseconds> m_refusals;
};

}  // namespace tocsin::delivery
