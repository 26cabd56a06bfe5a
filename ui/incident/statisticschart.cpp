#include "ui/incident/statisticschart.h"

#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <algorithm>

#include "incidents/record.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using incidents::PeriodFigures;

namespace {

constexpr int kSeverities = 4;

QString daysOf(const PeriodFigures& period) {
    const QString from = period.from.toString(u"yyyy-MM-dd"_s);
    return period.from == period.to ? from : from + u" – "_s + period.to.toString(u"yyyy-MM-dd"_s);
}

/// "95 min" for scales: one unit.
QString roundSpan(std::chrono::milliseconds span) {
    const qint64 minutes = span.count() / 60000;
    return minutes < 120 ? u"%1 min"_s.arg(minutes) : u"%1 h"_s.arg(minutes / 60);
}

}  // namespace

StatisticsChart::StatisticsChart(theme::Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme) {
    setObjectName(u"statisticsChart"_s);
    setMinimumHeight(90);
    connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void StatisticsChart::setPeriods(const QVector<PeriodFigures>& periods) {
    m_periods = periods;
    m_most = 1;
    m_longest = {};
    QStringList told;
    for (const PeriodFigures& period : periods) {
        m_most = std::max(m_most, period.total());
        m_longest = std::max(m_longest, period.meanResolve.value_or(std::chrono::milliseconds(0)));
        if (period.total() > 0) told << u"%1: %2"_s.arg(daysOf(period)).arg(period.total());
    }
    if (m_most > 4) m_most += m_most % 2;  // so that half of it is a whole number
    setAccessibleName(tr("Incidents over time"));
    setAccessibleDescription(told.join(u"; "_s));
    update();
}

QColor StatisticsChart::ink(int severity) const {
    const auto& colors = m_theme.colors();
    const QColor inks[] = {colors.critical, colors.warning, colors.info, colors.faint};
    return inks[severity];
}

QRectF StatisticsChart::plot() const {
    const QFontMetrics metrics(m_theme.textFont(-1));
    return QRectF(rect()).adjusted(metrics.horizontalAdvance(u"000"_s) + 8, metrics.height() + 12.0,
                                   -metrics.horizontalAdvance(u"0000 min"_s) - 10,
                                   -metrics.height() - 8.0);
}

void StatisticsChart::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(m_theme.textFont(-1));
    const QRectF area = plot();
    paintLegend(painter);
    paintScales(painter, area);
    if (m_periods.isEmpty()) return;
    paintBars(painter, area);
    paintTimes(painter, area);
}

void StatisticsChart::paintLegend(QPainter& painter) const {
    const QFontMetrics metrics(painter.font());
    double x = plot().left();
    const auto word = [&](const QColor& colour, const QString& text, bool isLine) {
        const QRectF mark = isLine ? QRectF(x, 9, 10, 2) : QRectF(x, 5, 10, 10);
        painter.fillRect(mark, colour);
        painter.setPen(m_theme.colors().muted);
        painter.drawText(QPointF(x + 15, 5 + metrics.ascent() - 1), text);
        x += 15 + metrics.horizontalAdvance(text) + 14;
    };
    for (int severity = 0; severity < kSeverities; ++severity)
        word(ink(severity), u"P%1"_s.arg(severity + 1), false);
    word(m_theme.colors().text, tr("mean time to resolve"), true);
}

void StatisticsChart::paintScales(QPainter& painter, const QRectF& area) const {
    const auto& colors = m_theme.colors();
    const QFontMetrics metrics(painter.font());
    for (const double part : {0.0, 0.5, 1.0}) {
        if (part == 0.5 && m_most % 2) continue;
        const double y = area.bottom() - part * area.height();
        painter.setPen(colors.line);
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(colors.muted);
        const double top = y - metrics.height() / 2.0;
        painter.drawText(QRectF(0, top, area.left() - 6, metrics.height()), Qt::AlignRight,
                         QString::number(int(m_most * part)));
        if (m_longest.count() > 0 && part > 0)
            painter.drawText(
                QRectF(area.right() + 6, top, width() - area.right() - 6, metrics.height()),
                Qt::AlignLeft,
                roundSpan(std::chrono::milliseconds(qint64(double(m_longest.count()) * part))));
    }
}

void StatisticsChart::paintBars(QPainter& painter, const QRectF& area) const {
    const double step = area.width() / double(m_periods.size());
    const double bar = std::clamp(step * 0.7, 1.0, 34.0);
    const QFontMetrics metrics(painter.font());
    double labelsUntil = -1;
    for (qsizetype i = 0; i < m_periods.size(); ++i) {
        const double middle = area.left() + step * (double(i) + 0.5);
        double bottom = area.bottom();
        for (int severity = kSeverities - 1; severity >= 0; --severity) {
            const double height = area.height() * m_periods[i].count[severity] / m_most;
            painter.fillRect(QRectF(middle - bar / 2, bottom - height, bar, height), ink(severity));
            bottom -= height;
        }
        const QString label = m_periods[i].from.toString(u"MM-dd"_s);
        const double half = metrics.horizontalAdvance(label) / 2.0;
        if (middle - half < labelsUntil || middle + half > width()) continue;
        painter.setPen(m_theme.colors().muted);
        painter.drawText(QPointF(middle - half, area.bottom() + metrics.height()), label);
        labelsUntil = middle + half + 12;
    }
}

void StatisticsChart::paintTimes(QPainter& painter, const QRectF& area) const {
    if (m_longest.count() == 0) return;
    const double step = area.width() / double(m_periods.size());
    QPainterPath path;
    QVector<QPointF> points;
    for (qsizetype i = 0; i < m_periods.size(); ++i) {
        if (!m_periods[i].meanResolve) continue;
        const double part = double(m_periods[i].meanResolve->count()) / double(m_longest.count());
        points.append(
            {area.left() + step * (double(i) + 0.5), area.bottom() - part * area.height()});
    }
    for (const QPointF& point : points)
        point == points.first() ? path.moveTo(point) : path.lineTo(point);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_theme.colors().text, 1.5));
    painter.drawPath(path);
    painter.setBrush(m_theme.colors().text);
    for (const QPointF& point : points)
        painter.drawEllipse(point, 2.5, 2.5);
}

QString StatisticsChart::tipAt(const QPointF& point) const {
    const QRectF area = plot();
    if (m_periods.isEmpty() || point.x() < area.left() || point.x() >= area.right()) return {};
    const auto at = qsizetype((point.x() - area.left()) / area.width() * double(m_periods.size()));
    const PeriodFigures& period = m_periods[std::clamp<qsizetype>(at, 0, m_periods.size() - 1)];
    QStringList parts;
    for (int severity = 0; severity < kSeverities; ++severity)
        if (period.count[severity] > 0)
            parts << u"%1 × P%2"_s.arg(period.count[severity]).arg(severity + 1);
    if (parts.isEmpty()) parts << tr("no incident");
    if (period.meanResolve)
        parts << tr("mean time to resolve %1").arg(incidents::spokenSpan(*period.meanResolve));
    return daysOf(period) + u"\n"_s + parts.join(u" · "_s);
}

bool StatisticsChart::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(), tipAt(help->pos()), this);
    return true;
}

}  // namespace tocsin::ui
