#pragma once
#include <QByteArray>
#include <QString>
#include <optional>

/// JSON for people, from its text: what a parser would round, reorder or drop stays as it was
/// written. Any thread; nesting needs no stack.
namespace tocsin::inspection {

/// JSON set out over lines, `step` spaces a level. Only white space changes: numbers, order and
/// repeated names stay as they were sent. Nothing when it is not one JSON object or array.
std::optional<QString> indentedJson(const QByteArray& text, int step = 2);

}  // namespace tocsin::inspection
