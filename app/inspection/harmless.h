#pragma once
#include <QString>

namespace tocsin::inspection {

/// `text` without what a terminal would obey: control characters as \x1b, \n, \u202e, except those
/// in `kept`. What comes from outside could otherwise forge lines or move the cursor.
QString harmless(const QString& text, QLatin1StringView kept = {});

}  // namespace tocsin::inspection
