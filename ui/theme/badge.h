#pragma once
#include <QLabel>

#include "ui/theme/chip.h"

namespace tocsin::theme {

/// For delegates: the room a badge with `text` takes, and the badge itself in `box`.
QSize badgeSize(const QString& text, const QFont& font);
void paintBadge(QPainter& painter, const QRectF& box, const QString& text, const QFont& font,
                const QColor& fill, const QColor& ink);

/// PRODUCTION in red, any other environment in grey: wherever something could be changed.
class EnvironmentBadge : public QLabel {
    Q_OBJECT
public:
    explicit EnvironmentBadge(QWidget* parent = nullptr);
    void setEnvironment(const QString& environment);
};

}  // namespace tocsin::theme
