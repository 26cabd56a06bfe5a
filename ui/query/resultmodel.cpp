#include "ui/query/resultmodel.h"

#include <algorithm>
#include <limits>

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

// What a row of a table can show; the whole cell is in TextRole.
constexpr qsizetype kShown = 400;

int announced(const ResultSet& set) {
    return static_cast<int>(
        std::min<qsizetype>(set.rowCount(), std::numeric_limits<int>::max() - 1));
}

QString cellLine(QByteArrayView cell) {
    QString text = QString::fromUtf8(cell.first(std::min(cell.size(), 4 * kShown)));
    const bool cut = cell.size() > 4 * kShown || text.size() > kShown;
    text.truncate(kShown);
    text.replace(u'\n', u'⏎').replace(u'\t', u' ').remove(u'\r');
    return cut ? text + u'…' : text;
}

}  // namespace

void ResultModel::show(std::shared_ptr<const ResultSet> set) {
    if (set && set == m_set) {
        const int rows = announced(*set);
        if (rows <= m_rows) return;
        if (m_order) {
            m_rows = rows;
            return;
        }
        beginInsertRows({}, m_rows, rows - 1);
        m_rows = rows;
        endInsertRows();
        return;
    }
    beginResetModel();
    m_set = std::move(set);
    m_order.reset();
    m_rows = m_set ? announced(*m_set) : 0;
    endResetModel();
}

void ResultModel::setOrder(inspection::RowOrder order) {
    if (!order && !m_order) return;
    beginResetModel();
    m_order = std::move(order);
    endResetModel();
}

int ResultModel::rowCount(const QModelIndex& parent) const {
    if (parent.isValid()) return 0;
    return m_order ? static_cast<int>(m_order->size()) : m_rows;
}

int ResultModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_set ? 0 : static_cast<int>(m_set->columns().size());
}

QVariant ResultModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const Column& column = m_set->columns()[index.column()];
    if (role == NumericRole) return column.numeric;
    if (role == Qt::TextAlignmentRole)
        return int(column.numeric ? Qt::AlignRight | Qt::AlignVCenter
                                  : Qt::AlignLeft | Qt::AlignVCenter);
    const auto cell = m_set->cell(sourceRow(index.row()), index.column());
    switch (role) {
        case BytesRole:
            return cell ? QVariant(QByteArray(cell->data(), cell->size())) : QVariant();
        case NullRole:
            return !cell.has_value();
        case TextRole:
            return cell ? QString::fromUtf8(*cell) : QString();
        case Qt::DisplayRole:
            return cell ? cellLine(*cell) : u"NULL"_s;
        case Qt::ToolTipRole:
            return cell && cell->size() > 40
                       ? QString::fromUtf8(cell->first(std::min<qsizetype>(cell->size(), 2000)))
                       : QVariant();
        case Qt::AccessibleTextRole:
            return column.name + u": "_s + (cell ? cellLine(*cell) : u"NULL"_s);
        default:
            return {};
    }
}

QVariant ResultModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || !m_set || section >= columnCount()) return {};
    const Column& column = m_set->columns()[section];
    if (role == Qt::DisplayRole) return column.name;
    if (role == Qt::ToolTipRole) return column.type;
    if (role == Qt::TextAlignmentRole)
        return int(column.numeric ? Qt::AlignRight | Qt::AlignVCenter
                                  : Qt::AlignLeft | Qt::AlignVCenter);
    return {};
}

}  // namespace tocsin::ui
