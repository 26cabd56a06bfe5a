#pragma once
#include <QAbstractListModel>

#include "sdk/clock.h"
#include "ui/board/boardrow.h"

namespace tocsin::ui {

/// The rows of the board as they stand. Takes each new arrangement with the fewest signals:
/// vanished rows are removed, kept rows re-ordered with their selection, new rows inserted, changed
/// rows announced. Never resets. GUI thread.
class BoardModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Column { EntryColumn, ColumnCount };
    enum Role {
        KindRole = Qt::UserRole + 1,  ///< BoardRow::Kind as int
        IdRole,                       ///< BoardRow::id
        KeyRole,                      ///< alert key
        SeverityRole,                 ///< word: "critical" …
        StateRole,                    ///< word: "firing" …
        SourceRole,
        DetailRole,
        CountRole,  ///< alerts behind the row
        IncidentRole,
        SinceRole,  ///< QDateTime, UTC
    };

    /// `clock` must outlive the model; it is asked for the age in accessible texts.
    explicit BoardModel(Clock& clock, QObject* parent = nullptr);

    void setRows(const BoardRows& rows);
    /// Takes over the new contents of rows that are already here, and leaves order and number
    /// alone.
    void refreshRows(const BoardRows& rows);
    /// How many rows setRows(rows) would add, take away or move.
    int structuralDifference(const BoardRows& rows) const;

    const BoardRows& rows() const { return m_rows; }
    const BoardRow& row(int at) const { return m_rows[at]; }
    int indexOfId(const QString& id) const;                ///< -1 when absent
    int indexOfAlert(const alerts::AlertId& alert) const;  ///< the most exact row; -1 when absent

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    void removeVanished(const QSet<QString>& wanted);
    void reorder(const QHash<QString, int>& places);
    void insertMissing(const BoardRows& rows);
    QString spoken(const BoardRow& row) const;
    QString toolTip(const BoardRow& row) const;

    Clock& m_clock;
    BoardRows m_rows;
};

}  // namespace tocsin::ui
