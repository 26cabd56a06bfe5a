#include "ui/query/activitydelegate.h"

#include <QPainter>

#include "ui/query/sessionmodels.h"

namespace tocsin::ui {

namespace {

constexpr int kPadding = 8;

}  // namespace

ActivityDelegate::ActivityDelegate(theme::Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme) {
}

void ActivityDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
    const theme::Palette& colors = m_theme.colors();
    const bool alarm = index.data(SessionModel::AlarmRole).toBool();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, colors.selection);
    else if (alarm)
        painter->fillRect(option.rect, colors.criticalFill);
    painter->setPen(colors.line);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    painter->setFont(m_theme.monoFont(-1));
    painter->setPen(colors.text);
    const QRect box = option.rect.adjusted(kPadding, 0, -kPadding, 0);
    const QVariant aligned = index.data(Qt::TextAlignmentRole);
    const int alignment =
        aligned.isValid() ? aligned.toInt() : int(Qt::AlignLeft | Qt::AlignVCenter);
    painter->drawText(box, alignment,
                      painter->fontMetrics().elidedText(index.data(Qt::DisplayRole).toString(),
                                                        Qt::ElideRight, box.width()));
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(colors.focus);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
}

QSize ActivityDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
    return {60, QFontMetrics(m_theme.monoFont(-1)).height() + 10};
}

}  // namespace tocsin::ui
