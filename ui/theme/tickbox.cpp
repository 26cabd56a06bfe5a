#include "ui/theme/tickbox.h"

#include <QPainter>
#include <QStyleOptionButton>

#include "ui/theme/marks.h"

namespace tocsin::theme {

TickBox::TickBox(const Theme& theme, QWidget* parent) : QCheckBox(parent), m_theme(theme) {
}

void TickBox::paintEvent(QPaintEvent* event) {
    QCheckBox::paintEvent(event);
    if (!isChecked()) return;
    QStyleOptionButton option;
    initStyleOption(&option);
    const QRectF box = style()->subElementRect(QStyle::SE_CheckBoxIndicator, &option, this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintMark(painter, box.adjusted(3, 3, -3, -3), Mark::Check, m_theme.colors().window);
}

}  // namespace tocsin::theme
