#pragma once
#include <QWidget>

#include "incidents/statistics.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

/// Incidents per day, week or month as bars, stacked by severity, and the mean time to resolve as a
/// line of points with its own scale at the right. GUI thread.
class StatisticsChart : public QWidget {
    Q_OBJECT
public:
    explicit StatisticsChart(theme::Theme& theme, QWidget* parent = nullptr);

    void setPeriods(const QVector<incidents::PeriodFigures>& periods);
    QSize sizeHint() const override { return {420, 190}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    QRectF plot() const;
    QColor ink(int severity) const;
    QString tipAt(const QPointF& point) const;
    void paintScales(QPainter& painter, const QRectF& area) const;
    void paintBars(QPainter& painter, const QRectF& area) const;
    void paintTimes(QPainter& painter, const QRectF& area) const;
    void paintLegend(QPainter& painter) const;

    theme::Theme& m_theme;
    QVector<incidents::PeriodFigures> m_periods;
    int m_most = 1;                          // incidents at the top of the scale
    std::chrono::milliseconds m_longest{0};  // time to resolve at the top
};

}  // namespace tocsin::ui
