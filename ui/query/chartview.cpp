#include "ui/query/chartview.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDateTime>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <QRegularExpression>
#include <algorithm>

#include "sdk/async.h"
#include "ui/theme/roles.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMostPoints = 4000;

int timeColumn(const ResultSet& set) {
    for (int i = 0; i < set.columns().size(); ++i)
        if (set.columns()[i].type.startsWith(u"timestamp"_s) || set.columns()[i].type == u"date")
            return i;
    return -1;
}

/// "2026-01-01 12:00:00.123456+00", as the server writes it under ISO dates.
std::optional<double> secondsIn(QByteArrayView cell) {
    QString text = QString::fromUtf8(cell).replace(u' ', u'T');
    if (text.size() == 10) text += u"T00:00:00"_s;
    const qsizetype sign = text.lastIndexOf(QRegularExpression(u"[+-]"_s));
    const bool zoned = sign > 10;
    if (zoned && text.size() - sign == 3) text += u":00"_s;
    if (!zoned) text += u'Z';
    const QDateTime at = QDateTime::fromString(text, Qt::ISODateWithMs);
    if (!at.isValid()) return std::nullopt;
    return static_cast<double>(at.toMSecsSinceEpoch()) / 1000;
}

/// Keeps the least and the greatest of each span, so that a spike is not lost.
void thin(ChartView::Series& series, qsizetype most) {
    if (series.y.size() <= most) return;
    ChartView::Series thinned;
    const qsizetype spans = most / 2;
    for (qsizetype i = 0; i < spans; ++i) {
        const qsizetype from = series.y.size() * i / spans;
        const qsizetype to = series.y.size() * (i + 1) / spans;
        const auto [low, high] =
            std::minmax_element(series.y.begin() + from, series.y.begin() + to);
        const auto first = std::min(low, high) - series.y.begin();
        const auto second = std::max(low, high) - series.y.begin();
        for (const auto at : {first, second}) {
            thinned.x << series.x[at];
            thinned.y << series.y[at];
        }
    }
    series.x = thinned.x;
    series.y = thinned.y;
}

}  // namespace

ChartView::Series seriesOf(const ResultSet& set, int column, qsizetype most) {
    ChartView::Series series;
    if (column < 0 || column >= set.columns().size()) return series;
    series.name = set.columns()[column].name;
    const int time = timeColumn(set);
    series.overTime = time >= 0;
    const qsizetype rows = set.rowCount();
    QVector<std::pair<double, double>> points;
    for (qsizetype row = 0; row < rows; ++row) {
        const auto cell = set.cell(row, column);
        bool ok = false;
        const double y = cell ? cell->toDouble(&ok) : 0;
        if (!ok) continue;
        auto x = static_cast<double>(row);
        if (time >= 0) {
            const auto at = set.cell(row, time);
            const auto read = at ? secondsIn(*at) : std::nullopt;
            if (!read) continue;
            x = *read;
        }
        points << std::pair(x, y);
    }
    if (time >= 0)
        std::stable_sort(points.begin(), points.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [x, y] : std::as_const(points)) {
        series.x << x;
        series.y << y;
    }
    thin(series, most);
    return series;
}

