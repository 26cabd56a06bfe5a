#include "runbooks/fences.h"

#include <QRegularExpression>
#include <QSet>

#include "runbooks/commands.h"
#include "runbooks/contexts.h"
#include "runbooks/placeholders.h"
#include "runbooks/shelltext.h"

namespace tocsin::runbooks {

namespace {

enum class Language { Sql, Redis, Shell, Session, None };

QString firstCodeLine(const Element& fence) {
    for (const SourceLine& line : fence.code) {
        const QString text = line.text.trimmed();
        if (!text.isEmpty() && !text.startsWith(u'#') && !text.startsWith(QLatin1String("--")))
            return text;
    }
    return {};
}

/// An unmarked fence may be a command, a query, or what a program printed.
Language guessed(const Element& fence) {
    const QString first = firstCodeLine(fence);
    if (looksLikeSql(first)) return Language::Sql;
    if (first.startsWith(QLatin1String("$ "))) return Language::Session;
    static const QRegularExpression address(QStringLiteral("#.*https?://"));
    const bool hasLinks = std::any_of(fence.code.begin(), fence.code.end(), [](const auto& line) {
        return address.match(line.text).hasMatch();
    });
    static const QRegularExpression assignment(QStringLiteral("^[A-Z_]+=\\S*\\s+"));
    QString word = first;
    word.remove(assignment);
    word = word.section(u' ', 0, 0);
    return isProgram(word) || (first.isEmpty() && hasLinks) ? Language::Shell : Language::None;
}

Language languageOf(const Element& fence) {
    static const QSet<QString> sql{QStringLiteral("sql"),        QStringLiteral("psql"),
                                   QStringLiteral("postgresql"), QStringLiteral("postgres"),
                                   QStringLiteral("pgsql"),      QStringLiteral("plpgsql")};
    static const QSet<QString> shell{QStringLiteral("bash"),  QStringLiteral("sh"),
                                     QStringLiteral("shell"), QStringLiteral("zsh"),
                                     QStringLiteral("fish"),  QStringLiteral("curl")};
    static const QSet<QString> session{
        QStringLiteral("console"), QStringLiteral("terminal"), QStringLiteral("shell-session"),
        QStringLiteral("shellsession"), QStringLiteral("sh-session")};
    static const QSet<QString> redis{QStringLiteral("redis"), QStringLiteral("redis-cli")};
    if (sql.contains(fence.language)) return Language::Sql;
    if (shell.contains(fence.language)) return Language::Shell;
    if (session.contains(fence.language)) return Language::Session;
    if (redis.contains(fence.language)) return Language::Redis;
    return fence.language.isEmpty() ? guessed(fence) : Language::None;
}

/// An address up to where prose goes on; brackets of a placeholder belong to it.
const QRegularExpression& addressPattern() {
    static const QRegularExpression pattern(
        QStringLiteral("https?://(?:[^\\s<>\"'`()\\[\\]{}]|\\[[A-Za-z][\\w -]*\\]|<[a-z][\\w-]*>|"
                       "\\{\\{[^{}\\n]*\\}\\}|\\$\\{\\w+\\})+"));
    return pattern;
}

QString trimmedAddress(QString address) {
    while (!address.isEmpty() && QStringLiteral(".,;:!?").contains(address.back()))
        address.chop(1);
    return address;
}

/// Comment lines as one caption.
QString oneLine(const QStringList& comments) {
    QStringList parts;
    for (QString part : comments) {
        while (part.endsWith(u':'))
            part.chop(1);
        parts << part.simplified();
    }
    return parts.join(QStringLiteral(" · "));
}

/// Shell lines into blocks and prose, one command after the other.
class ShellFence {
public:
    explicit ShellFence(const QVector<SourceLine>& lines) : m_lines(lines) {}

    FenceContent read() {
        m_content.isRunnable = true;
        while (m_at < m_lines.size()) {
            const QString text = m_lines[m_at].text.trimmed();
            if (text.isEmpty()) {
                endGroup();
                ++m_at;
            } else if (text.startsWith(u'#')) {
                comment(text, m_lines[m_at].line);
                ++m_at;
            } else if (looksLikeSql(text)) {
                sql();
            } else {
                command();
            }
        }
        endGroup();
        return std::move(m_content);
    }

private:
    void comment(QString text, int line) {
        while (text.startsWith(u'#'))
            text = text.mid(1);
        text = text.trimmed();
        auto addresses = addressPattern().globalMatch(text);
        if (!addresses.hasNext()) {
            if (!text.isEmpty() && !text.startsWith(u'!')) m_comments << text;
            m_isAdjacent = false;
            return;
        }
        while (addresses.hasNext())
            link(text, trimmedAddress(addresses.next().captured()), line);
        m_comments.clear();
    }

