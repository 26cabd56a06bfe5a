#include "inspection/difference.h"

#include <QHash>
#include <vector>

namespace tocsin::inspection {

namespace {

using ComparedCell = std::optional<QByteArrayView>;

QByteArray comparedKey(const ResultSet& set, qsizetype row, int key) {
    const ComparedCell cell = set.cell(row, key);
    return cell ? '=' + cell->toByteArray() : QByteArray();
}

QByteArray comparedText(const ComparedCell& cell) {
    return cell ? cell->toByteArray() : QByteArray("NULL");
}

/// Writes the rows of a difference.
class DifferenceWriter {
public:
    explicit DifferenceWriter(const ResultSet& like) {
        QVector<Column> columns{{QStringLiteral("change"), QStringLiteral("text"), false}};
        for (Column column : like.columns()) {
            column.numeric = false;  // "3 → 4" is none
            columns << column;
        }
        m_set = std::make_shared<ResultSet>(columns);
    }

    void whole(const QByteArray& change, const ResultSet& set, qsizetype row) {
        begin(change);
        for (qsizetype c = 0; c < set.columns().size(); ++c)
            add(set.cell(row, c));
        end();
    }

    void changed(const ResultSet& before, qsizetype old, const ResultSet& after, qsizetype row) {
        begin("changed");
        for (qsizetype c = 0; c < after.columns().size(); ++c) {
            const ComparedCell was = before.cell(old, c);
            const ComparedCell is = after.cell(row, c);
            if (was == is)
                add(is);
            else
                m_cells << comparedText(was) + " → " + comparedText(is);
        }
        end();
    }

    std::shared_ptr<const ResultSet> take() { return std::move(m_set); }

private:
    void begin(const QByteArray& change) {
        m_cells.clear();
        m_cells << change;
    }
    void add(const ComparedCell& cell) {
        m_cells << (cell ? QByteArray(cell->data(), cell->size()) : QByteArray());
        if (cell && m_cells.last().isNull()) m_cells.last() = QByteArray("");
    }
    void end() {
        std::vector<const char*> values;
        std::vector<int> lengths;
        for (const QByteArray& cell : std::as_const(m_cells)) {
            values.push_back(cell.constData());
            lengths.push_back(cell.isNull() ? -1 : static_cast<int>(cell.size()));
        }
        m_set->appendRow(values.data(), lengths.data());
    }

    std::shared_ptr<ResultSet> m_set;
    QVector<QByteArray> m_cells;
};

bool haveSameColumns(const ResultSet& a, const ResultSet& b) {
    if (a.columns().size() != b.columns().size()) return false;
    for (qsizetype c = 0; c < a.columns().size(); ++c)
        if (a.columns()[c].name != b.columns()[c].name) return false;
    return true;
}

bool areSameRows(const ResultSet& a, qsizetype x, const ResultSet& b, qsizetype y) {
    for (qsizetype c = 0; c < a.columns().size(); ++c)
        if (a.cell(x, c) != b.cell(y, c)) return false;
    return true;
}

}  // namespace

Result<Difference> compared(const ResultSet& before, const ResultSet& after, int key) {
    if (!haveSameColumns(before, after) || key < 0 || key >= after.columns().size())
        return fail(ErrorCode::Parse,
                    QStringLiteral("The two results have different columns; run the same question "
                                   "again to compare."));
    QHash<QByteArray, QVector<qsizetype>> old;
    for (qsizetype row = before.rowCount() - 1; row >= 0; --row)
        old[comparedKey(before, row, key)] << row;
    Difference difference;
    DifferenceWriter writer(after);
    const qsizetype rows = after.rowCount();
    for (qsizetype row = 0; row < rows; ++row) {
        const auto found = old.find(comparedKey(after, row, key));
        if (found == old.end() || found->isEmpty()) {
            ++difference.added;
            writer.whole("added", after, row);
            continue;
        }
        const qsizetype was = found->takeLast();
        if (areSameRows(before, was, after, row)) {
            ++difference.same;
            continue;
        }
        ++difference.changed;
        writer.changed(before, was, after, row);
    }
    std::vector<bool> isLeft(static_cast<std::size_t>(before.rowCount()), false);
    for (const QVector<qsizetype>& left : std::as_const(old))
        for (const qsizetype row : left)
            isLeft[static_cast<std::size_t>(row)] = true;
    for (qsizetype row = 0; row < before.rowCount(); ++row) {
        if (!isLeft[static_cast<std::size_t>(row)]) continue;
        ++difference.gone;
        writer.whole("gone", before, row);
    }
    difference.rows = writer.take();
    return difference;
}

}  // namespace tocsin::inspection
