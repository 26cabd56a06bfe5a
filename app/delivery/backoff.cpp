#include "delivery/backoff.h"

#include <QRandomGenerator>
#include <algorithm>

namespace tocsin::delivery {

std::chrono::milliseconds Backoff::next() {
    constexpr int kFirstMs = 1000;
    constexpr int kLongestMs = 60000;
    constexpr int kDoublings = 6;
    const int full = std::min(kLongestMs, (2 * kFirstMs) << std::min(m_failures, kDoublings));
    ++m_failures;
    return std::chrono::milliseconds(full / 2 + QRandomGenerator::global()->bounded(full / 2 + 1));
}

}  // namespace tocsin::delivery
