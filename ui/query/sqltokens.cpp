#include "ui/query/sqltokens.h"

#include <algorithm>

namespace tocsin::ui {

namespace {

using Kind = SqlToken::Kind;

bool isWordPart(QChar c) {
    return c.isLetterOrNumber() || c == u'_' || c == u'$' || c.unicode() > 127;
}

/// Walks over one text.
class Tokenizer {
public:
    explicit Tokenizer(const QString& text) : m_text(text) {}

    QVector<SqlToken> run() {
        QVector<SqlToken> tokens;
        for (;;) {
            const qsizetype blank = m_at;
            while (m_at < m_text.size() && m_text[m_at].isSpace())
                ++m_at;
            if (m_at == m_text.size()) return tokens;
            const QStringView space = QStringView(m_text).mid(blank, m_at - blank);
            const qsizetype start = m_at;
            SqlToken token;
            token.kind = take();
            token.text = m_text.mid(start, m_at - start);
            token.spaced = !space.isEmpty();
            token.onNewLine = space.contains(u'\n');
            tokens << token;
        }
    }

private:
    QChar at(qsizetype ahead) const {
        return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : QChar();
    }
    Kind take() {
        const QChar c = at(0);
        if (c == u'-' && at(1) == u'-') return takeLineComment();
        if (c == u'/' && at(1) == u'*') return takeBlockComment();
        if (c == u'\'' || c == u'"') return takeQuoted(c, false);
        if (c == u'$') return takeDollar();
        if (c.isDigit() || (c == u'.' && at(1).isDigit())) return takeNumber();
        if (isWordPart(c)) return takeWord();
        if (isOperator(c)) return takeOperator();
        ++m_at;
        return Kind::Punctuation;
    }
    Kind takeLineComment() {
        while (m_at < m_text.size() && m_text[m_at] != u'\n')
            ++m_at;
        return Kind::LineComment;
    }
    Kind takeBlockComment() {
        int depth = 0;
        do {
            const bool opens = at(0) == u'/' && at(1) == u'*';
            const bool closes = at(0) == u'*' && at(1) == u'/';
            depth += opens ? 1 : closes ? -1 : 0;
            m_at += opens || closes ? 2 : 1;
        } while (depth > 0 && m_at < m_text.size());
        m_at = std::min(m_at, m_text.size());
        return Kind::BlockComment;
    }
    Kind takeQuoted(QChar quote, bool escapes) {
        for (++m_at; m_at < m_text.size(); ++m_at) {
            const bool isEscaped = escapes && at(0) == u'\\';
            if (isEscaped || (at(0) == quote && at(1) == quote))
                ++m_at;
            else if (at(0) == quote)
                break;
        }
        m_at = std::min(m_at + 1, m_text.size());
        return Kind::Literal;
    }
    Kind takeDollar() {
        qsizetype end = m_at + 1;
        while (end < m_text.size() && isWordPart(m_text[end]) && m_text[end] != u'$')
            ++end;
        const bool quotes = end < m_text.size() && m_text[end] == u'$' && !at(1).isDigit();
        if (!quotes) {
            m_at = end;
            return Kind::Word;
        }
        const QString mark = m_text.mid(m_at, end - m_at + 1);
        const qsizetype close = m_text.indexOf(mark, end + 1);
        m_at = close < 0 ? m_text.size() : close + mark.size();
        return Kind::Literal;
    }
    Kind takeNumber() {
        const auto exponent = [this] {
            const QChar before = m_text[m_at - 1].toLower();
            return (at(0) == u'+' || at(0) == u'-') && before == u'e' && at(1).isDigit();
        };
        do
            ++m_at;
        while (m_at < m_text.size() && (isWordPart(at(0)) || at(0) == u'.' || exponent()));
        return Kind::Literal;
    }
    Kind takeWord() {
        const qsizetype start = m_at;
        while (m_at < m_text.size() && isWordPart(m_text[m_at]))
            ++m_at;
        // A prefix and its quote are one: E'', B'', X'', N'', U&'', U&"".
        const QString word = m_text.mid(start, m_at - start).toLower();
        if (word == u"u" && at(0) == u'&' && (at(1) == u'\'' || at(1) == u'"')) {
            ++m_at;
            return takeQuoted(at(0), false);
        }
        const bool prefix = word == u"e" || word == u"b" || word == u"x" || word == u"n";
        if (prefix && at(0) == u'\'') return takeQuoted(u'\'', word == u"e");
        return Kind::Word;
    }
    static bool isOperator(QChar c) { return QStringView(u"+-*/<>=~!@#%^&|`?:").contains(c); }
    Kind takeOperator() {
        do
            ++m_at;
        while (m_at < m_text.size() && isOperator(at(0)) && !(at(0) == u'-' && at(1) == u'-') &&
               !(at(0) == u'/' && at(1) == u'*'));
        return Kind::Operator;
    }

    const QString& m_text;
    qsizetype m_at = 0;
};

}  // namespace

QVector<SqlToken> sqlTokens(const QString& text) {
    return Tokenizer(text).run();
}

}  // namespace tocsin::ui
