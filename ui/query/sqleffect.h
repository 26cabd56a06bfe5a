#pragma once
#include <QString>

namespace tocsin::ui {

/// EXPLAIN of `sql`, as JSON; it plans and does not run.
QString effectQuery(const QString& sql);

/// "UPDATE of public.content, about 3 rows" from the planner's answer to effectQuery(); empty when
/// it is no such answer.
QString effectText(const QByteArray& planJson);

/// Where typing the server's name is asked for even when it is unlocked: whole tables, schema.
bool isSweeping(const QString& sql);

}  // namespace tocsin::ui
