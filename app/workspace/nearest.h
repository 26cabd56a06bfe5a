#pragma once
#include <QStringList>

namespace tocsin::workspace {

/// The word of `known` that `word` most likely meant, or nothing when none is close.
QString nearest(const QString& word, const QStringList& known);
/// " Did you mean “url”?", or " Known: a, b, c." when nothing is close. Begins with a space.
QString didYouMean(const QString& word, const QStringList& known);

}  // namespace tocsin::workspace
