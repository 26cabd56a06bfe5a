#pragma once
#include "runbooks/runbook.h"

namespace tocsin::runbooks {

/// The holes of a block's text: `[LIKE_THIS]`, `[your-org]`, `<like-this>`, `{{ x }}`, `$X`,
/// `${X}`, ascending, never overlapping. What only looks like one is not: SQL's `$1`, dollar quotes
/// and subscripts, character classes of a regular expression, comparisons, JSON arrays, shell
/// variables that the text itself sets, `$NF` inside awk's quotes, anything in a comment. Pure.
QVector<Placeholder> placeholdersIn(const QString& text, BlockKind kind);

}  // namespace tocsin::runbooks
