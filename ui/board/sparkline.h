#pragma once
#include <QPainter>

#include "sdk/alert.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

/// Draws the recent past of a number against its threshold into `box`: the line in the text's
/// colour, the part beyond the threshold in `ink`, the threshold dashed. Nothing with fewer than
/// two samples.
void paintSparkline(QPainter& painter, const QRectF& box, const Measurement& measurement,
                    const theme::Palette& colors, const QColor& ink);

/// "97 %", "1.84 s", "12": as many digits as mean something.
QString quantityText(double value, const QString& unit);

}  // namespace tocsin::ui
