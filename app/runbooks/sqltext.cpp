#include <QRegularExpression>

#include "runbooks/contexts.h"

namespace tocsin::runbooks {

bool isIdentifierPart(QChar c) {
    return c.isLetterOrNumber() || c == u'_' || c == u'$';
}

namespace {

/// Marks one construct after another; each function returns where it ends.
class SqlMarker {
public:
    explicit SqlMarker(const QString& sql) : m_sql(sql), m_marks(sql.size(), Context::Bare) {}

    QVector<Context> all() {
        for (qsizetype i = 0; i < m_sql.size();)
            i = next(i);
        return std::move(m_marks);
    }

private:
    bool has(qsizetype at, QLatin1String text) const {
        return QStringView(m_sql).mid(at).startsWith(text);
    }

    qsizetype next(qsizetype i) {
        const QChar c = m_sql[i];
        if (has(i, QLatin1String("--"))) return mark(i, lineEnd(i), Context::Comment);
        if (has(i, QLatin1String("/*"))) return mark(i, commentEnd(i), Context::Comment);
        if (c == u'\'') {
            const bool escapes = i > 0 && m_sql[i - 1].toLower() == u'e' &&
                                 (i == 1 || !isIdentifierPart(m_sql[i - 2]));
            return mark(i, quoteEnd(i, escapes),
                        escapes ? Context::EscapeLiteral : Context::Literal);
        }
        if (c == u'"') return mark(i, quoteEnd(i, false), Context::Identifier);
        if (c == u'$' && (i == 0 || !isIdentifierPart(m_sql[i - 1]))) return dollarQuote(i);
        return i + 1;
    }

    qsizetype mark(qsizetype from, qsizetype to, Context context) {
        std::fill(m_marks.begin() + from, m_marks.begin() + to, context);
        return to;
    }

    qsizetype lineEnd(qsizetype i) const {
        const qsizetype end = m_sql.indexOf(u'\n', i);
        return end < 0 ? m_sql.size() : end;
    }

    qsizetype commentEnd(qsizetype i) const {
        int depth = 0;
        for (; i < m_sql.size(); ++i) {
            if (has(i, QLatin1String("/*"))) {
                ++depth;
                ++i;
            } else if (has(i, QLatin1String("*/"))) {
                ++i;
                if (--depth == 0) return i + 1;
            }
        }
        return m_sql.size();
    }

    qsizetype quoteEnd(qsizetype i, bool escapes) const {
        const QChar quote = m_sql[i++];
        for (; i < m_sql.size(); ++i) {
            const bool escaped = escapes && m_sql[i] == u'\\';
            const bool quoted = m_sql[i] == quote;
            if (escaped || (quoted && i + 1 < m_sql.size() && m_sql[i + 1] == quote))
                ++i;
            else if (quoted)
                return i + 1;
        }
        return m_sql.size();
    }

    qsizetype dollarQuote(qsizetype i) {
        static const QRegularExpression tag(QStringLiteral("\\G\\$([A-Za-z_][A-Za-z0-9_]*)?\\$"));
        const auto match = tag.match(m_sql, i);
        if (!match.hasMatch()) return i + 1;
        const qsizetype end = m_sql.indexOf(match.captured(), match.capturedEnd());
        return mark(i, end < 0 ? m_sql.size() : end + match.capturedLength(), Context::Opaque);
    }

    const QString& m_sql;
    QVector<Context> m_marks;
};

QString uncommented(const QString& line) {
    QString text = line.trimmed();
    if (text.startsWith(QLatin1String("/*"))) text = text.mid(2);
    if (text.endsWith(QLatin1String("*/"))) text.chop(2);
    while (text.startsWith(u'-'))
        text = text.mid(1);
    return text.trimmed();
}

/// Comment lines at the head of a statement, taken off it; blank lines between start afresh only
/// in the caption, nothing is lost.
void takeLeadingComments(const QString& text, const QVector<Context>& marks, qsizetype from,
                         qsizetype to, SqlStatement& statement, int firstLine) {
    qsizetype at = from;
    int line = firstLine + static_cast<int>(text.left(from).count(u'\n'));
    while (at < to) {
        const qsizetype end = std::min(to, [&] {
            const qsizetype newline = text.indexOf(u'\n', at);
            return newline < 0 ? to : newline + 1;
        }());
        const QString piece = text.mid(at, end - at);
        qsizetype solid = at;
        while (solid < end && (text[solid].isSpace() || marks[solid] == Context::Comment))
            ++solid;
        if (solid < end) break;
        if (!piece.trimmed().isEmpty()) statement.comments << uncommented(piece);
        at = end;
        ++line;
    }
    statement.line = line;
    statement.text = text.mid(at, to - at).trimmed();
}

}  // namespace

QVector<Context> sqlContexts(const QString& sql) {
    return SqlMarker(sql).all();
}

QVector<SqlStatement> sqlStatements(const QVector<SourceLine>& lines) {
    QStringList texts;
    for (const SourceLine& line : lines)
        texts << line.text;
    const QString text = texts.join(u'\n');
    const QVector<Context> marks = sqlContexts(text);
    const int firstLine = lines.isEmpty() ? 0 : lines.first().line;

    QVector<SqlStatement> statements;
    qsizetype from = 0;
    const auto finish = [&](qsizetype to) {
        SqlStatement statement;
        takeLeadingComments(text, marks, from, to, statement, firstLine);
        if (!statement.text.isEmpty() || !statement.comments.isEmpty()) statements << statement;
        from = to;
    };
    for (qsizetype i = 0; i < text.size(); ++i)
        if (text[i] == u';' && marks[i] == Context::Bare) finish(i + 1);
    finish(text.size());
    return statements;
}

bool looksLikeSql(const QString& line) {
    static const QRegularExpression start(
        QStringLiteral(
            "^\\s*(SELECT\\s+(?!\\w+\\s+in\\s)|SELECT\\s*$|WITH\\s+(RECURSIVE\\s+)?\\w+\\s+(AS\\b|"
            "\\()|"
            "INSERT\\s+INTO\\s|UPDATE\\s+(ONLY\\s+)?[\\w.\"]+\\s+SET\\b|DELETE\\s+FROM\\s|"
            "EXPLAIN\\s+(\\(|ANALYZE|VERBOSE|SELECT|WITH|UPDATE|DELETE|INSERT)|"
            "(ALTER|CREATE|DROP)\\s+(TABLE|INDEX|UNIQUE|VIEW|MATERIALIZED|ROLE|USER|DATABASE|"
            "SCHEMA|"
            "SYSTEM|FUNCTION|EXTENSION|SEQUENCE)\\b|TRUNCATE\\s+(TABLE\\s+)?\\w+\\s*;|"
            "VACUUM\\s*[(;A-Za-z]|REINDEX\\s+|SHOW\\s+\\w+\\s*;)"),
        QRegularExpression::CaseInsensitiveOption);
    return start.match(line).hasMatch();
}

}  // namespace tocsin::runbooks
