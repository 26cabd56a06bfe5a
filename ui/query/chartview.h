#pragma once
#include <QVector>
#include <QWidget>
#include <optional>

#include "sdk/resultset.h"
#include "ui/theme/theme.h"

class QComboBox;

namespace tocsin::ui {

/// A numeric column over time, or over the rows where there is no time. GUI thread; reads the
/// result off it.
class ChartView : public QWidget {
    Q_OBJECT
public:
    /// `names` begins those of its parts, "sqlChart" and "sqlChartColumn".
    explicit ChartView(theme::Theme& theme, QWidget* parent = nullptr,
                       const QString& names = QStringLiteral("sql"));

    void show(std::shared_ptr<const ResultSet> set);
    using QWidget::show;

    struct Series {
        QVector<double> x, y;  ///< x is seconds since 1970 when `overTime`, else the row
        bool overTime = false;
        QString name;
    };
    const Series& series() const { return m_series; }

private:
    class Canvas;
    void read();

    theme::Theme& m_theme;
    std::shared_ptr<const ResultSet> m_set;
    QComboBox* m_column;
    Canvas* m_canvas;
    Series m_series;
};

/// The numbers of `column` over the first column that holds points in time; at most `most` points,
/// the extremes of each span kept. NULLs and what is no number are left out. Any thread.
ChartView::Series seriesOf(const ResultSet& set, int column, qsizetype most);

}  // namespace tocsin::ui
