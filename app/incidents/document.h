#pragma once
#include <QString>
#include <QStringList>
#include <QVector>

namespace tocsin::incidents {

/// A plain document, written once and rendered as Markdown or HTML. All texts are plain: a renderer
/// escapes them, so that nothing in an alert, a result or a note can become markup.
struct Block {
    enum class Kind { Heading, Paragraph, Bullets, Table, Code };
    Kind kind = Kind::Paragraph;
    int level = 1;              ///< of a Heading
    QString text;               ///< Heading, Paragraph, Code
    QStringList items;          ///< Bullets
    QVector<QStringList> rows;  ///< Table; the first row is the heading

    static Block heading(int level, const QString& text);
    static Block paragraph(const QString& text);
    static Block bullets(const QStringList& items);
    static Block table(const QVector<QStringList>& rows);
    static Block code(const QString& text);
};

using Document = QVector<Block>;

QString toMarkdown(const Document& document);
/// A whole page that needs nothing beside it.
QString toHtml(const Document& document, const QString& title);

/// Plain text as Markdown that shows exactly it, on one line, also inside a table.
QString escapeMarkdown(const QString& text);

}  // namespace tocsin::incidents
