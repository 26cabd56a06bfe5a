#include "ui/theme/badge.h"

#include <QPainter>

#include "ui/theme/roles.h"

namespace tocsin::theme {

using namespace Qt::StringLiterals;

QSize badgeSize(const QString& text, const QFont& font) {
    const QFontMetrics metrics(font);
    return {metrics.horizontalAdvance(text) + 14, metrics.height() + 4};
}

void paintBadge(QPainter& painter, const QRectF& box, const QString& text, const QFont& font,
                const QColor& fill, const QColor& ink) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawRoundedRect(box, 4, 4);
    painter.setFont(font);
    painter.setPen(ink);
    painter.drawText(box, Qt::AlignCenter, text);
    painter.restore();
}

EnvironmentBadge::EnvironmentBadge(QWidget* parent) : QLabel(parent) {
    setEnvironment(u"production"_s);
}

void EnvironmentBadge::setEnvironment(const QString& environment) {
    const bool production = environment == u"production"_s;
    setText(production ? u"PRODUCTION"_s : environment);
    setAccessibleName(u"Environment: %1"_s.arg(environment));
    setRole(this, production ? u"productionBadge"_s : u"chip"_s);
}

}  // namespace tocsin::theme
