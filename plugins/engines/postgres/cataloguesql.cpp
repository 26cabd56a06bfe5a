#include "plugins/engines/postgres/cataloguesql.h"

namespace tocsin::postgres::catalogue {
namespace {

// Nothing in the session's search path may answer in the catalogue's place: functions are written
// with their schema, and operators get theirs here. What recurs is written once:
//   @relation(w.x)  the table or view w.schema, w.x as the search path finds it, or null
//   @in_sight       schema n is w.schema, or in the search path where that is empty
//   @first_own      objects below it came with the server and are what they seem
//   @own_tree(h)    the stored tree h.tree has something of somebody's own in it
//   @table_trees    what planning a query on a table reads: expressions and conditions of indexes
//                   and statistics, partition keys, and CHECK constraints (as `inlined`)
QByteArray qualified(QByteArray sql) {
    for (const char* column : {"name", "rel"})
        sql.replace(QByteArray("@relation(w.") + column + ')',
                    QByteArray("pg_catalog.to_regclass((CASE WHEN w.schema = '' THEN '' ELSE "
                               "pg_catalog.quote_ident(w.schema) || '.' END) || "
                               "pg_catalog.quote_ident(w.") +
                        column + "))::pg_catalog.oid");
    sql.replace("@in_sight",
                "CASE WHEN w.schema = '' THEN n.nspname = ANY (pg_catalog.current_schemas(true)) "
                "ELSE n.nspname = w.schema::pg_catalog.name END");
    sql.replace("@own_tree(h)",
                "h.tree OPERATOR(pg_catalog.~) "
                "':(?:funcid|opfuncid|aggfnoid|winfnoid|opno|[a-z_]*typid|[a-z_]*type[s]?) "
                "(?:\\(o )?(?:[0-9]+ )*[0-9]{5}'");
    sql.replace("@table_trees", R"((
      SELECT i.indrelid, 'call', pg_catalog.concat(i.indexprs, i.indpred) FROM pg_catalog.pg_index i
      UNION ALL SELECT p.partrelid, 'call', p.partexprs::pg_catalog.text FROM pg_catalog.pg_partitioned_table p
      UNION ALL SELECT k.conrelid, 'inlined', k.conbin::pg_catalog.text FROM pg_catalog.pg_constraint k WHERE k.contype = 'c'
      @statistics) AS h(rel, calls, tree))");
    sql.replace("@first_own", "'16384'::pg_catalog.oid");
    for (const char* op : {"=", "<>", ">=", "<=", "||", "-", "<"})
        sql.replace(QByteArray(" ") + op + ' ', QByteArray(" OPERATOR(pg_catalog.") + op + ") ");
    return sql;
}

// What `r`, which was reached, leads to.
const QByteArray kHow = qualified(
    "CASE WHEN r.kind = ANY ('{type,target,meets,operator}') OR r.how = 'check' "
    "THEN 'check' ELSE 'inside' END");
// An aggregate is marked immutable whatever its parts are.
const QByteArray kAggregateParts = qualified(R"(
    SELECT v.kind, v.part FROM pg_catalog.pg_aggregate a
    CROSS JOIN LATERAL (VALUES ('call', a.aggtransfn::pg_catalog.oid), ('call', a.aggfinalfn::pg_catalog.oid),
        ('call', a.aggcombinefn::pg_catalog.oid), ('call', a.aggserialfn::pg_catalog.oid), ('call', a.aggdeserialfn::pg_catalog.oid),
        ('call', a.aggmtransfn::pg_catalog.oid), ('call', a.aggminvtransfn::pg_catalog.oid), ('call', a.aggmfinalfn::pg_catalog.oid),
        ('type', a.aggtranstype), ('type', a.aggmtranstype)) AS v(kind, part)
    WHERE r.kind = 'call' AND r.oid >= @first_own AND a.aggfnoid::pg_catalog.oid = r.oid
)");
// A plan shows no default argument, no LIMIT and no window's frame: the stored trees do.
const QByteArray kDefaults = qualified(R"(
      SELECT 'call', pg_catalog.concat(p.proargdefaults, @body) FROM pg_catalog.pg_proc p
      WHERE r.kind = 'call' AND r.oid >= @first_own AND p.oid = r.oid
)");
const QByteArray kStored = qualified(R"(
      UNION ALL
      SELECT 'call', pg_catalog.concat(v.ev_action, v.ev_qual) FROM pg_catalog.pg_rewrite v JOIN pg_catalog.pg_class c ON c.oid = v.ev_class
      WHERE r.kind = 'opens' AND r.oid >= @first_own AND v.ev_class = r.oid AND (@writes OR (c.relkind = 'v' AND v.ev_type = '1'))
      UNION ALL
      SELECT 'call', CASE WHEN @writes THEN pg_catalog.concat(y.polqual, y.polwithcheck) ELSE y.polqual::pg_catalog.text END
      FROM pg_catalog.pg_policy y
      WHERE r.kind = 'opens' AND r.oid >= @first_own AND y.polrelid = r.oid
      UNION ALL
      SELECT 'call', d.adbin::pg_catalog.text FROM pg_catalog.pg_attrdef d
      WHERE @writes AND r.kind = 'opens' AND r.oid >= @first_own AND d.adrelid = r.oid
      UNION ALL
      SELECT h.calls, h.tree FROM @table_trees
      WHERE r.kind = 'opens' AND r.oid >= @first_own AND h.rel = r.oid
)");
// A value is checked when it becomes one of a domain's.
const QByteArray kChecks = qualified(R"(
      UNION ALL
      SELECT 'call', c.conbin::pg_catalog.text FROM pg_catalog.pg_constraint c
      WHERE r.kind = 'type' AND r.oid >= @first_own AND c.contypid = r.oid
)");
const QByteArray kTrees = qualified(R"(
    UNION ALL
    SELECT CASE WHEN m[1] IS NOT NULL THEN h.calls WHEN m[2] IS NOT NULL THEN 'opens'
      WHEN m[3] IS NOT NULL THEN 'operator' WHEN m[4] IS NOT NULL THEN 'type' ELSE 'meets' END, x.oid::pg_catalog.oid
    FROM (@trees) AS h(calls, tree)
    CROSS JOIN LATERAL pg_catalog.regexp_matches(h.tree,
      ':(?:(funcid|opfuncid|aggfnoid|winfnoid)|(relid)|(opno)|(resulttype|funcresulttype|funccoltypes|coltypes|typid)|(consttype|vartype|paramtype|array_typeid|row_typeid)) (?:\(o )?([0-9]+(?: [0-9]+)*)',
      'g') AS m
    CROSS JOIN LATERAL pg_catalog.regexp_split_to_table(m[6], ' ') AS x(oid)
    WHERE h.calls = 'call' OR m[1] IS NOT NULL
)");
// To estimate how many rows an operator leaves, the planner calls it; and it puts others in its
// place: it turns NOT (a op b) into the negator, and asks with the sides exchanged. What they name
// need not name them.
const QByteArray kOperatorParts = qualified(R"(
    UNION ALL
    SELECT x.kind, x.oid FROM pg_catalog.pg_operator o
    CROSS JOIN LATERAL (VALUES ('operator', o.oprnegate), ('operator', o.oprcom), ('call', o.oprcode::pg_catalog.oid)) AS x(kind, oid)
    WHERE r.kind = 'operator' AND o.oid = r.oid AND x.oid <> '0'::pg_catalog.oid AND (x.kind = 'operator' OR o.oid >= @first_own)
)");
// What a plan reads of a parent is read of its children, too. Where nothing is foreign there, and
// nothing somebody's own, it does not matter.
const QByteArray kChildren = qualified(R"(
    UNION ALL
    SELECT 'opens', i.inhrelid FROM pg_catalog.pg_inherits i
    WHERE r.kind = 'opens' AND i.inhparent = r.oid AND (EXISTS (SELECT FROM pg_catalog.pg_foreign_table)
      OR EXISTS (SELECT FROM pg_catalog.pg_inherits c JOIN @table_trees ON h.rel = c.inhrelid WHERE @own_tree(h)))
)");
// A type's values are made of those of the types that it is made of, and go in and out of
// functions.
const QByteArray kTypes = qualified(R"(
    UNION ALL
    SELECT r.kind, d.refobjid FROM pg_catalog.pg_depend d
    WHERE r.kind = ANY ('{type,target,meets}') AND d.objid = r.oid
      AND d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid
      AND d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid
    UNION ALL
    SELECT r.kind, a.atttypid FROM pg_catalog.pg_type t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid
    WHERE r.kind = ANY ('{type,target,meets}') AND t.oid = r.oid AND a.attnum >= 1
    UNION ALL
    SELECT 'target', x.type FROM pg_catalog.pg_type t CROSS JOIN LATERAL (VALUES (t.typbasetype), (t.typelem)) AS x(type)
    WHERE r.kind = 'target' AND t.oid = r.oid
    UNION ALL
    SELECT 'type', x.type FROM pg_catalog.pg_proc p
    CROSS JOIN LATERAL pg_catalog.unnest(pg_catalog.array_append(
      pg_catalog.array_cat(p.proargtypes::pg_catalog.oid[], p.proallargtypes), p.prorettype)) AS x(type)
    WHERE r.kind = 'call' AND p.oid = r.oid
    UNION ALL
    SELECT 'call', x.oid FROM pg_catalog.pg_range g
    CROSS JOIN LATERAL (VALUES (g.rngsubdiff::pg_catalog.oid), (g.rngcanonical::pg_catalog.oid)) AS x(oid)
    WHERE r.kind = ANY ('{type,target,meets}') AND g.rngtypid = r.oid
    UNION ALL
    SELECT 'hidden', r.oid WHERE r.kind = 'meets' AND r.oid = '2277'::pg_catalog.oid
    UNION ALL
    SELECT 'hidden', p.oid FROM pg_catalog.pg_proc p
    WHERE r.kind = 'call' AND r.oid >= @first_own AND p.oid = r.oid AND p.prorettype = '2249'::pg_catalog.oid
    UNION ALL
    SELECT 'target', '25'::pg_catalog.oid WHERE r.kind = 'call' AND r.oid = ANY ('{1285,1290,2003,2004}')
    UNION ALL
    SELECT 'meets', c.reltype FROM pg_catalog.pg_class c WHERE r.kind = 'opens' AND c.oid = r.oid
    UNION ALL
    SELECT 'meets', '114'::pg_catalog.oid WHERE r.kind = 'type' AND r.oid = '3802'::pg_catalog.oid
)");
// A cast's function is called where both of its ends meet: among the types above, those of the
// columns and rows of the relations that are named, and the server's own. A cast that has to be
// written needs its target written, or a function that makes JSON and finds it for itself; one for
// assignment serves as well where bool, a number, text or XML is wanted (WHERE, LIMIT, subscripts,
// TABLESAMPLE, XMLPARSE). One to JSON finds its value also where the types show only when it runs
// ('hidden'): in the record that a function returns, and in the arrays of pg_stats.
const QByteArray kCasts = qualified(R"(
  UNION
  SELECT k.castfunc, 'call', 'cast' FROM pg_catalog.pg_cast k
  WHERE k.castfunc >= @first_own
    AND (@first_own >= k.castsource
      OR (k.casttarget = '114'::pg_catalog.oid AND EXISTS (SELECT FROM reached r WHERE r.kind = 'hidden'))
      OR k.castsource = ANY (SELECT r.oid FROM reached r WHERE r.kind = ANY ('{type,meets}')))
    AND (k.casttarget = ANY (SELECT r.oid FROM reached r WHERE r.kind = 'target')
      OR ((k.castcontext = 'i' OR k.casttarget = '114'::pg_catalog.oid)
        AND k.casttarget = ANY (SELECT r.oid FROM reached r WHERE r.kind = ANY ('{type,meets}')))
      OR (k.castcontext = 'i' AND @first_own >= k.casttarget)
      OR (k.castcontext = 'a' AND k.casttarget = ANY ('{16,20,23,25,142,700,701}')))
)");
// An extension's own functions are in C, or belong to who made the cluster: an ordinary user may
// add functions to an extension that they own.
const QByteArray kCalls = qualified(R"(
SELECT p.proname, n.nspname, p.provolatile,
  CASE WHEN p.proowner = '10'::pg_catalog.oid OR p.prolang = ANY ('{12,13}') THEN e.extname END, c.how,
  p.oid, p.oid < @first_own, CASE WHEN p.prolang = '14'::pg_catalog.oid AND p.oid >= @first_own THEN p.prosrc END
FROM (SELECT r.oid, r.kind, r.how FROM reached r WHERE r.kind = ANY ('{call,inlined}')@casts) AS c(proc, kind, how)
JOIN pg_catalog.pg_proc p ON p.oid = c.proc
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_catalog.pg_depend d ON d.objid = p.oid
  AND d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid AND d.deptype = 'e'
LEFT JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
WHERE c.kind = 'call' OR p.prolang = '14'::pg_catalog.oid
UNION ALL
SELECT c.relname, '', '', NULL, 'foreign', NULL, NULL, NULL FROM reached r JOIN pg_catalog.pg_class c ON c.oid = r.oid
WHERE r.kind = 'opens' AND c.relkind = 'f'
)");

// There since version 14, as are bodies that are kept as trees.
const QByteArray kStatistics =
    "UNION ALL SELECT s.stxrelid, 'call', s.stxexprs::pg_catalog.text "
    "FROM pg_catalog.pg_statistic_ext s";

}  // namespace

