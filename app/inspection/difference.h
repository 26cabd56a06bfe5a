#pragma once
#include <memory>

#include "sdk/error.h"
#include "sdk/resultset.h"

namespace tocsin::inspection {

/// What changed between two runs of a question.
struct Difference {
    /// A column "change" ("added", "gone", "changed"), then the columns of `after`; a changed cell
    /// reads "old → new". Rows that are the same are not in it.
    std::shared_ptr<const ResultSet> rows;
    qsizetype added = 0;
    qsizetype gone = 0;
    qsizetype changed = 0;
    qsizetype same = 0;
};

/// Compares by the values of the column `key` (several rows of one key by their order). Errors:
/// Parse when the two have different columns. Any thread.
Result<Difference> compared(const ResultSet& before, const ResultSet& after, int key);

}  // namespace tocsin::inspection
