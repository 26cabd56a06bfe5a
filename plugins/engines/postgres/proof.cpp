#include "plugins/engines/postgres/proof.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "plugins/engines/postgres/catalogue.h"
#include "plugins/engines/postgres/functions.h"
#include "plugins/engines/postgres/lexer.h"
#include "plugins/engines/postgres/servererror.h"
#include "plugins/engines/postgres/types.h"

namespace tocsin::postgres {
namespace {

const QByteArray kDeclare = "DECLARE tocsin_proof NO SCROLL CURSOR WITHOUT HOLD FOR ";
const QByteArray kExplain = "EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) ";

Verdict foreignVerdict(const QString& table) {
    return {Effect::Unproven, QStringLiteral("foreign-table"),
            QStringLiteral("%1 foreign: reading it runs something elsewhere, which no "
                           "read-only transaction of this server holds.")
                .arg(table.isEmpty() ? QStringLiteral("A table behind it is")
                                     : table + QStringLiteral(" is")),
            QStringLiteral("Connect to the other server itself, or unlock the connection if it "
                           "must be read from here.")};
}

Verdict misreadVerdict(const QString& name) {
    return {Effect::Unproven, QStringLiteral("unknown-name"),
            QStringLiteral("“%1” is not in ASCII, and the database is not in UTF-8: the server may "
                           "read another name than the guard.")
                .arg(name),
            QStringLiteral("Ask through a view with a short name in small letters.")};
}

Verdict columnVerdict(const QString& function) {
    const QString name = function.section(u'.', -1);
    return {Effect::Unproven, QStringLiteral("column-notation"),
            QStringLiteral("“.%1” can be a call of %2(), which is marked volatile.")
                .arg(name, function),
            QStringLiteral("If it is a column, write it without the part before the dot, or give "
                           "it another name where it is selected.")};
}

Verdict operatorVerdict(const QString& operatorByFunction) {
    return {Effect::Unproven, QStringLiteral("volatile-operator"),
            QStringLiteral("The operator %1() may be meant, and that is marked volatile.")
                .arg(operatorByFunction),
            QStringLiteral("Write OPERATOR(pg_catalog.…) for a built-in one. If the function only "
                           "computes, mark it immutable.")};
}

/// The proof under way.
class Prover {
public:
    Prover(Wire& wire, const Target& target, const Statement& statement, const QString& text)
        : m_wire(wire), m_target(target), m_statement(statement), m_text(text) {
        m_proof.verdict = statement.verdict;
    }

