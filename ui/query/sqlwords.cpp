#include "ui/query/sqlwords.h"

#include <algorithm>

namespace tocsin::ui {

namespace {

bool comesBefore(const QString& a, const QString& b) {
    return a.compare(b, Qt::CaseInsensitive) < 0;
}

}  // namespace

void SqlWords::setWords(QStringList words) {
    std::sort(words.begin(), words.end(), comesBefore);
    words.removeDuplicates();
    m_words = std::move(words);
}

void SqlWords::updateAutoCompletionList(const QStringList& context, QStringList& list) {
    const QString begun = context.isEmpty() ? QString() : context.last();
    if (begun.isEmpty()) return;
    for (auto word = std::lower_bound(m_words.cbegin(), m_words.cend(), begun, comesBefore);
         word != m_words.cend() && word->startsWith(begun, Qt::CaseInsensitive); ++word)
        list << *word;
}

}  // namespace tocsin::ui
