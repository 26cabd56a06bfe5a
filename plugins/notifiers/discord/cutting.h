#pragma once
#include <QString>
#include <QStringList>

namespace tocsin::discord {

/// Cuts Markdown into parts of at most `limit` UTF-16 units, the first of at most `firstLimit`
/// (both at least 200). Prefers paragraph borders, then lines, sentences, words. A code fence that
/// is cut is closed and opened again in the next part, with its language. A mention, an address and
/// a character of several units stay whole. Text that fits comes back alone and unchanged; white
/// space at a cut is dropped; no part is blank. Pure.
QStringList cutMarkdown(const QString& text, qsizetype firstLimit, qsizetype limit);

}  // namespace tocsin::discord
