#include "ui/runbook/codetext.h"

#include <QRegularExpression>
#include <QSet>

#include "runbooks/contexts.h"

namespace tocsin::ui {

namespace {

using runbooks::Block;
using runbooks::BlockKind;
using runbooks::Context;
using runbooks::Placeholder;

const QSet<QString>& sqlKeywords() {
    static const QSet<QString> words = [] {
        const QStringList list = QStringLiteral(
                                     "select from where and or not in is null as on join left "
                                     "right inner outer full cross "
                                     "lateral group order by having limit offset desc asc nulls "
                                     "first last distinct union all "
                                     "except intersect with recursive insert into values update "
                                     "set delete returning create "
                                     "alter drop table index view begin commit rollback explain "
                                     "analyze verbose case when then "
                                     "else end filter over partition interval between like ilike "
                                     "exists any some true false "
                                     "vacuum reindex concurrently show cast now current_user")
                                     .split(u' ');
        return QSet<QString>(list.begin(), list.end());
    }();
    return words;
}

/// Writes the text piece by piece, each in its colour.
class CodeWriter {
public:
    CodeWriter(const Block& block, const theme::Palette& colors)
        : m_block(block), m_colors(colors) {
        if (block.kind == BlockKind::Postgres)
            m_marks = runbooks::sqlContexts(block.text);
        else if (block.kind == BlockKind::Shell || block.kind == BlockKind::Http)
            m_marks = runbooks::shellContexts(block.text);
        else
            m_marks.fill(Context::Bare, block.text.size());
    }

    QString html(const QMap<QString, runbooks::Binding>& bindings) {
        qsizetype at = 0;
        for (const Placeholder& hole : m_block.placeholders) {
            if (hole.offset < at || hole.offset + hole.length > m_block.text.size()) continue;
            writeCode(at, hole.offset);
            writeHole(hole, bindings);
            at = hole.offset + hole.length;
        }
        writeCode(at, m_block.text.size());
        return m_html;
    }

private:
    void writeHole(const Placeholder& hole, const QMap<QString, runbooks::Binding>& bindings) {
        const auto bound = bindings.find(hole.name);
        QString label = hole.name;
        if (bound != bindings.end()) label += QStringLiteral(" = ") + bound->value.left(60);
        m_html += QStringLiteral(
                      "<a href=\"hole:%1\" style=\"text-decoration:none; color:%2; "
                      "background-color:%3\">&nbsp;%4&nbsp;</a>")
                      .arg(hole.name.toHtmlEscaped(), m_colors.codePlaceholder.name(),
                           m_colors.codePlaceholderFill.name(), label.toHtmlEscaped());
    }

    void writeCode(qsizetype from, qsizetype to) {
        while (from < to) {
            qsizetype end = from;
            while (end < to && m_marks[end] == m_marks[from])
                ++end;
            const QString piece = m_block.text.mid(from, end - from);
            switch (m_marks[from]) {
                case Context::Comment:
                    writeSpan(piece, m_colors.codeComment);
                    break;
                case Context::Bare:
                    writeBare(piece);
                    break;
                case Context::Identifier:
                    writePlain(piece);
                    break;
                default:
                    writeSpan(piece, m_colors.codeString);
            }
            from = end;
        }
    }

    void writeBare(const QString& text) {
        static const QRegularExpression token(
            QStringLiteral("[A-Za-z_][A-Za-z0-9_-]*|\\d+(?:\\.\\d+)?|\\s+|."),
            QRegularExpression::DotMatchesEverythingOption);
        for (auto it = token.globalMatch(text); it.hasNext();) {
            const QString word = it.next().captured();
            if (word[0].isDigit())
                writeSpan(word, m_colors.codeNumber);
            else if (word[0].isLetter() && isKeyword(word))
                writeSpan(word, m_colors.codeKeyword);
            else
                writePlain(word);
            if (!word[0].isSpace())
                m_isFirst = word == QLatin1String("|") || word == QLatin1String(";") ||
                            word == QLatin1String("&");
            else if (word.contains(u'\n'))
                m_isFirst = true;
        }
    }

    /// In SQL by name, elsewhere the word that is the command.
    bool isKeyword(const QString& word) const {
        if (m_block.kind == BlockKind::Postgres) return sqlKeywords().contains(word.toLower());
        return m_isFirst && m_block.kind != BlockKind::Link;
    }

    void writeSpan(const QString& text, const QColor& color) {
        m_html += QStringLiteral("<span style=\"color:%1\">").arg(color.name());
        writePlain(text);
        m_html += QStringLiteral("</span>");
    }

    void writePlain(const QString& text) { m_html += text.toHtmlEscaped(); }

    const Block& m_block;
    const theme::Palette& m_colors;
    QVector<Context> m_marks;
    QString m_html;
    bool m_isFirst = true;
};

}  // namespace

QString codeHtml(const Block& block, const QMap<QString, runbooks::Binding>& bindings,
                 const theme::Palette& colors, const QFont& font) {
    const QString family = font.families().value(0, font.family());
    return QStringLiteral(
               "<div style=\"white-space:pre-wrap; font-family:'%1'; font-size:%2pt; "
               "color:%3\">%4</div>")
        .arg(family, QString::number(font.pointSizeF()), colors.text.name(),
             CodeWriter(block, colors).html(bindings));
}

}  // namespace tocsin::ui
