#include "ui/query/sqlformat.h"

#include <QSet>

#include "ui/query/sqltokens.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

using Kind = SqlToken::Kind;

constexpr int kWidth = 80;
constexpr int kIndent = 4;
constexpr int kRounds = 4;  // the second one changes nothing but where a comment moved

bool isComment(const SqlToken& token) {
    return token.kind == Kind::LineComment || token.kind == Kind::BlockComment;
}

bool isMark(const SqlToken& token, QStringView marks) {
    return token.kind == Kind::Punctuation && marks.contains(token.text);
}

/// White space goes only where a bracket, a comma or a semicolon cuts the tokens by itself.
bool spaceBetween(const SqlToken& left, const SqlToken& right) {
    if (isComment(left) || isComment(right)) return true;
    if (isMark(left, u"([") || isMark(right, u")],;")) return false;
    if (isMark(left, u",")) return true;
    const bool word = right.kind == Kind::Word || right.kind == Kind::Literal;
    return right.spaced || (isMark(left, u")") && word);
}

/// Two texts after each other are one only when a line's end is between them, and what follows a
/// line comment must not become part of it.
bool lineBetween(const SqlToken& left, const SqlToken& right) {
    if (left.kind == Kind::LineComment) return true;
    if (isComment(right) || isComment(left)) return right.onNewLine;
    return left.kind == Kind::Literal && right.kind == Kind::Literal && right.onNewLine;
}

/// Lays out the tokens of one text.
class Layout {
public:
    explicit Layout(QVector<SqlToken> tokens) : m_tokens(std::move(tokens)) {}

    QString run() {
        qsizetype start = 0;
        int depth = 0;
        for (qsizetype i = 0; i < m_tokens.size(); ++i) {
            depth += isMark(m_tokens[i], u"(") ? 1 : isMark(m_tokens[i], u")") ? -1 : 0;
            if (depth > 0 || !isMark(m_tokens[i], u";")) continue;
            statement(start, i + 1);
            start = i + 1;
        }
        statement(start, m_tokens.size());
        return m_out;
    }

private:
    QString word(qsizetype i) const {
        const bool isWord = i >= 0 && i < m_tokens.size() && m_tokens[i].kind == Kind::Word;
        return isWord ? m_tokens[i].text.toLower() : QString();
    }
    bool isOneOf(qsizetype i, const char* words) const {
        const QString is = word(i);
        return !is.isEmpty() && QString::fromLatin1(words).split(u' ').contains(is);
    }

    void statement(qsizetype from, qsizetype to) {
        // A comment behind the semicolon belongs to the line before.
        while (from < to && !m_out.isEmpty() && isComment(m_tokens[from]) &&
               !m_tokens[from].onNewLine)
            put(from++, 0);
        if (from == to) return;
        if (!m_out.isEmpty()) {
            newLine(0);
            newLine(0);
        }
        while (from < to && isComment(m_tokens[from]))
            put(from++, 0);
        if (from == to) return;
        clauses(from, to, 0);
    }

    /// How wide it is on one line; -1 when it cannot be on one.
    int flatWidth(qsizetype from, qsizetype to) const {
        int width = 0;
        for (qsizetype i = from; i < to; ++i) {
            if (m_tokens[i].text.contains(u'\n')) return -1;
            if (i > from && lineBetween(m_tokens[i - 1], m_tokens[i])) return -1;
            if (i > from && spaceBetween(m_tokens[i - 1], m_tokens[i])) ++width;
            width += static_cast<int>(m_tokens[i].text.size());
        }
        return width;
    }
    bool fits(qsizetype from, qsizetype to, int column) const {
        const int width = flatWidth(from, to);
        return width >= 0 && column + width <= kWidth;
    }
    int column() const { return static_cast<int>(m_out.size() - m_out.lastIndexOf(u'\n') - 1); }
    void newLine(int indent) {
        while (m_out.endsWith(u' '))
            m_out.chop(1);
        m_out += u'\n' + QString(indent, u' ');
        m_fresh = true;
    }
    /// Puts one token behind what is there.
    void put(qsizetype i, int indent) {
        if (i > 0 && !m_out.isEmpty() && !m_fresh) {
            if (lineBetween(m_tokens[i - 1], m_tokens[i]))
                newLine(indent);
            else if (spaceBetween(m_tokens[i - 1], m_tokens[i]))
                m_out += u' ';
        }
        m_out += m_tokens[i].text;
        m_fresh = false;
    }
    qsizetype closing(qsizetype open, qsizetype to) const {
        int depth = 0;
        for (qsizetype i = open; i < to; ++i) {
            depth += isMark(m_tokens[i], u"(") ? 1 : isMark(m_tokens[i], u")") ? -1 : 0;
            if (depth == 0) return i;
        }
        return to;
    }
    /// A line of its own begins before it, unless a comment wants to stay behind what was said.
    bool mayBreak(qsizetype i) const {
        return i > 0 && (!isComment(m_tokens[i]) || m_tokens[i].onNewLine) &&
               (m_tokens[i].spaced || isMark(m_tokens[i - 1], u"(),;"));
    }

