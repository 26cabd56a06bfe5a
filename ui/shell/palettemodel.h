#pragma once
#include <QAbstractListModel>
#include <functional>

#include "ui/theme/marks.h"

namespace tocsin::ui {

/// One thing the palette can find and do.
struct PaletteItem {
    QString kind;  ///< "alert", "runbook", "step", "connection", "command"
    QString title;
    QString detail;  ///< right-aligned: a shortcut, a source, a place
    theme::Mark mark = theme::Mark::None;
    QColor markColor;
    std::function<void()> run;
};

/// The items that answer a pattern, best first.
class PaletteModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { Kind = Qt::UserRole + 1, Title, Detail, MarkShape, MarkColor };
    static constexpr int kShown = 60;

    using QAbstractListModel::QAbstractListModel;

    void setItems(QVector<PaletteItem> items);
    void setPattern(const QString& pattern);
    const PaletteItem& item(int row) const { return m_items[m_found[row]]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    void find();
    QVector<PaletteItem> m_items;
    QString m_pattern;
    QVector<int> m_found;
};

}  // namespace tocsin::ui
