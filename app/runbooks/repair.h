#pragma once
#include <QByteArray>
#include <QVector>

namespace tocsin::runbooks {

/// Text made fit for reading, and the way back to the lines of the document.
struct RepairedText {
    QByteArray utf8;              ///< no byte order mark, "\n" line ends, front matter blanked out
    QVector<int> lines;           ///< index: line in utf8 less one; value: line in the document
    QByteArray frontMatter;       ///< YAML between the first two "---"; empty when there is none
    QVector<int> unclosedFences;  ///< document lines of opening marks that nothing closes
    bool frontMatterIsOpen = false;  ///< "---" began it, nothing ended it

    int documentLine(int line) const {
        return line < 1 || line > lines.size() ? line : lines[line - 1];
    }
};

/// Closes a fence that its author forgot to close, before the heading or the fence that follows:
/// one missing mark must not swallow the runbooks below it. Pure.
RepairedText repaired(const QByteArray& utf8);

}  // namespace tocsin::runbooks
