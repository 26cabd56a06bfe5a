#pragma once
#include <QFrame>

#include "incidents/capturer.h"

class QBoxLayout;
class QLabel;

namespace tocsin::ui {

/// What is pinned: each statement with its connection, and how to take it off.
class PinsPanel : public QFrame {
    Q_OBJECT
public:
    explicit PinsPanel(incidents::Capturer& capturer, QWidget* parent = nullptr);

signals:
    /// Everything pinned is to be asked now.
    void askRequested();

private:
    void rebuild();
    QWidget* rowFor(const incidents::Pin& pin);

    incidents::Capturer& m_capturer;
    QBoxLayout* m_column;
    QWidget* m_rows = nullptr;
};

}  // namespace tocsin::ui
