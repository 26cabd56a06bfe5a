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
    /// Another answer to the same question: widths and place stay.
    void showAgain(std::shared_ptr<const ResultSet> set);
    /// Rows to point at (the session that blocks the others).
    void emphasize(const QSet<int>& rows);
    int sourceRow(const QModelIndex& index) const { return m_model->sourceRow(index.row()); }
    const QSet<int>& emphasized() const { return m_emphasized; }
    /// Which rows, in which order; found off the GUI thread, shown when it is.
    void arrange(const inspection::Arrangement& wanted);
    const inspection::Arrangement& arrangement() const { return m_arrangement; }
    const std::shared_ptr<const ResultSet>& set() const { return m_model->set(); }
    /// The rows that are chosen (all that are shown, in their order, when none is).
    QVector<qsizetype> chosenRows() const;
    /// In the order that is shown, whatever is chosen; empty means all of them in theirs.
    QVector<qsizetype> shownRows() const;
    QString textOf(inspection::Format format) const;
    void copy(inspection::Format format);
    /// For the rows that have arrived since.
    void widenColumns();

signals:
    /// A cell was clicked; NULL is not picked.
    void cellPicked(const QString& column, const QString& value, int row);
    /// Enter or a double click: a person wants to see the whole cell.
    void cellOpened(const QModelIndex& index);
    void arranged(int rows);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void fitColumns();
    void pick(const QModelIndex& index);
    void sortBy(int column);

    theme::Theme& m_theme;
    ResultModel* m_model;
    QSet<int> m_emphasized;
    inspection::Arrangement m_arrangement;
    int m_measured = 0;  ///< rows at the beginning that columns are wide enough for
    quint64 m_turn = 0;  ///< of the newest arrangement; an older answer is dropped
};

}  // namespace tocsin::ui
