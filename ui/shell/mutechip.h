#pragma once
#include "ui/desktop/mute.h"
#include "ui/theme/chip.h"
#include "ui/theme/ticker.h"

namespace tocsin::ui {

/// "muted 29:41" while pop-ups and bell are kept back; pressing it ends that. Else not there.
class MuteChip : public theme::Chip {
    Q_OBJECT
public:
    MuteChip(theme::Theme& theme, theme::Ticker& ticker, Mute& mute, QWidget* parent = nullptr);

private:
    void refresh();
    Mute& m_mute;
};

}  // namespace tocsin::ui
