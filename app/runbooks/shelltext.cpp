#include "runbooks/shelltext.h"

#include <QRegularExpression>

namespace tocsin::runbooks {

namespace {

/// Lines. A quote that never ends must not make every line look at all that follow it.
constexpr qsizetype longestCommand = 400;

const QString operators = QStringLiteral("|&;<>()");

/// Reads one word after another; `m_at` never passes the end.
class WordReader {
public:
    explicit WordReader(const QString& text) : m_text(text) {}

    QVector<ShellWord> all() {
        QVector<ShellWord> words;
        for (;;) {
            skipBlanks();
            if (atEnd() || peek() == u'#') return words;
            words << (operators.contains(peek()) ? operatorWord() : word());
        }
    }

private:
    bool atEnd() const { return m_at >= m_text.size(); }
    QChar peek() const { return m_text[m_at]; }

    void skipBlanks() {
        while (!atEnd()) {
            if (peek() == u'\\' && m_at + 1 < m_text.size() && m_text[m_at + 1] == u'\n')
                m_at += 2;
            else if (peek().isSpace())
                ++m_at;
            else
                return;
        }
    }

    ShellWord operatorWord() {
        ShellWord word;
        word.offset = m_at;
        word.isOperator = true;
        while (!atEnd() && operators.contains(peek()))
            word.text += m_text[m_at++];
        word.length = m_at - word.offset;
        return word;
    }

    ShellWord word() {
        ShellWord word;
        word.offset = m_at;
        int doubleQuoted = 0;
        bool bareBetween = false;
        while (!atEnd() && !peek().isSpace() && !operators.contains(peek())) {
            const QChar c = peek();
            if (c == u'\'') {
                readSingle(word);
            } else if (c == u'"') {
                readDouble(word);
                ++doubleQuoted;
                word.hasEatenQuotes = word.hasEatenQuotes || (doubleQuoted > 1 && bareBetween);
            } else if (c == u'$' && m_at + 1 < m_text.size() && m_text[m_at + 1] == u'(') {
                readSubstitution(word);
            } else {
                bareBetween = doubleQuoted > 0;
                readBare(word);
            }
        }
        word.length = m_at - word.offset;
        const QString raw = m_text.mid(word.offset, word.length);
        if (raw.size() >= 2 && raw.front() == raw.back() && (raw[0] == u'"' || raw[0] == u'\''))
            word.inside = raw.mid(1, raw.size() - 2);
        return word;
    }

    void readSingle(ShellWord& word) {
        word.isQuoted = true;
        const qsizetype end = m_text.indexOf(u'\'', m_at + 1);
        word.text += m_text.mid(m_at + 1, end < 0 ? -1 : end - m_at - 1);
        m_at = end < 0 ? m_text.size() : end + 1;
    }

    void readDouble(ShellWord& word) {
        word.isQuoted = true;
        ++m_at;
        while (!atEnd() && peek() != u'"') {
            if (peek() == u'\\' && m_at + 1 < m_text.size()) {
                const QChar next = m_text[m_at + 1];
                if (next == u'\n') {
                    m_at += 2;
                    continue;
                }
                if (QStringLiteral("\"\\$`").contains(next)) ++m_at;
            }
            word.text += m_text[m_at++];
        }
        if (!atEnd()) ++m_at;
    }

    void readSubstitution(ShellWord& word) {
        int depth = 0;
        do {
            if (peek() == u'(') ++depth;
            if (peek() == u')') --depth;
            word.text += m_text[m_at++];
        } while (!atEnd() && (depth > 0 || m_text[m_at - 1] == u'$'));
    }

    void readBare(ShellWord& word) {
        if (peek() == u'\\' && m_at + 1 < m_text.size()) ++m_at;
        if (m_text[m_at] != u'\n') word.text += m_text[m_at];
        ++m_at;
    }

