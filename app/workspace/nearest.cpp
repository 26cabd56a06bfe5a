#include "workspace/nearest.h"

#include <vector>

namespace tocsin::workspace {
namespace {

// Words longer than this are not typing mistakes of ours, and the distance is quadratic.
constexpr qsizetype kLongestWord = 40;

/// Levenshtein's distance.
int distance(const QString& a, const QString& b) {
    std::vector<int> row(std::size_t(b.size()) + 1);
    for (std::size_t j = 0; j < row.size(); ++j)
        row[j] = int(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        int diagonal = std::exchange(row[0], int(i));
        for (std::size_t j = 1; j < row.size(); ++j) {
            const int change = diagonal + (a[i - 1] == b[qsizetype(j) - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
        }
    }
    return row.back();
}

}  // namespace

QString nearest(const QString& word, const QStringList& known) {
    if (word.size() > kLongestWord) return {};
    QString best;
    int bestDistance = int(std::max<qsizetype>(2, word.size() / 3)) + 1;
    for (const QString& candidate : known) {
        const int d = distance(word.toLower(), candidate.toLower());
        if (d < bestDistance && d < candidate.size()) {
            best = candidate;
            bestDistance = d;
        }
    }
    return best;
}

QString didYouMean(const QString& word, const QStringList& known) {
    const QString near = nearest(word, known);
    if (!near.isEmpty()) return QStringLiteral(" Did you mean “%1”?").arg(near);
    if (known.isEmpty()) return {};
    return QStringLiteral(" Known: %1.").arg(known.join(QStringLiteral(", ")));
}

}  // namespace tocsin::workspace