/// Draws one line with its two axes.
class ChartView::Canvas : public QWidget {
public:
    Canvas(theme::Theme& theme, const Series& series, QWidget* parent)
        : QWidget(parent), m_theme(theme), m_series(series) {
        setMinimumHeight(120);
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const theme::Palette& colors = m_theme.colors();
        painter.fillRect(rect(), colors.field);
        painter.setFont(m_theme.monoFont(-1));
        if (m_series.y.isEmpty()) {
            painter.setPen(colors.muted);
            painter.drawText(rect(), Qt::AlignCenter,
                             tr("No numbers to draw: choose a numeric column"));
            return;
        }
        drawLine(painter, colors);
    }

private:
    void drawLine(QPainter& painter, const theme::Palette& colors) {
        const auto [low, high] = std::minmax_element(m_series.y.begin(), m_series.y.end());
        const double bottom = *low;
        const double span = *high > *low ? *high - *low : 1;
        const double left = m_series.x.first();
        const double width = m_series.x.last() > left ? m_series.x.last() - left : 1;
        const QFontMetrics metrics(painter.font());
        const QString top = QLocale::c().toString(*high, 'g', 6);
        const int margin =
            std::max(metrics.horizontalAdvance(top),
                     metrics.horizontalAdvance(QLocale::c().toString(bottom, 'g', 6))) +
            16;
        const QRectF box = QRectF(rect()).adjusted(margin, 14, -14, -metrics.height() - 12);
        painter.setPen(colors.line);
        for (int i = 0; i <= 4; ++i) {
            const double y = box.top() + box.height() * i / 4;
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y));
        }
        QPainterPath path;
        for (qsizetype i = 0; i < m_series.x.size(); ++i) {
            const QPointF at(box.left() + (m_series.x[i] - left) / width * box.width(),
                             box.bottom() - (m_series.y[i] - bottom) / span * box.height());
            i == 0 ? path.moveTo(at) : path.lineTo(at);
        }
        painter.setPen(QPen(colors.accent, 1.6));
        painter.drawPath(path);
        painter.setPen(colors.muted);
        painter.drawText(QPointF(8, box.top() + metrics.ascent() / 2.0), top);
        painter.drawText(QPointF(8, box.bottom()), QLocale::c().toString(bottom, 'g', 6));
        const QRectF foot(box.left(), box.bottom() + 6, box.width(), metrics.height());
        painter.drawText(foot, Qt::AlignLeft, label(m_series.x.first()));
        painter.drawText(foot, Qt::AlignRight, label(m_series.x.last()));
    }

    QString label(double x) const {
        if (!m_series.overTime) return tr("row %1").arg(static_cast<qint64>(x) + 1);
        return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(x * 1000), Qt::UTC)
            .toString(u"yyyy-MM-dd HH:mm:ss 'UTC'"_s);
    }

    theme::Theme& m_theme;
    const Series& m_series;
};

ChartView::ChartView(theme::Theme& theme, QWidget* parent, const QString& names)
    : QWidget(parent),
      m_theme(theme),
      m_column(new QComboBox(this)),
      m_canvas(new Canvas(theme, m_series, this)) {
    setAccessibleName(tr("Chart of a numeric column"));
    m_canvas->setObjectName(names + u"Chart"_s);
    m_column->setObjectName(names + u"ChartColumn"_s);
    m_column->setAccessibleName(tr("Column to draw"));
    auto* prompt = new QLabel(tr("Draw"), this);
    theme::setRole(prompt, u"muted"_s);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(12, 4, 12, 4);
    head->addWidget(prompt);
    head->addWidget(m_column);
    head->addStretch(1);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addLayout(head);
    all->addWidget(m_canvas, 1);
    connect(m_column, &QComboBox::currentIndexChanged, this, &ChartView::read);
    connect(&theme, &theme::Theme::changed, m_canvas, qOverload<>(&QWidget::update));
}

void ChartView::show(std::shared_ptr<const ResultSet> set) {
    m_set = std::move(set);
    const QString before = m_column->currentText();
    {
        const QSignalBlocker quiet(m_column);
        m_column->clear();
        for (int i = 0; m_set && i < m_set->columns().size(); ++i)
            if (m_set->columns()[i].numeric) m_column->addItem(m_set->columns()[i].name, i);
        m_column->setCurrentIndex(std::max(0, m_column->findText(before)));
    }
    read();
}

void ChartView::read() {
    m_canvas->setAccessibleName(tr("%1 over time").arg(m_column->currentText()));
    if (!m_set || m_column->count() == 0) {
        m_series = {};
        return m_canvas->update();
    }
    runOnPool(
        this,
        [set = m_set, column = m_column->currentData().toInt()] {
            return seriesOf(*set, column, kMostPoints);
        },
        [this, set = m_set](const Series& series) {
            if (set != m_set) return;
            m_series = series;
            m_canvas->update();
        });
}

}  // namespace tocsin::ui
