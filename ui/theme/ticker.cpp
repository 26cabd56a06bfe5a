#include "ui/theme/ticker.h"

namespace tocsin::theme {

using namespace std::chrono_literals;

Ticker::Ticker(Clock& clock, QObject* parent) : QObject(parent), m_clock(clock) {
    connect(&clock, &Clock::jumped, this, [this] { emit ticked(m_clock.now()); });
    arm();
}

void Ticker::arm() {
    const auto left = 1000ms - std::chrono::milliseconds(m_clock.now().time().msec());
    m_clock.callAfter(left, this, [this] {
        emit ticked(m_clock.now());
        arm();
    });
}

}  // namespace tocsin::theme
