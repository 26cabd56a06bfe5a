#include "ui/desktop/mute.h"

#include <algorithm>

namespace tocsin::ui {

using std::chrono::milliseconds;

Mute::Mute(Clock& clock, QObject* parent) : QObject(parent), m_clock(clock) {
}

void Mute::muteFor(std::chrono::minutes length) {
    m_until = m_clock.elapsed() + length;
    m_clock.callAfter(length, this, [this, turn = ++m_turn] {
        if (turn == m_turn) end();
    });
    emit changed();
}

void Mute::end() {
    ++m_turn;
    m_until = milliseconds(0);
    emit changed();
}

milliseconds Mute::remaining() const {
    return m_until.count() == 0 ? milliseconds(0)
                                : std::max(milliseconds(0), m_until - m_clock.elapsed());
}

}  // namespace tocsin::ui
