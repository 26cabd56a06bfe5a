#include "runbooks/quoting.h"

#include <QRegularExpression>
#include <QUrl>

#include "runbooks/contexts.h"

namespace tocsin::runbooks {

namespace {

bool isControl(QChar c) {
    return c.unicode() < 0x20 || (c.unicode() >= 0x7f && c.unicode() < 0xa0);
}

QString withoutControls(QString value) {
    value.removeIf(isControl);
    return value;
}

bool isPlain(const QString& value) {
    static const QRegularExpression plain(QStringLiteral("\\A[A-Za-z0-9_./:@+,-]+\\z"));
    return plain.match(value).hasMatch();
}

bool isNumber(const QString& value) {
    static const QRegularExpression number(
        QStringLiteral("\\A-?[0-9]{1,300}(?:\\.[0-9]{1,300})?\\z"));
    return number.match(value).hasMatch();
}

QString doubled(QString value, QChar quote) {
    return value.replace(quote, QString(2, quote));
}

// ---- SQL ----------------------------------------------------------------------------------------

/// A hole that stands where a table's name has to.
bool wantsIdentifier(const QString& before) {
    static const QRegularExpression keyword(
        QStringLiteral("\\b(?:FROM|JOIN|INTO|UPDATE|TABLE|INDEX|ONLY|VACUUM|ANALYZE|REINDEX)\\s+$"),
        QRegularExpression::CaseInsensitiveOption);
    return keyword.match(before.right(40)).hasMatch();
}

std::optional<QString> sqlFilling(const Block& block, const Placeholder& hole,
                                  const QVector<Context>& marks, QString value) {
    value.remove(QChar(0));  // no PostgreSQL text holds it, and the wire ends there
    switch (marks[hole.offset]) {
        case Context::Literal:
            return doubled(value, u'\'');
        case Context::EscapeLiteral:
            return doubled(value.replace(u'\\', QLatin1String("\\\\")), u'\'');
        case Context::Identifier:
            return doubled(value, u'"');
        case Context::Bare:
            break;
        default:
            return {};
    }
    const QString before = block.text.left(hole.offset);
    if (wantsIdentifier(before)) {
        QStringList parts;
        for (const QString& part : value.split(u'.'))
            parts << sqlIdentifier(part);
        return parts.join(u'.');
    }
    // "5-" followed by -3 would begin a comment; a letter before would join the quote's prefix.
    if (isNumber(value)) return value.startsWith(u'-') ? u'(' + value + u')' : value;
    const bool needsSpace = !before.isEmpty() && isIdentifierPart(before.back());
    return (needsSpace ? QStringLiteral(" ") : QString()) + sqlLiteral(value);
}

// ---- shell --------------------------------------------------------------------------------------

/// Programs that read their arguments as a program text once more: no quoting of ours reaches that
/// far.
bool isReadAgain(const QString& before) {
    static const QRegularExpression programs(QStringLiteral(
        "(?:^|[\\s|;&(/"
        "])(?:(?:ba|z|da|k|fi)?sh|su|ssh|eval|g?awk|sed|perl|python3?|node|bun|ruby|php|psql|"
        "mysql|mongosh|xargs|watch|parallel|jq|docker|kubectl|podman|find)\\s"));
    return programs.match(before).hasMatch();
}

/// Puts a quoted word into what is open around it: closes, quotes, opens again.
std::optional<QString> shellFilling(const QString& value, Context context) {
    switch (context) {
        case Context::Bare:
            return shellWord(value);
        case Context::Double:
            return isPlain(value) ? value : u'"' + shellWord(value) + u'"';
        case Context::Literal:
            return isPlain(value) ? value : u'\'' + shellWord(value) + u'\'';
        case Context::Opaque:
            return isPlain(value) ? std::optional(value) : std::nullopt;
        default:
            return {};
    }
}

// ---- addresses ----------------------------------------------------------------------------------

bool isWebAddress(const QString& value) {
    static const QRegularExpression start(QStringLiteral("\\Ahttps?://[^\\s/?#]+"));
    return start.match(value).hasMatch();
}

bool hasDotSegment(const QString& value) {
    const QStringList parts = value.split(u'/');
    return parts.contains(QStringLiteral("..")) || parts.contains(QStringLiteral("."));
}

/// A hole in an address: at its head a whole address, in the host only what a host may hold, in
/// the path and behind it percent-encoded. A "/" stays in the path (acme/app), as long as it does
/// not climb.
std::optional<QString> addressFilling(const QString& before, const QString& value) {
    if (before.isEmpty()) {
        if (!isWebAddress(value)) return {};
        const QString encoded = QString::fromLatin1(QUrl(withoutControls(value)).toEncoded());
        return QString(encoded).replace(u'\'', QLatin1String("%27"));
    }
    const qsizetype scheme = before.indexOf(QLatin1String("://"));
    const bool inHost = scheme >= 0 && before.indexOf(u'/', scheme + 3) < 0;
    if (inHost) {
        static const QRegularExpression host(QStringLiteral("\\A[A-Za-z0-9.-]+\\z"));
        return host.match(value).hasMatch() ? std::optional(value) : std::nullopt;
    }
    const bool inPath = !before.contains(u'?') && !before.contains(u'#');
    const bool keepsSlash = inPath && !hasDotSegment(value);
    return QString::fromLatin1(
        QUrl::toPercentEncoding(value, keepsSlash ? QByteArray("/") : QByteArray()));
}

// ---- curl ---------------------------------------------------------------------------------------

/// The shell word that a hole stands in, up to the hole, without quote marks.
QString wordBefore(const QString& text, const QVector<Context>& marks, qsizetype at) {
    qsizetype from = at;
    while (from > 0 && !(marks[from - 1] == Context::Bare && text[from - 1].isSpace()))
        --from;
    QString word = text.mid(from, at - from);
    if (word.startsWith(u'"') || word.startsWith(u'\'')) word = word.mid(1);
    return word;
}

bool isAddressWord(const QString& before, const QString& text, const Placeholder& hole) {
    if (before.startsWith(QLatin1String("http://")) || before.startsWith(QLatin1String("https://")))
        return true;
    const qsizetype end = hole.offset + hole.length;
    return before.isEmpty() && end < text.size() && text[end] == u'/';
}

QString jsonText(const QString& value) {
    QString result;
    for (const QChar c : value) {
        if (c == u'"' || c == u'\\') result += u'\\';
        result += c;
    }
    return result;
}

std::optional<QString> curlFilling(const Block& block, const Placeholder& hole,
                                   const QVector<Context>& marks, const QString& value) {
    const QString before = wordBefore(block.text, marks, hole.offset);
    // A line end would begin a header of its own.
    QString filling = withoutControls(value);
    if (isAddressWord(before, block.text, hole)) {
        const auto encoded = addressFilling(before, value);
        if (!encoded) return {};
        filling = *encoded;
    } else if (before.startsWith(u'{') || before.startsWith(u'[')) {
        filling = jsonText(filling);
    }
    return shellFilling(filling, marks[hole.offset]);
}

// ---- Redis --------------------------------------------------------------------------------------

/// redis-cli's own words: blanks separate, "…" with escapes, '…' with \' only. Unlike a shell's,
/// a quote must end where its word does, so a word with a hole is written anew as a whole.
class RedisFiller {
public:
    RedisFiller(const Block& block, const QMap<QString, QString>& values)
        : m_text(block.text), m_block(block), m_values(values) {}

