#include "plugins/engines/postgres/catalogue.h"

#include <algorithm>

#include "plugins/engines/postgres/servererror.h"

namespace tocsin::postgres {
namespace {

// Nothing in the session's search path may answer in the catalogue's place: functions are written
// with their schema, and operators get theirs here.
QByteArray qualified(QByteArray sql) {
    for (const char* op : {"=", "<>", ">=", "<=", "||", "-"})
        sql.replace(QByteArray(" ") + op + ' ', QByteArray(" OPERATOR(pg_catalog.") + op + ") ");
    return sql;
}

// Objects below 16384 came with the server and are what they seem.

// The cheap questions, which say whether the others are worth their planning: that would take the
// server longer than all the rest of the proof. Only those that the names call for are put; $a, $b
// and $c are a question's own parameters.
const QByteArray kRelations = qualified(R"(
SELECT CASE WHEN w.rel IS NULL THEN 'unknown' WHEN c.relkind = 'f' THEN 'foreign' ELSE 'opens' END, w.name
FROM (SELECT w.name, pg_catalog.to_regclass((CASE WHEN w.schema = '' THEN '' ELSE pg_catalog.quote_ident(w.schema) || '.' END)
        || pg_catalog.quote_ident(w.name))::pg_catalog.oid
      FROM ROWS FROM (pg_catalog.unnest($a::pg_catalog.text[]), pg_catalog.unnest($b::pg_catalog.text[])) AS w(schema, name)
     ) AS w(name, rel)
LEFT JOIN pg_catalog.pg_class c ON c.oid = w.rel
WHERE w.rel IS NULL OR (c.oid >= '16384'::pg_catalog.oid AND (c.relkind = 'f' OR c.relkind = 'v'
  OR EXISTS (SELECT FROM pg_catalog.pg_policy y WHERE y.polrelid = c.oid)))
)");
const QByteArray kOperators = qualified(R"(
SELECT 'operator', o.oid::pg_catalog.regoperator::pg_catalog.text || ' by ' || p.oid::pg_catalog.regproc::pg_catalog.text
FROM ROWS FROM (pg_catalog.unnest($a::pg_catalog.text[]), pg_catalog.unnest($b::pg_catalog.text[])) AS w(schema, name)
JOIN pg_catalog.pg_operator o ON o.oprname = w.name::pg_catalog.name
JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
JOIN pg_catalog.pg_proc p ON p.oid = o.oprcode::pg_catalog.oid
WHERE o.oid >= '16384'::pg_catalog.oid AND p.provolatile = 'v'
  AND CASE WHEN w.schema = '' THEN n.nspname = ANY (pg_catalog.current_schemas(true)) ELSE n.nspname = w.schema::pg_catalog.name END
)");
const QByteArray kFields = qualified(R"(
SELECT 'column', w.name
FROM ROWS FROM (pg_catalog.unnest($a::pg_catalog.text[]), pg_catalog.unnest($b::pg_catalog.text[]), pg_catalog.unnest($c::pg_catalog.text[]))
  AS w(schema, rel, name)
WHERE (EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.typname = w.name::pg_catalog.name AND t.oid >= '16384'::pg_catalog.oid)
  OR EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE p.proname = w.name::pg_catalog.name AND p.pronargs >= 1 AND (p.pronargs - p.pronargdefaults) <= 1
      AND (p.provolatile = 'v' OR p.oid >= '16384'::pg_catalog.oid) AND n.nspname = ANY (pg_catalog.current_schemas(true))))
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE w.rel <> '' AND NOT a.attisdropped AND a.attname = w.name::pg_catalog.name
    AND a.attrelid = pg_catalog.to_regclass((CASE WHEN w.schema = '' THEN '' ELSE pg_catalog.quote_ident(w.schema) || '.' END)
      || pg_catalog.quote_ident(w.rel))::pg_catalog.oid)
)");
const QByteArray kTypeNames = qualified(R"(
SELECT 'unknown', w.name FROM pg_catalog.unnest($a::pg_catalog.text[]) AS w(name)
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.typname = w.name::pg_catalog.name)
)");
const QByteArray kActingTypes = qualified(R"(
SELECT 'types', '' WHERE EXISTS (SELECT FROM pg_catalog.pg_cast k JOIN pg_catalog.pg_proc p ON p.oid = k.castfunc
    WHERE k.castfunc >= '16384'::pg_catalog.oid AND p.provolatile = 'v')
  OR EXISTS (SELECT FROM pg_catalog.pg_constraint c
    CROSS JOIN LATERAL pg_catalog.regexp_matches(c.conbin::pg_catalog.text, ':(?:funcid|opfuncid) ([0-9]+)', 'g') AS m
    JOIN pg_catalog.pg_proc p ON p.oid = m[1]::pg_catalog.oid
    WHERE c.contypid >= '16384'::pg_catalog.oid AND p.provolatile = 'v')
)");

