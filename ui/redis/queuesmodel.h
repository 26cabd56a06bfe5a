#pragma once
#include <QAbstractTableModel>

#include "inspection/queues.h"

namespace tocsin::ui {

/// The queues of one Redis, one row each. Holds values; GUI thread.
class QueuesModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum class Column {
        Queue,
        State,
        Waiting,
        Oldest,
        Workers,
        Active,
        Delayed,
        Failed,
        Done,
        Trend,
        Count
    };
    enum Role {
        StateRole = Qt::UserRole + 1,  ///< int of inspection::QueueState
        TrendRole,                     ///< QVector<qint64>, oldest first
        SortRole,
        StaleRole,  ///< bool
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// `trends` in the order of `queues`. Rows stay where they are as long as the queues are the
    /// same.
    void setQueues(const QVector<inspection::Queue>& queues,
                   const QVector<QVector<qint64>>& trends);
    /// The server stopped answering: states are shown as not known, figures as they last were.
    void setStale(bool stale);
    bool isStale() const { return m_isStale; }
    const inspection::Queue* at(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(int row, Column column) const;
    QVariant sortKey(int row, Column column) const;

    QVector<inspection::Queue> m_queues;
    QVector<inspection::QueueVerdict> m_verdicts;
    QVector<QVector<qint64>> m_trends;
    bool m_isStale = false;
};

}  // namespace tocsin::ui