const QByteArray kRelations = qualified(R"(
SELECT CASE WHEN w.rel IS NULL THEN 'unknown' WHEN c.relkind = 'f' THEN 'foreign' ELSE 'opens' END, w.name
FROM (SELECT w.name, @relation(w.name)
      FROM ROWS FROM (pg_catalog.unnest($a::pg_catalog.text[]), pg_catalog.unnest($b::pg_catalog.text[])) AS w(schema, name)
     ) AS w(name, rel)
LEFT JOIN pg_catalog.pg_class c ON c.oid = w.rel
WHERE w.rel IS NULL OR (c.oid >= @first_own AND (c.relkind = 'f' OR c.relhasrules
  OR EXISTS (SELECT FROM pg_catalog.pg_policy y WHERE y.polrelid = c.oid)
  OR EXISTS (SELECT FROM @table_trees WHERE h.rel = c.oid AND @own_tree(h))
  OR (c.relhassubclass AND (EXISTS (SELECT FROM pg_catalog.pg_foreign_table)
    OR EXISTS (SELECT FROM pg_catalog.pg_inherits i JOIN @table_trees ON h.rel = i.inhrelid WHERE @own_tree(h))))))
)");
const QByteArray kOperators = qualified(R"(
SELECT CASE WHEN o.oid >= @first_own AND p.provolatile = 'v' THEN 'operator' ELSE 'own operators' END,
  o.oid::pg_catalog.regoperator::pg_catalog.text || ' by ' || p.oid::pg_catalog.regproc::pg_catalog.text
FROM ROWS FROM (pg_catalog.unnest($a::pg_catalog.text[]), pg_catalog.unnest($b::pg_catalog.text[])) AS w(schema, name)
JOIN pg_catalog.pg_operator o ON o.oprname = w.name::pg_catalog.name
JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
JOIN pg_catalog.pg_proc p ON p.oid = o.oprcode::pg_catalog.oid
WHERE (o.oid >= @first_own OR o.oprnegate >= @first_own OR o.oprcom >= @first_own) AND @in_sight
)");
const QByteArray kFields = qualified(R"(
SELECT 'column', w.name
FROM ROWS FROM (pg_catalog.unnest($a::pg_catalog.text[]), pg_catalog.unnest($b::pg_catalog.text[]), pg_catalog.unnest($c::pg_catalog.text[]))
  AS w(schema, rel, name)
WHERE (EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.typname = w.name::pg_catalog.name AND t.oid >= @first_own)
  OR EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE p.proname = w.name::pg_catalog.name AND p.pronargs >= 1 AND (p.pronargs - p.pronargdefaults) <= 1
      AND n.nspname = ANY (pg_catalog.current_schemas(true))))
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE w.rel <> '' AND NOT a.attisdropped AND a.attname = w.name::pg_catalog.name
    AND a.attrelid = @relation(w.rel))
)");
const QByteArray kTypeNames = qualified(R"(
SELECT 'unknown', w.name FROM pg_catalog.unnest($a::pg_catalog.text[]) AS w(name)
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.typname = w.name::pg_catalog.name)
)");
const QByteArray kOwnTypes = qualified(R"(
SELECT 'own types', '' WHERE EXISTS (SELECT FROM pg_catalog.pg_cast k WHERE k.castfunc >= @first_own)
  OR EXISTS (SELECT FROM pg_catalog.pg_constraint c WHERE c.contypid >= @first_own)
  OR EXISTS (SELECT FROM pg_catalog.pg_range g WHERE g.rngsubdiff >= @first_own OR g.rngcanonical >= @first_own)
)");

