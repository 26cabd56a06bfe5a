#include "ui/redis/figurestrip.h"

#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <algorithm>

namespace tocsin::ui {

using namespace Qt::StringLiterals;

constexpr int kFigureWidth = 150;
constexpr int kFigureHeight = 66;
constexpr int kFigureGap = 8;
constexpr int kStripMargin = 12;

FigureStrip::FigureStrip(theme::Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void FigureStrip::setFigures(const QVector<Figure>& figures) {
    const bool sameCount = figures.size() == m_figures.size();
    m_figures = figures;
    m_isStale = false;
    QStringList spoken;
    for (const Figure& figure : figures)
        spoken << figure.name + u' ' + figure.value;
    setAccessibleDescription(spoken.join(u", "_s));
    if (!sameCount) updateGeometry();
    update();
}

void FigureStrip::setStale() {
    if (m_figures.isEmpty() || std::exchange(m_isStale, true)) return;
    setAccessibleDescription(tr("Not known now, last: %1").arg(accessibleDescription()));
    update();
}

int FigureStrip::rowHeight() {
    return kFigureHeight + 2 * kFigureGap;
}

int FigureStrip::perRow(int width) const {
    const int room = width - 2 * kStripMargin + kFigureGap;
    return std::max(1, room / (kFigureWidth + kFigureGap));
}

int FigureStrip::heightForWidth(int width) const {
    const int count = static_cast<int>(m_figures.size());
    const int rows = (count + perRow(width) - 1) / perRow(width);
    return rows == 0 ? 0 : rows * (kFigureHeight + kFigureGap) + kFigureGap;
}

QSize FigureStrip::sizeHint() const {
    return {2 * (kFigureWidth + kFigureGap), heightForWidth(width())};
}

QRect FigureStrip::boxOf(qsizetype index) const {
    const int columns = perRow(width());
    const int at = static_cast<int>(index);
    const int wide = (width() - 2 * kStripMargin - (columns - 1) * kFigureGap) / columns;
    return {kStripMargin + at % columns * (wide + kFigureGap),
            kFigureGap + at / columns * (kFigureHeight + kFigureGap), wide, kFigureHeight};
}

void FigureStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (qsizetype i = 0; i < m_figures.size(); ++i)
        paintFigure(painter, boxOf(i), m_figures[i]);
}

void FigureStrip::paintFigure(QPainter& painter, const QRect& box, const Figure& figure) const {
    const auto& colors = m_theme.colors();
    painter.setPen(colors.line);
    painter.setBrush(colors.panel);
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    paintPast(painter, QRectF(box).adjusted(8, 42, -8, -6), figure);
    const QRect words = box.adjusted(9, 6, -9, 0);
    painter.setFont(m_theme.textFont(-1));
    painter.setPen(colors.muted);
    painter.drawText(words, Qt::AlignLeft | Qt::AlignTop,
                     painter.fontMetrics().elidedText(figure.name, Qt::ElideRight, words.width()));
    painter.setFont(m_theme.monoFont(0));
    const bool isBad = figure.isBad && !m_isStale;
    painter.setPen(isBad ? colors.critical : m_isStale ? colors.muted : colors.text);
    painter.drawText(
        words.adjusted(0, 15, 0, 0), Qt::AlignLeft | Qt::AlignTop,
        painter.fontMetrics().elidedText(m_isStale ? u"? "_s + figure.value : figure.value,
                                         Qt::ElideRight, words.width()));
}

void FigureStrip::paintPast(QPainter& painter, const QRectF& box, const Figure& figure) const {
    if (figure.past.size() < 2) return;
    const double most =
        std::max({figure.most, 1e-9, *std::max_element(figure.past.begin(), figure.past.end())});
    const double step = box.width() / static_cast<double>(figure.past.size() - 1);
    QPainterPath path;
    bool isOn = false;
    for (qsizetype i = 0; i < figure.past.size(); ++i) {
        const double value = figure.past[i];
        const QPointF point(box.left() + step * static_cast<double>(i),
                            box.bottom() - box.height() * std::max(0.0, value) / most);
        if (value >= 0) isOn ? path.lineTo(point) : path.moveTo(point);
        isOn = value >= 0;
    }
    painter.setBrush(Qt::NoBrush);
    const auto& colors = m_theme.colors();
    painter.setPen(QPen(m_isStale      ? colors.faint
                        : figure.isBad ? colors.critical
                                       : colors.accent,
                        1.4));
    painter.drawPath(path);
}

bool FigureStrip::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    for (qsizetype i = 0; i < m_figures.size(); ++i)
        if (boxOf(i).contains(help->pos()))
            QToolTip::showText(help->globalPos(), m_figures[i].tip, this, boxOf(i));
    return true;
}

}  // namespace tocsin::ui
