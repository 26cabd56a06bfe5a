#include "plugins/engines/postgres/wire.h"
#include "tests/engines_postgres/postgresfixture.h"

using namespace tocsin;
using namespace tocsin::postgres;

// Every statement here would do something on a real server. None may: not as a plain role, and not
// as a superuser, whom a read-only transaction alone does not stop. What the server looked like
// before and after is compared, so a hole is found even where the answer looks like a refusal.
class TestGuard : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void refuses_data();
    void refuses();
    void refusesInSeparateProof();
    void allows_data();
    void allows();
    void refusesWhatItReadsOtherwise();
    void measuresOnlyUnlocked();
    void readsStringsLikeTheGrammar();
    void unlockChangesOnce();
    void unlockEndsItsTime();
    void unlockKeepsOutWhatEndsTheTransaction();
    void unlockLeavesNothingBehind();

private:
    QString fingerprint() const;
    QueryEngine& engine(const QString& role);

    SystemClock m_clock;
    support::PostgresServer m_server{
        {.settings = {QStringLiteral("shared_preload_libraries = 'pg_stat_statements'")}}};
    std::unique_ptr<PostgresEngine> m_super;
    std::unique_ptr<PostgresEngine> m_plain;  ///< pg_monitor and pg_read_all_data
    std::unique_ptr<PostgresEngine> m_bare;   ///< no group at all
};

