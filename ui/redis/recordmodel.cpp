#include "ui/redis/recordmodel.h"

#include <QHeaderView>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
#include <QTableView>
#include <algorithm>

namespace tocsin::ui {

constexpr int kRecordHeight = 26;
constexpr int kWidestRecord = 360;
constexpr int kRecordPadding = 6;

namespace {

/// Cells begin where their header's words do.
class RecordDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        option->rect.adjust(kRecordPadding, 0, -kRecordPadding, 0);
    }
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        QStyleOptionViewItem plain = option;
        plain.state &= ~QStyle::State_HasFocus;
        if (plain.state & QStyle::State_Selected)
            painter->fillRect(option.rect, option.palette.brush(QPalette::Highlight));
        QStyledItemDelegate::paint(painter, plain, index);
    }
};

}  // namespace

RecordModel::RecordModel(const QVector<RecordColumn>& columns, QObject* parent)
    : QAbstractTableModel(parent), m_columns(columns) {
}

void RecordModel::setRecords(const QVector<Record>& records) {
    const bool same = records.size() == m_records.size() &&
                      std::equal(records.cbegin(), records.cend(), m_records.cbegin(),
                                 [](const Record& a, const Record& b) { return a.id == b.id; });
    if (!same) beginResetModel();
    m_records = records;
    if (!same)
        endResetModel();
    else if (!records.isEmpty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void RecordModel::append(const QVector<Record>& records) {
    if (records.isEmpty()) return;
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(records.size()) - 1);
    m_records += records;
    endInsertRows();
}

void RecordModel::setColumns(const QVector<RecordColumn>& columns) {
    beginResetModel();
    m_columns = columns;
    m_records.clear();
    endResetModel();
}

int RecordModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_records.size());
}

int RecordModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant RecordModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= m_records.size()) return {};
    const Record& record = m_records[index.row()];
    if (role == IdRole) return record.id;
    const RecordCell cell = record.cells.value(index.column());
    switch (role) {
        case Qt::DisplayRole:
            return cell.text;
        case Qt::DecorationRole:
            return cell.icon.isNull() ? QVariant() : cell.icon;
        case Qt::ToolTipRole:
            return cell.tip.isEmpty() ? QVariant() : cell.tip;
        case Qt::TextAlignmentRole:
            return QVariant((m_columns[index.column()].isNumber ? Qt::AlignRight : Qt::AlignLeft) |
                            Qt::AlignVCenter);
        case SortRole:
            return cell.sortKey.isValid() ? cell.sortKey : QVariant(cell.text);
        default:
            return {};
    }
}

QVariant RecordModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section >= m_columns.size()) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((m_columns[section].isNumber ? Qt::AlignRight : Qt::AlignLeft) |
                        Qt::AlignVCenter);
    return role == Qt::DisplayRole ? QVariant(m_columns[section].title) : QVariant();
}

QTableView* recordTable(RecordModel& model, const QString& objectName,
                        const QString& accessibleName, QWidget* parent) {
    auto* table = new QTableView(parent);
    auto* sorted = new QSortFilterProxyModel(table);
    sorted->setSourceModel(&model);
    sorted->setSortRole(RecordModel::SortRole);
    sorted->setFilterCaseSensitivity(Qt::CaseInsensitive);
    sorted->setFilterKeyColumn(-1);
    // Rows stay put while they are looked at.
    sorted->setDynamicSortFilter(false);
    table->setModel(sorted);
    table->setObjectName(objectName);
    table->setAccessibleName(accessibleName);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->setItemDelegate(new RecordDelegate(table));
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(kRecordHeight);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setStretchLastSection(true);
    table->setSortingEnabled(true);
    table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    return table;
}

QSortFilterProxyModel* proxyOf(const QTableView& table) {
    return qobject_cast<QSortFilterProxyModel*>(table.model());
}

void fitColumns(QTableView& table) {
    table.resizeColumnsToContents();
    const int last = table.model()->columnCount() - 1;
    for (int column = 0; column < last; ++column)
        table.setColumnWidth(
            column, std::min(kWidestRecord, table.columnWidth(column) + 3 * kRecordPadding));
}

void stretchColumn(QTableView& table, int column) {
    table.horizontalHeader()->setStretchLastSection(false);
    table.horizontalHeader()->setSectionResizeMode(column, QHeaderView::Stretch);
}

}  // namespace tocsin::ui
