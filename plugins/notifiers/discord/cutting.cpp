#include "plugins/notifiers/discord/cutting.h"

#include <QRegularExpression>
#include <QTextBoundaryFinder>
#include <algorithm>

namespace tocsin::discord {
namespace {

const QString kFence = QStringLiteral("```");
// Longer than what must stay whole can be.
constexpr qsizetype kLongestWhole = 600;
const QString kClose = QStringLiteral("\n```");

/// The fence that is open at the end of `text`, as it must be opened again ("```sql\n"); empty when
/// none is. Discord takes every ``` as a border, wherever it stands.
QString openFence(const QString& text) {
    static const QRegularExpression language(QStringLiteral("\\G[A-Za-z0-9+#._-]*\\n"));
    QString open;
    for (qsizetype at = text.indexOf(kFence); at >= 0; at = text.indexOf(kFence, at + 3)) {
        if (!open.isEmpty()) {
            open.clear();
            continue;
        }
        const auto match = language.match(text, at + 3);
        open = match.hasMatch() ? kFence + match.captured(0).left(40) : kFence + u'\n';
        if (!open.endsWith(u'\n')) open += u'\n';
    }
    return open;
}

/// Where `text` may be cut at or before `at` without breaking what must stay whole: a mention, a
/// time stamp, an address, a fence with its language, a character. 0 when there is no such place.
qsizetype wholeBefore(const QString& text, qsizetype at) {
    static const QRegularExpression whole(
        QStringLiteral("<(?:@[!&]?|#|a?:\\w{1,32}:|t:)-?\\d{1,20}(?::\\w)?>|https?://"
                       "[^\\s<>]{1,500}|```[A-Za-z0-9+#._-]{0,30}"));
    QTextBoundaryFinder characters(QTextBoundaryFinder::Grapheme, text);
    characters.setPosition(at);
    if (!characters.isAtBoundary()) at = std::max<qsizetype>(0, characters.toPreviousBoundary());
    // Only what begins shortly before can reach over the cut.
    auto it = whole.globalMatch(text, std::max<qsizetype>(0, at - kLongestWhole));
    while (it.hasNext()) {
        const auto match = it.next();
        if (match.capturedStart() >= at) break;
        if (match.capturedEnd() > at) return match.capturedStart();
    }
    return at;
}

/// The last end of a match of `border` within (least, limit]; -1 when there is none.
qsizetype lastBorder(const QString& text, const QRegularExpression& border, qsizetype least,
                     qsizetype limit) {
    qsizetype found = -1;
    auto it = border.globalMatch(text, least);
    while (it.hasNext()) {
        const qsizetype at = it.next().capturedStart();
        if (at > limit) break;
        if (at > least && wholeBefore(text, at) == at) found = at;
    }
    return found;
}

/// How much of `text` goes into a part of `limit` units; more than a third, so that a reopened
/// fence at its front still leaves progress.
qsizetype cutPlace(const QString& rest, qsizetype limit) {
    // What lies further on cannot matter, and both tools below look at all they are given.
    const QString text = rest.left(limit + kLongestWhole);
    static const QRegularExpression paragraph(QStringLiteral("\\n[ \\t]*\\n"));
    static const QRegularExpression line(QStringLiteral("\\n"));
    static const QRegularExpression sentence(QStringLiteral("(?<=[.!?…]) "));
    static const QRegularExpression word(QStringLiteral("[ \\t]"));
    const qsizetype least = limit / 3;  // a better border is not worth a part that is nearly empty
    for (const QRegularExpression* border : {&paragraph, &line, &sentence, &word}) {
        const qsizetype at = lastBorder(text, *border, least, limit);
        if (at > 0 && (border != &paragraph || openFence(text.left(at)).isEmpty())) return at;
    }
    const qsizetype at = wholeBefore(text, limit);
    if (at > least) return at;
    // An address or "character" longer than most of a part: break it, but not a surrogate pair.
    return text[limit - 1].isHighSurrogate() ? limit - 1 : limit;
}

QString withoutBlankEdges(QString text) {
    while (!text.isEmpty() && text.back().isSpace())
        text.chop(1);
    qsizetype lead = 0;
    while (lead < text.size() && (text[lead] == u'\n' || text[lead] == u'\r'))
        ++lead;
    return text.mid(lead);
}

/// What follows a cut inside a fence. Only the line break at the cut goes; indentation in a fence
/// means something. A fence that would have closed right there is closed already.
QString reopened(QString rest, const QString& open) {
    if (rest.startsWith(u'\n')) rest.remove(0, 1);
    if (rest.startsWith(kFence)) return withoutBlankEdges(rest.mid(kFence.size()));
    return open + rest;
}

}  // namespace

QStringList cutMarkdown(const QString& text, qsizetype firstLimit, qsizetype limit) {
    if (text.size() <= firstLimit) return {text};
    QStringList parts;
    QString rest = text;
    qsizetype most = firstLimit;
    while (rest.size() > most) {
        const qsizetype at = cutPlace(rest, most - kClose.size());
        QString part = rest.left(at);
        const QString open = openFence(part);
        rest = rest.mid(at);
        if (open.isEmpty()) {
            part = withoutBlankEdges(part);
            rest = withoutBlankEdges(rest);
        } else {
            part += part.endsWith(u'\n') ? kFence : kClose;
            rest = reopened(rest, open);
        }
        if (!part.trimmed().isEmpty()) parts << part;
        most = limit;
    }
    if (!rest.trimmed().isEmpty()) parts << rest;
    return parts;
}

}  // namespace tocsin::discord
