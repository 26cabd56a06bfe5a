#pragma once
#include <QString>
#include <QVector>

#include "sdk/alert.h"

namespace tocsin::ui {

/// What the filter field says: words that must all match. `disk` looks in key, summary, source and
/// label values; `label=value` and `label!=value` look at one label, where `key`, `source`,
/// `severity` and `state` name the alert's own; `-word` excludes; "two words" keeps them together.
/// Case never matters. A value; any thread.
class BoardFilter {
public:
    BoardFilter() = default;
    explicit BoardFilter(const QString& text);

    bool isEmpty() const { return m_terms.isEmpty(); }
    bool matches(const Alert& alert) const;
    /// Sources have no labels: only plain words and `source=` are looked at.
    bool matchesSource(const QString& name) const;

private:
    struct Term {
        QString label;  // empty: a plain word
        QString text;
        bool isExcluded = false;
    };

    QVector<Term> m_terms;
};

}  // namespace tocsin::ui
