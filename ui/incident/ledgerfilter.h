#pragma once
#include <QSortFilterProxyModel>

namespace tocsin::ui {

/// The messages of a LedgerModel that a person wants to see: by what became of them, and by words
/// of text, event, channel or answer.
class LedgerFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    enum class Show { All, Unfinished, Undelivered, Delivered };

    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setShow(Show show);
    void setWords(const QString& words);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    Show m_show = Show::All;
    QStringList m_words;
};

}  // namespace tocsin::ui