void TestGuard::initTestCase() {
    QCOMPARE(m_server.start(), QString());
    m_server.sql(QStringLiteral(R"(
        CREATE EXTENSION dblink;
        CREATE EXTENSION tablefunc;
        CREATE EXTENSION xml2;
        CREATE EXTENSION pg_stat_statements;
        CREATE EXTENSION "uuid-ossp";
        CREATE EXTENSION tsm_system_rows;
        CREATE EXTENSION pageinspect;
        CREATE EXTENSION sslinfo;
        CREATE EXTENSION hstore;
        CREATE ROLE oncall LOGIN PASSWORD 'oncall-secret';
        GRANT pg_read_all_data, pg_monitor TO oncall;
        CREATE ROLE plain LOGIN PASSWORD 'plain-secret';
        CREATE TABLE t(id int PRIMARY KEY, name text); INSERT INTO t VALUES (1, 'one'), (2, 'two');
        GRANT ALL ON t TO oncall, plain;
        CREATE SEQUENCE s; GRANT ALL ON s TO oncall, plain;
        CREATE TABLE log(what text); GRANT ALL ON log TO oncall, plain;
        GRANT CREATE ON SCHEMA public TO oncall, plain;
        CREATE SCHEMA other; GRANT USAGE ON SCHEMA other TO oncall, plain;
        CREATE FUNCTION touch(int) RETURNS int LANGUAGE plpgsql AS $$BEGIN PERFORM setval('s', 77); RETURN $1; END$$;
        CREATE FUNCTION other.touch2() RETURNS int LANGUAGE sql AS $$SELECT setval('s', 78)::int$$;
        CREATE FUNCTION now(int) RETURNS int LANGUAGE sql IMMUTABLE AS $$SELECT $1$$;
        CREATE FUNCTION abs(text) RETURNS int LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(5); RETURN 1; END$$;
    )"));
    const QString made = m_server.sql(QStringLiteral(R"(
        CREATE FUNCTION boom(int, int) RETURNS int LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(6); RETURN 1; END$$;
        CREATE OPERATOR public.@+@ (LEFTARG = int, RIGHTARG = int, FUNCTION = boom);
        CREATE VIEW sneaky AS SELECT pg_try_advisory_lock(7);
        CREATE VIEW nested AS SELECT 1 AS x FROM sneaky;
        CREATE FUNCTION stable_one() RETURNS int LANGUAGE sql STABLE AS $$SELECT 1$$;
        CREATE PROCEDURE proc() LANGUAGE plpgsql AS $$BEGIN COMMIT; INSERT INTO log VALUES ('proc'); END$$;
        GRANT SELECT ON sneaky, nested TO oncall, plain;
        CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO oncall, plain;
        CREATE FUNCTION evil.lower(text) RETURNS text LANGUAGE plpgsql AS $$BEGIN PERFORM setval('s', 80); RETURN $1; END$$;
        CREATE FUNCTION public.upper(varchar) RETURNS text LANGUAGE sql IMMUTABLE AS $$SELECT 'x'$$;
        CREATE VIEW shadowed AS SELECT evil.lower('A');
        GRANT SELECT ON shadowed TO oncall, plain;
        CREATE AGGREGATE locks_all(int) (SFUNC = boom, STYPE = int, INITCOND = '0');
        CREATE AGGREGATE names_itself(text, bool) (SFUNC = set_config, STYPE = text, INITCOND = 'work_mem');
        CREATE FUNCTION first_of(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS $$SELECT $1$$;
        CREATE AGGREGATE ends_with_a_lock(int) (SFUNC = first_of, STYPE = int, FINALFUNC = touch, INITCOND = '1');
        CREATE AGGREGATE harmless(int) (SFUNC = first_of, STYPE = int);
        CREATE VIEW limited AS SELECT id FROM t LIMIT touch(1);
        CREATE VIEW limited_by_a_lock AS SELECT id FROM t LIMIT (SELECT pg_try_advisory_lock(8)::int);
        CREATE VIEW skipping AS SELECT id FROM t OFFSET touch(0);
        CREATE VIEW framed AS SELECT sum(id) OVER (ORDER BY id ROWS touch(1) PRECEDING) FROM t;
        CREATE VIEW over_limited AS SELECT l.id FROM limited l JOIN t USING (id);
        CREATE VIEW summed AS SELECT locks_all(id) FROM t;
        CREATE TABLE guarded(id int); INSERT INTO guarded VALUES (1);
        CREATE POLICY sly ON guarded USING (id IN (SELECT id FROM t LIMIT touch(1)));
        ALTER TABLE guarded ENABLE ROW LEVEL SECURITY; ALTER TABLE guarded FORCE ROW LEVEL SECURITY;
        GRANT SELECT ON limited, limited_by_a_lock, skipping, framed, over_limited, summed, guarded TO oncall, plain;
        CREATE MATERIALIZED VIEW kept AS SELECT touch(1) AS x; GRANT SELECT ON kept TO oncall, plain;
        CREATE VIEW harmless_limit AS SELECT harmless(id) FROM t LIMIT stable_one();
        GRANT SELECT ON harmless_limit TO oncall;
        CREATE VIEW looking AS SELECT count(*) FROM pg_locks;
        GRANT SELECT ON looking TO oncall;
    )"));
    QCOMPARE(made, QString());
    QCOMPARE(m_server.sql(QStringLiteral(R"(
        CREATE FUNCTION by_default(a bool DEFAULT pg_try_advisory_lock(99)) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
        CREATE FUNCTION around_default() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
        CREATE FUNCTION twice_default(a int DEFAULT by_default()) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
        CREATE VIEW limited_by_default AS SELECT id FROM t LIMIT by_default();
        CREATE FUNCTION locks_first(int) RETURNS bool LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(9); RETURN true; END$$;
        CREATE DOMAIN locking AS int CHECK (locks_first(VALUE));
        CREATE DOMAIN over_locking AS locking;
        CREATE DOMAIN fine AS int CHECK (VALUE >= 0);
        CREATE TYPE pair AS (a locking, b int);
        CREATE TYPE mood AS ENUM ('sad', 'fine');
        CREATE VIEW checked AS SELECT id::locking FROM t;
        CREATE FUNCTION takes_locking(locking) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
        CREATE TYPE box_of AS (a int);
        CREATE FUNCTION boxed(int) RETURNS box_of LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(10); RETURN ROW($1)::box_of; END$$;
        CREATE CAST (int AS box_of) WITH FUNCTION boxed(int);
        CREATE TABLE holds(touch int, id int, m mood); INSERT INTO holds VALUES (1, 2, 'fine');
        GRANT SELECT ON limited_by_default, checked, holds TO oncall, plain;
        CREATE SCHEMA faraway;
        CREATE FUNCTION faraway.same(int, text) RETURNS bool LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(11); RETURN true; END$$;
        CREATE OPERATOR faraway.= (LEFTARG = int, RIGHTARG = text, FUNCTION = faraway.same);
        GRANT USAGE ON SCHEMA faraway TO oncall, plain;
        CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
        CREATE FOREIGN TABLE outside(line text) SERVER files OPTIONS (filename '/etc/hostname');
        CREATE VIEW over_outside AS SELECT * FROM outside;
        CREATE TABLE parent(line text); CREATE FOREIGN TABLE child() INHERITS (parent) SERVER files OPTIONS (filename '/etc/hostname');
        GRANT SELECT ON outside, over_outside, parent, child TO oncall, plain;
        CREATE TABLE by_key(k int, line text) PARTITION BY LIST (k);
        CREATE TABLE by_key_0 PARTITION OF by_key FOR VALUES IN (0);
        CREATE FOREIGN TABLE by_key_1 PARTITION OF by_key FOR VALUES IN (1) SERVER files OPTIONS (filename '/etc/hostname');
        INSERT INTO by_key VALUES (0);
        CREATE TABLE generate_series(touch int);
        CREATE FUNCTION of_row(record) RETURNS int LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(13); RETURN 1; END$$;
        CREATE TABLE holds2(id int, of_row int);
        CREATE FUNCTION below(int, text) RETURNS bool LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(14); RETURN true; END$$;
        CREATE OPERATOR < (LEFTARG = int, RIGHTARG = text, FUNCTION = below);
        CREATE FUNCTION above(int, text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT false';
        CREATE OPERATOR > (LEFTARG = int, RIGHTARG = text, FUNCTION = above);
        CREATE TYPE feeling AS ENUM ('calm', 'alarmed');
        CREATE FUNCTION said(feeling) RETURNS text LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(15); RETURN 'x'; END$$;
        CREATE CAST (feeling AS text) WITH FUNCTION said(feeling);
        CREATE TABLE felt(feelings feeling[]); INSERT INTO felt VALUES ('{calm}');
        CREATE FUNCTION row_said(felt) RETURNS text LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(16); RETURN 'x'; END$$;
        CREATE CAST (felt AS text) WITH FUNCTION row_said(felt);
        GRANT SELECT ON by_key, by_key_1, generate_series, holds2, felt TO oncall, plain;
    )")),
             QString());
    // Long ways to a domain's check.
    QCOMPARE(m_server.sql(QStringLiteral(R"(
        CREATE FUNCTION is_odd(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
        CREATE DOMAIN through_a_check AS int CHECK (is_odd(VALUE::locking));
        CREATE FUNCTION through_a_default(a int DEFAULT (12::text::locking)) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
        CREATE VIEW with_column_list AS SELECT * FROM json_to_record('{"a": 1}') AS x(a locking);
        CREATE VIEW over_column_list AS SELECT 1 FROM with_column_list;
        CREATE TYPE spans AS RANGE (subtype = locking, multirange_type_name = many_spans);
        CREATE FUNCTION takes_domain(int, locking) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
        CREATE OPERATOR @-@ (LEFTARG = int, RIGHTARG = locking, FUNCTION = takes_domain);
        CREATE FUNCTION same_of(anyelement, int) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT $1';
        CREATE AGGREGATE starts_as_domain(int) (SFUNC = same_of, STYPE = locking, INITCOND = '7');
        CREATE TABLE filled(a locking); INSERT INTO filled VALUES (NULL);
        CREATE TYPE wraps AS (p pair); CREATE TABLE wrapped(w wraps); INSERT INTO wrapped VALUES (NULL);
        CREATE VIEW fills AS SELECT json_populate_record(f, '{"a": 1}') FROM filled f;
        CREATE TYPE shade AS ENUM ('dark', 'light');
        CREATE FUNCTION as_json(shade) RETURNS json LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(17); RETURN '1'; END$$;
        CREATE CAST (shade AS json) WITH FUNCTION as_json(shade);
        CREATE TABLE shaded(s shade); INSERT INTO shaded VALUES ('dark'); CREATE VIEW told AS SELECT to_json(x) FROM shaded x;
        CREATE TYPE level AS ENUM ('low', 'high');
        CREATE FUNCTION as_int(level) RETURNS int LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(18); RETURN 1; END$$;
        CREATE TYPE yesno AS ENUM ('yes', 'no');
        CREATE FUNCTION as_bool(yesno) RETURNS bool LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(19); RETURN true; END$$;
        CREATE CAST (level AS int) WITH FUNCTION as_int(level);
        CREATE CAST (yesno AS bool) WITH FUNCTION as_bool(yesno) AS ASSIGNMENT;
        CREATE TABLE levels(l level, of_level int); INSERT INTO levels VALUES ('low');
        CREATE TABLE answers(l yesno); INSERT INTO answers VALUES ('yes');
        CREATE FUNCTION of_level(levels) RETURNS int LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(20); RETURN 1; END$$;
        CREATE FUNCTION is_fine(int, int) RETURNS bool LANGUAGE sql STABLE AS 'SELECT true';
        CREATE FUNCTION is_not(int, int) RETURNS bool LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(21); RETURN false; END$$;
        CREATE OPERATOR @@! (LEFTARG = int, RIGHTARG = int, FUNCTION = is_fine, NEGATOR = @@!!);
        CREATE OPERATOR @@!! (LEFTARG = int, RIGHTARG = int, FUNCTION = is_not, NEGATOR = @@!);
        CREATE VIEW negated AS SELECT id FROM t LIMIT (CASE WHEN NOT (1 @@! 2) THEN 1 ELSE 2 END);
        CREATE FUNCTION gives_filled() RETURNS filled LANGUAGE sql STABLE AS 'SELECT NULL::filled';
        GRANT SELECT ON with_column_list, over_column_list, filled, wrapped, fills, shaded, told, levels, answers, negated TO oncall, plain;
    )")),
             QString());
    QCOMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM pg_proc WHERE proname IN "
                                         "('touch','boom','stable_one','dblink_exec') AND "
                                         "pronargs <= 2"))
                     .toInt() >= 4,
             true);
    m_super = engineFor(m_server.superuserUrl(), m_clock);
    m_plain =
        engineFor(m_server.url(QStringLiteral("oncall")), m_clock, QStringLiteral("oncall-secret"));
    m_bare =
        engineFor(m_server.url(QStringLiteral("plain")), m_clock, QStringLiteral("plain-secret"));
    for (QueryEngine* each : {m_super.get(), m_plain.get(), m_bare.get()}) {
        const auto opened = awaited(each->open());
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().message + opened.error().detail));
    }
}

/// Everything an attack could leave behind.
QString TestGuard::fingerprint() const {
    return m_server.sql(QStringLiteral(R"(SELECT concat_ws('|',
        (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_proc),
        (SELECT string_agg(t::text, ',' ORDER BY id) FROM t), (SELECT count(*) FROM log),
        (SELECT last_value || is_called::text FROM s),
        (SELECT count(*) FROM pg_largeobject_metadata),
        (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'),
        (SELECT count(*) FROM pg_roles), (SELECT count(*) FROM pg_replication_slots),
        (SELECT count(*) FROM pg_settings WHERE sourcefile LIKE '%auto.conf'),
        (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tocsin'),
        (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tocsin' AND state <> 'idle'),
        pg_conf_load_time(), (SELECT stats_reset FROM pg_stat_database WHERE datname = 'app'),
        (SELECT count(*) FROM pg_prepared_statements), pg_walfile_name(pg_current_wal_insert_lsn())
        ))"));
}

QueryEngine& TestGuard::engine(const QString& role) {
    if (role == u"superuser") return *m_super;
    return role == u"oncall" ? *m_plain : *m_bare;
}

void TestGuard::refuses_data() {
    QTest::addColumn<QString>("role");
    QTest::addColumn<QString>("sql");
    static const char* const attacks[] = {
        "DELETE FROM t",
        "INSERT INTO t VALUES (3)",
        "UPDATE t SET name = 'x'",
        "MERGE INTO t USING t u ON t.id = u.id WHEN MATCHED THEN DELETE",
        "TRUNCATE t",
        "DROP TABLE t",
        "ALTER TABLE t ADD COLUMN c int",
        "CREATE TABLE x()",
        "CREATE TABLE x AS SELECT 1",
        "CREATE TEMP TABLE x AS SELECT 1",
        "CREATE INDEX ON t(name)",
        "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
        "WITH x AS (INSERT INTO log VALUES ('a') RETURNING 1) SELECT 1",
        "SELECT * FROM (WITH y AS (UPDATE t SET name = 'z' RETURNING 1) SELECT * FROM y) q",
        "COMMIT; CREATE TABLE escaped()",
        "ROLLBACK; DELETE FROM t",
        "SELECT 1; DELETE FROM t",
        "SELECT 1;; SELECT 2",
        "COMMIT",
        "ROLLBACK",
        "BEGIN READ WRITE",
        "SAVEPOINT a",
        "PREPARE TRANSACTION 'x'",
        "SET TRANSACTION READ WRITE",
        "SET default_transaction_read_only = off",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
        "SET ROLE postgres",
        "RESET ALL",
        "DISCARD ALL",
        "SELECT set_config('transaction_read_only', 'off', true)",
        "SELECT pg_catalog.set_config('statement_timeout', '0', false)",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
        "SELECT (pid).pg_terminate_backend FROM pg_stat_activity",
        "SELECT a.pid.pg_cancel_backend FROM pg_stat_activity a",
        "SELECT (SELECT pg_cancel_backend(pid)) FROM pg_stat_activity",
        "SELECT 1 FROM t WHERE pg_catalog.pg_notify('a', 'b') IS NULL",
        "SELECT count(*) FILTER (WHERE nextval('s') > 0) FROM t",
        "SELECT 1 LIMIT nextval('s')",
        "SELECT 1 OFFSET (SELECT setval('s', 9))",
        "SELECT 1 ORDER BY nextval('s')",
        "SELECT sum(id) OVER (ROWS nextval('s') PRECEDING) FROM t",
        "SELECT \"nextval\"('s')",
        "SELECT U&\"next\\0076al\"('s')",
        "SELECT NEXTVAL('s')",
        "SELECT /* now() */ nextval /* ( */ ('s')",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_lock(1), now()",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT lo_export(1, '/tmp/x')",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_ls_dir('/')",
        "SELECT pg_reload_conf()",
        "SELECT pg_rotate_logfile()",
        "SELECT pg_switch_wal()",
        "SELECT pg_create_restore_point('x')",
        "SELECT pg_stat_reset()",
        "SELECT pg_stat_statements_reset()",
        "SELECT pg_create_physical_replication_slot('x', true)",
        "SELECT txid_current()",
        "SELECT pg_current_xact_id()",
        "SELECT pg_export_snapshot()",
        "SELECT dblink_exec('dbname=app', 'DELETE FROM t')",
        "SELECT * FROM dblink('dbname=app', 'SELECT 1') AS d(x int)",
        "SELECT query_to_xml('SELECT nextval(''s'')', true, true, '')",
        "SELECT table_to_xml('sneaky', true, true, '')",
        "SELECT * FROM ts_stat('SELECT nextval(''s'')::text::tsvector')",
        "SELECT * INTO x FROM t",
        "SELECT * FROM t FOR UPDATE",
        "SELECT * FROM t FOR KEY SHARE",
        "SELECT * FROM (SELECT * FROM t FOR NO KEY UPDATE SKIP LOCKED) x",
        "EXPLAIN ANALYZE DELETE FROM t",
        "EXPLAIN (ANALYZE true) INSERT INTO log VALUES ('x')",
        "EXPLAIN (ANALYZE) SELECT nextval('s')",
        "EXPLAIN ANALYZE CREATE TABLE x AS SELECT 1",
        "EXPLAIN ANALYZE EXECUTE p",
        "DO $$BEGIN DELETE FROM t; END$$",
        "DO $x$BEGIN COMMIT; DELETE FROM t; END$x$",
        "CALL proc()",
        "COPY t TO PROGRAM 'touch /tmp/x'",
        "COPY t TO '/tmp/tocsin-x'",
        "COPY t FROM STDIN",
        "COPY (SELECT 1) TO STDOUT",
        "LOCK TABLE t IN ACCESS EXCLUSIVE MODE",
        "VACUUM t",
        "ANALYZE t",
        "REINDEX TABLE t",
        "CLUSTER t USING t_pkey",
        "CHECKPOINT",
        "ALTER SYSTEM SET work_mem = '1GB'",
        "LISTEN x",
        "NOTIFY x",
        "PREPARE p AS DELETE FROM t",
        "EXECUTE p",
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
        "FETCH 1 FROM tocsin_proof",
        "LOAD 'auto_explain'",
        "GRANT ALL ON t TO PUBLIC",
        "CREATE ROLE evil SUPERUSER",
        "COMMENT ON TABLE t IS 'x'",
        "SECURITY LABEL ON TABLE t IS 'x'",
        "REFRESH MATERIALIZED VIEW m",
        "IMPORT FOREIGN SCHEMA x FROM SERVER y INTO z",
        "SELECT touch(1)",
        "SELECT public.touch(1)",
        "SELECT (5).touch",
        "SELECT x.touch FROM generate_series(1, 2) x",
        "SELECT 1 FROM generate_series(1, 1) x LIMIT (SELECT x.touch)",
        "SELECT other.touch2()",
        "SELECT * FROM other.touch2()",
        "SELECT abs('x'::text)",
        "SELECT now(5)",
        "SELECT 1 @+@ 2",
        "SELECT 1 OPERATOR(public.@+@) 2",
        "SELECT * FROM sneaky",
        "SELECT * FROM nested",
        "TABLE sneaky",
        "SELECT pg_temp.f()",
        "DELETE FROM ONLY t WHERE id IN (SELECT id FROM t)",
        "INSERT INTO t SELECT * FROM t ON CONFLICT DO NOTHING",
        "INSERT INTO log SELECT name FROM t RETURNING *",
        "UPDATE t SET name = (SELECT 'a') FROM log",
        "WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT 2), d AS (DELETE FROM log RETURNING 1) "
        "TABLE r",
        "WITH a AS (WITH b AS (DELETE FROM log RETURNING 1) SELECT * FROM b) SELECT * FROM a",
        "SELECT 1 UNION ALL SELECT nextval('s')",
        "SELECT CASE WHEN true THEN nextval('s') END",
        "SELECT array_agg(x) FROM (SELECT nextval('s') AS x) q",
        "SELECT * FROM generate_series(1, nextval('s'))",
        "SELECT 1 WHERE EXISTS (SELECT setval('s', 3))",
        "SELECT coalesce(NULL, nextval('s'))",
        "SELECT ROW(nextval('s'))",
        "SELECT ARRAY[nextval('s')]",
        "SELECT 1 GROUP BY nextval('s')",
        "SELECT 1 HAVING nextval('s') > 0",
        "VALUES (nextval('s'))",
        "SELECT DISTINCT ON (nextval('s')) 1",
        "SELECT * FROM t JOIN LATERAL (SELECT nextval('s')) x ON true",
        "SELECT x.nextval FROM (VALUES ('s'::regclass)) AS x(v), LATERAL nextval(x.v)",
        "SELECT ('s'::regclass).nextval",
        "SELECT pg_catalog.\"setval\"('s', 5, false)",
        "SELECT pg_catalog . nextval ( 's' )",
        "SELECT U&\"\\0070g_terminate_backend\"(1)",
        "SELECT U&\"!0070g_reload_conf\" UESCAPE '!' ()",
        "SELECT/**/nextval/**/('s')",
        "SELECT nextval('s') --",
        "/* a /* nested */ comment */ SELECT nextval('s')",
        "SELECT $tag$ a $tag$, nextval($q$s$q$)",
        "SELECT E'\\'', nextval('s')",
        "SELECT 'a' '\n' 'b', nextval('s')",
        "SELECT pg_try_advisory_xact_lock(1)",
        "SELECT pg_advisory_unlock_all()",
        "SELECT lo_put(1, 0, 'x')",
        "SELECT lo_unlink(1)",
        "SELECT lo_get(1)",
        "SELECT pg_read_binary_file('/etc/passwd')",
        "SELECT pg_stat_file('/etc/passwd')",
        "SELECT pg_stat_reset_shared('bgwriter')",
        "SELECT pg_stat_reset_single_table_counters('t'::regclass)",
        "SELECT pg_log_backend_memory_contexts(pg_backend_pid())",
        "SELECT pg_logical_emit_message(false, 'a', 'b')",
        "SELECT pg_create_logical_replication_slot('x', 'test_decoding')",
        "SELECT pg_drop_replication_slot('x')",
        "SELECT pg_promote()",
        "SELECT pg_wal_replay_pause()",
        "SELECT pg_import_system_collations('pg_catalog')",
        "SELECT pg_replication_origin_create('x')",
        "SELECT setseed(0.5)",
        "SELECT set_config('search_path', 'evil', false)",
        "SELECT cursor_to_xml('c', 1, true, true, '')",
        "SELECT schema_to_xml('public', true, true, '')",
        "SELECT database_to_xml(true, true, '')",
        "SELECT ts_rewrite('a'::tsquery, 'SELECT nextval(''s'')::text::tsquery, ''b''::tsquery')",
        "SELECT dblink_connect('x', 'dbname=app')",
        "SELECT dblink_send_query('x', 'SELECT 1')",
        "SELECT brin_summarize_new_values('t_pkey'::regclass)",
        "SELECT gin_clean_pending_list('t_pkey'::regclass)",
        "EXPLAIN (ANALYZE on, COSTS off) UPDATE t SET name = 'q'",
        "EXPLAIN (VERBOSE, ANALYZE) WITH x AS (DELETE FROM t RETURNING 1) SELECT 1",
        "EXPLAIN ANALYZE SELECT * INTO x FROM t",
        "EXPLAIN ANALYZE REFRESH MATERIALIZED VIEW m",
        "EXPLAIN ANALYZE DECLARE c CURSOR FOR SELECT 1",
        "EXPLAIN (ANALYZE 1) SELECT pg_advisory_lock(3)",
        "SET SESSION AUTHORIZATION postgres",
        "SET LOCAL ROLE postgres",
        "RESET ROLE",
        "SET search_path = evil",
        "ALTER ROLE CURRENT_USER SET default_transaction_read_only = off",
        "ALTER DATABASE app SET default_transaction_read_only = off",
        "START TRANSACTION READ WRITE",
        "ABORT",
        "END",
        "ROLLBACK TO a",
        "RELEASE a",
        "COMMIT AND CHAIN",
        "COMMIT PREPARED 'x'",
        "SET CONSTRAINTS ALL DEFERRED",
        "MOVE 1 FROM tocsin_proof",
        "CLOSE tocsin_proof",
        "CLOSE ALL",
        "DEALLOCATE ALL",
        "UNLISTEN *",
        "DO LANGUAGE plpgsql $$BEGIN PERFORM pg_notify('a', 'b'); END$$",
        "CALL public.proc()",
        "COPY (SELECT nextval('s')) TO STDOUT",
        "COPY (DELETE FROM t RETURNING *) TO STDOUT",
        "COPY t FROM PROGRAM 'true'",
        "VACUUM FULL",
        "ALTER TABLE t DISABLE TRIGGER ALL",
        "CREATE UNLOGGED TABLE x(a int)",
        "CREATE EXTENSION IF NOT EXISTS hstore",
        "CREATE RULE r AS ON SELECT TO log DO INSTEAD SELECT 1",
        "DROP OWNED BY CURRENT_USER",
        "REASSIGN OWNED BY CURRENT_USER TO postgres",
        "SELECT evil.lower('A')",
        "SELECT upper('a')",
        "SELECT * FROM crosstab('SELECT 1, 2, setval(''s'', 90)') AS x(a int, b bigint)",
        "SELECT * FROM crosstab('SELECT 1, 2, 3', 'SELECT nextval(''s'')') AS x(a int, b int)",
        "SELECT * FROM public.crosstab2('SELECT ''a'', ''b'', setval(''s'', 91)::text')",
        "SELECT * FROM connectby('(SELECT id, setval(''s'', 92)::int AS p FROM t) q', 'id', 'p', "
        "'1', 0) AS x(a int, b int, c int)",
        "SELECT * FROM xpath_table('id', 'name', '(SELECT id, setval(''s'', 93)::text AS name FROM "
        "t) q', '/a', 'true') AS x(a int, b text)",
        "SELECT * FROM shadowed",
        "SELECT locks_all(id) FROM t",
        "SELECT public.locks_all(id) OVER () FROM t",
        "SELECT 1 FROM t HAVING locks_all(id) > 0",
        "SELECT names_itself('x', false)",
        "SELECT ends_with_a_lock(id) FROM t",
        "SELECT * FROM summed",
        "SELECT * FROM limited",
        "SELECT count(*) FROM public.limited",
        "TABLE limited_by_a_lock",
        "SELECT * FROM skipping",
        "SELECT * FROM framed",
        "SELECT * FROM over_limited",
        "WITH x AS (SELECT * FROM limited) SELECT 1 FROM x",
        "SELECT (SELECT max(id) FROM limited)",
        "EXPLAIN ANALYZE SELECT * FROM framed",
        "SELECT * FROM guarded",
        // Column notation, where the plan shows no expression.
        "SELECT v.* FROM unnest(ARRAY[424242]) x, LATERAL (VALUES (x.pg_terminate_backend), "
        "(true)) v",
        "SELECT v.* FROM unnest(ARRAY[424242::oid]) x, LATERAL (VALUES (x.lo_create), (1::oid)) v",
        "SELECT v.* FROM unnest(ARRAY[1::bigint]) x, LATERAL (VALUES (x.pg_advisory_lock::text), "
        "('')) v",
        "SELECT x.pg_advisory_lock::text IN (SELECT '') FROM unnest(ARRAY[1::bigint]) x",
        "SELECT x.touch IN (SELECT 1) FROM unnest(ARRAY[1]) x",
        "SELECT v.* FROM unnest(ARRAY[1]) x, LATERAL (VALUES (x.touch), (1)) v",
        "SELECT x.touch IN (SELECT 1) FROM unnest(ARRAY[1]) AS x, (SELECT touch FROM holds) y",
        "WITH holds AS (SELECT 1) SELECT holds.touch IN (SELECT 1) FROM unnest(ARRAY[1]) holds",
        "SELECT h.locks_first IN (SELECT true) FROM unnest(ARRAY[1]) h",
        "SELECT (x).touch IN (SELECT 1) FROM unnest(ARRAY[1]) x",
        // Operators that are no expression of their own.
        "SELECT 1 @+@ ANY (SELECT id FROM t)",
        "SELECT 1 OPERATOR(public.@+@) ALL (SELECT id FROM t)",
        "SELECT 1 OPERATOR(faraway.=) 'x'::text",
        // Default arguments, checks of domains, casts.
        "SELECT 1 LIMIT by_default()",
        "VALUES (by_default()), (2)",
        "SELECT 1 LIMIT twice_default()",
        "SELECT * FROM limited_by_default",
        "SELECT 1::locking",
        "SELECT locking(1)",
        "SELECT CAST(id AS locking) FROM t",
        "SELECT 1::over_locking",
        "SELECT ARRAY[1]::locking[]",
        "SELECT ROW(1, 2)::pair",
        "SELECT * FROM checked",
        "SELECT 1::through_a_check",
        "SELECT 1 LIMIT through_a_default()",
        "SELECT * FROM with_column_list",
        "SELECT * FROM over_column_list",
        "SELECT '{[1,2]}'::many_spans",
        "SELECT many_spans('[1,2]'::spans)",
        "SELECT 1 @-@ 2",
        "SELECT 1 @-@ ANY (SELECT id FROM t)",
        "SELECT starts_as_domain(id) FROM t",
        "SELECT json_populate_record(filled, '{\"a\": 1}') FROM filled",
        "SELECT jsonb_populate_record(s, '{\"a\": 1}') FROM (SELECT * FROM filled) s",
        "SELECT * FROM json_populate_recordset((SELECT filled FROM filled), '[{\"a\": 1}]')",
        "SELECT json_populate_record(wrapped, '{\"w\": {\"p\": {\"a\": 1}}}') FROM wrapped",
        "SELECT json_populate_record(gives_filled(), '{\"a\": 1}')",
        "SELECT * FROM fills",
        "SELECT to_jsonb(shaded) FROM shaded",
        "SELECT row_to_json(x) FROM (SELECT s FROM shaded) x",
        "SELECT * FROM told",
        "SELECT shaded.to_json FROM shaded",
        "SELECT (shaded.s).to_json FROM shaded",
        "SELECT l::int FROM levels",
        "SELECT CAST(l AS integer) FROM levels",
        "SELECT l FROM answers WHERE l",
        "SELECT CASE WHEN l THEN 1 END FROM answers",
        "SELECT id FROM t JOIN answers ON l",
        "SELECT l IS TRUE FROM answers",
        "EXPLAIN SELECT '5'::locking",
        "EXPLAIN SELECT '(5,1)'::pair",
        "WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n <= 2) CYCLE n SET c "
        "TO locking '1' DEFAULT locking '2' USING p SELECT * FROM g",
        "SELECT filled #= 'a=>9' FROM filled",
        "SELECT id FROM t LIMIT (CASE WHEN NOT (1 @@! 2) THEN 1 ELSE 2 END)",
        "SELECT * FROM negated",
        "SELECT fmgr_sql_validator('proc'::regproc)",
        "SELECT takes_locking(1)",
        "SELECT 1::box_of",
        "SELECT box_of(1)",
        "SELECT x.box_of IN (SELECT NULL::box_of) FROM unnest(ARRAY[1]) x",
        // What is read elsewhere.
        "SELECT * FROM outside",
        "SELECT * FROM over_outside",
        "SELECT count(*) FROM parent",
        "SELECT (SELECT line FROM child LIMIT 1)",
        "EXPLAIN SELECT upper('a'::varchar)",
        "SELECT * FROM by_key WHERE k = (extract(microseconds FROM statement_timestamp())::int / "
        "256 % 2)",
        // Prefixes that mean something else than a table of that name.
        "SELECT v.* FROM generate_series(9, 9), LATERAL (VALUES (generate_series.touch), (1)) v, "
        "(SELECT count(*) FROM public.generate_series) z",
        "SELECT v.* FROM (t a JOIN holds b USING (id) AS holds2), LATERAL (VALUES (holds2.of_row), "
        "(1)) v, "
        "(SELECT count(*) FROM holds2) z",
        "SELECT v.* FROM t, LATERAL (VALUES (t.of_row), (1)) v, (WITH t AS (SELECT 1 AS of_row) "
        "SELECT * FROM t) x",
        "WITH t AS (SELECT v.* FROM t, LATERAL (VALUES (t.of_row), (1)) v), x AS (SELECT 1 AS "
        "of_row) SELECT * FROM t",
        "SELECT v.* FROM public.t, LATERAL (VALUES (t.of_row), (1)) v, (WITH t AS (SELECT 1 AS "
        "of_row) SELECT t.of_row FROM t) x",
        "SELECT (SELECT 1 FROM t LIMIT x.of_level) FROM (SELECT of_level.* FROM levels AS of_level) "
        "x",
        "WITH x AS (SELECT of_level.* FROM levels AS of_level) SELECT (SELECT 1 FROM t LIMIT "
        "x.of_level) FROM x",
        "SELECT \"coalesce\".locking FROM COALESCE(5), (SELECT 1 FROM (SELECT 1 AS locking) "
        "\"coalesce\") q",
        "SELECT (SELECT 1 FROM t LIMIT xmltable.touch) FROM xmltable('/a' passing '<a><b>5</b></a>' "
        "columns b int path 'b'), (SELECT 1 FROM (SELECT 1 AS touch) \"xmltable\") q",
        "SELECT * FROM (VALUES (1 NOT BETWEEN '0'::text AND '2'::text), (true)) v",
        "SELECT (5).locking",
        "SELECT g.locking FROM generate_series(5, 5) g",
        "SELECT domain_in('5', 'locking'::regtype, -1) IS NULL",
        "SELECT feelings[1]::text FROM felt",
        "SELECT unnest(feelings)::text FROM felt",
        "SELECT feelings::text[] FROM felt",
        "SELECT felt::text FROM felt",
        "-- SELECT 1\nDELETE FROM t",
        "/* SELECT */ DELETE FROM t",
        "SELECT $$ $$; DELETE FROM t; --$$",
        "\\! touch /tmp/x",
        "SELEC 1",
    };
    for (const char* role : {"superuser", "oncall", "plain"})
        for (const char* attack : attacks)
            QTest::addRow("%s: %s", role, attack)
                << QString::fromLatin1(role) << QString::fromUtf8(attack);
}

void TestGuard::refuses() {
    QFETCH(QString, role);
    QFETCH(QString, sql);
    const QString before = fingerprint();
    const auto result = ran(engine(role), sql);
    QVERIFY2(!result, "it was run");
    QVERIFY(!result.error().message.isEmpty());
    QCOMPARE(fingerprint(), before);
    const Verdict verdict = awaited(engine(role).judge(sql));
    QVERIFY(verdict.effect != Effect::ReadOnly);
    const auto after = ran(engine(role), QStringLiteral("SELECT 1"));
    QVERIFY2(after, after ? "" : qPrintable(after.error().message + after.error().detail));
}

/// Each layer alone stops the ones it exists for: here the server's, with the text's own verdict
/// taken away.
void TestGuard::refusesInSeparateProof() {
    Interrupt interrupt;
    Wire wire(interrupt);
    const auto target = targetFrom(settingsFor(m_server.superuserUrl()));
    QVERIFY(target);
    wire.begin(1, Moment::max());
    QVERIFY(wire.connect({*target}, Moment::max()));
    const char* const attacks[] = {"WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
                                   "SELECT 1; DELETE FROM t", "DELETE FROM t", "COMMIT",
                                   "SELECT * INTO x FROM t"};
    for (const char* attack : attacks) {
        QVERIFY(wire.tell("BEGIN READ ONLY"));
        const auto declared = wire.ask(QByteArray("DECLARE p CURSOR FOR ") + attack);
        QVERIFY(declared);
        QVERIFY2(PQresultStatus(declared->get()) == PGRES_FATAL_ERROR, attack);
        QVERIFY(wire.tell("ROLLBACK"));
    }
}

void TestGuard::allows_data() {
    QTest::addColumn<QString>("sql");
    static const char* const questions[] = {
        "SELECT 1",
        "SELECT 1;",
        "SELECT 1 -- the end",
        "/* first */ SELECT 'DELETE FROM t; COMMIT' AS x",
        "SELECT $$; DROP TABLE t$$",
        "VALUES (1, 'a')",
        "TABLE t",
        "(SELECT 1) UNION (SELECT 2) ORDER BY 1 LIMIT 1",
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n <= 2) SELECT * "
        "FROM "
        "r",
        "SHOW server_version",
        "SHOW ALL",
        "EXPLAIN SELECT * FROM t",
        "EXPLAIN DELETE FROM t",
        "EXPLAIN (VERBOSE, FORMAT JSON) SELECT * FROM t",
        "SELECT now(), random(), clock_timestamp(), gen_random_uuid(), pg_sleep(0)",
        "SELECT pid, pg_blocking_pids(pid) FROM pg_stat_activity",
        "SELECT * FROM pg_locks",
        "SELECT * FROM looking",
        "SELECT * FROM kept",
        "SELECT * FROM harmless_limit",
        "SELECT harmless(id) FROM t",
        "SELECT * FROM filled",
        "SELECT s FROM shaded",
        "SELECT count(*), sum(of_level), max(of_level) FROM levels",
        "SELECT l, l::text, of_level::text FROM levels WHERE l = 'low'",
        "SELECT date_trunc('day', pg_catalog.now()), l FROM levels",
        "SELECT f.a, w.w FROM filled f, wrapped w WHERE f.a IS NULL",
        "SELECT ssl_is_used(), normal_rand FROM normal_rand(1, 0, 1)",
        "SELECT * FROM pg_stat_database",
        "SELECT * FROM pg_stat_user_tables",
        "SELECT * FROM pg_stat_statements LIMIT 1",
        "SELECT * FROM pg_settings LIMIT 1",
        "SELECT * FROM information_schema.columns LIMIT 1",
        "SELECT pg_size_pretty(pg_total_relation_size('t')), pg_database_size(current_database())",
        "SELECT pg_catalog.now(), stable_one()",
        "SELECT * FROM t TABLESAMPLE system(50)",
        "SELECT uuid_generate_v4() FROM t TABLESAMPLE system_rows(1)",
        "SELECT jsonb_build_object('a', 1) -> 'a', array_agg(id), string_agg(name, ',') FROM t",
        "SELECT row_number() OVER (ORDER BY id) FROM t",
        "SELECT coalesce(name, 'x'), extract(epoch FROM now()), id::text || 'x' FROM t",
        "SELECT xmin, ctid, t.* FROM t WHERE name ~ '^o' AND id = ANY (ARRAY[1, 2])",
        "SELECT h.touch, holds.touch, public.holds.touch FROM holds JOIN holds h USING (id)",
        "SELECT touch FROM holds WHERE id IN (SELECT id FROM t) AND m = 'fine'::mood",
        "SELECT q.id FROM (SELECT id FROM t) q WHERE q.id = 1",
        "WITH s AS (SELECT id, count(*) AS touch FROM t GROUP BY id) SELECT s.id, s.touch FROM s",
        "SELECT s.touch, u.a FROM (SELECT 1 AS touch UNION SELECT 2) s, (SELECT 3) AS u(a)",
        "SELECT id::fine, 'sad'::mood, CASE id WHEN 1 THEN 'a' END FROM t",
        "SELECT t.id::text::varchar(10), extract(epoch FROM interval '1 day 2 hours') FROM t",
        "SELECT * FROM unnest(ARRAY[1, 2]) WITH ORDINALITY AS u(x, n), LATERAL (SELECT u.x) y",
    };
    for (const char* question : questions)
        QTest::newRow(question) << QString::fromUtf8(question);
}

void TestGuard::allows() {
    QFETCH(QString, sql);
    const QString needsName = QStringLiteral("now()");
    // `now(int)` exists here in public: the unqualified name is not trusted any more.
    if (sql.contains(needsName) && !sql.contains(QStringLiteral("pg_catalog.now()")))
        sql.replace(needsName, QStringLiteral("pg_catalog.now()"));
    for (QueryEngine* each : {m_super.get(), m_plain.get()}) {
        const auto result = ran(*each, sql);
        QVERIFY2(result, result ? "" : qPrintable(result.error().message + result.error().detail));
        QVERIFY(result->receipt.verdict.effect == Effect::ReadOnly);
        QVERIFY(!result->receipt.guards.isEmpty());
    }
}

/// The grammar cuts names after 63 bytes of UTF-8, a server in LATIN1 after 63 of its own: what is
/// looked up is not what would run.
void TestGuard::refusesWhatItReadsOtherwise() {
    const QString name(40, QChar(0x00f6));
    QCOMPARE(m_server.sql(QStringLiteral("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE "
                                         "template0 LC_COLLATE 'C' LC_CTYPE 'C'")),
             QString());
    QString url = m_server.superuserUrl();
    const auto latin =
        engineFor(url.replace(QStringLiteral("/app"), QStringLiteral("/latin")), m_clock);
    const Unlock unlock{QStringLiteral("test"), m_clock.now().addSecs(60)};
    const auto made = ran(*latin,
                          QStringLiteral("CREATE FUNCTION %1() RETURNS int LANGUAGE plpgsql AS "
                                         "$$BEGIN PERFORM pg_advisory_lock(12); RETURN 1; END$$")
                              .arg(name),
                          unlock);
    QVERIFY2(made, made ? "" : qPrintable(made.error().message));
    for (const char* sql : {"SELECT 1 LIMIT %1()", "SELECT %1()", "VALUES (%1()), (2)"}) {
        const auto result = ran(*latin, QString::fromLatin1(sql).arg(name));
        QVERIFY2(!result, sql);
        QVERIFY2(result.error().code == ErrorCode::Refused, qPrintable(result.error().message));
    }
    QVERIFY(ran(*latin, QStringLiteral("SELECT upper('a'), 'ö' AS ö")));
    QCOMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM pg_locks WHERE locktype = "
                                         "'advisory'")),
             QStringLiteral("0"));
}

void TestGuard::measuresOnlyUnlocked() {
    const Unlock unlock{QStringLiteral("test"), m_clock.now().addSecs(60)};
    for (const char* text : {"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM t",
                             "EXPLAIN ANALYZE VERBOSE SELECT count(*) FROM t"}) {
        const QString sql = QString::fromLatin1(text);
        const auto refused = ran(*m_plain, sql);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QCOMPARE(refused.error().detail, QStringLiteral("explain-measures"));
        QVERIFY2(refused.error().message.contains(QStringLiteral("Unlock the connection")),
                 qPrintable(refused.error().message));
        QVERIFY(awaited(m_plain->judge(sql)).effect == Effect::Unproven);
        const auto measured = ran(*m_plain, sql, unlock);
        QVERIFY2(measured, measured ? "" : qPrintable(measured.error().message));
        // The unlock lets it run; it is proved and runs read-only all the same.
        QVERIFY(measured->receipt.verdict.effect == Effect::ReadOnly);
        QVERIFY(measured->receipt.guards.contains(
            QStringLiteral("verified: transaction_read_only on")));
        QCOMPARE(measured->receipt.unlockReason, QStringLiteral("test"));
    }
}

/// With standard_conforming_strings off the server would end a text elsewhere than the grammar.
void TestGuard::readsStringsLikeTheGrammar() {
    const QString url =
        m_server.superuserUrl() + QStringLiteral("?options=-c%20standard_conforming_strings%3Doff");
    const auto odd = engineFor(url, m_clock);
    QVERIFY(odd);
    const QString sql = QStringLiteral(R"(SELECT 'a\', 'nextval(''s'')')");
    const auto result = ran(*odd, sql);
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    QCOMPARE(cellText(*result->rows, 0, 0), QStringLiteral("a\\"));
}

void TestGuard::unlockChangesOnce() {
    const Unlock unlock{QStringLiteral("test"), m_clock.now().addSecs(60)};
    const auto result =
        ran(*m_plain, QStringLiteral("UPDATE t SET name = 'uno' WHERE id = 1"), unlock);
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    QVERIFY2(result->notices.contains(QStringLiteral("UPDATE 1")),
             qPrintable(result->notices.join(u'/')));
    QCOMPARE(result->receipt.unlockReason, QStringLiteral("test"));
    QCOMPARE(m_server.sql(QStringLiteral("SELECT name FROM t WHERE id = 1")),
             QStringLiteral("uno"));
    QVERIFY(!ran(*m_plain, QStringLiteral("UPDATE t SET name = 'due' WHERE id = 1")));
    m_server.sql(QStringLiteral("UPDATE t SET name = 'one' WHERE id = 1"));
}

void TestGuard::unlockEndsItsTime() {
    const Unlock over{QStringLiteral("test"), m_clock.now().addSecs(-1)};
    const auto result = ran(*m_plain, QStringLiteral("DELETE FROM t"), over);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Refused);
}