    const QString& m_text;
    qsizetype m_at = 0;
};

/// Follows quotes, continuation and nesting over lines.
class CommandScanner {
public:
    /// Takes one more line; true while the command goes on.
    bool goesOn(const QString& line) {
        if (!m_delimiters.isEmpty()) {
            if (line.trimmed() == m_delimiters.first()) m_delimiters.removeFirst();
            return !m_delimiters.isEmpty() || m_depth > 0;
        }
        scan(line);
        const QString end = m_bare.trimmed();
        const bool continues =
            m_quote != 0 || m_escaped || end.endsWith(u'|') || end.endsWith(QLatin1String("&&"));
        if (m_quote == 0) countKeywords(m_bare);
        return continues || !m_delimiters.isEmpty() || m_depth > 0;
    }

private:
    /// Keeps in m_bare what of the line is outside quotes and comments.
    void scan(const QString& line) {
        if (m_quote == 0 && !m_escaped) m_bare.clear();
        m_escaped = false;
        for (qsizetype i = 0; i < line.size(); ++i) {
            const QChar c = line[i];
            if (m_quote != 0) {
                if (c == u'\\' && m_quote == '"')
                    ++i;
                else if (c.unicode() == static_cast<char16_t>(m_quote))
                    m_quote = 0;
                continue;
            }
            if (c == u'\'' || c == u'"') {
                m_quote = static_cast<char>(c.toLatin1());
                readDelimiter(line, i);
            } else if (c == u'\\') {
                m_escaped = i + 1 == line.size();
                ++i;
            } else if (c == u'#' && (i == 0 || line[i - 1].isSpace())) {
                return;
            } else {
                m_bare += c;
                readDelimiter(line, i);
            }
        }
    }

    /// Notes a here document when `<<` stands right before or at `at`.
    void readDelimiter(const QString& line, qsizetype at) {
        static const QRegularExpression mark(
            QStringLiteral("^<<-?\\s*(['\"]?)([A-Za-z_][A-Za-z0-9_]*)\\1"));
        if (line[at] != u'<' || (at > 0 && line[at - 1] == u'<')) return;
        const auto match = mark.match(line.mid(at));
        if (match.hasMatch()) m_delimiters << match.captured(2);
    }

    void countKeywords(const QString& bare) {
        static const QRegularExpression word(
            QStringLiteral("(?:^|[;&|(]|\\bdo\\b|\\bthen\\b|\\belse\\b)\\s*"
                           "(if|for|while|until|case|fi|done|esac)\\b"));
        for (auto it = word.globalMatch(bare); it.hasNext();) {
            const QString keyword = it.next().captured(1);
            const bool closes = keyword == QLatin1String("fi") ||
                                keyword == QLatin1String("done") ||
                                keyword == QLatin1String("esac");
            m_depth = std::max(0, m_depth + (closes ? -1 : 1));
        }
    }

    char m_quote = 0;
    bool m_escaped = false;
    int m_depth = 0;
    QString m_bare;
    QStringList m_delimiters;
};

}  // namespace

QVector<ShellWord> shellWords(const QString& command) {
    return WordReader(command).all();
}

QVector<SourceLine> takeCommand(const QVector<SourceLine>& lines, qsizetype& at) {
    CommandScanner scanner;
    QVector<SourceLine> command;
    const qsizetype end = std::min(lines.size(), at + longestCommand);
    for (qsizetype i = at; i < end; ++i) {
        command << lines[i];
        if (!scanner.goesOn(lines[i].text)) {
            at = i + 1;
            return command;
        }
    }
    // Something never ends, an apostrophe most likely: then a command is what its own line says.
    command = {lines[at]};
    while (command.last().text.endsWith(u'\\') && at + 1 < lines.size())
        command << lines[++at];
    ++at;
    return command;
}

QString joinedLines(const QString& command) {
    QString result;
    bool single = false;
    for (qsizetype i = 0; i < command.size(); ++i) {
        if (command[i] == u'\'') single = !single;
        if (!single && command[i] == u'\\' && i + 1 < command.size() && command[i + 1] == u'\n') {
            ++i;
            while (i + 1 < command.size() && command[i + 1].isSpace())
                ++i;
            if (!result.endsWith(u' ')) result += u' ';
            continue;
        }
        result += command[i];
    }
    return result.trimmed();
}

}  // namespace tocsin::runbooks
