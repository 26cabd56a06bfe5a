#include "delivery/escape.h"

namespace tocsin::delivery {

QString escapeForPost(const QString& text) {
    static const QString markdown = QStringLiteral("\\*_~`|[]()#>");
    constexpr QChar zeroWidthSpace(0x200b);
    QString out;
    out.reserve(text.size() + 16);
    for (const QChar c : text) {
        if (c == u'\r') continue;
        if (markdown.contains(c)) out += u'\\';
        out += c;
        // "@everyone", "@here"; and "<@…>", "<#…>", "<t:…>", "<:…>", "</…>" all need both
        // neighbours.
        if (c == u'@' || c == u'<') out += zeroWidthSpace;
    }
    return out;
}

}  // namespace tocsin::delivery
