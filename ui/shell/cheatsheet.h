#pragma once
#include <QFrame>
#include <QVector>

namespace tocsin::ui {

/// F1: every key and what it does, over the window. F1 or Esc closes it.
class CheatSheet : public QFrame {
    Q_OBJECT
public:
    struct Line {
        QString keys, meaning;
    };
    CheatSheet(const QVector<Line>& lines, QWidget* window);
    void toggle();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();
};

}  // namespace tocsin::ui