// What the views and policies behind the relations open in their turn.
const QByteArray kOpened = qualified(R"(
opened(rel) AS (
  SELECT pg_catalog.to_regclass((CASE WHEN w.schema = '' THEN '' ELSE pg_catalog.quote_ident(w.schema) || '.' END)
      || pg_catalog.quote_ident(w.name))::pg_catalog.oid
  FROM ROWS FROM (pg_catalog.unnest($5::pg_catalog.text[]), pg_catalog.unnest($6::pg_catalog.text[])) AS w(schema, name)
  UNION
  SELECT d.refobjid FROM opened o
  JOIN (SELECT 'pg_catalog.pg_rewrite'::pg_catalog.regclass::pg_catalog.oid, r.oid, r.ev_class
        FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class v ON v.oid = r.ev_class
        WHERE v.relkind = 'v' AND r.ev_type = '1'
        UNION ALL
        SELECT 'pg_catalog.pg_policy'::pg_catalog.regclass::pg_catalog.oid, y.oid, y.polrelid
        FROM pg_catalog.pg_policy y) AS h(class, oid, rel) ON h.rel = o.rel
  JOIN pg_catalog.pg_depend d ON d.classid = h.class AND d.objid = h.oid
    AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
  WHERE o.rel >= '16384'::pg_catalog.oid
),
trees(tree) AS (
  SELECT h.tree FROM opened o
  JOIN (SELECT r.ev_class, r.ev_action::pg_catalog.text
        FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class v ON v.oid = r.ev_class
        WHERE v.relkind = 'v' AND r.ev_type = '1'
        UNION ALL
        SELECT y.polrelid, y.polqual::pg_catalog.text
        FROM pg_catalog.pg_policy y) AS h(rel, tree) ON h.rel = o.rel
  WHERE o.rel >= '16384'::pg_catalog.oid
),
)");

