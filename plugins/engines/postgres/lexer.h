#pragma once
#include <QSet>
#include <QString>

#include "plugins/engines/postgres/mentions.h"

namespace tocsin::postgres {

/// The names that are called, `name(` or `schema.name(`, and the operators in one expression of
/// an EXPLAIN VERBOSE plan. Text in quotes is skipped. What is no function (ARRAY(, IN () may be
/// among them: the server's catalogue knows.
void collectCalls(const QString& expression, QSet<FunctionName>& functions,
                  QSet<OperatorName>& operators);

/// What follows EXPLAIN and its options in `text`; empty when `text` does not begin with EXPLAIN.
QString afterExplain(const QString& text);

/// PostgreSQL counts characters, QString counts UTF-16 units: the offset of the `characters`-th
/// character of `text`.
int utf16Offset(const QString& text, int characters);

}  // namespace tocsin::postgres
