#pragma once
#include <QSet>
#include <QTableView>

#include "inspection/format.h"
#include "ui/query/resultmodel.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

/// The rows of a result: first ones at once, NULL told from text, numbers to the right. Ctrl+C and
/// the menu copy the chosen rows (all when none is chosen). GUI thread.
class ResultGrid : public QTableView {
    Q_OBJECT
public:
    explicit ResultGrid(theme::Theme& theme, QWidget* parent = nullptr);

    /// As ResultModel::show(); a new set also fits the columns to its first rows.
    void show(std::shared_ptr<const ResultSet> set);
    using QTableView::show;
    /// Rows to point at (the session that blocks the others).
    void emphasize(const QSet<int>& rows);
    const QSet<int>& emphasized() const { return m_emphasized; }
    QString textOf(inspection::Format format) const;
    void copy(inspection::Format format);

signals:
    /// A cell was clicked; NULL is not picked.
    void cellPicked(const QString& column, const QString& value, int row);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void fitColumns();
    void pick(const QModelIndex& index);

    theme::Theme& m_theme;
    ResultModel* m_model;
    QSet<int> m_emphasized;
};

}  // namespace tocsin::ui
