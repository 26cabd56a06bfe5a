#include "inspection/harmless.h"

#include <algorithm>

namespace tocsin::inspection {
namespace {

/// Control characters, and those that turn the direction of the text around them.
bool isObeyed(QChar c) {
    const char16_t code = c.unicode();
    return c.category() == QChar::Other_Control || (code >= 0x202a && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0x2028 || code == 0x2029;
}

QString shownCharacter(QChar c) {
    if (c == u'\n') return QStringLiteral("\\n");
    if (c == u'\r') return QStringLiteral("\\r");
    if (c == u'\t') return QStringLiteral("\\t");
    const QString code = QString::number(c.unicode(), 16);
    return c.unicode() < 0x100 ? QStringLiteral("\\x") + code.rightJustified(2, u'0')
                               : QStringLiteral("\\u") + code.rightJustified(4, u'0');
}

}  // namespace

QString harmless(const QString& text, QLatin1StringView kept) {
    const auto mustChange = [kept](QChar c) { return isObeyed(c) && !kept.contains(c); };
    if (std::none_of(text.begin(), text.end(), mustChange)) return text;
    QString out;
    for (const QChar c : text)
        mustChange(c) ? out += shownCharacter(c) : out += c;
    return out;
}

}  // namespace tocsin::inspection
