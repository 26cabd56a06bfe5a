#pragma once
#include <QString>

namespace tocsin::delivery {

/// Makes text from outside (alert labels, titles, query results) harmless inside a Discord post: it
/// can mention nobody (`@everyone`, `<@1>`, `<@&1>`), link nowhere by disguise, and is shown as it
/// is instead of as Markdown. A zero-width space parts what would be a mention. Pure.
QString escapeForPost(const QString& text);

}  // namespace tocsin::delivery
