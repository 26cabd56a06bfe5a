#pragma once

// What lies in wait in the database that tst_guard attacks: each thing that acts takes an advisory
// lock or moves a sequence.
inline constexpr const char* kGuardObjects[] = {
    // Roles, tables and functions.
    R"(
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
    )",
    // Operators, views, policies and aggregates.
    R"(
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
    )",
    // Default arguments, domains, casts, other schemas and foreign tables.
    R"(
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
    )",
    // Long ways to what acts.
    R"(
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
    )",
    // What the planner calls, and types that no name shows.
    R"(
    CREATE TABLE many(id int, name text); INSERT INTO many SELECT g % 10, 'n' || g FROM generate_series(1, 1000) g; ANALYZE many;
    CREATE FUNCTION alike(int, int) RETURNS bool LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(22); RETURN $1 = $2; END$$;
    CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = alike, RESTRICT = eqsel, JOIN = eqjoinsel);
    CREATE VIEW over_alike AS SELECT * FROM many WHERE id === 3;
    CREATE TABLE ruled(id int); CREATE RULE cleans AS ON INSERT TO ruled DO ALSO DELETE FROM many WHERE id === 3;
    CREATE FUNCTION is_below(int, int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 < $2; END';
    CREATE FUNCTION is_above(int, int) RETURNS bool LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(23); RETURN $1 > $2; END$$;
    CREATE OPERATOR <@@ (LEFTARG = int, RIGHTARG = int, FUNCTION = is_below, COMMUTATOR = @@>, RESTRICT = scalarltsel);
    CREATE OPERATOR @@> (LEFTARG = int, RIGHTARG = int, FUNCTION = is_above, COMMUTATOR = <@@, RESTRICT = scalargtsel);
    CREATE VIEW over_below AS SELECT * FROM many WHERE 5 <@@ id;
    CREATE FUNCTION apart(int, int) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT ($1 - $2)::float8';
    CREATE TYPE ints AS RANGE (subtype = int, subtype_diff = apart, multirange_type_name = many_ints);
    CREATE TABLE ranges(r ints) WITH (autovacuum_enabled = off); INSERT INTO ranges SELECT ints(g, g + 1 + g % 7) FROM generate_series(1, 1000) g; ANALYZE ranges;
    CREATE OR REPLACE FUNCTION apart(int, int) RETURNS float8 LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(24); RETURN $1 - $2; END$$;
    CREATE TABLE moods(f feeling); INSERT INTO moods VALUES ('calm');
    CREATE VIEW quoted AS SELECT quote_literal('calm'::feeling);
    CREATE TABLE minded(id int); INSERT INTO minded VALUES (1);
    CREATE POLICY by_mood ON minded USING ('a' || 'calm'::feeling <> '');
    ALTER TABLE minded ENABLE ROW LEVEL SECURITY; ALTER TABLE minded FORCE ROW LEVEL SECURITY;
    CREATE TABLE shades(s shade); INSERT INTO shades SELECT 'dark' FROM generate_series(1, 100); ANALYZE shades;
    CREATE FUNCTION some_record() RETURNS record LANGUAGE sql STABLE AS $$SELECT ROW('dark'::shade, 1)$$;
    CREATE FUNCTION some_records() RETURNS SETOF record LANGUAGE sql STABLE AS $$SELECT 1, 'dark'::shade$$;
    CREATE FUNCTION record_of_domain() RETURNS record LANGUAGE sql STABLE AS $$SELECT ROW(NULL::locking, 1)$$;
    CREATE VIEW of_constant AS SELECT to_json('dark'::shade) j;
    CREATE VIEW of_constants AS SELECT to_json('{dark}'::shade[]) j;
    CREATE FUNCTION told_default(a json DEFAULT to_json('dark'::shade)) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
    CREATE TYPE amount AS ENUM ('some', 'all');
    CREATE FUNCTION as_real(amount) RETURNS float4 LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(25); RETURN 50; END$$;
    CREATE FUNCTION as_double(amount) RETURNS float8 LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(26); RETURN 1; END$$;
    CREATE FUNCTION as_xml(amount) RETURNS xml LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(27); RETURN '<a/>'; END$$;
    CREATE FUNCTION as_text(amount) RETURNS text LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(28); RETURN 'a'; END$$;
    CREATE CAST (amount AS float4) WITH FUNCTION as_real(amount) AS ASSIGNMENT;
    CREATE CAST (amount AS float8) WITH FUNCTION as_double(amount) AS ASSIGNMENT;
    CREATE CAST (amount AS xml) WITH FUNCTION as_xml(amount) AS ASSIGNMENT;
    CREATE CAST (amount AS text) WITH FUNCTION as_text(amount) AS ASSIGNMENT;
    CREATE EXTENSION pgcrypto; CREATE EXTENSION isn;
    CREATE FUNCTION gen_salt(int) RETURNS text LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_lock(29); RETURN 'x'; END$$;
    ALTER FUNCTION gen_salt(int) OWNER TO plain; ALTER EXTENSION pgcrypto ADD FUNCTION gen_salt(int);
    GRANT SELECT ON many, over_alike, ruled, over_below, ranges, moods, quoted, minded, shades, of_constant, of_constants TO oncall, plain;
    GRANT INSERT ON ruled TO oncall, plain; GRANT DELETE ON many TO oncall, plain;
    )",
};
