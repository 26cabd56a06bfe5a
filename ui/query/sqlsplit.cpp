#include "ui/query/sqlsplit.h"

#include <algorithm>

namespace tocsin::ui {

namespace {

/// Walks over one text, past what is quoted.
class Splitter {
public:
    explicit Splitter(const QString& text) : m_text(text) {}

    QVector<SqlSpan> split() {
        while (m_at < m_text.size()) {
            const QChar c = m_text[m_at];
            if (c == u';') {
                take(m_at);
                m_start = ++m_at;
            } else if (!skipQuoted(c)) {
                ++m_at;
            }
        }
        take(m_text.size());
        return m_spans;
    }

private:
    void take(qsizetype end) {
        qsizetype start = m_start;
        while (start < end && m_text[start].isSpace())
            ++start;
        while (end > start && m_text[end - 1].isSpace())
            --end;
        if (end > start) m_spans << SqlSpan{start, end - start};
    }
    bool startsWith(const char* words) const {
        return QStringView(m_text).mid(m_at).startsWith(QLatin1String(words));
    }
    void skipTo(qsizetype end, qsizetype past) { m_at = end < 0 ? m_text.size() : end + past; }
    bool skipQuoted(QChar c) {
        if (c == u'\'' || c == u'"') {
            skipQuotes(c);
        } else if (startsWith("--")) {
            skipTo(m_text.indexOf(u'\n', m_at), 1);
        } else if (startsWith("/*")) {
            skipComment();
        } else if (c == u'$') {
            return skipDollar();
        } else {
            return false;
        }
        return true;
    }
    /// Doubled quotes read as the end of one and the start of the next, which comes to the same;
    /// only E'' has backslashes.
    void skipQuotes(QChar quote) {
        const bool escapes = quote == u'\'' && m_at > 0 && m_text[m_at - 1].toLower() == u'e' &&
                             (m_at < 2 || !m_text[m_at - 2].isLetterOrNumber());
        for (++m_at; m_at < m_text.size() && m_text[m_at] != quote; ++m_at)
            if (escapes && m_text[m_at] == u'\\') ++m_at;
        m_at = std::min(m_at + 1, m_text.size());
    }
    void skipComment() {
        int depth = 0;
        while (m_at < m_text.size()) {
            if (startsWith("/*")) {
                ++depth;
                m_at += 2;
            } else if (startsWith("*/")) {
                m_at += 2;
                if (--depth == 0) return;
            } else {
                ++m_at;
            }
        }
    }
    bool skipDollar() {
        // a$b$ is a name; $1 is a parameter.
        if (m_at > 0 && (m_text[m_at - 1].isLetterOrNumber() || m_text[m_at - 1] == u'_'))
            return false;
        qsizetype end = m_at + 1;
        while (end < m_text.size() && (m_text[end].isLetterOrNumber() || m_text[end] == u'_'))
            ++end;
        const bool tag = end < m_text.size() && m_text[end] == u'$' && !m_text[m_at + 1].isDigit();
        if (!tag) return false;
        const QString mark = m_text.mid(m_at, end - m_at + 1);
        skipTo(m_text.indexOf(mark, end + 1), mark.size());
        return true;
    }

    const QString& m_text;
    qsizetype m_at = 0;
    qsizetype m_start = 0;
    QVector<SqlSpan> m_spans;
};

}  // namespace

QVector<SqlSpan> statementsIn(const QString& text) {
    return Splitter(text).split();
}

SqlSpan statementAt(const QString& text, qsizetype cursor) {
    SqlSpan last;
    for (const SqlSpan& span : statementsIn(text)) {
        if (span.start > cursor && last.length > 0) break;
        last = span;
        if (cursor <= span.start + span.length + 1) break;
    }
    return last;
}

}  // namespace tocsin::ui
