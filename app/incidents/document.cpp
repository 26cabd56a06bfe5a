#include "incidents/document.h"

#include <QRegularExpression>
#include <algorithm>

#include "incidents/markdownhtml.h"

using namespace Qt::StringLiterals;

namespace tocsin::incidents {
namespace {

/// A fence longer than any run of backticks inside, so that the content cannot end it.
QString fenced(const QString& text) {
    qsizetype longest = 2, run = 0;
    for (const QChar c : text) {
        run = c == u'`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const QString fence(longest + 1, u'`');
    return u"%1text\n"_s.arg(fence) + text + u"\n"_s + fence + u"\n"_s;
}

QString markdownTable(const QVector<QStringList>& rows) {
    QString out;
    for (qsizetype i = 0; i < rows.size(); ++i) {
        QStringList cells;
        for (const QString& cell : rows.at(i))
            cells.append(escapeMarkdown(cell));
        out += u"| "_s + cells.join(u" | "_s) + u" |\n"_s;
        if (i == 0) out += u"|"_s + u" --- |"_s.repeated(cells.size()) + u"\n"_s;
    }
    return out;
}

QString markdownOf(const Block& block, const QString& drawing) {
    switch (block.kind) {
        case Block::Kind::Heading:
            return QString(block.level, u'#') + u' ' + escapeMarkdown(block.text) + u'\n';
        case Block::Kind::Paragraph:
            return escapeMarkdown(block.text) + u'\n';
        case Block::Kind::Table:
            return markdownTable(block.rows);
        case Block::Kind::Code:
            return fenced(block.text);
        case Block::Kind::Markdown:
            return block.text.trimmed() + u'\n';
        case Block::Kind::Drawing:
            return drawing.isEmpty() ? QString() : u"![Timeline](%1)\n"_s.arg(drawing);
        case Block::Kind::Bullets:
            break;
    }
    QString out;
    for (const QString& item : block.items)
        out += u"- "_s + escapeMarkdown(item) + u'\n';
    return out;
}

QString htmlTable(const QVector<QStringList>& rows) {
    QString out = u"<table>\n"_s;
    for (qsizetype i = 0; i < rows.size(); ++i) {
        const QString tag = i == 0 ? u"th"_s : u"td"_s;
        out += u"<tr>"_s;
        for (const QString& cell : rows.at(i))
            out += u"<"_s + tag + u">"_s + cell.toHtmlEscaped() + u"</"_s + tag + u">"_s;
        out += u"</tr>\n"_s;
    }
    return out + u"</table>\n"_s;
}

enum class Medium { Screen, Paper };

QString htmlOf(const Block& block, Medium medium) {
    const QString text = block.text.toHtmlEscaped();
    switch (block.kind) {
        case Block::Kind::Heading:
            return u"<h"_s + QString::number(block.level) + u">"_s + text + u"</h"_s +
                   QString::number(block.level) + u">\n"_s;
        case Block::Kind::Paragraph:
            return u"<p>"_s + text + u"</p>\n"_s;
        case Block::Kind::Table:
            return htmlTable(block.rows);
        case Block::Kind::Code:
            return u"<pre>"_s + text + u"</pre>\n"_s;
        case Block::Kind::Markdown:
            return htmlFromMarkdown(block.text);
        case Block::Kind::Drawing:
            return medium == Medium::Screen ? u"<figure>"_s + block.text + u"</figure>\n"_s
                                            : u"<p><img src=\"drawing.svg\" width=\"680\"></p>\n"_s;
        case Block::Kind::Bullets:
            break;
    }
    QString out = u"<ul>\n"_s;
    for (const QString& item : block.items)
        out += u"<li>"_s + item.toHtmlEscaped() + u"</li>\n"_s;
    return out + u"</ul>\n"_s;
}

// Colours of the system in both schemes: the page stands alone and knows no theme.
const QString kStyle =
    u":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;"
    "margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}"
    "th,td{border-bottom:1px solid GrayText;padding:.3rem .6rem;text-align:left;"
    "vertical-align:top}pre{border:1px solid GrayText;padding:.6rem;overflow-x:auto}"
    "figure{margin:0;overflow-x:auto}figure svg{max-width:100%;height:auto}"_s;

// The few rules that Qt's text document knows.
const QString kPaperStyle =
    u"body{font-size:9pt;color:#1b2330}h1{font-size:16pt}h2{font-size:12pt}h3{font-size:10pt}"
    "table{border-collapse:collapse}th,td{padding:2px 5px;border:1px solid #c8ced8}"
    "th{background-color:#eef1f5}pre,code{font-family:monospace;font-size:8pt}"_s;

QString pageOf(const Document& document, const QString& title, const QString& style,
               Medium medium) {
    QString out = u"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>"_s +
                  title.toHtmlEscaped() + u"</title><style>"_s + style +
                  u"</style></head><body>\n"_s;
    for (const Block& block : document)
        out += htmlOf(block, medium);
    return out + u"</body></html>\n"_s;
}

}  // namespace

Block Block::heading(int level, const QString& text) {
    return {Kind::Heading, level, text, {}, {}};
}
Block Block::paragraph(const QString& text) {
    return {Kind::Paragraph, 1, text, {}, {}};
}
Block Block::bullets(const QStringList& items) {
    return {Kind::Bullets, 1, {}, items, {}};
}
Block Block::table(const QVector<QStringList>& rows) {
    return {Kind::Table, 1, {}, {}, rows};
}
Block Block::code(const QString& text) {
    return {Kind::Code, 1, text, {}, {}};
}
Block Block::markdown(const QString& text) {
    return {Kind::Markdown, 1, text, {}, {}};
}
Block Block::drawing(const QString& svg) {
    return {Kind::Drawing, 1, svg, {}, {}};
}

QString escapeMarkdown(const QString& text) {
    static const QString special = u"\\`*_{}[]<>()#+!|~&"_s;
    static const QRegularExpression listMark(u"^(\\d+)([.)])"_s);
    QString out;
    for (const QChar c : text.simplified()) {
        if (special.contains(c)) out += u'\\';
        out += c;
    }
    if (out.startsWith(u'-') || out.startsWith(u'=')) out.prepend(u'\\');
    return out.replace(listMark, u"\\1\\\\\\2"_s);
}

QString toMarkdown(const Document& document, const QString& drawing) {
    QStringList parts;
    for (const Block& block : document)
        if (const QString part = markdownOf(block, drawing); !part.isEmpty()) parts.append(part);
    return parts.join(u'\n');
}

QString toHtml(const Document& document, const QString& title) {
    return pageOf(document, title, kStyle, Medium::Screen);
}

QString toPaperHtml(const Document& document, const QString& title) {
    return pageOf(document, title, kPaperStyle, Medium::Paper);
}

}  // namespace tocsin::incidents
