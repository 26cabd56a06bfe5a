#pragma once
#include <QWidget>

#include "escalation/engine.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

/// The escalation ladder as cards side by side: who was paged and whether it arrived, who is next
/// and in how long. The next one has a frame and a bar that fills towards its moment.
class LadderView : public QWidget {
    Q_OBJECT
public:
    explicit LadderView(theme::Theme& theme, QWidget* parent = nullptr);

    void setLadder(const escalation::Ladder& ladder, const QDateTime& declaredAt);
    void setNow(const QDateTime& now);
    /// What the card says below the level's name ("in 17:19", "✓ delivered 14:02:00").
    QString lineOf(const escalation::Rung& rung) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    /// A card was clicked, or Enter pressed on it: somebody may want to page that level.
    void levelChosen(int level);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    QRectF cardRect(int index) const;
    /// The first level that has not been reached; -1 when there is none.
    int next() const;
    void paintCard(QPainter& painter, const QRectF& card, const escalation::Rung& rung,
                   bool next) const;
    double progressOf(const escalation::Rung& rung) const;
    QColor inkOf(const escalation::Rung& rung, bool next) const;
    int cardAt(const QPoint& place) const;  ///< -1: none
    void setCurrent(int index);
    void describe();

    theme::Theme& m_theme;
    escalation::Ladder m_ladder;
    QDateTime m_declaredAt, m_now;
    int m_current = 0;  ///< the card that has the keyboard
};

}  // namespace tocsin::ui