    Result<Proof> run() {
        const bool whole = m_statement.kind == Statement::Kind::Select;
        if (const auto named = lookAtText(); !named) return tl::unexpected(named.error());
        // What is not to run is not planned either: planning runs functions marked immutable.
        if (m_statement.executed.isEmpty() || isRefused()) return proved();
        if (auto declared = declare(whole); !declared) return tl::unexpected(declared.error());
        if (auto planned = plan(whole); !planned) return tl::unexpected(planned.error());
        if (const auto named = lookAtPlan(); !named) return tl::unexpected(named.error());
        refuseUnknown();
        if (!isRefused()) {
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
        const auto closed = m_wire.tell(jitAsItWas(m_wire) + "CLOSE tocsin_proof");
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
        return m_prunes ? lookBehindPruning() : Result<void>();
    }

    /// Which partitions are left out is decided anew when it runs.
    Result<void> lookBehindPruning() {
        const auto child = m_wire.ask(
            "SELECT c.relname FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c "
            "ON c.oid OPERATOR(pg_catalog.=) i.inhrelid "
            "WHERE c.relkind OPERATOR(pg_catalog.=) 'f' LIMIT 1");
        if (!child) return tl::unexpected(child.error());
        if (isError(*child)) return tl::unexpected(complaint(*child, 0, false));
        if (PQntuples(child->get()) > 0) refuse(foreignVerdict(textAt(*child, 0, 0)));
        return {};
    }

    void collect(const QJsonValue& value) {
        if (value.isString())
            return collectCalls(value.toString(), m_planned.functions, m_planned.operators);
        if (value.isArray())
            for (const QJsonValue& item : value.toArray())
                collect(item);
        if (!value.isObject()) return;
        if (value[u"Node Type"].toString() == u"Foreign Scan")
            refuse(
                foreignVerdict(value[u"Relation Name"].toString(value[u"Relations"].toString())));
        m_prunes = m_prunes || value[u"Subplans Removed"].toInt() > 0;
        for (const QJsonValue& item : value.toObject())
            collect(item);
    }

    Result<void> lookAtText() {
        const auto found = lookUp(m_wire, m_target, m_statement.mentions, NamedBy::Text);
        if (!found) return tl::unexpected(found.error());
        m_unknown = found->unknown;
        weigh(*found);
        return {};
    }

    /// The plan shows what the text does not; what both name is known by now.
    Result<void> lookAtPlan() {
        const Mentions& text = m_statement.mentions;
        const auto named = (text.functions + m_planned.functions).size();
        m_planned.functions -= text.functions;
        m_planned.operators -= text.operators;
        for (const FunctionName& function : std::as_const(m_planned.functions))
            if (const auto known = judgeByName(function)) refuse(*known);
        const auto found = lookUpPlanned();
        if (!found) return tl::unexpected(found.error());
        m_proof.guards << QStringLiteral("%1 functions looked up in pg_proc").arg(named);
        weigh(*found);
        return {};
    }

    Result<Catalogued> lookUpPlanned() {
        if (m_planned.functions.isEmpty() && m_planned.operators.isEmpty()) return Catalogued();
        if (const auto off = jit(jitOff(m_wire)); !off) return tl::unexpected(off.error());
        auto found = lookUp(m_wire, m_target, m_planned, NamedBy::Plan);
        if (!found) return found;
        if (const auto on = jit(jitAsItWas(m_wire)); !on) return tl::unexpected(on.error());
        return found;
    }

    Result<void> jit(const QByteArray& setting) {
        if (setting.isEmpty()) return {};
        const auto set = m_wire.tell(setting);
        if (!set) return tl::unexpected(set.error());
        return {};
    }

    /// Without a cursor.
    Result<Proof> proved() {
        if (const auto on = jit(jitAsItWas(m_wire)); !on) return tl::unexpected(on.error());
        return std::move(m_proof);
    }

    void weigh(const Catalogued& found) {
        for (const QString& name : found.misread)
            refuse(misreadVerdict(name));
        for (const QString& table : found.foreignTables)
            refuse(foreignVerdict(table));
        QSet<QString> builtin;
        for (const CataloguedFunction& each : found.functions)
            if (each.isBuiltin && each.schema == u"pg_catalog") builtin.insert(each.name);
        for (const CataloguedFunction& each : found.functions) {
            if (runs() || each.how == CataloguedFunction::How::InCheck || each.isInlined)
                weighEffect(each);
            weighName(each, builtin);
        }
        for (const QString& each : found.volatileOperators)
            refuse(operatorVerdict(each));
    }

    /// A plain EXPLAIN never computes what is volatile, but for the checks of constants, the
    /// operators that it estimates with, and the constants in bodies that it puts in.
    bool runs() const { return !m_statement.executed.isEmpty(); }

    void weighEffect(const CataloguedFunction& function) {
        const bool isBuiltin = function.isBuiltin && function.schema == u"pg_catalog";
        const QString name = isBuiltin ? function.name : function.schema + u'.' + function.name;
        const bool looks =
            (isBuiltin && onlyLooks(function.name)) || onlyLooks(function.extension, function.name);
        const bool acts = isBuiltin ? actsUnmarked(function.name)
                                    : actsUnmarked(function.extension, function.name);
        if (!acts && (!function.isVolatile || looks)) return;
        refuse(function.how == CataloguedFunction::How::AsColumn ? columnVerdict(name)
                                                                 : volatileVerdict(name));
    }

    /// The plan leaves a schema out where the name is plain; only what the text itself left to the
    /// search path can be taken by another function.
    void weighName(const CataloguedFunction& function, const QSet<QString>& builtin) {
        const bool isFree = function.how == CataloguedFunction::How::Named &&
                            m_statement.mentions.functions.contains({QString(), function.name});
        if (isFree && function.schema != u"pg_catalog" && function.extension.isEmpty() &&
            builtin.contains(function.name))
            refuse({Effect::Unproven, QStringLiteral("shadowed-function"),
                    QStringLiteral("%1() could be %2.%1(), which somebody defined here under the "
                                   "name of a built-in function.")
                        .arg(function.name, function.schema),
                    QStringLiteral("Write pg_catalog.%1().").arg(function.name)});
    }

    /// The server itself took the statement: it has what it names, under another name.
    void refuseUnknown() {
        if (m_unknown.isEmpty()) return;
        refuse({Effect::Unproven, QStringLiteral("unknown-name"),
                QStringLiteral("The server understands “%1”, but its catalogue has nothing under "
                               "that name, so the guard cannot look at it.")
                    .arg(m_unknown.first()),
                QStringLiteral("Write it as the catalogue has it: a shorter name, letters in the "
                               "same case, a column as table.column.")});
    }

    bool isRefused() const { return m_proof.verdict.effect != Effect::ReadOnly; }

    void refuse(const Verdict& verdict) {
        if (!isRefused()) m_proof.verdict = verdict;
    }

    Wire& m_wire;
    const Target& m_target;
    const Statement& m_statement;
    const QString& m_text;
    Mentions m_planned;     ///< functions and operators in the plan
    bool m_prunes = false;  ///< the plan leaves out partitions, which it may not when it runs
    QStringList m_unknown;  ///< names in the text that the catalogue does not have
    Proof m_proof;
};

}  // namespace

QByteArray jitOff(const Wire& wire) {
    return wire.serverVersion() >= 110000 ? "SET LOCAL jit=off; " : QByteArray();
}

QByteArray jitAsItWas(const Wire& wire) {
    return wire.serverVersion() >= 110000 ? "SET LOCAL jit TO DEFAULT; " : QByteArray();
}

Result<Proof> prove(Wire& wire, const Target& target, const Statement& statement,
                    const QString& text) {
    return Prover(wire, target, statement, text).run();
}

}  // namespace tocsin::postgres
