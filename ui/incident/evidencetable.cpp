#include "ui/incident/evidencetable.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;
using incidents::RowDifference;
using Kind = incidents::RowDifference::Kind;

namespace {

/// As it was kept: NULL is told from the text "NULL" by its ink.
QString cellText(const QJsonValue& value) {
    if (value.isNull() || value.isUndefined()) return u"NULL"_s;
    return value.isString() ? value.toString() : value.toVariant().toString();
}

}  // namespace

EvidenceTable::EvidenceTable(theme::Theme& theme, QObject* parent)
    : QAbstractTableModel(parent), m_theme(theme) {
}

void EvidenceTable::showResult(const QJsonObject& result) {
    beginResetModel();
    m_isDifference = false;
    m_shown = {};
    m_shown.columns = incidents::columnNames(result);
    for (const auto& row : result[u"rows"_s].toArray())
        m_shown.rows.append({Kind::Same, row.toArray(), {}});
    endResetModel();
}

void EvidenceTable::showDifference(const incidents::Difference& difference, bool withSame) {
    beginResetModel();
    m_isDifference = true;
    m_shown = difference;
    if (!withSame)
        m_shown.rows.removeIf([](const RowDifference& row) { return row.kind == Kind::Same; });
    endResetModel();
}

int EvidenceTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_shown.rows.size());
}

int EvidenceTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_shown.columns.size()) + (m_isDifference ? 1 : 0);
}

QColor EvidenceTable::inkOf(const RowDifference& row) const {
    const auto& colors = m_theme.colors();
    switch (row.kind) {
        case Kind::Added:
            return colors.ok;
        case Kind::Removed:
            return colors.critical;
        case Kind::Changed:
            return colors.warning;
        case Kind::Same:
            break;
    }
    return m_isDifference ? colors.muted : colors.text;
}

QVariant EvidenceTable::mark(const RowDifference& row, int role) const {
    if (role == Qt::ForegroundRole) return inkOf(row);
    if (role != Qt::DisplayRole) return {};
    switch (row.kind) {
        case Kind::Added:
            return tr("+ added");
        case Kind::Removed:
            return tr("− gone");
        case Kind::Changed:
            return tr("~ changed");
        case Kind::Same:
            break;
    }
    return tr("same");
}

QVariant EvidenceTable::cell(const RowDifference& row, int column, int role) const {
    const QJsonValue value = row.cells.at(column);
    const bool changed = row.kind == Kind::Changed && row.before.at(column) != value;
    switch (role) {
        case Qt::DisplayRole:
            return changed ? u"%1 → %2"_s.arg(cellText(row.before.at(column)), cellText(value))
                           : cellText(value);
        case Qt::ToolTipRole:
            return changed
                       ? tr("was: %1\nis: %2").arg(cellText(row.before.at(column)), cellText(value))
                       : cellText(value);
        case Qt::ForegroundRole:
            if (row.kind == Kind::Changed) return changed ? inkOf(row) : m_theme.colors().text;
            return value.isNull() ? m_theme.colors().faint : inkOf(row);
        default:
            return {};
    }
}

QVariant EvidenceTable::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const RowDifference& row = m_shown.rows[index.row()];
    if (role == Qt::FontRole) return m_theme.monoFont(-1);
    if (!m_isDifference) return cell(row, index.column(), role);
    return index.column() == 0 ? mark(row, role) : cell(row, index.column() - 1, role);
}

QVariant EvidenceTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole) return {};
    if (orientation == Qt::Vertical) return section + 1;
    if (!m_isDifference) return m_shown.columns.value(section);
    return section == 0 ? QString() : m_shown.columns.value(section - 1);
}

}  // namespace tocsin::ui
