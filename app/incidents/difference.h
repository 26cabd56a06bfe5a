#pragma once
#include <QJsonArray>
#include <QJsonObject>
#include <QStringList>
#include <QVector>

namespace tocsin::incidents {

/// One row of two results laid on each other.
struct RowDifference {
    enum class Kind { Same, Added, Removed, Changed };
    Kind kind = Kind::Same;
    QJsonArray cells;   ///< as they are now; of a removed row: as they were
    QJsonArray before;  ///< of a changed row: as they were; else empty
};

/// What became of a result between two looks at the same question.
struct Difference {
    QStringList columns;
    QStringList key;  ///< the columns that say which row is which; all of them: whole rows
    QVector<RowDifference> rows;  ///< in the order of the later one; removed ones last
    int added = 0, removed = 0, changed = 0;
    /// False when the columns are not the same: then every row is removed or added.
    bool isComparable = true;

    bool isEmpty() const { return added + removed + changed == 0; }
    /// "2 rows added, 1 removed, 3 changed", "the same 97 rows".
    QString summary() const;
};

/// Compares two kept results ({columns:[{name}], rows:[[text or null]]}) row by row. `key` names
/// columns whose values together are unique; where they are not, or none is named, the first column
/// that is unique in both is taken, else the whole row. Pure; any thread.
Difference differenceOf(const QJsonObject& before, const QJsonObject& after,
                        const QStringList& key = {});

/// The names of a kept result's columns.
QStringList columnNames(const QJsonObject& result);

}  // namespace tocsin::incidents
