#pragma once
#include <QLabel>

namespace tocsin::theme {

/// "FIRING · 7": small capitals above a group.
class SectionLabel : public QLabel {
    Q_OBJECT
public:
    explicit SectionLabel(const QString& text = {}, QWidget* parent = nullptr);
    void setCaption(const QString& text);  ///< shown in capitals, read out as written
};

/// One line that ends in "…" when there is no room; the whole text is its tool tip then.
class ElidedLabel : public QLabel {
    Q_OBJECT
public:
    explicit ElidedLabel(const QString& text = {}, QWidget* parent = nullptr);
    void setElideMode(Qt::TextElideMode mode);
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    Qt::TextElideMode m_mode = Qt::ElideRight;
};

}  // namespace tocsin::theme
