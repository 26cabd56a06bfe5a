#pragma once
#include "runbooks/library.h"
#include "runbooks/outline.h"

namespace tocsin::runbooks {

/// A document's outline and lines, from which its runbooks are put together. Lines count from 1.
struct Draft {
    QVector<Element> elements;
    QStringList lines;
};

/// Elements [from, to) and what lines they cover, [firstLine, lastLine].
struct Part {
    qsizetype from = 0, to = 0;
    int firstLine = 1, lastLine = 0;
};

/// What a heading announces, by its words ("Immediate actions", "Diagnosis", "Mitigation" …).
std::optional<SectionKind> sectionKind(const QString& heading);

/// Sections and steps of one runbook. Headings of `sectionLevel` begin sections; what stands before
/// the first becomes Runbook::prose, or, when it has steps, a section without a title.
void assembleSections(const Draft& draft, const Part& part, int sectionLevel, Runbook& runbook);

/// Lines [first, last] as Markdown, less those in `taken` (ranges in ascending order), without
/// common indentation, rules and blank lines at the ends.
QString proseOf(const Draft& draft, int first, int last, const QVector<QPair<int, int>>& taken);

/// The rungs an escalation text names, and where P1 … P4 begin.
void readEscalation(const Draft& draft, const Part& part, ParsedDocument& document);
void readContacts(const Draft& draft, const Part& part, ParsedDocument& document);

}  // namespace tocsin::runbooks
