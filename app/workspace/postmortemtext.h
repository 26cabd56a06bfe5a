#pragma once
#include <QString>
#include <QStringList>

namespace tocsin::workspace {

/// What may stand in `{{…}}` in a post-mortem template: words, inside a line…
QStringList postMortemWords();
/// …and parts, each alone on its line: tables, lists, the drawing.
QStringList postMortemParts();
/// The template where the workspace brings none; Markdown.
QString standardPostMortem();

}  // namespace tocsin::workspace
