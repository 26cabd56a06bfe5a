#include "ui/incident/timelinedelegate.h"

#include <QPainter>

#include "ui/incident/timelinemodel.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {
constexpr int kSide = 14;
constexpr int kColumnGap = 10;

/// Spaces stay: they part what is written one after the other.
QString onOneLine(QString text) {
    return text.replace(u'\n', u' ').replace(u'\r', u' ').replace(u'\t', u' ');
}

}  // namespace

TimelineDelegate::TimelineDelegate(theme::Theme& theme, const QString& person, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme), m_person(person) {
}

QColor TimelineDelegate::actorInk(const QString& actor) const {
    const auto& colors = m_theme.colors();
    return actor == u"Tocsin"_s ? colors.muted : colors.info;
}

void TimelineDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
    const auto& colors = m_theme.colors();
    painter->save();
    if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) {
        painter->fillRect(option.rect, colors.selection);
    }
    QRect row = option.rect.adjusted(kSide, 0, -kSide, 0);
    const QFont mono = m_theme.monoFont();
    painter->setFont(mono);
    painter->setPen(colors.muted);
    const int timeWidth = QFontMetrics(mono).horizontalAdvance(u"00:00:00"_s);
    painter->drawText(row, Qt::AlignVCenter | Qt::AlignLeft,
                      index.data(TimelineModel::At).toString());
    row.setLeft(row.left() + timeWidth + kColumnGap);

    const QFont text = m_theme.textFont();
    const QFontMetrics metrics(text);
    const QString actor = index.data(TimelineModel::Actor).toString();
    const int actorWidth = metrics.averageCharWidth() * 12;
    painter->setFont(text);
    painter->setPen(actorInk(actor));
    const QString name = actor == m_person ? tr("you") : actor;
    painter->drawText(QRect(row.topLeft(), QSize(actorWidth, row.height())), Qt::AlignVCenter,
                      metrics.elidedText(name, Qt::ElideRight, actorWidth - 4));
    row.setLeft(row.left() + actorWidth);

    paintWords(*painter, row, index);
    painter->restore();
}

void TimelineDelegate::paintWords(QPainter& painter, QRect row, const QModelIndex& index) const {
    const auto& colors = m_theme.colors();
    QFont font = m_theme.textFont();
    const QFontMetrics metrics(font);
    const auto write = [&](const QString& text, const QColor& ink) {
        const QString shown = metrics.elidedText(onOneLine(text), Qt::ElideRight, row.width());
        painter.setPen(ink);
        painter.drawText(row, Qt::AlignVCenter | Qt::AlignLeft, shown);
        row.setLeft(row.left() + metrics.horizontalAdvance(shown));
    };
    const QString text = index.data(TimelineModel::Text).toString();
    const QString instead = index.data(TimelineModel::Correction).toString();
    if (index.data(TimelineModel::Corrects).toLongLong() > 0)
        write(tr("correction: "), colors.warning);
    if (instead.isEmpty()) {
        const QString kept =
            index.data(TimelineModel::HasEvidence).toBool() ? tr(" · evidence kept") : QString();
        const QRect whole = row;
        row.setWidth(std::max(0, row.width() - metrics.horizontalAdvance(kept)));
        write(text, colors.text);
        row.setRight(whole.right());
        return write(kept, colors.muted);
    }
    // Both stay readable: what was written, struck through, and what is right.
    const QString right = tr("  → %1").arg(instead);
    const QRect whole = row;
    row.setWidth(std::max(row.width() / 2, row.width() - metrics.horizontalAdvance(right)));
    font.setStrikeOut(true);
    painter.setFont(font);
    write(text, colors.muted);
    font.setStrikeOut(false);
    painter.setFont(font);
    row.setRight(whole.right());
    write(right, colors.text);
}

QSize TimelineDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
    return {200, QFontMetrics(m_theme.textFont()).height() + 8};
}

}  // namespace tocsin::ui
