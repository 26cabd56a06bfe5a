#pragma once
#include <QFrame>

namespace tocsin::theme {

/// A framed piece of a pane: quiet, active (the one the keyboard is in), or production (what is
/// inside would change a production server).
class Card : public QFrame {
    Q_OBJECT
public:
    enum class Look { Quiet, Active, Production };

    explicit Card(QWidget* parent = nullptr);
    void setLook(Look look);
    Look look() const { return m_look; }

private:
    Look m_look = Look::Quiet;
};

}  // namespace tocsin::theme
