#include "ui/shell/regions.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QWidget>

namespace tocsin::ui {

namespace {

bool takesFocus(const QWidget* widget) {
    return widget->isEnabled() && widget->isVisible() && (widget->focusPolicy() & Qt::TabFocus);
}

}  // namespace

bool focusInto(QWidget* region) {
    if (QWidget* wanted = region->focusProxy(); wanted && takesFocus(wanted)) {
        wanted->setFocus(Qt::ShortcutFocusReason);
        return true;
    }
    // A list is what the keyboard is wanted for; a filter above it comes second.
    for (auto* view : region->findChildren<QAbstractItemView*>()) {
        if (!takesFocus(view)) continue;
        view->setFocus(Qt::ShortcutFocusReason);
        return true;
    }
    for (auto* child : region->findChildren<QWidget*>()) {
        if (!takesFocus(child)) continue;
        child->setFocus(Qt::ShortcutFocusReason);
        return true;
    }
    return false;
}

void focusNextRegion(const QVector<QWidget*>& regions, int by) {
    const QWidget* focused = QApplication::focusWidget();
    const qsizetype count = regions.size();
    qsizetype at = by > 0 ? -1 : count;
    for (qsizetype i = 0; i < count; ++i)
        if (focused && (regions[i] == focused || regions[i]->isAncestorOf(focused))) at = i;
    for (qsizetype tries = 0; tries < count; ++tries) {
        at = (at + by + count) % count;
        if (regions[at]->isVisible() && focusInto(regions[at])) return;
    }
}

}  // namespace tocsin::ui
