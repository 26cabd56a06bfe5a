#include "plugins/engines/postgres/proof.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "plugins/engines/postgres/functions.h"
#include "plugins/engines/postgres/lexer.h"
#include "plugins/engines/postgres/servererror.h"
#include "plugins/engines/postgres/types.h"

namespace tocsin::postgres {
namespace {

const QByteArray kDeclare = "DECLARE tocsin_proof NO SCROLL CURSOR WITHOUT HOLD FOR ";
const QByteArray kExplain = "EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) ";

// Every name and operator is qualified, so that nothing in the session's search path can answer
// in the catalogue's place. Three things come to one list: the functions that the text or the plan
// names; those inside the views and policies that it opens, read from their stored trees, because a
// plan shows no LIMIT and no window's frame; and what an aggregate is made of, which is marked
// immutable whatever its parts are. Objects below 16384 came with the server and are what they
// seem. What opens plain tables only has no second thing, and planning that would take the server
// longer than all the rest of the proof.
const QByteArray kOpensMore = R"(
SELECT 1
FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[])) AS w(schema, name)
JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass((CASE WHEN w.schema OPERATOR(pg_catalog.=) '' THEN ''
    ELSE pg_catalog.quote_ident(w.schema) OPERATOR(pg_catalog.||) '.' END)
    OPERATOR(pg_catalog.||) pg_catalog.quote_ident(w.name))::pg_catalog.oid
WHERE c.oid OPERATOR(pg_catalog.>=) '16384'::pg_catalog.oid AND (c.relkind OPERATOR(pg_catalog.=) 'v'
  OR EXISTS (SELECT FROM pg_catalog.pg_policy y WHERE y.polrelid OPERATOR(pg_catalog.=) c.oid))
)";
const QByteArray kOpened = R"(
opened(rel) AS (
  SELECT pg_catalog.to_regclass((CASE WHEN w.schema OPERATOR(pg_catalog.=) '' THEN ''
      ELSE pg_catalog.quote_ident(w.schema) OPERATOR(pg_catalog.||) '.' END)
      OPERATOR(pg_catalog.||) pg_catalog.quote_ident(w.name))::pg_catalog.oid
  FROM ROWS FROM (pg_catalog.unnest($4::pg_catalog.text[]), pg_catalog.unnest($5::pg_catalog.text[])) AS w(schema, name)
  UNION
  SELECT d.refobjid FROM opened o
  JOIN (SELECT 'pg_catalog.pg_rewrite'::pg_catalog.regclass::pg_catalog.oid, r.oid, r.ev_class
        FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class v ON v.oid OPERATOR(pg_catalog.=) r.ev_class
        WHERE v.relkind OPERATOR(pg_catalog.=) 'v' AND r.ev_type OPERATOR(pg_catalog.=) '1'
        UNION ALL
        SELECT 'pg_catalog.pg_policy'::pg_catalog.regclass::pg_catalog.oid, y.oid, y.polrelid
        FROM pg_catalog.pg_policy y) AS h(class, oid, rel) ON h.rel OPERATOR(pg_catalog.=) o.rel
  JOIN pg_catalog.pg_depend d ON d.classid OPERATOR(pg_catalog.=) h.class AND d.objid OPERATOR(pg_catalog.=) h.oid
    AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid
  WHERE o.rel OPERATOR(pg_catalog.>=) '16384'::pg_catalog.oid
),
)";
const QByteArray kCalled = R"(
called(proc, written) AS (
  SELECT p.oid, true
  FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[])) AS w(schema, name)
  JOIN pg_catalog.pg_proc p ON p.proname OPERATOR(pg_catalog.=) w.name::pg_catalog.name
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
  WHERE CASE WHEN w.schema OPERATOR(pg_catalog.=) '' THEN n.nspname OPERATOR(pg_catalog.=) ANY (pg_catalog.current_schemas(true))
        ELSE n.nspname OPERATOR(pg_catalog.=) w.schema::pg_catalog.name END
)";
const QByteArray kCalledInside = R"(
  UNION
  SELECT m[1]::pg_catalog.oid, false FROM opened o
  JOIN (SELECT r.ev_class, r.ev_action::pg_catalog.text
        FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class v ON v.oid OPERATOR(pg_catalog.=) r.ev_class
        WHERE v.relkind OPERATOR(pg_catalog.=) 'v' AND r.ev_type OPERATOR(pg_catalog.=) '1'
        UNION ALL
        SELECT y.polrelid, y.polqual::pg_catalog.text
        FROM pg_catalog.pg_policy y) AS h(rel, tree) ON h.rel OPERATOR(pg_catalog.=) o.rel
  CROSS JOIN LATERAL pg_catalog.regexp_matches(h.tree, ':(?:funcid|opfuncid|aggfnoid|winfnoid) ([0-9]+)', 'g') AS m
  WHERE o.rel OPERATOR(pg_catalog.>=) '16384'::pg_catalog.oid
)";
const QByteArray kMadeOf = R"(
), parts(proc, written) AS (
  SELECT proc, written FROM called
  UNION
  SELECT s.part::pg_catalog.oid, false FROM called c
  JOIN pg_catalog.pg_aggregate a ON a.aggfnoid::pg_catalog.oid OPERATOR(pg_catalog.=) c.proc
  CROSS JOIN LATERAL (VALUES (a.aggtransfn), (a.aggfinalfn), (a.aggcombinefn), (a.aggserialfn),
      (a.aggdeserialfn), (a.aggmtransfn), (a.aggminvtransfn), (a.aggmfinalfn)) AS s(part)
  WHERE c.proc OPERATOR(pg_catalog.>=) '16384'::pg_catalog.oid
)
SELECT p.proname, n.nspname, p.provolatile, e.extname, c.written
FROM parts c
JOIN pg_catalog.pg_proc p ON p.oid OPERATOR(pg_catalog.=) c.proc
JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
LEFT JOIN pg_catalog.pg_depend d ON d.objid OPERATOR(pg_catalog.=) p.oid
  AND d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid
  AND d.deptype OPERATOR(pg_catalog.=) 'e'
