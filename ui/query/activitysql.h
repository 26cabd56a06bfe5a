#pragma once
#include <QString>

namespace tocsin::ui {

/// What the activity view can look at; each is one read-only statement that a person can take over
/// into the editor.
enum class ActivityTopic { Sessions, Blocking, Statements, Tables, Maintenance, Settings };

/// Every client session, and whatever else waits for a lock or is waited for (autovacuum; a
/// prepared transaction is number 0): who, what, since when, whom it waits for and how long; the
/// oldest transactions first. pg_blocking_pids() walks the lock table, so only those that wait for
/// a lock are asked about. The waiting's own start is known from PostgreSQL 14 on.
QString sessionsSql();

/// Connection slots: used, limit, reserved, and how many of the used ones are clients.
QString slotsSql();

/// The schema of the installed pg_stat_statements and whether it counts planning apart (1.8, from
/// PostgreSQL 13 on, has total_exec_time where older ones have total_time). No row: not installed.
QString statementsProbeSql();
QString statementsSql(const QString& schema, bool executionApart, bool byMean);

/// The other topics, which are one fixed statement each.
QString topicSql(ActivityTopic topic);

}  // namespace tocsin::ui
