#pragma once
#include <QString>

namespace tocsin::ui {

/// `text` laid out anew: a clause on each line, lists and conditions broken where they are longer
/// than a line. Only white space changes: the tokens, their case and the comments stay as they
/// are, and formatting twice is formatting once.
QString formattedSql(const QString& text);

}  // namespace tocsin::ui
