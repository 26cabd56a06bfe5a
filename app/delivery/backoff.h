#pragma once
#include <chrono>

namespace tocsin::delivery {

/// The pause before the next try: doubles from 1 s to 60 s, each shortened by up to a half at
/// random so that many consoles do not knock at the same moment.
class Backoff {
public:
    std::chrono::milliseconds next();
    void reset() { m_failures = 0; }

private:
    int m_failures = 0;
};

}  // namespace tocsin::delivery
