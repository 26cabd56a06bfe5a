#pragma once
#include <QByteArray>
#include <QString>
#include <QVector>
#include <optional>

/// JSON for people, from its text: what a parser would round, reorder or drop stays as it was
/// written. Any thread; nesting needs no stack.
namespace tocsin::inspection {

/// JSON set out over lines, `step` spaces a level. Only white space changes: numbers, order and
/// repeated names stay as they were sent. Nothing when it is not one JSON object or array.
std::optional<QString> indentedJson(const QByteArray& text, int step = 2);

/// One line of a tree of JSON.
struct JsonNode {
    int depth = 0;  ///< 0 is the whole
    QString name;   ///< "id", "[3]"; of the whole "{}" or "[]"
    QString value;  ///< a number, true, false and null as they are written; a text without its
                    ///< quotes; "{3}" and "[3]" for what has three parts
};

/// The first `most` nodes in the order of the text; nothing when it is not one JSON object or
/// array.
std::optional<QVector<JsonNode>> jsonNodes(const QByteArray& text, int most);

}  // namespace tocsin::inspection