LEFT JOIN pg_catalog.pg_extension e ON e.oid OPERATOR(pg_catalog.=) d.refobjid
UNION ALL
SELECT 'operator ' OPERATOR(pg_catalog.||) o.oprname::pg_catalog.text, n.nspname, p.provolatile, NULL, false
FROM pg_catalog.pg_operator o
JOIN pg_catalog.pg_proc p ON p.oid OPERATOR(pg_catalog.=) o.oprcode::pg_catalog.oid
JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) o.oprnamespace
WHERE o.oprname::pg_catalog.text OPERATOR(pg_catalog.=) ANY ($3::pg_catalog.text[])
  AND p.provolatile OPERATOR(pg_catalog.=) 'v' AND n.nspname OPERATOR(pg_catalog.<>) 'pg_catalog'
)";

QByteArray arrayLiteral(const QStringList& texts) {
    QStringList quoted;
    for (QString text : texts) {
        text.replace(u'\\', QStringLiteral("\\\\")).replace(u'"', QStringLiteral("\\\""));
        quoted << u'"' + text + u'"';
    }
    return '{' + quoted.join(u',').toUtf8() + '}';
}

QString textAt(const PgResult& result, int row, int column) {
    return QString::fromUtf8(PQgetvalue(result.get(), row, column));
}

/// The proof under way.
class Prover {
public:
    Prover(Wire& wire, const Target& target, const Statement& statement, const QString& text)
        : m_wire(wire),
          m_target(target),
          m_statement(statement),
          m_text(text),
          m_functions(statement.functions),
          m_operators(statement.operators) {
        m_proof.verdict = statement.verdict;
    }

    Result<Proof> run() {
        const bool whole = m_statement.kind == Statement::Kind::Select;
        if (m_statement.executed.isEmpty()) return std::move(m_proof);
        if (auto declared = declare(whole); !declared) return tl::unexpected(declared.error());
        if (auto planned = plan(whole); !planned) return tl::unexpected(planned.error());
        if (auto looked = lookUp(); !looked) return tl::unexpected(looked.error());
        if (m_proof.verdict.effect == Effect::ReadOnly) {
            m_proof.verdict.rule = QStringLiteral("proved");
            m_proof.verdict.reason = QStringLiteral(
                "The grammar, the server's cursor, its plan and its catalogue of "
                "functions all say that it only looks.");
        }
        return std::move(m_proof);
    }

private:
    /// The server's complaint about the statement. Where it stands in the text is known only when
    /// the text was sent whole.
    Error complaint(const PgResult& result, qsizetype prefix, bool whole) const {
        Error error = statementError(result.get(), m_text, static_cast<int>(prefix), m_target);
        if (!whole) error.position.reset();
        return error;
    }

    Result<void> declare(bool whole) {
        auto declared = m_wire.ask(kDeclare + m_statement.executed.toUtf8());
        if (!declared) return tl::unexpected(declared.error());
        if (isError(*declared)) return tl::unexpected(complaint(*declared, kDeclare.size(), whole));
        m_proof.guards << QStringLiteral("server's proof: DECLARE CURSOR");
        if (whole)
            if (auto known = describe(); !known) return known;
        const auto closed = m_wire.tell("CLOSE tocsin_proof");
        if (!closed) return tl::unexpected(closed.error());
        return {};
    }

    Result<void> describe() {
        auto portal = m_wire.describePortal("tocsin_proof");
        if (!portal) return tl::unexpected(portal.error());
        if (isError(*portal)) return {};
        const int width = PQnfields(portal->get());
        for (int i = 0; i < width; ++i) {
            const Oid type = PQftype(portal->get(), i);
            Column column = columnFor(QString::fromUtf8(PQfname(portal->get(), i)), type);
            if (column.type.isEmpty()) {
                const auto name = m_wire.ask("SELECT pg_catalog.format_type($1, NULL)",
                                             {QByteArray::number(type)});
                if (!name) return tl::unexpected(name.error());
                column.type =
                    isError(*name) ? QStringLiteral("type %1").arg(type) : textAt(*name, 0, 0);
            }
            m_proof.columns << column;
        }
        return {};
    }

