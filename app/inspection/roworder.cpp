#include "inspection/roworder.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace tocsin::inspection {

namespace {

char asciiLower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool cellHolds(QByteArrayView cell, const QByteArray& needle) {
    return std::search(cell.begin(), cell.end(), needle.begin(), needle.end(),
                       [](char a, char b) { return asciiLower(a) == b; }) != cell.end();
}

std::vector<int> filteredRows(const ResultSet& set, qsizetype rows, const QString& filter) {
    std::vector<int> kept;
    QByteArray needle = filter.toUtf8();
    std::transform(needle.begin(), needle.end(), needle.begin(), asciiLower);
    const qsizetype columns = set.columns().size();
    for (qsizetype row = 0; row < rows; ++row) {
        bool found = needle.isEmpty();
        for (qsizetype c = 0; c < columns && !found; ++c) {
            const auto cell = set.cell(row, c);
            found = cell && cellHolds(*cell, needle);
        }
        if (found) kept.push_back(static_cast<int>(row));
    }
    return kept;
}

/// Beyond every number: NaN first, then NULL, so that both stand last.
struct SortValue {
    double number;
    std::int16_t rank;    ///< 0 a number, 1 not a number, 2 NULL
    std::int16_t digits;  ///< 0 not only digits; 1 as many as a double has; 2 perhaps more
    int row;
};

constexpr qsizetype kExactDigits = 15;

/// -1, 0 or 1: two decimal numbers without exponents, digit by digit.
int decimalOrder(QByteArrayView a, QByteArrayView b) {
    const auto isNegative = [](QByteArrayView text) { return text.startsWith('-'); };
    if (isNegative(a) != isNegative(b)) return isNegative(a) ? -1 : 1;
    if (isNegative(a)) return decimalOrder(b.sliced(1), a.sliced(1));
    const auto wholeOf = [](QByteArrayView text) {
        const qsizetype point = text.indexOf('.');
        return point < 0 ? text.size() : point;
    };
    if (wholeOf(a) != wholeOf(b)) return wholeOf(a) < wholeOf(b) ? -1 : 1;
    const int order =
        std::memcmp(a.data(), b.data(), static_cast<std::size_t>(std::min(a.size(), b.size())));
    if (order != 0 || a.size() == b.size()) return order < 0 ? -1 : order > 0;
    return a.size() < b.size() ? -1 : 1;
}

SortValue sortValueAt(const ResultSet& set, int row, int column) {
    const auto cell = set.cell(row, column);
    if (!cell) return {0, 2, 0, row};
    double number = 0;
    const auto read = std::from_chars(cell->data(), cell->data() + cell->size(), number);
    if (read.ec == std::errc::result_out_of_range) {
        // 1e-400 and 1e400 are numbers to the server.
        number = QByteArray(cell->data(), cell->size()).toDouble();
        return {number, 0, 0, row};
    }
    if (read.ec != std::errc{} || std::isnan(number)) return {0, 1, 0, row};
    const bool isPlain = std::none_of(cell->begin(), cell->end(),
                                      [](char c) { return c == 'e' || c == 'E' || c == 'n'; });
    const int digits = cell->size() > kExactDigits ? 2 : 1;
    return {number, 0, static_cast<std::int16_t>(isPlain ? digits : 0), row};
}

void sortByNumber(std::vector<int>& rows, const ResultSet& set, int column, bool descending) {
    std::vector<SortValue> values;
    values.reserve(rows.size());
    for (const int row : rows)
        values.push_back(sortValueAt(set, row, column));
    std::stable_sort(
        values.begin(), values.end(),
        [&set, column, descending](const SortValue& a, const SortValue& b) {
            if (a.rank != b.rank) return a.rank < b.rank;
            if (a.number == b.number && a.digits + b.digits > 2 && a.digits > 0 && b.digits > 0) {
                const int order = decimalOrder(*set.cell(a.row, column), *set.cell(b.row, column));
                return descending ? order > 0 : order < 0;
            }
            return descending ? a.number > b.number : a.number < b.number;
        });
    std::transform(values.begin(), values.end(), rows.begin(),
                   [](const SortValue& value) { return value.row; });
}

void sortByText(std::vector<int>& rows, const ResultSet& set, int column, bool descending) {
    std::stable_sort(rows.begin(), rows.end(), [&set, column, descending](int a, int b) {
        const auto x = set.cell(a, column);
        const auto y = set.cell(b, column);
        if (!x || !y) return x.has_value() && !y.has_value();
        const auto shorter = static_cast<std::size_t>(std::min(x->size(), y->size()));
        const int order = std::memcmp(x->data(), y->data(), shorter);
        const bool less = order < 0 || (order == 0 && x->size() < y->size());
        const bool more = order > 0 || (order == 0 && x->size() > y->size());
        return descending ? more : less;
    });
}

}  // namespace

RowOrder arranged(const ResultSet& set, qsizetype rows, const Arrangement& wanted) {
    std::vector<int> order = filteredRows(
        set, std::min<qsizetype>(rows, std::numeric_limits<int>::max()), wanted.filter);
    if (wanted.sortColumn >= 0 && wanted.sortColumn < set.columns().size()) {
        if (set.columns()[wanted.sortColumn].numeric)
            sortByNumber(order, set, wanted.sortColumn, wanted.descending);
        else
            sortByText(order, set, wanted.sortColumn, wanted.descending);
    }
    return std::make_shared<const std::vector<int>>(std::move(order));
}

}  // namespace tocsin::inspection
