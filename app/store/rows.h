#pragma once
#include "store/database.h"

namespace tocsin::store {

/// Writes many rows with few statements: `head` VALUES (?, …), (?, …) … `tail`. One statement per
/// row costs more in preparing than in writing. All rows are equally long. In the caller's
/// transaction: after an error it has to be given up.
Result<void> insertRows(Transaction& tx, const QString& head, const QVector<QVariantList>& rows,
                        const QString& tail = {});

}  // namespace tocsin::store
