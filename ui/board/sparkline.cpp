#include "ui/board/sparkline.h"

#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace tocsin::ui {
namespace {

struct Range {
    double low, high;
};

Range rangeOf(const Measurement& measurement) {
    Range range{measurement.threshold, measurement.threshold};
    for (const auto& [at, value] : measurement.trend) {
        if (!std::isfinite(value)) continue;
        range.low = std::min(range.low, value);
        range.high = std::max(range.high, value);
    }
    if (range.high - range.low <= 0) range.high = range.low + 1;
    const double margin = (range.high - range.low) * 0.08;
    return {range.low - margin, range.high + margin};
}

QPainterPath pathOf(const Measurement& measurement, const QRectF& box, const Range& range) {
    const qint64 first = measurement.trend.first().first;
    const double span =
        static_cast<double>(std::max<qint64>(1, measurement.trend.last().first - first));
    QPainterPath path;
    bool isDrawing = false;
    for (const auto& [at, value] : measurement.trend) {
        if (!std::isfinite(value)) {
            isDrawing = false;  // a gap stays a gap
            continue;
        }
        const QPointF point(
            box.left() + box.width() * static_cast<double>(at - first) / span,
            box.bottom() - box.height() * (value - range.low) / (range.high - range.low));
        if (isDrawing)
            path.lineTo(point);
        else
            path.moveTo(point);
        isDrawing = true;
    }
    return path;
}

}  // namespace

void paintSparkline(QPainter& painter, const QRectF& box, const Measurement& measurement,
                    const theme::Palette& colors, const QColor& ink) {
    if (measurement.trend.size() < 2) return;
    const Range range = rangeOf(measurement);
    const QPainterPath path = pathOf(measurement, box, range);
    const double limit = box.bottom() - box.height() * (measurement.threshold - range.low) /
                                            (range.high - range.low);
    const bool isHighBad = measurement.value >= measurement.threshold;
    const QRectF beyond = isHighBad ? QRectF(box.topLeft(), QPointF(box.right(), limit))
                                    : QRectF(QPointF(box.left(), limit), box.bottomRight());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colors.faint, 1, Qt::DashLine));
    painter.drawLine(QPointF(box.left(), limit), QPointF(box.right(), limit));
    painter.setPen(QPen(colors.muted, 1.4));
    painter.drawPath(path);
    painter.setClipRect(beyond.adjusted(-1, -1, 1, 1));
    painter.setPen(QPen(ink, 1.8));
    painter.drawPath(path);
    painter.restore();
}

QString quantityText(double value, const QString& unit) {
    const double size = std::abs(value);
    const int decimals = size >= 100 || std::floor(size) == size ? 0 : size >= 10 ? 1 : 2;
    QString text = QString::number(value, 'f', decimals);
    if (!unit.isEmpty()) text += QLatin1Char(' ') + unit;
    return text;
}

}  // namespace tocsin::ui
