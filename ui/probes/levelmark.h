#pragma once
#include <QPainter>
#include <QWidget>

#include "ui/theme/marks.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

/// The shape and colour of a probe's level. Paints only; the word stands beside it.
class LevelMark : public QWidget {
public:
    LevelMark(theme::Theme& theme, ProbeLevel level, QWidget* parent = nullptr)
        : QWidget(parent), m_theme(theme), m_level(level) {
        setFixedSize(14, 14);
        connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
    }

    void setLevel(ProbeLevel level) {
        m_level = level;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        theme::paintMark(painter, QRectF(rect()), theme::markOf(m_level),
                         m_theme.levelColor(m_level));
    }

private:
    theme::Theme& m_theme;
    ProbeLevel m_level;
};

}  // namespace tocsin::ui
