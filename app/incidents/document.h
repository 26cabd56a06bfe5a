#pragma once
#include <QString>
#include <QStringList>
#include <QVector>

namespace tocsin::incidents {

/// A plain document, written once and rendered as Markdown or HTML. All texts are plain: a renderer
/// escapes them, so that nothing in an alert, a result or a note can become markup. Only Markdown
/// and Drawing are what they say: for the words of a template, and for SVG that was made here.
struct Block {
    enum class Kind { Heading, Paragraph, Bullets, Table, Code, Markdown, Drawing };
    Kind kind = Kind::Paragraph;
    int level = 1;              ///< of a Heading
    QString text;               ///< all but Bullets and Table
    QStringList items;          ///< Bullets
    QVector<QStringList> rows;  ///< Table; the first row is the heading

    static Block heading(int level, const QString& text);
    static Block paragraph(const QString& text);
    static Block bullets(const QStringList& items);
    static Block table(const QVector<QStringList>& rows);
    static Block code(const QString& text);
    static Block markdown(const QString& text);
    static Block drawing(const QString& svg);
};

using Document = QVector<Block>;

/// `drawing` is the name under which the first drawing lies beside the file; without one it is left
/// out, as Markdown has no drawings of its own.
QString toMarkdown(const Document& document, const QString& drawing = {});
/// A whole page that needs nothing beside it.
QString toHtml(const Document& document, const QString& title);
/// The same for paper: plain tables, dark on white, and a drawing as the picture `drawing.svg`.
QString toPaperHtml(const Document& document, const QString& title);

/// Plain text as Markdown that shows exactly it, on one line, also inside a table.
QString escapeMarkdown(const QString& text);

}  // namespace tocsin::incidents
