#pragma once
#include <QAbstractButton>
#include <optional>

#include "ui/theme/marks.h"
#include "ui/theme/theme.h"

namespace tocsin::theme {

/// What a chip or badge says with its colour.
enum class Tone { Plain, Muted, Ok, Info, Warning, Critical };
QColor toneInk(const Palette& colors, Tone tone);
QColor toneFill(const Palette& colors, Tone tone);

/// A rounded capsule: mark, strong part, text ("▲ 2 critical"). A button, so that it can be reached
/// and pressed by keyboard; setFocusPolicy(Qt::NoFocus) where pressing it does nothing.
class Chip : public QAbstractButton {
    Q_OBJECT
public:
    explicit Chip(Theme& theme, QWidget* parent = nullptr);

    /// `strong` stands before text() in the tone's colour and half bold; may be empty.
    void setParts(Mark mark, const QString& strong, const QString& text, Tone tone);
    /// The mark in another tone than the words: a green dot before a plain name.
    void setMarkTone(Tone tone);
    Tone tone() const { return m_tone; }
    QString strong() const { return m_strong; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QSize measured() const;

    Theme& m_theme;
    mutable QSize m_hint;
    Mark m_mark = Mark::None;
    QString m_strong;
    Tone m_tone = Tone::Plain;
    std::optional<Tone> m_markTone;
};

}  // namespace tocsin::theme
