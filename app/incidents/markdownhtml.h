#pragma once
#include <QString>

namespace tocsin::incidents {

/// Markdown (CommonMark with tables) as an HTML fragment. HTML inside shows as text, and only links
/// to web pages and mail addresses stay links. Pure.
QString htmlFromMarkdown(const QString& markdown);

}  // namespace tocsin::incidents