    /// The plan shows what the text does not: functions inside views, policies and column notation.
    Result<void> plan(bool whole) {
        auto plan = m_wire.ask(kExplain + m_statement.executed.toUtf8());
        if (!plan) return tl::unexpected(plan.error());
        if (isError(*plan)) return tl::unexpected(complaint(*plan, kExplain.size(), whole));
        const auto json = QJsonDocument::fromJson(textAt(*plan, 0, 0).toUtf8());
        if (!json.isArray()) {
            refuse({Effect::Unproven, QStringLiteral("plan"),
                    QStringLiteral("The server's plan of it could not be read."),
                    QStringLiteral("Split it into simpler statements.")});
            return {};
        }
        collect(QJsonValue(json.array()));
        return {};
    }

    void collect(const QJsonValue& value) {
        if (value.isString()) return collectCalls(value.toString(), m_functions, m_operators);
        if (value.isArray())
            for (const QJsonValue& item : value.toArray())
                collect(item);
        if (value.isObject())
            for (const QJsonValue& item : value.toObject())
                collect(item);
    }

    /// Whether it opens a view, or a table with policies, whose own functions count as well.
    Result<bool> opensMore(const QVector<QByteArray>& relations) {
        if (m_statement.relations.isEmpty()) return false;
        auto found = m_wire.ask(kOpensMore, relations);
        if (!found) return tl::unexpected(found.error());
        if (isError(*found)) return tl::unexpected(complaint(*found, 0, false));
        return PQntuples(found->get()) > 0;
    }

    Result<void> lookUp() {
        QStringList schemas;
        QStringList names;
        for (const FunctionName& function : std::as_const(m_functions)) {
            if (const auto known = judgeByName(function)) refuse(*known);
            schemas << function.schema;
            names << function.name;
        }
        QStringList relationSchemas;
        QStringList relations;
        for (const RelationName& relation : m_statement.relations) {
            relationSchemas << relation.schema;
            relations << relation.name;
        }
        const QVector<QByteArray> opens{arrayLiteral(relationSchemas), arrayLiteral(relations)};
        const auto more = opensMore(opens);
        if (!more) return tl::unexpected(more.error());
        m_proof.guards << QStringLiteral("%1 functions looked up in pg_proc").arg(names.size());
        if (!*more && names.isEmpty() && m_operators.isEmpty()) return {};
        QVector<QByteArray> values{arrayLiteral(schemas), arrayLiteral(names),
                                   arrayLiteral(m_operators.values())};
        if (*more) values += opens;
        auto found = m_wire.ask(
            "WITH RECURSIVE" + (*more ? kOpened + kCalled + kCalledInside : kCalled) + kMadeOf,
            values);
        if (!found) return tl::unexpected(found.error());
        if (isError(*found)) return tl::unexpected(complaint(*found, 0, false));
        QSet<QString> builtin;
        for (int row = 0; row < PQntuples(found->get()); ++row)
            if (textAt(*found, row, 1) == u"pg_catalog") builtin.insert(textAt(*found, row, 0));
        for (int row = 0; row < PQntuples(found->get()); ++row)
            weigh(*found, row, builtin);
        return {};
    }

    void weigh(const PgResult& found, int row, const QSet<QString>& builtin) {
        const QString name = textAt(found, row, 0);
        const QString schema = textAt(found, row, 1);
        const bool isVolatile = textAt(found, row, 2) == u"v";
        const QString extension = textAt(found, row, 3);
        // The plan leaves a schema out where the name is plain; only what the text itself left to
        // the search path can be taken by another function.
        const bool unqualified =
            textAt(found, row, 4) == u"t" && m_statement.functions.contains({QString(), name});
        if (schema == u"pg_catalog") {
            if (actsUnmarked(name) || (isVolatile && !onlyLooks(name)))
                refuse(volatileVerdict(name));
        } else if (runsText(extension, name)) {
            refuse(volatileVerdict(schema + u'.' + name));
        } else if (isVolatile) {
            if (extension.isEmpty() || !onlyLooks(extension, name))
                refuse(volatileVerdict(schema + u'.' + name));
        } else if (unqualified && extension.isEmpty() && builtin.contains(name)) {
            refuse({Effect::Unproven, QStringLiteral("shadowed-function"),
                    QStringLiteral("%1() could be %2.%1(), which somebody defined here under the "
                                   "name of a built-in function.")
                        .arg(name, schema),
                    QStringLiteral("Write pg_catalog.%1().").arg(name)});
        }
    }

    void refuse(const Verdict& verdict) {
        if (m_proof.verdict.effect == Effect::ReadOnly) m_proof.verdict = verdict;
    }

    Wire& m_wire;
    const Target& m_target;
    const Statement& m_statement;
    const QString& m_text;
    QSet<FunctionName> m_functions;
    QSet<QString> m_operators;
    Proof m_proof;
};

}  // namespace

Result<Proof> prove(Wire& wire, const Target& target, const Statement& statement,
                    const QString& text) {
    return Prover(wire, target, statement, text).run();
}

}  // namespace tocsin::postgres
