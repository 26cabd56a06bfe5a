#include "ui/query/activitysql.h"

namespace tocsin::ui {

using namespace Qt::StringLiterals;

QString sessionsSql() {
    return uR"(WITH blocked AS MATERIALIZED (
  SELECT pid, pg_blocking_pids(pid) AS by FROM pg_stat_activity WHERE wait_event_type = 'Lock'
), waits AS MATERIALIZED (
  SELECT pid, min((to_jsonb(l) ->> 'waitstart')::timestamptz) AS since
  FROM pg_locks l WHERE NOT granted AND EXISTS (SELECT FROM blocked) GROUP BY pid
)
SELECT a.pid, CASE WHEN a.backend_type IS NULL THEN 'hidden' ELSE coalesce(a.state, a.backend_type) END AS state,
       date_trunc('milliseconds', now() - a.xact_start) AS age,
       b.by AS blocked_by, coalesce(a.usename, a.backend_type) AS role,
       a.application_name AS application,
       coalesce(host(a.client_addr), 'local') AS client,
       concat_ws(' ', a.wait_event_type, a.wait_event) AS waits_for,
       date_trunc('milliseconds', now() - a.state_change) AS in_state,
       round(extract(epoch FROM now() - a.xact_start)::numeric, 3) AS age_s,
       round(extract(epoch FROM now() - a.state_change)::numeric, 3) AS in_state_s,
       round(extract(epoch FROM now() - w.since)::numeric, 3) AS wait_s,
       to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS connected_at,
       left(a.query, 400) AS query
FROM pg_stat_activity a LEFT JOIN blocked b USING (pid) LEFT JOIN waits w USING (pid)
WHERE a.pid <> pg_backend_pid()
  AND (a.backend_type = 'client backend' OR (a.backend_type IS NULL AND a.datid IS NOT NULL) OR b.pid IS NOT NULL
       OR a.pid IN (SELECT unnest(by) FROM blocked))
UNION ALL
SELECT 0, 'prepared transaction', date_trunc('milliseconds', now() - min(prepared)), NULL,
       string_agg(DISTINCT owner::text, ', '), string_agg(gid, ', ' ORDER BY prepared), NULL, NULL, NULL,
       round(extract(epoch FROM now() - min(prepared))::numeric, 3), NULL, NULL, NULL,
       'ends with COMMIT PREPARED or ROLLBACK PREPARED ' || string_agg(quote_literal(gid), ', ' ORDER BY prepared)
FROM pg_prepared_xacts WHERE 0 IN (SELECT unnest(by) FROM blocked) HAVING count(*) > 0
ORDER BY age_s DESC NULLS LAST, pid)"_s;
}

QString slotsSql() {
    return uR"(SELECT (SELECT count(*) FROM pg_stat_activity
         WHERE backend_type = 'client backend' OR (backend_type IS NULL AND datid IS NOT NULL)) AS used,
       current_setting('max_connections') AS slots,
       current_setting('superuser_reserved_connections')::int
         + coalesce(current_setting('reserved_connections', true)::int, 0) AS reserved,
       pg_is_in_recovery() AS replica,
       date_trunc('second', now() - pg_postmaster_start_time()) AS up)"_s;
}

QString statementsProbeSql() {
    return uR"(SELECT n.nspname AS schema, EXISTS (
         SELECT FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE c.relname = 'pg_stat_statements' AND c.relnamespace = e.extnamespace
           AND a.attname = 'total_exec_time') AS execution_apart
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname = 'pg_stat_statements')"_s;
}

QString statementsSql(const QString& schema, bool executionApart, bool byMean) {
    const QString total = executionApart ? u"total_exec_time"_s : u"total_time"_s;
    const QString mean = executionApart ? u"mean_exec_time"_s : u"mean_time"_s;
    const QString most = executionApart ? u"max_exec_time"_s : u"max_time"_s;
    QString quoted = schema;
    quoted.replace(u'"', u"\"\""_s);
    return uR"(SELECT round(%1::numeric, 1) AS total_ms,
       round((100 * %1 / nullif(sum(%1) OVER (), 0))::numeric, 1) AS percent,
       calls, round(%2::numeric, 3) AS mean_ms, left(query, 400) AS query,
       round(%3::numeric, 1) AS max_ms, rows, shared_blks_read AS blocks_read
FROM "%4".pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY %5 DESC LIMIT 100)"_s.arg(total, mean, most, quoted, byMean ? mean : total);
}

