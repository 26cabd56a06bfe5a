#pragma once
#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QVector>

namespace tocsin::runbooks {

/// One line of a document, with the number it has there (from 1).
struct SourceLine {
    QString text;
    int line = 0;
};

/// Inline code or a link inside a paragraph.
struct Span {
    QString text;
    QString href;    ///< of a link; empty for code
    QString before;  ///< plain text of the paragraph up to here
    int line = 0;
};

/// One piece of a Markdown document, in reading order. A list item is its Item, everything in it,
/// and its ItemEnd.
struct Element {
    enum class Kind { Heading, Item, ItemEnd, Paragraph, Fence };
    Kind kind = Kind::Paragraph;
    int level = 0;          ///< of a heading, 1…6; of an item, 1 for the outermost
    int number = 0;         ///< of an ordered item; 0 for a bullet
    bool isTask = false;    ///< "- [ ]"
    bool isQuoted = false;  ///< inside a block quote
    int line = 0;           ///< first line; 0 when the element is empty
    int lastLine = 0;       ///< last line, a fence's closing mark included
    QString text;           ///< heading, paragraph: without marks
    QString strong;         ///< paragraph: the bold words it begins with
    QVector<Span> spans;
    QString language;  ///< fence: first word after the marks, lower case
    QVector<SourceLine> code;
};

/// The document as a flat list. `utf8` must be valid UTF-8 with "\n" line ends. Pure; any thread.
QVector<Element> outline(const QByteArray& utf8);

}  // namespace tocsin::runbooks
