#pragma once
#include <QScrollArea>

namespace tocsin::ui {

/// `content`, which may be given less height than it needs: it scrolls instead of being squeezed.
inline QScrollArea* scrolled(QWidget* content) {
    auto* area = new QScrollArea(content->parentWidget());
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(content);
    return area;
}

/// Scrolls what `part` is in so far that it shows, once it has its place.
inline void bringIntoView(QWidget& part) {
    QMetaObject::invokeMethod(
        &part,
        [&part] {
            for (QWidget* up = part.parentWidget(); up; up = up->parentWidget())
                if (auto* area = qobject_cast<QScrollArea*>(up)) area->ensureWidgetVisible(&part);
        },
        Qt::QueuedConnection);
}

}  // namespace tocsin::ui
