#pragma once
#include <QMap>

#include "runbooks/runbook.h"

namespace tocsin::runbooks {

/// `block.text` with every hole of a known name filled in. A value can never end the quoting it
/// stands in, whatever it holds; where that cannot be had, the hole stays. Pure; any thread.
///
/// SQL relies on standard_conforming_strings = on, PostgreSQL's default since 9.1, for holes that
/// stand inside a plain '…'. Shell text is for a POSIX shell, save that values with control
/// characters use $'…', which dash before 0.5.11 does not know.
QString filledText(const Block& block, const QMap<QString, QString>& values);

/// The rules by themselves, for one value outside any quotes.
QString sqlLiteral(const QString& value);
QString sqlIdentifier(const QString& value);
QString shellWord(const QString& value);
QString redisWord(const QString& value);

}  // namespace tocsin::runbooks