// What is written, and what is written as a column.
const QByteArray kSpoken = qualified(R"(
spoken(proc, how) AS (
  SELECT p.oid, 'named'
  FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[])) AS w(schema, name)
  JOIN pg_catalog.pg_proc p ON p.proname = w.name::pg_catalog.name
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE CASE WHEN w.schema = '' THEN n.nspname = ANY (pg_catalog.current_schemas(true)) ELSE n.nspname = w.schema::pg_catalog.name END
  UNION
  SELECT p.oid, 'column'
  FROM pg_catalog.unnest($3::pg_catalog.text[]) AS w(name)
  JOIN pg_catalog.pg_proc p ON p.proname = w.name::pg_catalog.name
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE p.pronargs >= 1 AND (p.pronargs - p.pronargdefaults) <= 1 AND n.nspname = ANY (pg_catalog.current_schemas(true))
)");
// A plan shows no LIMIT and no window's frame: the stored trees do.
const QByteArray kSpokenInside = qualified(R"(
  UNION
  SELECT m[1]::pg_catalog.oid, 'inside' FROM trees
  CROSS JOIN LATERAL pg_catalog.regexp_matches(trees.tree, ':(?:funcid|opfuncid|aggfnoid|winfnoid) ([0-9]+)', 'g') AS m
)");
// A value is checked when it becomes one of a domain's, and converted by its cast: for each type
// that is named, or goes into or comes out of what is called, and all that it is made of. A cast
// also meets the columns of the relations that are named.
const QByteArray kTypes = qualified(R"(
), typed(type) AS (
  (SELECT t.oid FROM pg_catalog.unnest($4::pg_catalog.text[]) AS w(name)
   JOIN pg_catalog.pg_type t ON t.typname = w.name::pg_catalog.name
   UNION
   SELECT x.type FROM spoken s JOIN pg_catalog.pg_proc p ON p.oid = s.proc
   CROSS JOIN LATERAL pg_catalog.unnest(pg_catalog.array_append(
      pg_catalog.array_cat(p.proargtypes::pg_catalog.oid[], p.proallargtypes), p.prorettype)) AS x(type)
)");
const QByteArray kTypesInside = qualified(R"(
   UNION
   SELECT m[1]::pg_catalog.oid FROM trees
   CROSS JOIN LATERAL pg_catalog.regexp_matches(trees.tree, ':resulttype ([0-9]+)', 'g') AS m
)");
const QByteArray kTypesMadeOf = qualified(R"(
  )
  UNION
  SELECT s.type FROM typed
  JOIN pg_catalog.pg_type t ON t.oid = typed.type
  CROSS JOIN LATERAL (
    SELECT t.typbasetype UNION ALL SELECT t.typelem
    UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum >= 1
    UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid) AS s(type)
  WHERE typed.type >= '16384'::pg_catalog.oid
), involved(type) AS (
  (SELECT type FROM typed
   UNION
   SELECT '114'::pg_catalog.oid WHERE EXISTS (SELECT FROM typed WHERE typed.type = '3802'::pg_catalog.oid)
   UNION
   SELECT x.type
   FROM ROWS FROM (pg_catalog.unnest($5::pg_catalog.text[]), pg_catalog.unnest($6::pg_catalog.text[])) AS w(schema, name)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = pg_catalog.to_regclass((CASE WHEN w.schema = '' THEN ''
      ELSE pg_catalog.quote_ident(w.schema) || '.' END) || pg_catalog.quote_ident(w.name))::pg_catalog.oid
   JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
   CROSS JOIN LATERAL (VALUES (a.atttypid), (c.reltype)) AS x(type))
  UNION
  SELECT s.type FROM involved i
  JOIN pg_catalog.pg_type t ON t.oid = i.type
  CROSS JOIN LATERAL (
    SELECT t.typbasetype UNION ALL SELECT t.typelem
    UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum >= 1) AS s(type)
  WHERE i.type >= '16384'::pg_catalog.oid
), called(proc, how) AS (
  SELECT proc, how FROM spoken
  UNION
  SELECT m[1]::pg_catalog.oid, 'inside' FROM typed
  JOIN pg_catalog.pg_constraint c ON c.contypid = typed.type
  CROSS JOIN LATERAL pg_catalog.regexp_matches(c.conbin::pg_catalog.text, ':(?:funcid|opfuncid) ([0-9]+)', 'g') AS m
  UNION
  SELECT k.castfunc, 'inside' FROM pg_catalog.pg_cast k
  WHERE k.castfunc >= '16384'::pg_catalog.oid
    AND ('16384'::pg_catalog.oid >= k.castsource OR EXISTS (SELECT FROM involved i WHERE i.type = k.castsource))
    AND (EXISTS (SELECT FROM involved i WHERE i.type = k.casttarget)
      OR ('16384'::pg_catalog.oid >= k.casttarget AND k.castcontext = 'i'))
)");
const QByteArray kNoTypes = R"(
), called(proc, how) AS (
  SELECT proc, how FROM spoken
)";
// An aggregate is marked immutable whatever its parts are, and a default argument is in no plan.
const QByteArray kMadeOf = qualified(R"(
), parts(proc, how) AS (
  SELECT proc, how FROM called
  UNION
  SELECT s.part, 'inside' FROM parts c
  CROSS JOIN LATERAL (
    SELECT v.part::pg_catalog.oid FROM pg_catalog.pg_aggregate a
    CROSS JOIN LATERAL (VALUES (a.aggtransfn), (a.aggfinalfn), (a.aggcombinefn), (a.aggserialfn),
        (a.aggdeserialfn), (a.aggmtransfn), (a.aggminvtransfn), (a.aggmfinalfn)) AS v(part)
    WHERE a.aggfnoid::pg_catalog.oid = c.proc
    UNION ALL
    SELECT m[1]::pg_catalog.oid FROM pg_catalog.pg_proc d
    CROSS JOIN LATERAL pg_catalog.regexp_matches(d.proargdefaults::pg_catalog.text, ':(?:funcid|opfuncid) ([0-9]+)', 'g') AS m
    WHERE d.oid = c.proc) AS s(part)
  WHERE c.proc >= '16384'::pg_catalog.oid
)
SELECT p.proname, n.nspname, p.provolatile, e.extname, c.how
FROM parts c
JOIN pg_catalog.pg_proc p ON p.oid = c.proc
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_catalog.pg_depend d ON d.objid = p.oid
  AND d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid AND d.deptype = 'e'
