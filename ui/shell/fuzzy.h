#pragma once
#include <QStringView>

namespace tocsin::ui {

/// How well `text` answers `pattern`: its letters in order, better when together, at the start of
/// words, and early. 0: not at all. An empty pattern answers everything alike. Case is ignored,
/// and so are spaces in the pattern. Pure.
int fuzzyScore(QStringView pattern, QStringView text);

}  // namespace tocsin::ui
