#include "ui/board/boarddelegate.h"

#include <QPainter>

#include "ui/board/age.h"
#include "ui/board/boardlist.h"
#include "ui/board/boardmodel.h"
#include "ui/theme/badge.h"
#include "ui/theme/marks.h"

namespace tocsin::ui {
namespace {

using Kind = BoardRow::Kind;

constexpr int kMargin = 12;
constexpr int kMark = 14;
constexpr int kTextLeft = 36;
constexpr int kMemberIndent = 18;
constexpr int kGap = 8;

bool isGreyed(const BoardRow& row) {
    return row.section == BoardSection::Silenced || row.section == BoardSection::Unknown;
}

void drawElided(QPainter& painter, const QRect& box, const QString& text, int flags) {
    const QFontMetrics metrics(painter.font());
    painter.drawText(box, flags | Qt::AlignVCenter | Qt::TextSingleLine,
                     metrics.elidedText(text, Qt::ElideRight, box.width()));
}

}  // namespace

BoardDelegate::BoardDelegate(theme::Theme& theme, Clock& clock, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme), m_clock(clock) {
    measure();
    connect(&theme, &theme::Theme::changed, this, &BoardDelegate::measure);
}

void BoardDelegate::measure() {
    m_key = m_theme.textFont(0, true);
    m_quietKey = m_theme.textFont(0);
    m_small = m_theme.textFont(-1);
    m_smallBold = m_theme.textFont(-1, true);
    m_age = m_theme.monoFont(-1);
    m_heading = m_theme.textFont(-1);
    m_heading.setLetterSpacing(QFont::AbsoluteSpacing, 0.6);
    m_titleHeight = std::max(QFontMetrics(m_key).height(), QFontMetrics(m_age).height());
    m_detailHeight = QFontMetrics(m_small).height();
    m_headingHeight = QFontMetrics(m_heading).height();
}

QSize BoardDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
    const auto kind = static_cast<Kind>(index.data(BoardModel::KindRole).toInt());
    if (kind == Kind::Section) return {0, m_headingHeight + 14};
    if (kind == Kind::More) return {0, m_detailHeight + 14};
    if (kind == Kind::Member) return {0, m_titleHeight + m_detailHeight + 14};
    return {0, m_titleHeight + m_detailHeight + 22};
}

void BoardDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const {
    const auto* model = qobject_cast<const BoardModel*>(index.model());
    if (!model) return;
    const BoardRow& row = model->row(index.row());
    painter->save();
    if (row.kind == Kind::Section || row.kind == Kind::More) {
        paintHeading(*painter, option.rect, row);
    } else {
        const auto* list = qobject_cast<const BoardList*>(option.widget);
        paintGround(*painter, option);
        paintAlert(*painter, option.rect, row, list ? list->asked() : QRegion(option.rect));
    }
    painter->restore();
}

void BoardDelegate::paintGround(QPainter& painter, const QStyleOptionViewItem& option) const {
    const theme::Palette& colors = m_theme.colors();
    const bool isSelected = option.state & QStyle::State_Selected;
    if (isSelected)
        painter.fillRect(option.rect, colors.selection);
    else if (option.state & QStyle::State_MouseOver)
        painter.fillRect(option.rect, colors.field);
    if (isSelected)
        painter.fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())),
                         colors.accent);
    if (option.state & QStyle::State_HasFocus) {
        painter.setPen(colors.focus);
        painter.drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
}

void BoardDelegate::paintHeading(QPainter& painter, const QRect& box, const BoardRow& row) const {
    const bool isMore = row.kind == Kind::More;
    painter.setFont(isMore ? m_small : m_heading);
    painter.setPen(isMore ? m_theme.colors().muted : m_theme.colors().faint);
    const int left = isMore ? kTextLeft : kMargin;
    drawElided(painter, box.adjusted(left, isMore ? 0 : 6, -kMargin, 0), row.title, Qt::AlignLeft);
}

int BoardDelegate::titleTop(const QRect& box) const {
    return box.top() + (box.height() - m_titleHeight - m_detailHeight - 4) / 2;
}

QRect BoardDelegate::ageBox(const QRect& box, const QString& text) const {
    const int width = QFontMetrics(m_age).horizontalAdvance(text);
    return {box.right() + 1 - kMargin - width, titleTop(box), width, m_titleHeight};
}

