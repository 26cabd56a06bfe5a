#include "delivery/refusalbudget.h"

#include <algorithm>

namespace tocsin::delivery {

using std::chrono::milliseconds;

void RefusalBudget::count(milliseconds now) {
    while (!m_refusals.empty() && now - m_refusals.front() >= kWindow)
        m_refusals.pop_front();
    m_refusals.push_back(now);
}

milliseconds RefusalBudget::rest(milliseconds now) const {
    if (m_refusals.size() < static_cast<std::size_t>(kMost)) return milliseconds(0);
    const milliseconds oldest = m_refusals[m_refusals.size() - kMost];
    return std::max(milliseconds(0), oldest + kWindow - now);
}

}  // namespace tocsin::delivery