void TestGuard::unlockKeepsOutWhatEndsTheTransaction() {
    const Unlock unlock{QStringLiteral("test"), m_clock.now().addSecs(60)};
    for (const char* sql : {"COMMIT", "DELETE FROM log; DELETE FROM t", "SET ROLE postgres",
                            "BEGIN", "", "COPY t TO STDOUT", "COPY t FROM STDIN"}) {
        const QString before = fingerprint();
        QVERIFY2(!ran(*m_super, QString::fromLatin1(sql), unlock), sql);
        QVERIFY(ran(*m_super, QStringLiteral("SELECT 1")));
        QCOMPARE(fingerprint(), before);
    }
}

void TestGuard::unlockLeavesNothingBehind() {
    const Unlock unlock{QStringLiteral("test"), m_clock.now().addSecs(60)};
    QVERIFY(ran(*m_super,
                QStringLiteral("SELECT set_config('default_transaction_read_only', 'off', false), "
                               "pg_advisory_lock(99)"),
                unlock));
    const auto setting = ran(*m_super, QStringLiteral("SHOW default_transaction_read_only"));
    QVERIFY(setting);
    QCOMPARE(cellText(*setting->rows, 0, 0), QStringLiteral("on"));
    QCOMPARE(
        m_server.sql(QStringLiteral("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")),
        QStringLiteral("0"));
}

QTEST_GUILESS_MAIN(TestGuard)
#include "tst_guard.moc"
