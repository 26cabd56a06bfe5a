#include "runbooks/placeholders.h"

#include <QRegularExpression>
#include <QSet>

#include "runbooks/contexts.h"

namespace tocsin::runbooks {

namespace {

using Pattern = QRegularExpression;

bool isWordPart(QChar c) {
    return c.isLetterOrNumber() || c == u'_';
}

class HoleFinder {
public:
    HoleFinder(const QString& text, BlockKind kind) : m_text(text), m_kind(kind) {
        if (kind == BlockKind::Postgres)
            m_marks = sqlContexts(text);
        else if (kind == BlockKind::Shell || kind == BlockKind::Http)
            m_marks = shellContexts(text);
        else
            m_marks.fill(Context::Bare, text.size());
        if (kind == BlockKind::Shell) collectOwnVariables();
    }

    QVector<Placeholder> all() {
        static const Pattern token(QStringLiteral(
            "\\{\\{-?\\s*(?:\\$labels\\.|\\.Labels\\.)?(?<brace>[A-Za-z_][\\w-]*)\\s*-?\\}\\}"
            "|\\$\\{(?<curly>[A-Za-z_]\\w*)(?::?-(?<fallback>[^{}]*))?\\}"
            "|\\$(?<dollar>[A-Za-z_]\\w*)"
            "|\\[(?<square>[A-Za-z][A-Za-z0-9_ -]{0,39})\\]"
            "|<(?<angle>[A-Za-z][A-Za-z0-9_-]{1,39}(?: [a-z0-9_-]{2,20}){0,3})>"));
        QVector<Placeholder> holes;
        for (auto it = token.globalMatch(m_text); it.hasNext();) {
            const auto match = it.next();
            const QString name = nameOf(match);
            if (!name.isEmpty())
                holes << Placeholder{name, match.capturedStart(), match.capturedLength(),
                                     match.captured(u"fallback")};
        }
        return holes;
    }

private:
    QString nameOf(const QRegularExpressionMatch& match) const {
        const qsizetype at = match.capturedStart();
        const Context context = m_marks[at];
        if (context == Context::Comment) return {};
        // $tag$…$tag$ holds a function's body; a here document and `…` are read as they stand.
        if (context == Context::Opaque && m_kind == BlockKind::Postgres) return {};
        if (!match.captured(u"brace").isEmpty()) return match.captured(u"brace");
        for (const auto* group : {u"curly", u"dollar"})
            if (!match.captured(group).isEmpty())
                return isVariable(match, match.captured(group)) ? match.captured(group) : QString();
        if (!match.captured(u"square").isEmpty())
            return isSquareHole(match, match.captured(u"square"))
                       ? match.captured(u"square").trimmed()
                       : QString();
        const QString angle = match.captured(u"angle");
        return isAngleHole(match, angle) ? angle : QString();
    }

    QChar before(const QRegularExpressionMatch& match) const {
        return match.capturedStart() > 0 ? m_text[match.capturedStart() - 1] : QChar();
    }
    QChar after(const QRegularExpressionMatch& match) const {
        return match.capturedEnd() < m_text.size() ? m_text[match.capturedEnd()] : QChar();
    }

    bool isVariable(const QRegularExpressionMatch& match, const QString& name) const {
        if (before(match) == u'\\' || m_ownVariables.contains(name)) return false;
        // The shell expands nothing inside '…': there it is awk's $NF or sed's end of line.
        const bool isShell = m_kind == BlockKind::Shell || m_kind == BlockKind::Http;
        if (isShell && m_marks[match.capturedStart()] == Context::Literal) return false;
        if (m_kind == BlockKind::Postgres && isWordPart(before(match)))
            return false;  // a$b is one identifier
        if (m_kind == BlockKind::Postgres && name.size() < 2) return false;
        static const QSet<QString> everywhere{
            QStringLiteral("HOME"),   QStringLiteral("PATH"),   QStringLiteral("PWD"),
            QStringLiteral("USER"),   QStringLiteral("SHELL"),  QStringLiteral("HOSTNAME"),
            QStringLiteral("TERM"),   QStringLiteral("RANDOM"), QStringLiteral("SECONDS"),
            QStringLiteral("EDITOR"), QStringLiteral("TMPDIR"), QStringLiteral("OLDPWD")};
        return !everywhere.contains(name) || m_kind == BlockKind::Postgres;
    }

