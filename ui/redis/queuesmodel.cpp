#include "ui/redis/queuesmodel.h"

#include <algorithm>

#include "ui/redis/keywords.h"
#include "ui/theme/durations.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using inspection::Queue;

void QueuesModel::setQueues(const QVector<Queue>& queues, const QVector<QVector<qint64>>& trends) {
    const bool same = queues.size() == m_queues.size() &&
                      std::equal(queues.cbegin(), queues.cend(), m_queues.cbegin(),
                                 [](const Queue& a, const Queue& b) { return a.id == b.id; });
    if (!same) beginResetModel();
    m_queues = queues;
    m_trends = trends;
    m_verdicts.clear();
    for (const Queue& queue : queues)
        m_verdicts << inspection::verdictOf(queue);
    if (!same)
        endResetModel();
    else if (!queues.isEmpty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void QueuesModel::setStale(bool stale) {
    if (std::exchange(m_isStale, stale) == stale || m_queues.isEmpty()) return;
    emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

const Queue* QueuesModel::at(int row) const {
    return row >= 0 && row < m_queues.size() ? &m_queues[row] : nullptr;
}

int QueuesModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_queues.size());
}

int QueuesModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(Column::Count);
}

QString QueuesModel::text(int row, Column column) const {
    const Queue& queue = m_queues[row];
    switch (column) {
        case Column::Queue:
            return queue.id.shortName();
        case Column::State:
            return m_isStale ? tr("not known · last: %1").arg(m_verdicts[row].headline)
                             : m_verdicts[row].headline;
        case Column::Waiting:
            return countText(queue.waiting);
        case Column::Active:
            return countText(queue.active);
        case Column::Delayed:
            return queue.overdue > 0
                       ? tr("%1 (%2 late)").arg(countText(queue.delayed), countText(queue.overdue))
                       : countText(queue.delayed);
        case Column::Failed:
            return queue.failedRecently > 0
                       ? tr("+%1 · %2")
                             .arg(countText(queue.failedRecently), countText(queue.failed))
                       : countText(queue.failed);
        case Column::Done:
            return countText(queue.completedRecently);
        case Column::Workers:
            return countText(queue.workers.value_or(-1));
        case Column::Oldest:
            return queue.oldestWaiting
                       ? theme::ageText(theme::between(*queue.oldestWaiting, queue.at))
                       : QString();
        case Column::Trend:
        case Column::Count:
            break;
    }
    return {};
}

QVariant QueuesModel::sortKey(int row, Column column) const {
    const Queue& queue = m_queues[row];
    switch (column) {
        case Column::State:
            return static_cast<int>(m_verdicts[row].state);
        case Column::Waiting:
        case Column::Trend:
            return queue.waiting;
        case Column::Active:
            return queue.active;
        case Column::Delayed:
            return queue.overdue * 1'000'000'000 + queue.delayed;
        case Column::Failed:
            return queue.failedRecently * 1'000'000'000 + queue.failed;
        case Column::Done:
            return queue.completedRecently;
        case Column::Workers:
            return queue.workers.value_or(-1);
        case Column::Oldest:
            return queue.oldestWaiting ? queue.oldestWaiting->msecsTo(queue.at) : qint64(-1);
        default:
            return text(row, column);
    }
}

QVariant QueuesModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= m_queues.size()) return {};
    const auto column = static_cast<Column>(index.column());
    const bool isNumber = column >= Column::Waiting && column <= Column::Done;
    switch (role) {
        case Qt::DisplayRole:
            return text(index.row(), column);
        case Qt::TextAlignmentRole:
            return QVariant((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
        case Qt::ToolTipRole: {
            const Queue& queue = m_queues[index.row()];
            const QString library = queue.isClassic           ? tr("Bull")
                                    : queue.version.isEmpty() ? tr("BullMQ")
                                                              : tr("BullMQ %1").arg(queue.version);
            return tr("%1 · %2\n%3")
                .arg(QString::fromUtf8(queue.id.key({}).chopped(1)), library,
                     m_verdicts[index.row()].signs.join(u'\n'));
        }
        case StateRole:
            return static_cast<int>(m_isStale ? inspection::QueueState::Unknown
                                              : m_verdicts[index.row()].state);
        case StaleRole:
            return m_isStale;
        case TrendRole:
            return QVariant::fromValue(m_trends.value(index.row()));
        case SortRole:
            return sortKey(index.row(), column);
        default:
            return {};
    }
}

QVariant QueuesModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    const auto column = static_cast<Column>(section);
    if (role == Qt::TextAlignmentRole) {
        const bool isNumber = column >= Column::Waiting && column <= Column::Done;
        return QVariant((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role == Qt::ToolTipRole && column == Column::Failed)
        return tr("In the last five minutes · in all that are kept");
    if (role == Qt::ToolTipRole && column == Column::Done)
        return tr("Completed in the last five minutes, of those that are kept");
    if (role == Qt::ToolTipRole && column == Column::Oldest)
        return tr(
            "How long ago the oldest that waits was added, of the jobs at the ends of the "
            "list. It may have been delayed, or tried and put back, meanwhile");
    if (role != Qt::DisplayRole) return {};
    static const char* const names[] = {QT_TR_NOOP("queue"),      QT_TR_NOOP("state"),
                                        QT_TR_NOOP("waiting"),    QT_TR_NOOP("oldest"),
                                        QT_TR_NOOP("workers"),    QT_TR_NOOP("active"),
                                        QT_TR_NOOP("delayed"),    QT_TR_NOOP("failed"),
                                        QT_TR_NOOP("done 5 min"), QT_TR_NOOP("waiting over time")};
    return section < static_cast<int>(std::size(names)) ? tr(names[section]) : QVariant();
}

}  // namespace tocsin::ui
