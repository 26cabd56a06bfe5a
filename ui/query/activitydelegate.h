#pragma once
#include <QStyledItemDelegate>

#include "ui/theme/theme.h"

namespace tocsin::ui {

/// Rows of the activity view: in the code font, red where somebody waits or holds the others up.
class ActivityDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    ActivityDelegate(theme::Theme& theme, QObject* parent);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    theme::Theme& m_theme;
};

}  // namespace tocsin::ui
