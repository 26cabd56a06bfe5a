#pragma once
#include <QFrame>

#include "alerts/board.h"
#include "ui/theme/theme.h"
#include "ui/theme/ticker.h"

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace tocsin::theme {
class Chip;
}

namespace tocsin::ui {

class SourceChips;

/// The top line: is what I see true, how bad is it in one glance, what time is it in UTC.
class StatusStrip : public QFrame {
    Q_OBJECT
public:
    StatusStrip(theme::Theme& theme, theme::Ticker& ticker, alerts::Board& board,
                const QString& workspace, QWidget* parent = nullptr);

    void tick(const QDateTime& now);
    /// One more chip, after the counts.
    void addChip(QWidget* chip);

signals:
    void paletteRequested();
    /// A chip was pressed: a filter text for the board.
    void filterChosen(const QString& filter);

private:
    QPushButton* buildField();
    void buildCounts(theme::Theme& theme);
    void recount();
    void countSoon();

    alerts::Board& m_board;
    SourceChips* m_sources;
    theme::Chip *m_critical, *m_warning, *m_silenced;
    QLabel* m_clock;
    QHBoxLayout* m_chips;
    bool m_dirty = false;
};

}  // namespace tocsin::ui