const QByteArray kNamedCalls = qualified(R"(
  SELECT 'call', p.oid, 'named'
  FROM ROWS FROM (pg_catalog.unnest($a::pg_catalog.text[]), pg_catalog.unnest($b::pg_catalog.text[])) AS w(schema, name)
  JOIN pg_catalog.pg_proc p ON p.proname = w.name::pg_catalog.name
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE @in_sight
)");
const QByteArray kColumnCalls = qualified(R"(
  SELECT 'call', p.oid, 'column'
  FROM pg_catalog.unnest($a::pg_catalog.text[]) AS w(name)
  JOIN pg_catalog.pg_proc p ON p.proname = w.name::pg_catalog.name
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE p.pronargs >= 1 AND (p.pronargs - p.pronargdefaults) <= 1 AND n.nspname = ANY (pg_catalog.current_schemas(true))
)");
const QByteArray kOperatorCalls = qualified(R"(
  SELECT 'operator', o.oid, 'inside'
  FROM ROWS FROM (pg_catalog.unnest($a::pg_catalog.text[]), pg_catalog.unnest($b::pg_catalog.text[])) AS w(schema, name)
  JOIN pg_catalog.pg_operator o ON o.oprname = w.name::pg_catalog.name
  JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
  WHERE @in_sight
)");
const QByteArray kNamedTypes = qualified(R"(
  SELECT k.kind, t.oid, '' FROM pg_catalog.unnest($a::pg_catalog.text[]) AS w(name)
  JOIN pg_catalog.pg_type t ON t.typname = w.name::pg_catalog.name
  CROSS JOIN (VALUES ('type'), ('target')) AS k(kind)
)");
const QByteArray kText = "\nSELECT 'target', '25'::pg_catalog.oid, ''\n";
const QByteArray kDomains = qualified(R"(
  SELECT 'type', c.contypid, '' FROM pg_catalog.pg_constraint c WHERE c.contypid >= @first_own
)");
const QByteArray kRows = qualified(R"(
  SELECT $c::pg_catalog.text, c.reltype, ''
  FROM ROWS FROM (pg_catalog.unnest($a::pg_catalog.text[]), pg_catalog.unnest($b::pg_catalog.text[])) AS w(schema, name)
  JOIN pg_catalog.pg_class c ON c.oid = @relation(w.name)
)");
const QByteArray kOpenedRelations = qualified(R"(
  SELECT 'opens', @relation(w.name), ''
  FROM ROWS FROM (pg_catalog.unnest($a::pg_catalog.text[]), pg_catalog.unnest($b::pg_catalog.text[])) AS w(schema, name)
)");

