#pragma once
#include <QObject>

#include "sdk/clock.h"

namespace tocsin::ui {

/// Quiet for a while: no sound and no pop-up. It hides nothing from the board, the tray or the
/// strip, ends by itself, and is not remembered over a restart. Monotonic: a clock that jumps does
/// not lengthen it.
class Mute : public QObject {
    Q_OBJECT
public:
    explicit Mute(Clock& clock, QObject* parent = nullptr);

    void muteFor(std::chrono::minutes length);
    void end();
    bool isOn() const { return remaining().count() > 0; }
    std::chrono::milliseconds remaining() const;

signals:
    void changed();

private:
    Clock& m_clock;
    std::chrono::milliseconds m_until{0};
    int m_turn = 0;
};

}  // namespace tocsin::ui
