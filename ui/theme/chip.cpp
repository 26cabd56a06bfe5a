#include "ui/theme/chip.h"

#include <QPaintEvent>
#include <QPainter>

namespace tocsin::theme {

namespace {
constexpr int kSide = 9;
constexpr int kGap = 6;
constexpr int kMark = 10;
}  // namespace

QColor toneInk(const Palette& colors, Tone tone) {
    switch (tone) {
        case Tone::Plain:
            return colors.text;
        case Tone::Muted:
            return colors.muted;
        case Tone::Ok:
            return colors.ok;
        case Tone::Info:
            return colors.info;
        case Tone::Warning:
            return colors.warning;
        case Tone::Critical:
            return colors.critical;
    }
    return colors.text;
}

QColor toneFill(const Palette& colors, Tone tone) {
    switch (tone) {
        case Tone::Warning:
            return colors.warningFill;
        case Tone::Critical:
            return colors.criticalFill;
        case Tone::Ok:
            return colors.okFill;
        default:
            return colors.raised;
    }
}

Chip::Chip(Theme& theme, QWidget* parent) : QAbstractButton(parent), m_theme(theme) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        m_hint = {};
        updateGeometry();
        update();
    });
}

void Chip::setParts(Mark mark, const QString& strong, const QString& text, Tone tone) {
    const bool resized = mark != m_mark || strong != m_strong || text != this->text();
    if (!resized && tone == m_tone) return;
    m_mark = mark;
    m_strong = strong;
    m_tone = tone;
    setText(text);
    setAccessibleName((strong + u' ' + text).trimmed());
    if (resized) {
        m_hint = {};
        updateGeometry();
    }
    update();
}

void Chip::setMarkTone(Tone tone) {
    if (m_markTone == tone) return;
    m_markTone = tone;
    update();
}

QSize Chip::sizeHint() const {
    if (!m_hint.isValid()) m_hint = measured();  // asked for far more often than it changes
    return m_hint;
}

QSize Chip::measured() const {
    const QFontMetrics bold(m_theme.textFont(0, true));
    const QFontMetrics plain(m_theme.textFont());
    int width = 2 * kSide;
    if (m_mark != Mark::None) width += kMark + kGap;
    if (!m_strong.isEmpty()) width += bold.horizontalAdvance(m_strong) + kGap;
    if (!text().isEmpty()) width += plain.horizontalAdvance(text());
    return {width, plain.height() + 6};
}

void Chip::paintEvent(QPaintEvent*) {
    const Palette& colors = m_theme.colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF body = QRectF(rect()).adjusted(1, 1, -1, -1);
    painter.setBrush(underMouse() && focusPolicy() != Qt::NoFocus ? colors.hover : colors.raised);
    painter.setPen(hasFocus() ? QPen(colors.focus, 2) : QPen(Qt::NoPen));
    painter.drawRoundedRect(body, body.height() / 2, body.height() / 2);

    const QColor ink = toneInk(colors, m_tone);
    double x = kSide;
    if (m_mark != Mark::None) {
        paintMark(painter, QRectF(x, (height() - kMark) / 2.0, kMark, kMark), m_mark,
                  toneInk(colors, m_markTone.value_or(m_tone)));
        x += kMark + kGap;
    }
    if (!m_strong.isEmpty()) {
        painter.setFont(m_theme.textFont(0, true));
        painter.setPen(ink);
        painter.drawText(QRectF(x, 0, width(), height()), Qt::AlignVCenter | Qt::AlignLeft,
                         m_strong);
        x += painter.fontMetrics().horizontalAdvance(m_strong) + kGap;
    }
    painter.setFont(m_theme.textFont());
    painter.setPen(m_strong.isEmpty() ? ink : colors.text);
    painter.drawText(QRectF(x, 0, width(), height()), Qt::AlignVCenter | Qt::AlignLeft, text());
}

}  // namespace tocsin::theme
