#pragma once
#include <QAbstractTableModel>

#include "incidents/incident.h"

namespace tocsin::ui {

/// Past and open incidents, the newest first. Holds values.
class PastModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Id, Severity, Declared, Lasted, Title, ColumnCount };
    enum Role { IdRole = Qt::UserRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setIncidents(QVector<incidents::Incident> incidents);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVector<incidents::Incident> m_incidents;
};

}  // namespace tocsin::ui
