#include "ui/board/boardlist.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPaintEvent>

namespace tocsin::ui {

BoardList::BoardList(Clock& clock, QWidget* parent) : QListView(parent), m_clock(clock) {
    setMouseTracking(true);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setResizeMode(Adjust);
    setTextElideMode(Qt::ElideRight);
    setFrameShape(QFrame::NoFrame);
    setContextMenuPolicy(Qt::CustomContextMenu);
}

bool BoardList::isHeld() const {
    return m_clock.elapsed() < m_heldUntil;
}

void BoardList::endHold() {
    m_heldUntil = {};
    ++m_hold;
}

void BoardList::hold(std::chrono::milliseconds span) {
    m_heldUntil = std::max(m_heldUntil, m_clock.elapsed() + span);
    const quint64 number = ++m_hold;
    m_clock.callAfter(m_heldUntil - m_clock.elapsed(), this, [this, number] {
        if (number == m_hold) emit released();
    });
}

void BoardList::paintEvent(QPaintEvent* event) {
    m_asked = event->region();
    QListView::paintEvent(event);
}

bool BoardList::viewportEvent(QEvent* event) {
    switch (event->type()) {
        case QEvent::MouseMove:
        case QEvent::MouseButtonPress:
        case QEvent::Wheel:
            hold(kPointerHold);
            break;
        case QEvent::Leave:
            endHold();
            emit released();
            break;
        default:
            break;
    }
    return QListView::viewportEvent(event);
}

void BoardList::keyPressEvent(QKeyEvent* event) {
    hold(kKeyHold);
    const int row = currentIndex().row();
    const bool isToggle = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter ||
                          event->key() == Qt::Key_Space;
    if (isToggle && event->modifiers() == Qt::NoModifier && row >= 0) {
        emit toggleRequested(row);
        event->accept();
        return;
    }
    QListView::keyPressEvent(event);
}

void BoardList::mouseDoubleClickEvent(QMouseEvent* event) {
    QListView::mouseDoubleClickEvent(event);
    if (const QModelIndex index = indexAt(event->pos()); index.isValid())
        emit toggleRequested(index.row());
}

}  // namespace tocsin::ui