    void link(const QString& comment, const QString& address, int line) {
        static const QRegularExpression lead(
            QStringLiteral("^(?:-\\s*)?(?:Visit|Or|See|Open|Go to|Check)?:?\\s*$"),
            QRegularExpression::CaseInsensitiveOption);
        QString words = comment;
        words.remove(address);
        words = words.simplified();
        const qsizetype bracket = words.indexOf(u'(');
        const QString aside = bracket < 0 ? QString() : words.mid(bracket);
        const QString own = bracket < 0 ? words : words.left(bracket).trimmed();
        if (!m_comments.isEmpty()) m_head = m_comments.takeLast();
        flushComments();
        Block block;
        block.kind = BlockKind::Link;
        block.text = address;
        block.source = comment;
        block.line = line;
        block.caption = lead.match(own).hasMatch() ? m_head : own;
        block.caption = (block.caption + u' ' + aside).simplified();
        while (block.caption.endsWith(u':') || block.caption.startsWith(u'-')) {
            block.caption = block.caption.startsWith(u'-') ? block.caption.mid(1).trimmed()
                                                           : block.caption.chopped(1).trimmed();
        }
        add(block);
        m_isAdjacent = false;
    }

    void sql() {
        QString text;
        const int line = m_lines[m_at].line;
        while (m_at < m_lines.size()) {
            const QString& next = m_lines[m_at].text;
            if (!text.isEmpty() && (next.trimmed().isEmpty() || next.trimmed().startsWith(u'#')))
                break;
            text += (text.isEmpty() ? QString() : QStringLiteral("\n")) + next;
            ++m_at;
            if (next.trimmed().endsWith(u';')) break;
        }
        for (Block& block : blocksOfSql(dedented(text), line, {}, nullptr))
            addCaptioned(block);
        m_isAdjacent = false;
    }

    void command() {
        const int line = m_lines[m_at].line;
        QStringList texts;
        for (const SourceLine& part : takeCommand(m_lines, m_at))
            texts << part.text;
        const QString text = dedented(texts.join(u'\n'));
        const QVector<Block> blocks = blocksOfCommand(text, line);
        const bool joins = m_isAdjacent && blocks.first().kind == BlockKind::Shell &&
                           !m_content.blocks.isEmpty() &&
                           m_content.blocks.last().kind == BlockKind::Shell;
        if (joins) {
            Block& last = m_content.blocks.last();
            last.text += u'\n' + blocks.first().text;
            last.source = last.text;
        } else {
            for (const Block& block : blocks)
                addCaptioned(block);
        }
        m_isAdjacent = true;
    }

    static QString dedented(const QString& text) {
        const QStringList lines = text.split(u'\n');
        qsizetype indent = 0;
        while (indent < lines.first().size() && lines.first()[indent].isSpace())
            ++indent;
        QStringList result;
        for (const QString& line : lines) {
            qsizetype own = 0;
            while (own < std::min(indent, line.size()) && line[own].isSpace())
                ++own;
            result << line.mid(own);
        }
        return result.join(u'\n');
    }

    /// The comment right above is the caption; what stood before it is prose.
    void addCaptioned(Block block) {
        if (block.caption.isEmpty() && !m_comments.isEmpty()) {
            const QString whole = oneLine(m_comments);
            const bool isList = std::any_of(m_comments.begin(), m_comments.end(),
                                            [](const auto& c) { return c.startsWith(u'-'); });
            block.caption = whole.size() <= 140 && !isList ? whole : m_comments.takeLast();
            if (block.caption == whole) m_comments.clear();
        }
        flushComments();
        while (block.caption.endsWith(u':'))
            block.caption.chop(1);
        add(block);
    }

    void add(const Block& block) { m_content.blocks << block; }

    void endGroup() {
        flushComments();
        m_head.clear();
        m_isAdjacent = false;
    }

