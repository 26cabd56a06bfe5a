#include "ui/shell/palettedelegate.h"

#include <QPainter>

#include "ui/shell/palettemodel.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {
constexpr int kSide = 14;
constexpr int kMark = 10;
}  // namespace

PaletteDelegate::PaletteDelegate(theme::Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme) {
}

void PaletteDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
    const auto& colors = m_theme.colors();
    painter->save();
    if (option.state & QStyle::State_Selected) painter->fillRect(option.rect, colors.selection);
    QRect row = option.rect.adjusted(kSide, 0, -kSide, 0);
    const QRectF markBox(row.left(), row.center().y() - kMark / 2.0 + 1, kMark, kMark);
    theme::paintMark(*painter, markBox, theme::Mark(index.data(PaletteModel::MarkShape).toInt()),
                     index.data(PaletteModel::MarkColor).value<QColor>());
    row.setLeft(row.left() + kMark + 9);

    QString aside = index.data(PaletteModel::Kind).toString();
    if (const QString detail = index.data(PaletteModel::Detail).toString(); !detail.isEmpty())
        aside = detail + u"  ·  "_s + aside;
    const QFontMetrics metrics(m_theme.textFont());
    aside = metrics.elidedText(aside, Qt::ElideMiddle, row.width() / 2);
    painter->setFont(m_theme.textFont());
    painter->setPen(colors.muted);
    painter->drawText(row, Qt::AlignVCenter | Qt::AlignRight, aside);
    row.setRight(row.right() - metrics.horizontalAdvance(aside) - 12);
    painter->setPen(colors.text);
    painter->drawText(row, Qt::AlignVCenter | Qt::AlignLeft,
                      metrics.elidedText(index.data(PaletteModel::Title).toString(), Qt::ElideRight,
                                         row.width()));
    painter->restore();
}

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
    return {300, QFontMetrics(m_theme.textFont()).height() + 12};
}

}  // namespace tocsin::ui
