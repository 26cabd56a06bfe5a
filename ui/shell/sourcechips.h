#pragma once
#include <QWidget>
#include <vector>

#include "alerts/board.h"
#include "ui/theme/chip.h"

namespace tocsin::ui {

/// One chip a source: a green dot and its age while it answers, an open ring and "unknown for 4 m"
/// while it does not. Where room is short, those that answer give way and are counted in a last
/// chip.
class SourceChips : public QWidget {
    Q_OBJECT
public:
    SourceChips(theme::Theme& theme, alerts::Board& board, QWidget* parent = nullptr);

    void setNow(const QDateTime& now);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    /// A chip was pressed; the board should show what is known of that source.
    void sourceChosen(const QString& source);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void refresh();
    void arrange();
    void describe(theme::Chip& chip, const alerts::SourceHealth& health) const;

    theme::Theme& m_theme;
    alerts::Board& m_board;
    QDateTime m_now;
    std::vector<theme::Chip*> m_chips;  // in the order of the board's sources
    theme::Chip* m_more;
};

}  // namespace tocsin::ui
