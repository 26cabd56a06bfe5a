#include "ui/redis/queuesdelegate.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>

#include "ui/redis/queuesmodel.h"
#include "ui/theme/marks.h"

namespace tocsin::ui {

using inspection::QueueState;

namespace {

constexpr int kMarkRoom = 20;
constexpr int kMarkSize = 10;

theme::Mark queueMark(int state) {
    switch (static_cast<QueueState>(state)) {
        case QueueState::Stuck:
            return theme::Mark::Triangle;
        case QueueState::Paused:
        case QueueState::Slow:
            return theme::Mark::Diamond;
        case QueueState::Waiting:
            return theme::Mark::Ring;
        case QueueState::Unknown:
            return theme::Mark::Question;
        default:
            return theme::Mark::Dot;
    }
}

}  // namespace

QueuesDelegate::QueuesDelegate(theme::Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme) {
}

QColor QueuesDelegate::stateColor(int state) const {
    const theme::Palette& colors = m_theme.colors();
    switch (static_cast<QueueState>(state)) {
        case QueueState::Stuck:
            return colors.critical;
        case QueueState::Paused:
        case QueueState::Slow:
            return colors.warning;
        case QueueState::Working:
            return colors.ok;
        default:
            return colors.muted;
    }
}

void QueuesDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
    QStyledItemDelegate::initStyleOption(option, index);
    const int state = index.data(QueuesModel::StateRole).toInt();
    const bool isStale = index.data(QueuesModel::StaleRole).toBool();
    QColor ink = isStale ? m_theme.colors().muted : m_theme.colors().text;
    if (index.column() == static_cast<int>(QueuesModel::Column::State)) ink = stateColor(state);
    if (option->text == QLatin1String("0")) ink = m_theme.colors().faint;
    option->palette.setColor(QPalette::Text, ink);
    option->palette.setColor(QPalette::HighlightedText, ink);
    if (index.column() == static_cast<int>(QueuesModel::Column::Queue)) {
        option->font = m_theme.textFont(0, true);
        option->rect.adjust(kMarkRoom, 0, 0, 0);
    }
}

void QueuesDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const {
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, m_theme.colors().selection);
    const auto column = static_cast<QueuesModel::Column>(index.column());
    QStyleOptionViewItem plain = option;
    plain.state &= ~QStyle::State_HasFocus;
    if (column == QueuesModel::Column::Trend)
        paintTrend(*painter, option.rect.adjusted(6, 5, -6, -5),
                   index.data(QueuesModel::TrendRole).value<QVector<qint64>>());
    else
        QStyledItemDelegate::paint(painter, plain, index);
    if (column == QueuesModel::Column::Queue) {
        const int state = index.data(QueuesModel::StateRole).toInt();
        const QRectF box(option.rect.left() + 6, option.rect.center().y() - kMarkSize / 2.0,
                         kMarkSize, kMarkSize);
        theme::paintMark(*painter, box, queueMark(state), stateColor(state));
    }
    painter->setPen(m_theme.colors().line);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    painter->restore();
}

void QueuesDelegate::paintTrend(QPainter& painter, const QRect& box,
                                const QVector<qint64>& values) const {
    if (values.size() < 2 || box.width() < 10) return;
    const qint64 most = std::max<qint64>(1, *std::max_element(values.cbegin(), values.cend()));
    const double step = static_cast<double>(box.width()) / static_cast<double>(values.size() - 1);
    QPainterPath path;
    for (qsizetype i = 0; i < values.size(); ++i) {
        const QPointF point(box.left() + step * static_cast<double>(i),
                            box.bottom() - static_cast<double>(box.height()) *
                                               static_cast<double>(values[i]) /
                                               static_cast<double>(most));
        i == 0 ? path.moveTo(point) : path.lineTo(point);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.colors().accent, 1.4));
    painter.drawPath(path);
}

QSize QueuesDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const QSize size = QStyledItemDelegate::sizeHint(option, index);
    const bool isQueue = index.column() == static_cast<int>(QueuesModel::Column::Queue);
    // The name is bold and stands behind its mark.
    return {size.width() + 14 + (isQueue ? kMarkRoom + size.width() / 8 : 0),
            std::max(28, size.height() + 8)};
}

}  // namespace tocsin::ui
