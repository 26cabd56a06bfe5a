#pragma once
#include <QAbstractTableModel>

#include "incidents/statistics.h"

namespace tocsin::ui {

/// Counts and times of past incidents, a line each for all, every severity and every key. Holds
/// values.
class FiguresModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Count, Mtta, MedianAcknowledge, Mttr, MedianResolve, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setStatistics(const incidents::Statistics& statistics);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVector<incidents::NamedFigures> m_lines;
};

}  // namespace tocsin::ui
