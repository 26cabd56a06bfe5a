#pragma once
#include <QAbstractTableModel>

#include "delivery/ledger.h"
#include "ui/theme/theme.h"

namespace tocsin::ui {

/// Messages of the ledger and what became of them, newest first.
class LedgerModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Text, Channel, State, Tries, Answer, Age, ColumnCount };

    explicit LedgerModel(theme::Theme& theme, QObject* parent = nullptr);

    void setEntries(const QVector<delivery::Entry>& entries);
    /// The same list, read again: only the rows that differ change.
    void refresh(QVector<delivery::Entry> entries);
    /// A new one goes on top; a known one (by id) changes where it stands.
    void update(const delivery::Entry& entry);
    /// Whether a message says which incident it belongs to.
    void setShowsIncident(bool shows) { m_showsIncident = shows; }
    void setNow(const QDateTime& now);
    const QVector<delivery::Entry>& entries() const { return m_entries; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString textOf(const delivery::Entry& entry, int column) const;
    QColor inkOf(const delivery::Entry& entry) const;

    theme::Theme& m_theme;
    QVector<delivery::Entry> m_entries;
    QDateTime m_now;
    bool m_showsIncident = false;
};

}  // namespace tocsin::ui