namespace {

/// Sizes are as of the last VACUUM, ANALYZE or DDL: measuring a table takes its lock, which a
/// migration holds just when somebody wants to know.
QString tablesSql() {
    return uR"(SELECT n.nspname AS schema, c.relname AS "table",
       pg_size_pretty(p.pages * current_setting('block_size')::bigint) AS size,
       p.pages * current_setting('block_size')::bigint AS bytes,
       s.n_live_tup AS rows, s.n_dead_tup AS dead,
       s.seq_scan AS sequential_scans, s.idx_scan AS index_scans,
       coalesce(s.last_autovacuum, s.last_vacuum) AS vacuumed,
       coalesce(s.last_autoanalyze, s.last_analyze) AS analyzed
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_stat_user_tables s ON s.relid = c.oid
CROSS JOIN LATERAL (
  SELECT sum(r.relpages::bigint) AS pages FROM pg_class r
  WHERE r.oid IN (c.oid, c.reltoastrelid)
     OR r.oid IN (SELECT i.indexrelid FROM pg_index i WHERE i.indrelid IN (c.oid, c.reltoastrelid))) p
ORDER BY p.pages DESC NULLS LAST LIMIT 200)"_s;
}

QString maintenanceSql() {
    return uR"(SELECT 'vacuum' AS what, p.relid::regclass::text AS on_what, p.phase AS state,
       round(100.0 * p.heap_blks_scanned / nullif(p.heap_blks_total, 0), 1) AS percent,
       format('pid %s, %s of %s blocks', p.pid, p.heap_blks_scanned, p.heap_blks_total) AS detail
FROM pg_stat_progress_vacuum p
UNION ALL
SELECT 'create index', p.relid::regclass::text, p.phase,
       round(100.0 * p.blocks_done / nullif(p.blocks_total, 0), 1),
       format('pid %s, %s of %s blocks', p.pid, p.blocks_done, p.blocks_total)
FROM pg_stat_progress_create_index p
UNION ALL
SELECT 'replica', coalesce(host(r.client_addr), r.application_name), coalesce(r.state, 'hidden'), NULL,
       CASE WHEN r.state IS NULL THEN 'hidden from this role' ELSE
       format('%s, %s, %s', r.sync_state,
              coalesce('replayed up to ' || r.replay_lsn || ', ' || pg_size_pretty(pg_wal_lsn_diff(
                CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END,
                r.replay_lsn)) || ' behind', 'how far it has replayed is not known'),
              coalesce('last measured lag ' || r.replay_lag, 'no lag measured')) END
FROM pg_stat_replication r
UNION ALL
SELECT 'replication slot', s.slot_name::text, CASE WHEN s.active THEN 'active' ELSE 'inactive' END, NULL,
       format('%s, keeps the log from %s', s.slot_type, s.restart_lsn)
FROM pg_replication_slots s)"_s;
}

QString settingsSql() {
    return uR"(SELECT name, current_setting(name) AS value, CASE WHEN boot_val !~ '^[0-9]+$' OR unit IS NULL THEN boot_val
            WHEN unit = 'B' THEN pg_size_pretty(boot_val::bigint)
            WHEN unit ~ '^([0-9]*)(kB|MB)$'
            THEN pg_size_pretty(boot_val::bigint * pg_size_bytes(CASE WHEN unit ~ '^[0-9]' THEN unit ELSE '1' || unit END))
            ELSE boot_val || ' ' || unit END AS "default", pending_restart,
       source, short_desc AS meaning
FROM pg_settings
WHERE setting IS DISTINCT FROM boot_val AND source NOT IN ('default', 'override', 'client', 'session')
ORDER BY name)"_s;
}

}  // namespace

QString topicSql(ActivityTopic topic) {
    switch (topic) {
        case ActivityTopic::Tables:
            return tablesSql();
        case ActivityTopic::Maintenance:
            return maintenanceSql();
        case ActivityTopic::Settings:
            return settingsSql();
        case ActivityTopic::Statements:
            return statementsProbeSql();
        case ActivityTopic::Sessions:
        case ActivityTopic::Blocking:
            break;
    }
    return sessionsSql();
}

}  // namespace tocsin::ui
