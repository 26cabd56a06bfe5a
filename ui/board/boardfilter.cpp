#include "ui/board/boardfilter.h"

#include <algorithm>

namespace tocsin::ui {
namespace {

QStringList words(const QString& text) {
    QStringList found;
    QString word;
    bool isQuoted = false;
    for (const QChar c : text) {
        if (c == QLatin1Char('"')) {
            isQuoted = !isQuoted;
        } else if (c.isSpace() && !isQuoted) {
            if (!word.isEmpty()) found.append(std::exchange(word, {}));
        } else {
            word.append(c);
        }
    }
    if (!word.isEmpty()) found.append(word);
    return found;
}

QString valueOf(const Alert& alert, const QString& label) {
    if (label == QLatin1String("key")) return alert.key;
    if (label == QLatin1String("source")) return alert.source;
    if (label == QLatin1String("severity")) return nameOf(alert.severity);
    if (label == QLatin1String("state")) return nameOf(alert.state);
    return alert.labels.value(label);
}

bool holdsWord(const Alert& alert, const QString& word) {
    const auto holds = [&](const QString& text) {
        return text.contains(word, Qt::CaseInsensitive);
    };
    return holds(alert.key) || holds(alert.summary) || holds(alert.source) ||
           std::any_of(alert.labels.cbegin(), alert.labels.cend(), holds);
}

}  // namespace

BoardFilter::BoardFilter(const QString& text) {
    for (QString word : words(text)) {
        Term term;
        if (word.size() > 1 && word.startsWith(QLatin1Char('-'))) {
            term.isExcluded = true;
            word.remove(0, 1);
        }
        const qsizetype equals = word.indexOf(QLatin1Char('='));
        if (equals > 0) {
            term.label = word.left(equals);
            term.text = word.mid(equals + 1);
            if (term.label.endsWith(QLatin1Char('!'))) {
                term.label.chop(1);
                term.isExcluded = !term.isExcluded;
            }
        } else {
            term.text = word;
        }
        m_terms.append(term);
    }
}

bool BoardFilter::matches(const Alert& alert) const {
    return std::all_of(m_terms.begin(), m_terms.end(), [&](const Term& term) {
        const bool found =
            term.label.isEmpty()
                ? holdsWord(alert, term.text)
                : valueOf(alert, term.label).contains(term.text, Qt::CaseInsensitive) &&
                      !(term.text.isEmpty() && valueOf(alert, term.label).isEmpty());
        return found != term.isExcluded;
    });
}

bool BoardFilter::matchesSource(const QString& name) const {
    return std::all_of(m_terms.begin(), m_terms.end(), [&](const Term& term) {
        if (!term.label.isEmpty() && term.label != QLatin1String("source")) return false;
        return name.contains(term.text, Qt::CaseInsensitive) != term.isExcluded;
    });
}

}  // namespace tocsin::ui
