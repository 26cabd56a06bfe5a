#pragma once
#include "console/console.h"
#include "ui/theme/chip.h"
#include "ui/theme/ticker.h"

namespace tocsin::ui {

/// What the strip says about who escalates and delivers.
struct OwnerWords {
    theme::Mark mark = theme::Mark::Question;
    QString strong, text;
    theme::Tone tone = theme::Tone::Muted;
    QString sentence;  ///< the whole of it, for the tooltip and for a screen reader
};
/// `self`: this process is the owner. `silence`: how long the owner showed no sign of life.
OwnerWords ownerWords(const store::Owner& owner, bool self, std::chrono::milliseconds silence,
                      bool serveLives);

/// Says who owns the engine: this window, `tocsin serve`, another window, or nobody, which is loud.
class OwnerChip : public theme::Chip {
    Q_OBJECT
public:
    OwnerChip(theme::Theme& theme, theme::Ticker& ticker, console::Console& console,
              QWidget* parent = nullptr);

private:
    void refresh();
    console::Console& m_console;
};

}  // namespace tocsin::ui
