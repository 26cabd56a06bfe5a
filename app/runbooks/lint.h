#pragma once
#include "runbooks/library.h"

namespace tocsin::runbooks {

/// Mistakes that many runbooks share, found in one block: commands that never end, keys that do
/// not exist, quotes the shell eats, addresses that moved. Each finding says the right form. Pure.
QVector<Finding> lint(const Block& block, const QString& file);

/// Every rule name, for the documentation and its test.
QStringList lintRules();

}  // namespace tocsin::runbooks
