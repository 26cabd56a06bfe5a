#pragma once
#include <QAbstractTableModel>

#include "ui/query/serversessions.h"

namespace tocsin::ui {

/// The sessions of a server. A look changes rows in place, takes away those that left and adds new
/// ones at the end: no row moves under the pointer. GUI thread.
class SessionModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Pid, State, Age, BlockedBy, Role, Application, Client, WaitsFor, Query, Columns };
    enum { PidRole = Qt::UserRole + 1, SortRole, AlarmRole, QueryRole };

    using QAbstractTableModel::QAbstractTableModel;
    void show(const QVector<ServerSession>& sessions);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void takeAwayAllBut(const QHash<QPair<qint64, QString>, int>& now);

    QVector<ServerSession> m_sessions;
};

/// Who blocks whom, as a tree. Reset only when somebody came, went or waits for another; else only
/// the figures change. GUI thread.
class BlockingModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Session, Holds, LongestWait, State, Query, Columns };

    using QAbstractItemModel::QAbstractItemModel;
    void show(const ServerActivity& activity);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    bool hasSameShape(const BlockingTree& tree) const;
    void tellChanged(const QVector<int>& siblings);

    QVector<ServerSession> m_sessions;
    BlockingTree m_tree;
};

/// "13:07", "1:02:11", "412 ms"; empty below zero.
QString lastingText(double seconds);

}  // namespace tocsin::ui
