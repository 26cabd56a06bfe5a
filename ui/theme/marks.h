#pragma once
#include <QIcon>
#include <QRectF>

#include "sdk/alert.h"
#include "sdk/probereport.h"

class QPainter;

namespace tocsin::theme {

/// The shapes that carry a meaning beside their colour, for eyes that do not tell colours apart.
enum class Mark {
    None,
    Triangle,  ///< critical
    Diamond,   ///< warning
    Dot,       ///< info, or fresh
    Ring,      ///< silenced (dashed)
    Arc,       ///< a source that stopped answering
    Question,  ///< unknown
    Check,     ///< done, delivered
    Cross,     ///< failed, outage
};

Mark markOf(Severity severity, AlertState state);
Mark markOf(ProbeLevel level);

/// Paints `mark` centred in `box`, as large as its shorter side. Leaves the painter as it was.
void paintMark(QPainter& painter, const QRectF& box, Mark mark, const QColor& color);
/// The same as an icon, sharp at any size.
QIcon markIcon(Mark mark, const QColor& color);

}  // namespace tocsin::theme