LEFT JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
)");
const QByteArray kIsType = qualified(
    "SELECT 1 FROM pg_catalog.pg_type t WHERE t.typname = $1::pg_catalog.text::pg_catalog.name");

QByteArray arrayLiteral(const QStringList& texts) {
    QStringList quoted;
    for (QString text : texts) {
        text.replace(u'\\', QStringLiteral("\\\\")).replace(u'"', QStringLiteral("\\\""));
        quoted << u'"' + text + u'"';
    }
    return '{' + quoted.join(u',').toUtf8() + '}';
}

/// The schemas and the names, as two parameters.
QVector<QByteArray> columnsOf(const QSet<FunctionName>& names) {
    QStringList schemas;
    QStringList last;
    for (const FunctionName& each : names) {
        schemas << each.schema;
        last << each.name;
    }
    return {arrayLiteral(schemas), arrayLiteral(last)};
}

QVector<QByteArray> columnsOf(const QSet<FieldName>& fields) {
    QStringList schemas;
    QStringList relations;
    QStringList names;
    for (const FieldName& each : fields) {
        schemas << each.of.schema;
        relations << each.of.name;
        names << each.name;
    }
    return {arrayLiteral(schemas), arrayLiteral(relations), arrayLiteral(names)};
}

QStringList namesOf(const QSet<FunctionName>& all) {
    QStringList names;
    for (const FunctionName& each : all)
        names << each.name;
    return names;
}

CataloguedFunction::How howOf(const QString& word) {
    if (word == u"column") return CataloguedFunction::How::AsColumn;
    return word == u"named" ? CataloguedFunction::How::Named : CataloguedFunction::How::Inside;
}

class Inquiry {
public:
    Inquiry(Wire& wire, const Target& target, const Mentions& mentions)
        : m_wire(wire), m_target(target), m_mentions(mentions) {}

    Result<Catalogued> run(NamedBy by) {
        if (const auto looked = lookFirst(); !looked) return tl::unexpected(looked.error());
        if (m_opens || m_types || !m_mentions.functions.isEmpty() || !m_asColumns.isEmpty())
            if (const auto listed = listFunctions(); !listed) return tl::unexpected(listed.error());
        if (by == NamedBy::Plan) return std::move(m_found);
        if (const auto known = checkNames(); !known) return tl::unexpected(known.error());
        return std::move(m_found);
    }

private:
    Result<PgResult> ask(const QByteArray& sql, const QVector<QByteArray>& values) {
        auto answer = m_wire.ask(sql, values);
        if (!answer || !isError(*answer)) return answer;
        Error error = statementError(answer->get(), QString(), 0, m_target);
        error.position.reset();
        return tl::unexpected(error);
    }

    /// Joins a question to those that are put together, with numbers for its parameters.
    void put(QByteArray question, const QVector<QByteArray>& values) {
        for (qsizetype i = 0; i < values.size(); ++i)
            question.replace(QByteArray("$") + static_cast<char>('a' + i) + "::",
                             '$' + QByteArray::number(m_values.size() + 1 + i) + "::");
        m_values += values;
        m_question += m_question.isEmpty() ? question : "UNION ALL" + question;
    }