    /// Where a clause begins, and how many words its head has; 0 elsewhere.
    int clauseHead(qsizetype i, qsizetype first) const {
        if (i > first && !mayBreak(i)) return 0;
        if (isOneOf(i, "left right full inner cross natural join")) return joinHead(i);
        if (isOneOf(i, "group order partition") && word(i + 1) == u"by")
            return word(i) == u"partition" ? 0 : 2;
        if (isOneOf(i, "union intersect except")) return isOneOf(i + 1, "all distinct") ? 2 : 1;
        // Behind a WITH; not in ON DELETE, DO UPDATE.
        const bool begins = i == first || isMark(m_tokens[i - 1], u")");
        if (isOneOf(i, "insert delete")) return begins ? 2 : 0;
        if (word(i) == u"update") return begins;
        if (word(i) == u"on" && word(i + 1) == u"conflict") return 2;
        if (word(i) == u"for" && isOneOf(i + 1, "update share")) return 2;
        if (word(i) == u"with" && i > first) return 0;
        if (word(i) == u"set" && i == first) return 0;
        // `IS DISTINCT FROM`, `extract(epoch FROM x)`: no clause.
        if (word(i) == u"from" && i > first && isOneOf(i - 1, "distinct")) return 0;
        return isOneOf(i,
                       "select from where having limit offset fetch window values set returning "
                       "with");
    }
    int joinHead(qsizetype i) const {
        qsizetype end = i;
        while (isOneOf(end, "left right full inner cross natural outer"))
            ++end;
        if (word(end) != u"join") return 0;  // left('abc', 2)
        return static_cast<int>(end - i) + 1;
    }
    bool isQuery(qsizetype from) const {
        while (from < m_tokens.size() && isComment(m_tokens[from]))
            ++from;
        return isOneOf(from, "select with values insert update delete table explain");
    }

    void clauses(qsizetype from, qsizetype to, int indent) {
        if (fits(from, to, column())) return run(from, to, indent);
        qsizetype start = from;
        int head = clauseHead(from, from);
        bool first = true;
        for (qsizetype i = from; i <= to; ++i) {
            const int next = i < to && i >= start + head ? clauseHead(i, from) : 0;
            if (i < to && next == 0) {
                if (isMark(m_tokens[i], u"(")) i = std::min(closing(i, to), to - 1);
                continue;
            }
            if (i > start) {
                if (!first && mayBreak(start)) newLine(indent);
                clause(start, start + head, i, indent);
                first = false;
            }
            start = i;
            head = next;
        }
    }
    void clause(qsizetype from, qsizetype body, qsizetype to, int indent) {
        body = std::min(body, to);
        if (fits(from, to, column())) return run(from, to, indent + kIndent);
        run(from, body, indent + kIndent);
        if (body == to) return;
        const bool conditions = isOneOf(from, "where having") || word(body - 1) == u"join";
        if (conditions) return broken(body, to, indent + kIndent, &Layout::isJunction, false);
        broken(body, to, indent + kIndent, &Layout::isBehindComma, hasPart(body, to));
    }
    bool isBehindComma(qsizetype i) const { return i > 0 && isMark(m_tokens[i - 1], u","); }
    bool isJunction(qsizetype i) const { return isOneOf(i, "and or on using"); }
    bool hasPart(qsizetype from, qsizetype to) const {
        int depth = 0;
        for (qsizetype i = from; i < to; ++i) {
            depth += isMark(m_tokens[i], u"(") ? 1 : isMark(m_tokens[i], u")") ? -1 : 0;
            if (depth == 0 && isMark(m_tokens[i], u",")) return true;
        }
        return false;
    }
    /// Each part on a line of its own.
    void broken(qsizetype from, qsizetype to, int indent, bool (Layout::*isPart)(qsizetype) const,
                bool firstToo) {
        bool between = false;
        for (qsizetype i = from; i < to; ++i) {
            const bool part = i == from ? firstToo : (this->*isPart)(i) && !between;
            if (part && mayBreak(i)) newLine(indent);
            if (word(i) == u"between")
                between = true;
            else if (word(i) == u"and")
                between = false;
            if (!isMark(m_tokens[i], u"(")) {
                put(i, indent);
                continue;
            }
            const qsizetype close = closing(i, to);
            bracket(i, close, to, indent);
            i = std::min(close, to - 1);
        }
    }
    void run(qsizetype from, qsizetype to, int indent) {
        for (qsizetype i = from; i < to; ++i) {
            if (!isMark(m_tokens[i], u"(")) {
                put(i, indent);
                continue;
            }
            const qsizetype close = closing(i, to);
            bracket(i, close, to, indent);
            i = std::min(close, to - 1);
        }
    }
    void bracket(qsizetype open, qsizetype close, qsizetype to, int indent) {
        put(open, indent);
        if (close == open + 1 || close >= to) {
            run(open + 1, std::min(close + 1, to), indent);
            return;
        }
        const bool whole = fits(open + 1, close + 1, column());
        if (whole) {
            run(open + 1, close, indent);
        } else {
            newLine(indent + kIndent);
            if (isQuery(open + 1))
                clauses(open + 1, close, indent + kIndent);
            else if (hasPart(open + 1, close))
                broken(open + 1, close, indent + kIndent, &Layout::isBehindComma, false);
            else
                broken(open + 1, close, indent + kIndent, &Layout::isJunction, false);
            newLine(indent);
        }
        put(close, indent);
    }

    QVector<SqlToken> m_tokens;
    QString m_out;
    bool m_fresh = true;
};

}  // namespace

QString formattedSql(const QString& text) {
    const auto texts = [](const QString& of) {
        QStringList tokens;
        for (const SqlToken& token : sqlTokens(of))
            tokens << token.text;
        return tokens;
    };
    const QStringList before = texts(text);
    QString now = text;
    for (int round = 0; round < kRounds; ++round) {
        const QString next = Layout(sqlTokens(now)).run();
        if (next == now) return texts(now) == before ? now : text;
        now = next;
    }
    return text;
}

}  // namespace tocsin::ui
