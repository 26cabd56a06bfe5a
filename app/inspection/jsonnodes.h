#pragma once
#include <QByteArray>
#include <QString>
#include <QVector>
#include <optional>

/// JSON as a tree, read from its text so that no number is rounded. Any thread; nesting needs no
/// stack.
namespace tocsin::inspection {

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
