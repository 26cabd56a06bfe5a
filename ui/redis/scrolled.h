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

}  // namespace tocsin::ui