    Result<void> lookFirst() {
        const Mentions& m = m_mentions;
        if (!m.relations.isEmpty()) put(kRelations, columnsOf(m.relations));
        if (!m.operators.isEmpty()) put(kOperators, columnsOf(m.operators));
        if (!m.fields.isEmpty()) put(kFields, columnsOf(m.fields));
        if (!m.types.isEmpty()) put(kTypeNames, {arrayLiteral(namesOf(m.types))});
        const bool namesTypes = !m.types.isEmpty() || !m.fields.isEmpty() || !m.functions.isEmpty();
        if (namesTypes) put(kActingTypes, {});
        if (m_question.isEmpty()) return {};
        const auto said = ask(m_question, m_values);
        if (!said) return tl::unexpected(said.error());
        for (int row = 0; row < PQntuples(said->get()); ++row)
            take(textAt(*said, row, 0), textAt(*said, row, 1));
        // Views may name what the text does not.
        return m_opens && !namesTypes ? lookForActingTypes() : Result<void>();
    }

    Result<void> lookForActingTypes() {
        const auto said = ask(kActingTypes, {});
        if (!said) return tl::unexpected(said.error());
        m_types = PQntuples(said->get()) > 0;
        return {};
    }

    void take(const QString& what, const QString& name) {
        if (what == u"opens") m_opens = true;
        if (what == u"types") m_types = true;
        if (what == u"foreign") m_found.foreignTables << name;
        if (what == u"operator") m_found.volatileOperators << name;
        if (what == u"column") m_asColumns << name;
        if (what == u"unknown" && !m_mentions.ctes.contains(name)) m_found.unknown << name;
    }

    Result<void> listFunctions() {
        // A type's name before parentheses, or in column notation, is a cast.
        const QStringList types =
            namesOf(m_mentions.types) + namesOf(m_mentions.functions) + m_asColumns;
        QVector<QByteArray> values = columnsOf(m_mentions.functions);
        values << arrayLiteral(m_asColumns);
        QByteArray sql = "WITH RECURSIVE " + (m_opens ? kOpened : QByteArray()) + kSpoken +
                         (m_opens ? kSpokenInside : QByteArray());
        sql += m_types ? kTypes + (m_opens ? kTypesInside : QByteArray()) + kTypesMadeOf : kNoTypes;
        if (m_types) values << arrayLiteral(types);
        if (m_types || m_opens) values += columnsOf(m_mentions.relations);
        sql += kMadeOf;
        // Every parameter must have a type, whichever parts there are.
        if (m_opens && !m_types) {
            values.insert(3, arrayLiteral(types));
            sql += "WHERE $4::pg_catalog.text[] IS NOT NULL";
        }
        const auto said = ask(sql, values);
        if (!said) return tl::unexpected(said.error());
        for (int row = 0; row < PQntuples(said->get()); ++row)
            m_found.functions << CataloguedFunction{
                textAt(*said, row, 0), textAt(*said, row, 1), textAt(*said, row, 2) == u"v",
                textAt(*said, row, 3), howOf(textAt(*said, row, 4))};
        return {};
    }

    /// The server may read a name otherwise than the grammar here: a database that is not in UTF-8
    /// cuts long ones elsewhere. What it does not know under this name was not looked at.
    Result<void> checkNames() {
        for (const FunctionName& function : m_mentions.functions) {
            if (function.schema == u"pg_catalog" || isListed(function)) continue;
            const auto type = ask(kIsType, {function.name.toUtf8()});
            if (!type) return tl::unexpected(type.error());
            if (PQntuples(type->get()) == 0)
                m_found.unknown << function.name + QStringLiteral("()");
        }
        return {};
    }

    bool isListed(const FunctionName& function) const {
        return std::any_of(m_found.functions.begin(), m_found.functions.end(),
                           [&](const CataloguedFunction& each) {
                               return each.how == CataloguedFunction::How::Named &&
                                      each.name == function.name &&
                                      (function.schema.isEmpty() || function.schema == each.schema);
                           });
    }

    static QString textAt(const PgResult& result, int row, int column) {
        return QString::fromUtf8(PQgetvalue(result.get(), row, column));
    }

    Wire& m_wire;
    const Target& m_target;
    const Mentions& m_mentions;
    QByteArray m_question;
    QVector<QByteArray> m_values;
    Catalogued m_found;
    bool m_opens = false;  ///< views, or tables with policies
    bool m_types = false;  ///< there are domains or casts that act, or may be
    QStringList m_asColumns;
};

}  // namespace

Result<Catalogued> lookUp(Wire& wire, const Target& target, const Mentions& mentions, NamedBy by) {
    return Inquiry(wire, target, mentions).run(by);
}

}  // namespace tocsin::postgres
