#pragma once
#include <QAbstractTableModel>
#include <memory>

#include "inspection/roworder.h"

namespace tocsin::ui {

/// The rows of a ResultSet, as they come. Only the rows that were announced are shown, so the set
/// may grow on another thread meanwhile. GUI thread.
class ResultModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role {
        NullRole = Qt::UserRole + 1,  ///< bool
        NumericRole,                  ///< bool
        BytesRole,                    ///< the whole cell as the server wrote it
        TextRole,                     ///< the whole cell; DisplayRole is one short line
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// The same set again announces its new rows; another one resets the model. Null empties it.
    void show(std::shared_ptr<const ResultSet> set);
    const std::shared_ptr<const ResultSet>& set() const { return m_set; }
    /// Shows these rows in this order; null: all of them as they came. Rows that arrive later are
    /// not shown until it is asked for again.
    void setOrder(inspection::RowOrder order);
    const inspection::RowOrder& order() const { return m_order; }
    /// The row of the set that stands at `row`.
    int sourceRow(int row) const { return m_order ? (*m_order)[static_cast<size_t>(row)] : row; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const ResultSet> m_set;
    inspection::RowOrder m_order;
    int m_rows = 0;  ///< announced, of the set
};

}  // namespace tocsin::ui