    QString all() {
        while (m_at < m_text.size()) {
            if (m_text[m_at].isSpace())
                m_result += m_text[m_at++];
            else
                word();
        }
        return m_result;
    }

private:
    void word() {
        const qsizetype from = m_at;
        QString decoded;
        bool isFilled = false;
        QChar quote;
        for (; m_at < m_text.size() && (!quote.isNull() || !m_text[m_at].isSpace());) {
            if (const Placeholder* hole = holeAt(m_at)) {
                isFilled = isFilled || m_values.contains(hole->name);
                decoded += m_values.value(hole->name, m_text.mid(hole->offset, hole->length));
                m_at += hole->length;
            } else {
                character(decoded, quote);
            }
        }
        m_result += isFilled ? redisWord(decoded) : m_text.mid(from, m_at - from);
    }

    void character(QString& decoded, QChar& quote) {
        const QChar c = m_text[m_at++];
        if (quote.isNull() && (c == u'"' || c == u'\''))
            quote = c;
        else if (!quote.isNull() && c == quote)
            quote = QChar();
        else if (!quote.isNull() && c == u'\\' && m_at < m_text.size())
            decoded += escaped(m_text[m_at++], quote);
        else
            decoded += c;
    }

    static QString escaped(QChar c, QChar quote) {
        if (quote == u'"' && c == u'n') return QStringLiteral("\n");
        if (quote == u'"' && c == u't') return QStringLiteral("\t");
        if (quote == u'"' && c == u'r') return QStringLiteral("\r");
        return quote == u'\'' && c != u'\'' ? QStringLiteral("\\") + c : QString(c);
    }