const QByteArray kKnownCalls = qualified(R"(
  SELECT 'call', w.oid::pg_catalog.oid, 'inside' FROM pg_catalog.unnest($a::pg_catalog.text[]) AS w(oid)
)");
const QByteArray kIsType = qualified(
    "SELECT 1 FROM pg_catalog.pg_type t WHERE t.typname = $1::pg_catalog.text::pg_catalog.name");

QByteArray listing(const QByteArray& beginnings, Reach reach) {
    const QByteArray stored =
        QByteArray(kStored).replace("@writes", reach.writes ? "true" : "false");
    const QByteArray trees =
        kDefaults + (reach.opens ? stored : QByteArray()) + (reach.types ? kChecks : QByteArray());
    const QByteArray steps = kAggregateParts + QByteArray(kTrees).replace("@trees", trees) +
                             kOperatorParts + (reach.opens ? kChildren : QByteArray()) +
                             (reach.types ? kTypes : QByteArray());
    return "WITH RECURSIVE reached(kind, oid, how) AS ((" + beginnings +
           ") UNION SELECT s.kind, s.oid, " + kHow + " FROM reached r CROSS JOIN LATERAL (" +
           steps + ") AS s(kind, oid))" +
           QByteArray(kCalls).replace("@casts", reach.types ? kCasts : "");
}

QByteArray ofVersion(QByteArray sql, int serverVersion) {
    const bool hasThem = serverVersion >= 140000;
    sql.replace("@statistics", hasThem ? kStatistics : "");
    return sql.replace("@body", hasThem ? "p.prosqlbody" : "NULL");
}

}  // namespace tocsin::postgres::catalogue
