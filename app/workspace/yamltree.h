#pragma once
#include <QByteArray>
#include <QString>
#include <vector>

#include "workspace/workspace.h"

namespace tocsin::workspace {

/// One node of a YAML document that remembers where it stood. Plain and quoted text are told apart
/// so that `"yes"` is never a switch. Aliases are already copied in.
struct YamlNode {
    enum class Kind { Null, Scalar, Sequence, Map };

    Kind kind = Kind::Null;
    int line = 1, column = 1;  ///< 1-based, in characters
    QString text;              ///< scalars
    bool quoted = false;
    std::vector<YamlNode> keys;   ///< maps: keys[i] belongs to items[i]
    std::vector<YamlNode> items;  ///< maps and sequences

    bool isNull() const { return kind == Kind::Null; }
    bool isScalar() const { return kind == Kind::Scalar; }
    bool isSequence() const { return kind == Kind::Sequence; }
    bool isMap() const { return kind == Kind::Map; }
    /// The value under `key`, or null. Maps only.
    const YamlNode* find(const QString& key) const;
    const YamlNode* given(const QString& key) const;  ///< as find(), but not what stands empty
    /// "text", "a list", "a map", "nothing": for messages.
    QString kindName() const;
};

struct YamlDocument {
    YamlNode root;
    QVector<Mistake> mistakes;
};

/// Parses one document of at most 1 MB. Any bytes are accepted; what is not UTF-8 YAML becomes a
/// mistake ("too-large", "not-text", "tab-indent", "yaml-syntax", "duplicate-key", "alias-limit").
/// After a syntax error the tree holds the sections that were complete before it. Pure; any thread.
YamlDocument parseYaml(const QByteArray& text, const QString& file);

}  // namespace tocsin::workspace