    bool isSquareHole(const QRegularExpressionMatch& match, const QString& name) const {
        static const Pattern ranges(QStringLiteral("^(?:[A-Za-z0-9_]-[A-Za-z0-9_]|[_ -])+$"));
        static const Pattern upper(QStringLiteral("^[A-Z][A-Z0-9_ -]*[A-Z0-9]$"));
        static const Pattern words(QStringLiteral("^[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*$"));
        static const QSet<QString> literals{QStringLiteral("true"), QStringLiteral("false"),
                                            QStringLiteral("null")};
        const QChar prior = before(match), next = after(match);
        const bool isUpper = upper.match(name).hasMatch();
        const bool isJoined = name.contains(u'-') || name.contains(u'_');
        if (ranges.match(name).hasMatch() || literals.contains(name.toLower())) return false;
        if (!isUpper && (!words.match(name).hasMatch() || name.size() < 3)) return false;
        if (next == u'(' || next == u'+' || next == u'*' || next == u'{' || prior == u'\\')
            return false;  // a Markdown link, or a class with its count
        if (m_kind == BlockKind::Postgres)
            return isSqlHole(match, prior, next, isUpper || isJoined);
        if (!isUpper && (isWordPart(prior) || prior == u']' || prior == u'"'))
            return false;  // a[name], file[abc]
        return (isUpper && name.contains(u'_')) || !inFilter(match.capturedStart());
    }

    bool isSqlHole(const QRegularExpressionMatch& match, QChar prior, QChar next,
                   bool isMarked) const {
        const Context context = m_marks[match.capturedStart()];
        if (context == Context::Literal || context == Context::EscapeLiteral)
            return isMarked || (prior == u'\'' && next == u'\'');
        static const Pattern array(QStringLiteral("\\bARRAY\\s*$"), Pattern::CaseInsensitiveOption);
        const bool isSubscript =
            isWordPart(prior) || prior == u']' || prior == u')' || prior == u'"';
        return !isSubscript && !array.match(nearBefore(match.capturedStart())).hasMatch();
    }

    bool isAngleHole(const QRegularExpressionMatch& match, const QString& name) const {
        const QChar prior = before(match);
        if (prior == u'<' || prior == u'\\') return false;
        if (m_kind == BlockKind::Postgres &&
            (name.contains(u' ') || isWordPart(prior) || prior == u')'))
            return false;
        return !m_text.contains(QStringLiteral("</%1>").arg(name));  // markup
    }

    /// Inside an argument of grep and its kind brackets are character classes.
    bool inFilter(qsizetype at) const {
        if (m_kind != BlockKind::Shell) return false;
        static const Pattern filter(
            QStringLiteral("(?:^|[|;&\\n(])\\s*(?:sudo\\s+)?(?:e|f|z|p)?(?:grep|sed|awk|rg|tr)\\b"
                           "[^|;&\\n]*$"));
        return filter.match(nearBefore(at)).hasMatch();
    }

    QString nearBefore(qsizetype at) const {
        const qsizetype from = std::max<qsizetype>(0, at - 400);
        return m_text.mid(from, at - from);
    }

    void collectOwnVariables() {
        static const Pattern setting(
            QStringLiteral("(?:^|[;&|(\\n]|\\bdo\\b|\\bthen\\b|\\bexport\\b|\\blocal\\b)\\s*([A-Za-"
                           "z_]\\w*)=|\\bfor\\s+([A-Za-z_]\\w*)\\s+in\\b|"
                           "\\bread\\s+(?:-\\w+\\s+)*([A-Za-z_]\\w*)"));
        for (auto it = setting.globalMatch(m_text); it.hasNext();) {
            const auto match = it.next();
            for (int group = 1; group <= 3; ++group)
                m_ownVariables << match.captured(group);
        }
    }

    const QString& m_text;
    BlockKind m_kind;
    QVector<Context> m_marks;
    QSet<QString> m_ownVariables;
};

}  // namespace

QVector<Placeholder> placeholdersIn(const QString& text, BlockKind kind) {
    // Nothing a person wrote to be run is this long; the searches above are not linear.
    constexpr qsizetype longestText = 64 * 1024;
    return text.size() > longestText ? QVector<Placeholder>() : HoleFinder(text, kind).all();
}

}  // namespace tocsin::runbooks
