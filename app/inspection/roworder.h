#pragma once
#include <memory>
#include <vector>

#include "sdk/resultset.h"

namespace tocsin::inspection {

/// Which rows are shown, in which order.
struct Arrangement {
    int sortColumn = -1;  ///< < 0: as the server sent them
    bool descending = false;
    QString filter;  ///< rows with it in any cell, ASCII letters in either case; empty: all
    bool isPlain() const { return sortColumn < 0 && filter.isEmpty(); }
};

using RowOrder = std::shared_ptr<const std::vector<int>>;

/// The row numbers of the first `rows` rows of `set`, filtered and sorted: a numeric column by its
/// value (NaN after the numbers), another by its bytes; NULL last either way; equals keep the
/// server's order. Any thread; a million numbers take well under a second.
RowOrder arranged(const ResultSet& set, qsizetype rows, const Arrangement& wanted);

}  // namespace tocsin::inspection
