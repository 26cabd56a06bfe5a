#include "ui/theme/roles.h"

#include <QCoreApplication>
#include <QEvent>
#include <QStyle>
#include <QVariant>
#include <QWidget>

namespace tocsin::theme {

void setRole(QWidget* widget, const QString& role) {
    if (widget->property("role").toString() == role) return;
    widget->setProperty("role", role);
    // Plain QWidgets do not paint a style sheet's ground unless asked to.
    if (!widget->inherits("QAbstractButton")) widget->setAttribute(Qt::WA_StyledBackground, true);
    restyle(widget);
}

void restyle(QWidget* widget) {
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
    // Padding and weight may have changed: labels and buttons forget their size only on this event.
    QEvent changed(QEvent::StyleChange);
    QCoreApplication::sendEvent(widget, &changed);
    widget->updateGeometry();
    widget->update();
}

}  // namespace tocsin::theme
