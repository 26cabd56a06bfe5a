#pragma once
#include <QString>

namespace tocsin::ui {

/// EXPLAIN of `sql`, as JSON; it plans and does not run.
QString effectQuery(const QString& sql);

/// "UPDATE of public.content, about 3 rows" from the planner's answer to effectQuery(), with every
/// table that it changes; empty when it is no such answer.
QString effectText(const QByteArray& planJson);

/// Where typing the server's name is asked for even when it is unlocked: schema, and changes of
/// rows that no condition of their own picks, or of very many. What a WHERE is worth only the plan
/// tells; without one, a change of rows without the word is sweeping.
bool isSweeping(const QString& sql, const QByteArray& planJson = {});

}  // namespace tocsin::ui
