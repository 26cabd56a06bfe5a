#include <QRegularExpression>

#include "runbooks/contexts.h"

namespace tocsin::runbooks {

namespace {

/// A stack of what is open: the bottom is the command itself, `$(` and `"` push.
class ShellMarker {
public:
    explicit ShellMarker(const QString& text) : m_text(text), m_marks(text.size(), Context::Bare) {}

    QVector<Context> all() {
        m_open.push_back(u'(');
        while (m_at < m_text.size()) {
            if (m_open.back() == u'"')
                inDouble();
            else
                inBare();
        }
        return std::move(m_marks);
    }

private:
    QChar peek(qsizetype ahead = 0) const {
        return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : QChar();
    }

    void mark(qsizetype length, Context context) {
        for (const qsizetype end = std::min(m_text.size(), m_at + length); m_at < end; ++m_at)
            m_marks[m_at] = context;
    }

    /// Up to and with the next `end`; a backslash guards it when `escapes`.
    void markThrough(qsizetype skip, QChar end, bool escapes, Context context) {
        mark(skip, context);
        while (m_at < m_text.size() && m_text[m_at] != end)
            mark(escapes && m_text[m_at] == u'\\' ? 2 : 1, context);
        mark(1, context);
    }

    bool startsSubstitution() const { return peek() == u'$' && peek(1) == u'('; }

    void substitution(Context around) {
        if (peek(2) == u'(') {
            arithmetic();
            return;
        }
        mark(2, around);
        m_open.push_back(u'(');
    }

    void arithmetic() {
        const qsizetype end = m_text.indexOf(QLatin1String("))"), m_at);
        mark(end < 0 ? m_text.size() : end + 2 - m_at, Context::Opaque);
    }

    void inDouble() {
        if (peek() == u'\\') {
            mark(2, Context::Double);
        } else if (peek() == u'"') {
            mark(1, Context::Double);
            m_open.pop_back();
        } else if (peek() == u'`') {
            markThrough(1, u'`', true, Context::Opaque);
        } else if (startsSubstitution()) {
            substitution(Context::Double);
        } else {
            mark(1, Context::Double);
        }
    }

    void inBare() {
        const QChar c = peek();
        if (c == u'\\') {
            mark(2, Context::Bare);
        } else if (c == u'\'') {
            markThrough(1, u'\'', false, Context::Literal);
        } else if (c == u'$' && peek(1) == u'\'') {
            markThrough(2, u'\'', true, Context::Opaque);
        } else if (c == u'"') {
            mark(1, Context::Double);
            m_open.push_back(u'"');
        } else if (c == u'`') {
            markThrough(1, u'`', true, Context::Opaque);
        } else if (startsSubstitution()) {
            substitution(Context::Bare);
        } else if (c == u'#' && (m_at == 0 || m_text[m_at - 1].isSpace())) {
            const qsizetype end = m_text.indexOf(u'\n', m_at);
            mark(end < 0 ? m_text.size() : end - m_at, Context::Comment);
        } else if (c == u'<' && peek(1) == u'<' && peek(2) != u'<') {
            hereDocument();
        } else {
            parenthesis(c);
            mark(1, Context::Bare);
        }
    }

    void parenthesis(QChar c) {
        if (c == u'(')
            m_open.push_back(u'(');
        else if (c == u')' && m_open.size() > 1)
            m_open.pop_back();
    }

    /// From `<<` on everything is opaque until the delimiter's line.
    void hereDocument() {
        static const QRegularExpression start(
            QStringLiteral("\\G<<-?\\s*(['\"]?)([A-Za-z_]\\w*)\\1[^\\n]*\\n"));
        const auto match = start.match(m_text, m_at);
        if (!match.hasMatch()) {
            mark(2, Context::Bare);
            return;
        }
        const QRegularExpression finish(QStringLiteral("^\\s*%1\\s*$").arg(match.captured(2)),
                                        QRegularExpression::MultilineOption);
        const auto end = finish.match(m_text, match.capturedEnd());
        mark((end.hasMatch() ? end.capturedEnd() : m_text.size()) - m_at, Context::Opaque);
    }

    const QString& m_text;
    QVector<Context> m_marks;
    QVector<QChar> m_open;
    qsizetype m_at = 0;
};

}  // namespace

QVector<Context> shellContexts(const QString& command) {
    return ShellMarker(command).all();
}

}  // namespace tocsin::runbooks
