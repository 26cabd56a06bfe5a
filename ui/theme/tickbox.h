#pragma once
#include <QCheckBox>

#include "ui/theme/theme.h"

namespace tocsin::theme {

/// A check box that shows a tick: a style sheet can colour the indicator, but not draw in it.
class TickBox : public QCheckBox {
    Q_OBJECT
public:
    explicit TickBox(const Theme& theme, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
};

}  // namespace tocsin::theme
