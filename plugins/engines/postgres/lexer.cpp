#include "plugins/engines/postgres/lexer.h"

namespace tocsin::postgres {
namespace {

bool isNameStart(QChar c) {
    return c.isLetter() || c == u'_' || c.unicode() > 127;
}
bool isNamePart(QChar c) {
    return isNameStart(c) || c.isDigit() || c == u'$';
}
bool isOperator(QChar c) {
    return QStringView(u"+-*/<>=~!@#%^&|`?").contains(c);
}

/// Steps through SQL text as the server writes it, or skips what a statement begins with.
class Reader {
public:
    explicit Reader(const QString& text) : m_text(text) {}

    bool atEnd() const { return m_at >= m_text.size(); }
    QChar peek(qsizetype ahead = 0) const {
        return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : QChar();
    }
    void skip(qsizetype count = 1) { m_at += count; }
    QString rest() const { return m_text.mid(m_at); }

    /// Past a quoted piece, with doubled quotes; `escapes`: a backslash takes the next character.
    QString quoted(QChar quote, bool escapes) {
        QString inside;
        skip();
        while (!atEnd()) {
            const QChar c = peek();
            skip();
            if (escapes && c == u'\\') {
                skip();
            } else if (c == quote) {
                if (peek() != quote) return inside;
                inside += quote;
                skip();
            } else {
                inside += c;
            }
        }
        return inside;
    }

    /// A bare name as the server stores it: folded to lower case.
    QString name() {
        const qsizetype from = m_at;
        while (!atEnd() && isNamePart(peek()))
            skip();
        return m_text.mid(from, m_at - from).toLower();
    }

    QString operatorText() {
        const qsizetype from = m_at;
        while (!atEnd() && isOperator(peek()))
            skip();
        return m_text.mid(from, m_at - from);
    }

    void skipSpaceAndComments() {
        for (;;) {
            if (peek().isSpace()) {
                skip();
            } else if (peek() == u'-' && peek(1) == u'-') {
                while (!atEnd() && peek() != u'\n')
                    skip();
            } else if (peek() == u'/' && peek(1) == u'*') {
                skipBlockComment();
            } else {
                return;
            }
        }
    }

private:
    // Block comments nest in PostgreSQL.
    void skipBlockComment() {
        int depth = 0;
        do {
            if (peek() == u'/' && peek(1) == u'*') {
                ++depth;
                skip(2);
            } else if (peek() == u'*' && peek(1) == u'/') {
                --depth;
                skip(2);
            } else {
                skip();
            }
        } while (depth > 0 && !atEnd());
    }

    const QString& m_text;
    qsizetype m_at = 0;
};

/// Past `( … )`, minding quotes and comments.
void skipParentheses(Reader& reader) {
    int depth = 0;
    while (!reader.atEnd()) {
        reader.skipSpaceAndComments();
        const QChar c = reader.peek();
        if (c == u'\'' || c == u'"') {
            reader.quoted(c, false);
            continue;
        }
        if (c == u'(') ++depth;
        reader.skip();
        if (c == u')' && --depth == 0) return;
    }
}

}  // namespace

void collectCalls(const QString& expression, QSet<FunctionName>& functions,
                  QSet<OperatorName>& operators) {
    Reader reader(expression);
    QString schema;
    QString name;
    while (!reader.atEnd()) {
        const QChar c = reader.peek();
        if (c == u'\'') {
            reader.quoted(c, name == u"e");
            name.clear();
        } else if (c == u'"' || isNameStart(c)) {
            name = c == u'"' ? reader.quoted(c, false) : reader.name();
            if (reader.peek() == u'.') {
                schema = name;
                reader.skip();
                continue;
            }
            if (reader.peek() == u'(') functions.insert({schema, name});
            schema.clear();
        } else if (isOperator(c)) {
            operators.insert({schema, reader.operatorText()});
            schema.clear();
            name.clear();
        } else {
            reader.skip();
            name.clear();
        }
    }
}

QString afterExplain(const QString& text) {
    Reader reader(text);
    reader.skipSpaceAndComments();
    if (reader.name() != u"explain") return {};
    reader.skipSpaceAndComments();
    if (reader.peek() == u'(') {
        Reader ahead = reader;
        ahead.skip();
        ahead.skipSpaceAndComments();
        const QString first = ahead.name();
        // `EXPLAIN (SELECT 1)` is a query in parentheses, not a list of options.
        if (first != u"select" && first != u"with" && first != u"values" && first != u"table" &&
            !first.isEmpty())
            skipParentheses(reader);
        return reader.rest();
    }
    for (;;) {
        reader.skipSpaceAndComments();
        Reader ahead = reader;
        const QString word = ahead.name();
        if (word != u"analyze" && word != u"analyse" && word != u"verbose") return reader.rest();
        reader.skip(word.size());
    }
}

int utf16Offset(const QString& text, int characters) {
    int at = 0;
    for (; characters > 0 && at < text.size(); --characters)
        at += text[at].isHighSurrogate() ? 2 : 1;
    return at;
}

}  // namespace tocsin::postgres