    void flushComments() {
        if (m_comments.isEmpty()) return;
        if (!m_content.prose.isEmpty()) m_content.prose << QString();
        for (QString& text : m_comments)
            m_content.prose << text.replace(u'<', QLatin1String("\\<"));
        m_comments.clear();
    }

    const QVector<SourceLine>& m_lines;
    qsizetype m_at = 0;
    QStringList m_comments;  ///< of the present group, not used yet
    QString m_head;          ///< the comment that the links after it share
    bool m_isAdjacent = false;
    FenceContent m_content;
};

/// What a terminal showed: lines after a prompt are commands, the others what came back.
QVector<SourceLine> typedLines(const QVector<SourceLine>& lines) {
    static const QRegularExpression prompt(QStringLiteral("^\\s*(?:\\$|%|[\\w@.:~/-]+[$%])\\s+"));
    QVector<SourceLine> typed;
    bool goesOn = false;
    for (const SourceLine& line : lines) {
        const auto match = prompt.match(line.text);
        if (match.hasMatch() || goesOn) {
            typed.push_back(
                {match.hasMatch() ? line.text.mid(match.capturedEnd()) : line.text, line.line});
            goesOn = line.text.endsWith(u'\\');
        }
    }
    return typed.isEmpty() ? lines : typed;
}

FenceContent readSql(const Element& fence) {
    FenceContent content;
    content.isRunnable = true;
    QStringList texts;
    for (const SourceLine& line : fence.code)
        texts << line.text;
    const int first = fence.code.isEmpty() ? fence.line : fence.code.first().line;
    content.blocks = blocksOfSql(texts.join(u'\n'), first, {}, &content.prose);
    return content;
}

FenceContent readRedis(const Element& fence) {
    FenceContent content;
    content.isRunnable = true;
    QString caption;
    for (const SourceLine& line : fence.code) {
        const QString text = line.text.trimmed();
        if (text.startsWith(u'#')) {
            caption = text.mid(1).trimmed();
        } else if (!text.isEmpty()) {
            content.blocks << redisBlock(text, line.line);
            content.blocks.last().caption = std::exchange(caption, {});
        }
    }
    if (!caption.isEmpty()) content.prose << caption;
    return content;
}

void findPlaceholders(QVector<Block>& blocks) {
    for (Block& block : blocks)
        block.placeholders = placeholdersIn(block.text, block.kind);
}

QVector<Block> blocksOfCode(const Span& span) {
    const QString word = span.text.section(u' ', 0, 0);
    if (looksLikeSql(span.text)) return blocksOfSql(span.text, span.line, {}, nullptr);
    if (!isProgram(word) || !span.text.contains(u' ')) return {};
    return blocksOfCommand(span.text, span.line);
}

}  // namespace

FenceContent readFence(const Element& fence) {
    FenceContent content;
    switch (languageOf(fence)) {
        case Language::Sql:
            content = readSql(fence);
            break;
        case Language::Redis:
            content = readRedis(fence);
            break;
        case Language::Shell:
            content = ShellFence(fence.code).read();
            break;
        case Language::Session: {
            const QVector<SourceLine> typed = typedLines(fence.code);
            content = ShellFence(typed).read();
            break;
        }
        case Language::None:
            break;
    }
    findPlaceholders(content.blocks);
    return content;
}

QVector<Block> blocksOfParagraph(const Element& paragraph) {
    QVector<Block> blocks;
    for (const Span& span : paragraph.spans) {
        if (span.href.isEmpty()) {
            QString caption = span.before.section(u'.', -1).trimmed();
            while (caption.endsWith(u':'))
                caption.chop(1);
            for (Block& block : blocksOfCode(span)) {
                if (block.caption.isEmpty()) block.caption = caption;
                blocks << block;
            }
        } else if (span.href.startsWith(QLatin1String("http://")) ||
                   span.href.startsWith(QLatin1String("https://"))) {
            Block block;
            block.kind = BlockKind::Link;
            block.text = span.href;
            block.source = span.text;
            block.caption = span.text == span.href ? span.before.trimmed() : span.text;
            while (block.caption.endsWith(u':'))
                block.caption.chop(1);
            block.line = span.line;
            blocks << block;
        }
    }
    findPlaceholders(blocks);
    return blocks;
}

}  // namespace tocsin::runbooks
