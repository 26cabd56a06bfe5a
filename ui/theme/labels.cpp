#include "ui/theme/labels.h"

#include <QHelpEvent>
#include <QPainter>
#include <QStyle>
#include <QStyleOption>
#include <QToolTip>

#include "ui/theme/roles.h"

namespace tocsin::theme {

using namespace Qt::StringLiterals;

SectionLabel::SectionLabel(const QString& text, QWidget* parent) : QLabel(parent) {
    setRole(this, u"section"_s);
    setCaption(text);
}

void SectionLabel::setCaption(const QString& text) {
    setText(text.toUpper());
    setAccessibleName(text);
}

ElidedLabel::ElidedLabel(const QString& text, QWidget* parent) : QLabel(text, parent) {
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ElidedLabel::setElideMode(Qt::TextElideMode mode) {
    m_mode = mode;
    update();
}

QSize ElidedLabel::minimumSizeHint() const {
    const int narrow = fontMetrics().horizontalAdvance(u"mm…"_s);
    return {std::min(narrow, QLabel::sizeHint().width()), QLabel::minimumSizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    QStyleOption option;
    option.initFrom(this);
    style()->drawPrimitive(QStyle::PE_Widget, &option, &painter, this);
    const QRect room = contentsRect().adjusted(margin(), 0, -margin(), 0);
    style()->drawItemText(&painter, room, int(alignment()), option.palette, isEnabled(),
                          fontMetrics().elidedText(text(), m_mode, room.width()), foregroundRole());
}

bool ElidedLabel::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty() &&
        fontMetrics().horizontalAdvance(text()) > contentsRect().width()) {
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), text(), this);
        return true;
    }
    return QLabel::event(event);
}

}  // namespace tocsin::theme