    const Placeholder* holeAt(qsizetype at) const {
        for (const Placeholder& hole : m_block.placeholders)
            if (hole.offset == at) return &hole;
        return nullptr;
    }

    const QString m_text;
    const Block& m_block;
    const QMap<QString, QString>& m_values;
    qsizetype m_at = 0;
    QString m_result;
};

std::optional<QString> filling(const Block& block, const Placeholder& hole,
                               const QVector<Context>& marks, const QString& value) {
    switch (block.kind) {
        case BlockKind::Postgres:
            return sqlFilling(block, hole, marks, value);
        case BlockKind::Http:
            return curlFilling(block, hole, marks, value);
        case BlockKind::Link:
            return addressFilling(block.text.left(hole.offset), value);
        case BlockKind::Shell:
        case BlockKind::Redis:
            break;
    }
    if (!isPlain(value) && isReadAgain(block.text.left(hole.offset))) return {};
    return shellFilling(value, marks[hole.offset]);
}

}  // namespace

QString sqlLiteral(const QString& value) {
    // E'…' reads backslashes the same way under every setting of the server.
    const bool escapes = value.contains(u'\\');
    QString body = escapes ? QString(value).replace(u'\\', QLatin1String("\\\\")) : value;
    return (escapes ? QStringLiteral("E'") : QStringLiteral("'")) + doubled(body, u'\'') + u'\'';
}

QString sqlIdentifier(const QString& value) {
    return u'"' + doubled(value, u'"') + u'"';
}

QString shellWord(const QString& value) {
    if (isPlain(value)) return value;
    if (!std::any_of(value.begin(), value.end(), isControl))
        return u'\'' + QString(value).replace(u'\'', QLatin1String("'\\''")) + u'\'';
    // Control characters would act on the terminal that the text is pasted into.
    QString body;
    for (const QChar c : value) {
        if (c == u'\'' || c == u'\\')
            body += u'\\' + QString(c);
        else if (!isControl(c))
            body += c;
        else if (c.unicode() == 0)
            continue;
        else if (c.unicode() < 0x80)
            body += QStringLiteral("\\x%1").arg(c.unicode(), 2, 16, QLatin1Char('0'));
    }
    return QStringLiteral("$'") + body + u'\'';
}

QString redisWord(const QString& value) {
    static const QRegularExpression bare(QStringLiteral("\\A[^\\s\"'\\\\\\x00-\\x1f\\x7f]+\\z"));
    if (bare.match(value).hasMatch()) return value;
    QString body;
    for (const QChar c : value) {
        if (c == u'"' || c == u'\\')
            body += u'\\' + QString(c);
        else if (c.unicode() < 0x20 || c.unicode() == 0x7f)
            body += QStringLiteral("\\x%1").arg(c.unicode(), 2, 16, QLatin1Char('0'));
        else
            body += c;
    }
    return u'"' + body + u'"';
}

QString filledText(const Block& block, const QMap<QString, QString>& values) {
    if (block.kind == BlockKind::Redis) return RedisFiller(block, values).all();
    const QVector<Context> marks = block.kind == BlockKind::Postgres ? sqlContexts(block.text)
                                   : block.kind == BlockKind::Link   ? QVector<Context>()
                                                                     : shellContexts(block.text);
    QString result;
    qsizetype at = 0;
    for (const Placeholder& hole : block.placeholders) {
        const auto value = values.find(hole.name);
        if (value == values.end() || hole.offset < at ||
            hole.offset + hole.length > block.text.size())
            continue;
        const auto filled = filling(block, hole, marks, *value);
        if (!filled) continue;
        result += block.text.mid(at, hole.offset - at) + *filled;
        at = hole.offset + hole.length;
    }
    return result + block.text.mid(at);
}

}  // namespace tocsin::runbooks
