#pragma once
#include <QStyledItemDelegate>

#include "sdk/clock.h"
#include "ui/board/boardrow.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

/// Draws the board's rows: shape and colour of the severity, key and age, second line with summary,
/// source and incident. Works on a BoardModel only.
class BoardDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    /// Both must outlive the delegate.
    BoardDelegate(theme::Theme& theme, Clock& clock, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

    /// Where in a row painted at `box` the age `text` stands.
    QRect ageBox(const QRect& box, const QString& text) const;

private:
    void measure();
    void paintGround(QPainter& painter, const QStyleOptionViewItem& option) const;
    void paintHeading(QPainter& painter, const QRect& box, const BoardRow& row) const;
    void paintAlert(QPainter& painter, const QRect& box, const BoardRow& row,
                    const QRegion& asked) const;
    void paintAge(QPainter& painter, const QRect& box, const BoardRow& row,
                  const QString& age) const;
    void paintTitle(QPainter& painter, const QRect& room, const BoardRow& row) const;
    int titleTop(const QRect& box) const;
    void paintDetail(QPainter& painter, const QRect& line, const BoardRow& row) const;
    QString detailText(const BoardRow& row) const;

    theme::Theme& m_theme;
    Clock& m_clock;
    QFont m_key, m_quietKey, m_small, m_smallBold, m_age, m_heading;
    int m_titleHeight = 0, m_detailHeight = 0, m_headingHeight = 0;
};

}  // namespace tocsin::ui
