#pragma once
#include <QListView>
#include <chrono>

#include "sdk/clock.h"

namespace tocsin::ui {

/// The list of the board. Knows when a person is at work in it: the pointer moves over it, it is
/// scrolled, or a key was pressed. Nothing may move then. A pointer that rests counts for a while
/// only, so that a parked mouse cannot hide what is new for long. GUI thread.
class BoardList : public QListView {
    Q_OBJECT
public:
    static constexpr std::chrono::seconds kPointerHold{6};
    static constexpr std::chrono::seconds kKeyHold{2};

    /// `clock` must outlive the list.
    explicit BoardList(Clock& clock, QWidget* parent = nullptr);

    bool isHeld() const;
    /// Ends the hold without a signal: what comes next is what the person asked for.
    void endHold();
    /// What the paint event under way was asked for; for the delegate.
    const QRegion& asked() const { return m_asked; }

signals:
    /// The hold is over: what waited may be shown.
    void released();
    /// Enter, Space or a double click on the row.
    void toggleRequested(int row);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;

private:
    void hold(std::chrono::milliseconds span);

    Clock& m_clock;
    std::chrono::milliseconds m_heldUntil{0};
    quint64 m_hold = 0;
    QRegion m_asked;
};

}  // namespace tocsin::ui
