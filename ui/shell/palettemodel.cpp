#include "ui/shell/palettemodel.h"

#include "ui/shell/fuzzy.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

void PaletteModel::setItems(QVector<PaletteItem> items) {
    m_items = std::move(items);
    m_pattern.clear();
    find();
}

void PaletteModel::setPattern(const QString& pattern) {
    m_pattern = pattern;
    find();
}

void PaletteModel::find() {
    beginResetModel();
    QVector<QPair<int, int>> scored;  // score, place
    for (int i = 0; i < m_items.size(); ++i) {
        const PaletteItem& item = m_items[i];
        int score = 2 * fuzzyScore(m_pattern, item.title);
        if (score == 0)
            score = fuzzyScore(m_pattern, item.kind + u' ' + item.title + u' ' + item.detail);
        if (score > 0) scored.append({score, i});
    }
    const auto better = [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
    };
    const auto shown = std::min<qsizetype>(kShown, scored.size());
    std::partial_sort(scored.begin(), scored.begin() + shown, scored.end(), better);
    m_found.clear();
    for (qsizetype i = 0; i < shown; ++i)
        m_found << scored[i].second;
    endResetModel();
}

int PaletteModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_found.size());
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const PaletteItem& found = item(index.row());
    switch (role) {
        case Qt::DisplayRole:
        case Title:
            return found.title;
        case Qt::AccessibleTextRole:
            return u"%1, %2"_s.arg(found.title, found.kind);
        case Kind:
            return found.kind;
        case Detail:
            return found.detail;
        case MarkShape:
            return int(found.mark);
        case MarkColor:
            return found.markColor;
        default:
            return {};
    }
}

}  // namespace tocsin::ui
