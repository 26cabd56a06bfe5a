#include "ui/shell/fuzzy.h"

#include <algorithm>

namespace tocsin::ui {

namespace {
constexpr int kLetter = 10;
constexpr int kTogether = 15;
constexpr int kWordStart = 20;
constexpr int kWholePhrase = 200;

bool startsWord(QStringView text, qsizetype at) {
    return at == 0 || !text[at - 1].isLetterOrNumber();
}
}  // namespace

int fuzzyScore(QStringView pattern, QStringView text) {
    pattern = pattern.trimmed();
    if (pattern.isEmpty()) return 1;
    int score = kLetter;
    const qsizetype phrase = text.indexOf(pattern, 0, Qt::CaseInsensitive);
    if (phrase >= 0) score += kWholePhrase - int(std::min<qsizetype>(phrase, 50));
    qsizetype at = 0;
    qsizetype last = -2;
    for (const QChar wanted : pattern) {
        if (wanted.isSpace()) continue;
        const QChar lower = wanted.toLower();
        while (at < text.size() && text[at].toLower() != lower)
            ++at;
        if (at == text.size()) return 0;
        score += kLetter;
        if (at == last + 1) score += kTogether;
        if (startsWord(text, at)) score += kWordStart;
        last = at++;
    }
    // Of two equal answers the shorter one was meant.
    return std::max(1, score - int(std::min<qsizetype>(text.size(), 80)) / 8);
}

}  // namespace tocsin::ui
