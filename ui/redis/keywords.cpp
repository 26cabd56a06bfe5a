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

}  // namespace tocsin::ui
