CREATE EXTENSION pg_stat_statements;
CREATE ROLE app LOGIN PASSWORD '{{app_password}}';
CREATE ROLE oncall LOGIN PASSWORD '{{oncall_password}}' IN ROLE pg_monitor, pg_signal_backend;
CREATE TABLE content (
    id integer PRIMARY KEY,
    title text NOT NULL,
    status text NOT NULL DEFAULT 'READY',
    views bigint NOT NULL DEFAULT 0,
    "createdAt" timestamptz NOT NULL,
    "updatedAt" timestamptz NOT NULL
);
INSERT INTO content
SELECT n, 'Episode ' || n, CASE WHEN n % 97 = 0 THEN 'FAILED' ELSE 'READY' END, (n * 7919) % 100000,
       now() - n * interval '13 minutes', now() - n * interval '3 minutes'
FROM generate_series(1, 6000) AS n;
ALTER TABLE content OWNER TO app;
GRANT SELECT ON content TO oncall;
ANALYZE content;
