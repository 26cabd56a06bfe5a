#pragma once
#include <QVector>
#include <QWidget>

#include "ui/theme/theme.h"

namespace tocsin::ui {

/// Live figures, each with its recent past as a line: as many beside each other as fit. GUI thread.
class FigureStrip : public QWidget {
    Q_OBJECT
public:
    struct Figure {
        QString name;
        QString value;
        QVector<double> past = {};  ///< oldest first; negative: not known then
        double most = 0;            ///< the top of the line at least
        bool isBad = false;
        QString tip = {};
    };

    explicit FigureStrip(theme::Theme& theme, QWidget* parent = nullptr);

    /// Pixels that one row of figures takes.
    static int rowHeight();

    void setFigures(const QVector<Figure>& figures);
    /// What is shown is of before: muted, until the next setFigures().
    void setStale();
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    int perRow(int width) const;
    QRect boxOf(qsizetype index) const;
    void paintFigure(QPainter& painter, const QRect& box, const Figure& figure) const;
    void paintPast(QPainter& painter, const QRectF& box, const Figure& figure) const;

    theme::Theme& m_theme;
    QVector<Figure> m_figures;
    bool m_isStale = false;
};

}  // namespace tocsin::ui
