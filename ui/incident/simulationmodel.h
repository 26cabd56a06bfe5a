#pragma once
#include <QAbstractTableModel>

#include "escalation/simulation.h"

namespace tocsin::ui {

/// Who would be told when, a line each, in order of time. Holds values.
class SimulationModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { After, At, Level, Whom, What, ColumnCount };
    enum Role { KindRole = Qt::UserRole };  ///< nameOf(Told::Kind)

    using QAbstractTableModel::QAbstractTableModel;

    void setLines(const QVector<escalation::Told>& lines);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVector<escalation::Told> m_lines;
};

}  // namespace tocsin::ui
