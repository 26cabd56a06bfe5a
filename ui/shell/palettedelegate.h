#pragma once
#include <QStyledItemDelegate>

#include "ui/theme/theme.h"

namespace tocsin::ui {

/// A line of the palette: mark, title, and to the right its detail and kind.
class PaletteDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit PaletteDelegate(theme::Theme& theme, QObject* parent = nullptr);
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    theme::Theme& m_theme;
};

}  // namespace tocsin::ui
