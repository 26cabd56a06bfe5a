#pragma once
#include <QAbstractTableModel>
#include <QIcon>
#include <QVector>

class QSortFilterProxyModel;
class QTableView;

namespace tocsin::ui {

/// One cell of a record: what it says, and what it is sorted by (the text when there is nothing).
struct RecordCell {
    QString text;
    QVariant sortKey = {};
    QString tip = {};
    QIcon icon = {};
};

/// One row; `id` says which one it is when the same list is read again.
struct Record {
    QByteArray id;
    QVector<RecordCell> cells;
};

struct RecordColumn {
    QString title;
    bool isNumber = false;
};

/// Rows that were read in one go: slow commands, clients, sizes of keys. Holds values. GUI thread.
class RecordModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role { SortRole = Qt::UserRole + 1, IdRole };

    explicit RecordModel(const QVector<RecordColumn>& columns, QObject* parent = nullptr);

    /// Rows stay where they are as long as they are the same ones; else the model is reset.
    void setRecords(const QVector<Record>& records);
    void append(const QVector<Record>& records);
    /// Other columns; empties the model.
    void setColumns(const QVector<RecordColumn>& columns);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVector<RecordColumn> m_columns;
    QVector<Record> m_records;
};

/// A table over `model` that sorts by SortRole only when a header is pressed. The view owns its
/// proxy.
QTableView* recordTable(RecordModel& model, const QString& objectName,
                        const QString& accessibleName, QWidget* parent);
QSortFilterProxyModel* proxyOf(const QTableView& table);
/// As wide as what is in them, the last one takes the rest.
void fitColumns(QTableView& table);
/// Another column than the last takes the rest.
void stretchColumn(QTableView& table, int column);

}  // namespace tocsin::ui
