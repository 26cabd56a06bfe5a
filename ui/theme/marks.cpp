#include "ui/theme/marks.h"

#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>

namespace tocsin::theme {

using namespace Qt::StringLiterals;

namespace {

class MarkEngine : public QIconEngine {
public:
    MarkEngine(Mark mark, QColor color) : m_mark(mark), m_color(color) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        QColor color = m_color;
        if (mode == QIcon::Disabled) color.setAlphaF(0.5F);
        paintMark(*painter, rect, m_mark, color);
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap image(size);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return image;
    }
    QIconEngine* clone() const override { return new MarkEngine(m_mark, m_color); }

private:
    Mark m_mark;
    QColor m_color;
};

QPolygonF triangle(const QRectF& r) {
    return QPolygonF({QPointF(r.center().x(), r.top() + r.height() * 0.04),
                      QPointF(r.right(), r.bottom() - r.height() * 0.06),
                      QPointF(r.left(), r.bottom() - r.height() * 0.06)});
}

QPolygonF diamond(const QRectF& r) {
    return QPolygonF({QPointF(r.center().x(), r.top()), QPointF(r.right(), r.center().y()),
                      QPointF(r.center().x(), r.bottom()), QPointF(r.left(), r.center().y())});
}

void stroke(QPainter& painter, const QRectF& r, const QPolygonF& line, const QColor& color) {
    QPen pen(color, r.width() * 0.17);
    pen.setCapStyle(Qt::RoundCap);
    pen.setJoinStyle(Qt::RoundJoin);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(line);
}

QPointF at(const QRectF& r, double x, double y) {
    return {r.left() + r.width() * x, r.top() + r.height() * y};
}

void paintRing(QPainter& painter, const QRectF& r, const QColor& color, bool open) {
    const double width = r.width() * 0.15;
    QPen pen(color, width);
    pen.setCapStyle(open ? Qt::RoundCap : Qt::FlatCap);
    if (!open) pen.setDashPattern({1.5, 1.2});
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    const QRectF inner = r.adjusted(width, width, -width, -width);
    if (open)
        painter.drawArc(inner, 30 * 16, 270 * 16);
    else
        painter.drawEllipse(inner);
}

void paintQuestion(QPainter& painter, const QRectF& r, const QColor& color) {
    QFont font = painter.font();
    font.setPixelSize(std::max(6, int(r.height() * 1.05)));
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(color);
    painter.drawText(r.adjusted(-2, -2, 2, 2), Qt::AlignCenter, u"?"_s);
}

}  // namespace

Mark markOf(Severity severity, AlertState state) {
    if (state == AlertState::Unknown) return Mark::Question;
    if (state == AlertState::Silenced || state == AlertState::Inhibited) return Mark::Ring;
    switch (severity) {
        case Severity::Critical:
            return Mark::Triangle;
        case Severity::Warning:
            return Mark::Diamond;
        case Severity::Info:
            return Mark::Dot;
        case Severity::Unknown:
            break;
    }
    return Mark::Question;
}

Mark markOf(ProbeLevel level) {
    switch (level) {
        case ProbeLevel::Ok:
            return Mark::Check;
        case ProbeLevel::Maintenance:
            return Mark::Dot;
        case ProbeLevel::Degraded:
        case ProbeLevel::Partial:
            return Mark::Diamond;
        case ProbeLevel::Outage:
            return Mark::Triangle;
        case ProbeLevel::Unknown:
            break;
    }
    return Mark::Question;
}

void paintMark(QPainter& painter, const QRectF& box, Mark mark, const QColor& color) {
    const double side = std::min(box.width(), box.height());
    QRectF r(0, 0, side, side);
    r.moveCenter(box.center());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    switch (mark) {
        case Mark::None:
            break;
        case Mark::Triangle:
            painter.drawPolygon(triangle(r));
            break;
        case Mark::Diamond:
            painter.drawPolygon(diamond(r));
            break;
        case Mark::Dot:
            painter.drawEllipse(r.adjusted(side * .1, side * .1, -side * .1, -side * .1));
            break;
        case Mark::Ring:
            paintRing(painter, r, color, false);
            break;
        case Mark::Arc:
            paintRing(painter, r, color, true);
            break;
        case Mark::Question:
            paintQuestion(painter, r, color);
            break;
        case Mark::Check:
            stroke(painter, r, {at(r, .12, .55), at(r, .4, .8), at(r, .88, .22)}, color);
            break;
        case Mark::Cross:
            stroke(painter, r, {at(r, .2, .2), at(r, .8, .8)}, color);
            stroke(painter, r, {at(r, .8, .2), at(r, .2, .8)}, color);
            break;
    }
    painter.restore();
}

QIcon markIcon(Mark mark, const QColor& color) {
    return QIcon(new MarkEngine(mark, color));
}

}  // namespace tocsin::theme
