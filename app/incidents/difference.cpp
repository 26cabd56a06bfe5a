#include "incidents/difference.h"

#include <QJsonDocument>
#include <QMultiHash>
#include <QSet>

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

using Places = QVector<qsizetype>;

/// Distinct for distinct values: NULL is not the text "null".
QByteArray identity(const QJsonArray& row, const Places& places) {
    QJsonArray values;
    for (const qsizetype place : places)
        values.append(row.at(place));
    return QJsonDocument(values).toJson(QJsonDocument::Compact);
}

bool isUnique(const QJsonArray& rows, const Places& places) {
    QSet<QByteArray> seen;
    for (const auto& row : rows) {
        const QByteArray one = identity(row.toArray(), places);
        if (seen.contains(one)) return false;
        seen.insert(one);
    }
    return true;
}

Places allPlaces(qsizetype count) {
    Places out;
    for (qsizetype i = 0; i < count; ++i)
        out.append(i);
    return out;
}

Places keyPlaces(const QStringList& columns, const QStringList& key, const QJsonArray& before,
                 const QJsonArray& after) {
    Places named;
    for (const QString& one : key)
        if (const qsizetype place = columns.indexOf(one); place >= 0) named.append(place);
    const auto works = [&](const Places& places) {
        return isUnique(before, places) && isUnique(after, places);
    };
    if (!named.isEmpty() && named.size() == key.size() && works(named)) return named;
    for (qsizetype i = 0; i < columns.size(); ++i)
        if (works({i})) return {i};
    return allPlaces(columns.size());
}

void count(Difference& to, const RowDifference& row) {
    to.added += row.kind == RowDifference::Kind::Added;
    to.removed += row.kind == RowDifference::Kind::Removed;
    to.changed += row.kind == RowDifference::Kind::Changed;
    to.rows.append(row);
}

QString rowsText(qsizetype rows) {
    return rows == 1 ? u"1 row"_s : u"%1 rows"_s.arg(rows);
}

}  // namespace

QStringList columnNames(const QJsonObject& result) {
    QStringList out;
    for (const auto& column : result[u"columns"_s].toArray())
        out.append(column.isObject() ? column.toObject()[u"name"_s].toString() : column.toString());
    return out;
}

QString Difference::summary() const {
    if (isEmpty()) return rows.isEmpty() ? u"both empty"_s : u"the same "_s + rowsText(rows.size());
    QStringList parts;
    if (added > 0) parts.append(rowsText(added) + u" added"_s);
    if (removed > 0) parts.append(rowsText(removed) + u" removed"_s);
    if (changed > 0) parts.append(rowsText(changed) + u" changed"_s);
    return (isComparable ? QString() : u"other columns: "_s) + parts.join(u", "_s);
}

Difference differenceOf(const QJsonObject& before, const QJsonObject& after,
                        const QStringList& key) {
    Difference out;
    out.columns = columnNames(after);
    out.isComparable = out.columns == columnNames(before);
    const QJsonArray old = before[u"rows"_s].toArray(), now = after[u"rows"_s].toArray();
    const Places places = out.isComparable ? keyPlaces(out.columns, key, old, now) : Places();
    for (const qsizetype place : places)
        out.key.append(out.columns.at(place));
    // A row that is there twice is found twice.
    QMultiHash<QByteArray, qsizetype> left;
    if (out.isComparable)
        for (qsizetype i = old.size(); i-- > 0;)
            left.insert(identity(old.at(i).toArray(), places), i);
    QSet<qsizetype> met;
    for (const auto& value : now) {
        const QJsonArray row = value.toArray();
        const auto twin = left.find(identity(row, places));
        if (!out.isComparable || twin == left.end()) {
            count(out, {RowDifference::Kind::Added, row, {}});
            continue;
        }
        const QJsonArray was = old.at(*twin).toArray();
        met.insert(*twin);
        left.erase(twin);
        if (was == row)
            count(out, {RowDifference::Kind::Same, row, {}});
        else
            count(out, {RowDifference::Kind::Changed, row, was});
    }
    for (qsizetype i = 0; i < old.size(); ++i)
        if (!met.contains(i)) count(out, {RowDifference::Kind::Removed, old.at(i).toArray(), {}});
    return out;
}

}  // namespace tocsin::incidents
