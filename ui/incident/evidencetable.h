#pragma once
#include <QAbstractTableModel>

#include "incidents/difference.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

/// The rows of a kept result exactly as they were kept, or laid beside an earlier look at the same
/// question: then each row says in its first column what became of it.
class EvidenceTable : public QAbstractTableModel {
    Q_OBJECT
public:
    explicit EvidenceTable(theme::Theme& theme, QObject* parent = nullptr);

    void showResult(const QJsonObject& result);
    /// Rows that stayed the same are left out unless `withSame`.
    void showDifference(const incidents::Difference& difference, bool withSame);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVariant cell(const incidents::RowDifference& row, int column, int role) const;
    QVariant mark(const incidents::RowDifference& row, int role) const;
    QColor inkOf(const incidents::RowDifference& row) const;

    theme::Theme& m_theme;
    incidents::Difference m_shown;
    bool m_isDifference = false;
};

}  // namespace tocsin::ui
