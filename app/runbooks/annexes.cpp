#include <QRegularExpression>

#include "runbooks/assembly.h"

namespace tocsin::runbooks {

namespace {

using Kind = Element::Kind;

/// The first paragraph of each item, in order.
QVector<Element> itemTexts(const Draft& draft, const Part& part) {
    QVector<Element> texts;
    bool isWanted = false;
    for (qsizetype i = part.from; i < part.to; ++i) {
        const Element& element = draft.elements[i];
        if (element.kind == Kind::Item)
            isWanted = true;
        else if (element.kind == Kind::Paragraph && std::exchange(isWanted, false))
            texts << element;
    }
    return texts;
}

std::chrono::milliseconds spanOf(const QString& amount, const QString& unit) {
    const int count = amount.left(6).toInt();
    if (unit.startsWith(u'h')) return std::chrono::hours(count);
    if (unit.startsWith(u's')) return std::chrono::seconds(count);
    return std::chrono::minutes(count);
}

/// "Level 2 (15-30 minutes): Secondary on-call engineer (@on-call-secondary in Discord)"
std::optional<EscalationLevel> levelIn(const Element& item) {
    static const QRegularExpression shape(
        QStringLiteral("^\\s*level\\s+(\\d{1,2})\\s*\\(\\s*(?:after\\s+)?(\\d{1,5})\\s*(?:[-–+]|to)"
                       "?\\s*\\d*\\s*"
                       "(m|min|minutes?|h|hours?|s|seconds?)?\\b[^)]*\\)\\s*:?\\s*(.*)$"),
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression mention(QStringLiteral("@([\\w.-]+)"));
    static const QRegularExpression aside(QStringLiteral("\\s*\\([^)]*\\)"));
    const auto match = shape.match(item.text.simplified());
    if (!match.hasMatch()) return {};
    EscalationLevel level;
    level.number = match.captured(1).toInt();
    level.after = spanOf(match.captured(2), match.captured(3).toLower());
    const QString rest = match.captured(4);
    level.mention = mention.match(rest).captured(1);
    level.name = QString(rest).remove(aside).simplified();
    level.line = item.line;
    return level;
}

/// "For critical incidents (P1), escalate immediately to Level 2."
void readStart(const QString& paragraph, QMap<QString, int>& start) {
    static const QRegularExpression shape(
        QStringLiteral("\\b(P[1-4])\\b[^.]*?\\blevel\\s+(\\d{1,2})\\b"),
        QRegularExpression::CaseInsensitiveOption);
    for (auto it = shape.globalMatch(paragraph); it.hasNext();) {
        const auto match = it.next();
        start.insert(match.captured(1).toUpper(), match.captured(2).toInt());
    }
}

}  // namespace

void readEscalation(const Draft& draft, const Part& part, ParsedDocument& document) {
    for (const Element& item : itemTexts(draft, part))
        if (const auto level = levelIn(item)) document.levels << *level;
    for (qsizetype i = part.from; i < part.to; ++i)
        if (draft.elements[i].kind == Kind::Paragraph)
            readStart(draft.elements[i].text, document.start);
}

void readContacts(const Draft& draft, const Part& part, ParsedDocument& document) {
    for (const Element& item : itemTexts(draft, part)) {
        const QString text = item.text.simplified();
        const qsizetype colon = text.indexOf(u':');
        if (colon > 0)
            document.contacts << Contact{text.left(colon).trimmed(), text.mid(colon + 1).trimmed(),
                                         item.line};
    }
}

}  // namespace tocsin::runbooks