/// Ages move every second: what was not asked for is not shaped again for their sake.
void BoardDelegate::paintAlert(QPainter& painter, const QRect& box, const BoardRow& row,
                               const QRegion& asked) const {
    const int indent = row.kind == Kind::Member ? kMemberIndent : 0;
    const QRect title(box.left() + kTextLeft + indent, titleTop(box),
                      box.width() - kTextLeft - indent - kMargin, m_titleHeight);
    const AlertState state = row.kind == Kind::Source ? AlertState::Unknown : row.alert.state;
    const QRectF mark(box.left() + kMargin + indent, title.center().y() - kMark / 2.0 + 0.5, kMark,
                      kMark);
    if (asked.intersects(mark.toAlignedRect()))
        theme::paintMark(painter, mark, theme::markOf(row.alert.severity, state),
                         m_theme.severityColor(row.alert.severity, state));
    const QString age = ageText(row.since, m_clock.now());
    const QRect ageRoom = ageBox(box, age);
    if (asked.intersects(ageRoom)) paintAge(painter, ageRoom, row, age);
    const QRect room = title.adjusted(0, 0, -ageRoom.width() - kGap, 0);
    if (asked.intersects(room)) paintTitle(painter, room, row);
    const QRect detail = title.translated(0, m_titleHeight + 4);
    if (asked.intersects(detail)) paintDetail(painter, detail, row);
}

void BoardDelegate::paintAge(QPainter& painter, const QRect& box, const BoardRow& row,
                             const QString& age) const {
    painter.setFont(m_age);
    painter.setPen(isGreyed(row) ? m_theme.colors().faint : m_theme.colors().muted);
    painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter, age);
}

void BoardDelegate::paintTitle(QPainter& painter, const QRect& room, const BoardRow& row) const {
    const theme::Palette& colors = m_theme.colors();
    const auto count = row.members.size();
    const QString badge = count > 1 ? QStringLiteral("×%1").arg(count) : QString();
    const QSize badgeBox = badge.isEmpty() ? QSize(0, 0) : theme::badgeSize(badge, m_small);
    painter.setFont(row.kind == Kind::Member ? m_quietKey : m_key);
    painter.setPen(isGreyed(row) ? colors.muted : colors.text);
    const QRect text = room.adjusted(0, 0, badge.isEmpty() ? 0 : -badgeBox.width() - kGap, 0);
    drawElided(painter, text, row.title, Qt::AlignLeft);
    if (badge.isEmpty()) return;
    const int textWidth =
        std::min(text.width(), QFontMetrics(painter.font()).horizontalAdvance(row.title));
    const QRectF place(
        QPointF(text.left() + textWidth + kGap, room.center().y() - badgeBox.height() / 2.0 + 0.5),
        QSizeF(badgeBox));
    theme::paintBadge(painter, place, badge, m_small, row.isOpen ? colors.selection : colors.raised,
                      colors.text);
}

QString BoardDelegate::detailText(const BoardRow& row) const {
    if (row.kind != Kind::Source || !row.nextTry.isValid()) return row.detail;
    return QStringLiteral("next try %1 · %2")
        .arg(row.nextTry > m_clock.now()
                 ? QStringLiteral("in ") + countdownText(row.nextTry, m_clock.now())
                 : QStringLiteral("now"),
             row.detail);
}

void BoardDelegate::paintDetail(QPainter& painter, const QRect& line, const BoardRow& row) const {
    const theme::Palette& colors = m_theme.colors();
    const QString separator = QStringLiteral(" · ");
    const bool hasSource = row.kind != Kind::Source && row.section != BoardSection::Silenced;
    const QString source = hasSource ? row.alert.source : QString();
    const QString tail = row.incident.isEmpty() ? QString() : separator + row.incident;
    const QFontMetrics normal(m_small);
    const int tailWidth = normal.horizontalAdvance(tail);
    const int sourceWidth =
        source.isEmpty() ? 0 : QFontMetrics(m_smallBold).horizontalAdvance(source);
    const QString text = detailText(row);
    const int joint = source.isEmpty() || text.isEmpty() ? 0 : normal.horizontalAdvance(separator);

    QRect place(line.left(), line.top(), line.width(), m_detailHeight);
    const int room = std::max(0, place.width() - sourceWidth - tailWidth - joint);
    const QString shown = normal.elidedText(text, Qt::ElideRight, room);
    painter.setFont(m_small);
    painter.setPen(isGreyed(row) ? colors.faint : colors.muted);
    const auto put = [&](const QString& piece) {
        painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, piece);
        place.setLeft(place.left() + QFontMetrics(painter.font()).horizontalAdvance(piece));
    };
    put(shown);
    if (joint > 0) put(separator);
    painter.setFont(m_smallBold);
    put(source);
    painter.setFont(m_small);
    put(tail);
}

}  // namespace tocsin::ui
