#include "ui/redis/keywords.h"

#include <QCoreApplication>

#include "sdk/figures.h"
#include "ui/theme/durations.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

namespace {

QString keyWords(const char* text) {
    return QCoreApplication::translate("RedisKeys", text);
}

QString elementsText(const inspection::KeyFacts& facts) {
    if (facts.type == u"string") return memoryText(facts.size);
    const QString count = countText(facts.size);
    if (facts.type == u"hash")
        return facts.size == 1 ? keyWords("1 field") : keyWords("%1 fields").arg(count);
    if (facts.type == u"stream")
        return facts.size == 1 ? keyWords("1 entry") : keyWords("%1 entries").arg(count);
    return facts.size == 1 ? keyWords("1 element") : keyWords("%1 elements").arg(count);
}

}  // namespace

QString countText(qint64 count) {
    return count < 0 ? u"?"_s : tocsin::countText(count);
}

QString memoryText(qint64 bytes) {
    return bytes < 0 ? u"?"_s : sizeText(bytes);
}

QString expiryText(qint64 milliseconds) {
    if (milliseconds == -1) return keyWords("never");
    return milliseconds < 0
               ? keyWords("gone")
               : keyWords("in %1").arg(theme::ageText(std::chrono::milliseconds(milliseconds)));
}

QString factsText(const inspection::KeyFacts& facts) {
    if (facts.type == u"none")
        return keyWords("There is no such key any more: it was deleted, or it expired.");
    QStringList parts{facts.type};
    if (!facts.encoding.isEmpty() && facts.encoding != facts.type) parts << facts.encoding;
    if (facts.size >= 0) parts << elementsText(facts);
    if (facts.memory >= 0) parts << keyWords("%1 in memory").arg(memoryText(facts.memory));
    parts << (facts.expiresIn == -1 ? keyWords("never expires")
                                    : keyWords("expires %1").arg(expiryText(facts.expiresIn)));
    return parts.join(u" · "_s);
}

QString sieveText(const inspection::KeyFilter& filter, const inspection::SieveCost& cost) {
    if (!filter.asks()) return {};
    QStringList asked;
    if (filter.asksExpiry())
        asked << keyWords("%1 asked for their expiry").arg(countText(cost.expiriesAsked));
    if (filter.asksSize())
        asked << (asked.isEmpty() ? keyWords("%1 asked for their size")
                                  : keyWords("%1 for their size"))
                     .arg(countText(cost.sizesAsked));
    return u" · "_s + asked.join(u", "_s) +
           keyWords(" · longest turn %1 ms")
               .arg(static_cast<double>(cost.longestTurn.count()) / 1000.0, 0, 'f', 1);
}

}  // namespace tocsin::ui
