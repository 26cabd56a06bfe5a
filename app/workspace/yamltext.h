#pragma once
#include <QString>
#include <QVector>

#include "workspace/entryedit.h"
#include "workspace/yamltree.h"

namespace tocsin::workspace {

/// True for a value that needs no quotes anywhere in a file.
bool isPlainScalar(const QString& text);
/// As a scalar that nothing in it can end: plain, or in double quotes.
QString scalarText(const QString& text);

/// Where a key is added to a map: behind the last one whose end is plain to see.
std::ptrdiff_t placeToAdd(const YamlNode& entry);

/// The text of a file, changed at places that its tree names; after a change the tree is to be made
/// anew. A place that is not where it seems to be spoils the text, which is found out by reading it
/// again. A value; pure.
class YamlText {
public:
    explicit YamlText(const QByteArray& yaml);

    /// The map `entry` with one key more, less or with another value.
    void change(const YamlNode& entry, const KeyChange& change);
    /// `line` as the last item of the list under the key `section`, which is made where it lacks.
    void append(const YamlNode& root, const QString& section, const QString& line);
    QByteArray bytes() const { return m_text.toUtf8(); }

private:
    qsizetype at(const YamlNode& node) const;
    QChar charAt(qsizetype place) const;
    qsizetype lineBegin(qsizetype place) const;
    qsizetype lineEnd(qsizetype place) const;
    qsizetype scalarEnd(qsizetype from, bool isKey, bool inBraces) const;
    qsizetype valueBegin(const YamlNode& key, bool inBraces) const;
    qsizetype valueEnd(const YamlNode& key, const YamlNode& value, bool inBraces) const;
    void add(const YamlNode& entry, const KeyChange& change);
    void remove(const YamlNode& entry, size_t place);
    qsizetype sectionEnd(const YamlNode& root, const YamlNode& section) const;
    void insertLine(qsizetype at, const QString& line);

    QString m_text, m_lineEnd;
    QVector<qsizetype> m_starts;
};

}  // namespace tocsin::workspace
