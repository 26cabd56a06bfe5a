#include "plugins/engines/postgres/catalogue.h"

#include <algorithm>

#include "plugins/engines/postgres/cataloguesql.h"
#include "plugins/engines/postgres/servererror.h"
#include "plugins/engines/postgres/statement.h"

namespace tocsin::postgres {
namespace {

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
    if (word == u"check") return CataloguedFunction::How::InCheck;
    return word == u"named" ? CataloguedFunction::How::Named : CataloguedFunction::How::Inside;
}

/// Several questions as one.
struct Question {
    QByteArray sql;
    QVector<QByteArray> values;

    void add(QByteArray each, const QVector<QByteArray>& own) {
        for (qsizetype i = 0; i < own.size(); ++i)
            each.replace(QByteArray("$") + static_cast<char>('a' + i) + "::",
                         '$' + QByteArray::number(values.size() + 1 + i) + "::");
        values += own;
        sql += sql.isEmpty() ? each : "UNION ALL" + each;
    }
};

class Inquiry {
public:
    Inquiry(Wire& wire, const Target& target, const Mentions& mentions)
        : m_wire(wire), m_target(target), m_mentions(mentions), m_names(mentions) {}

    Result<Catalogued> run(NamedBy by) {
        if (!m_wire.hasUtf8()) checkForeignLetters();
        if (const auto looked = lookFirst(); !looked) return tl::unexpected(looked.error());
        if (m_opens || m_types || m_operators || !m_mentions.functions.isEmpty() ||
            !m_asColumns.isEmpty())
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

    Result<void> lookFirst() {
        const Mentions& m = m_mentions;
        m_opens = m.writes;
        if (m.namesNothing()) return {};
        Question question;
        if (!m.relations.isEmpty()) question.add(catalogue::kRelations, columnsOf(m.relations));
        if (!m.operators.isEmpty()) question.add(catalogue::kOperators, columnsOf(m.operators));
        if (!m.fields.isEmpty()) question.add(catalogue::kFields, columnsOf(m.fields));
        if (const QStringList own = ownTypes(); !own.isEmpty())
            question.add(catalogue::kTypeNames, {arrayLiteral(own)});
        question.add(catalogue::kOwnTypes, {});
        const auto said = ask(ofThisVersion(question.sql), question.values);
        if (!said) return tl::unexpected(said.error());
        for (int row = 0; row < PQntuples(said->get()); ++row)
            take(textAt(*said, row, 0), textAt(*said, row, 1));
        return {};
    }

    QByteArray ofThisVersion(const QByteArray& sql) const {
        return catalogue::ofVersion(sql, m_wire.serverVersion());
    }

    /// The grammar has its own words for those of pg_catalog.
    QStringList ownTypes() const {
        QStringList names;
        for (const TypeName& type : m_mentions.types)
            if (type.schema != u"pg_catalog") names << type.name;
        return names;
    }

    void take(const QString& what, const QString& name) {
        if (what == u"opens") m_opens = true;
        if (what == u"own types") m_types = true;
        if (what == u"foreign") m_found.foreignTables << name;
        if (what == u"operator") m_found.volatileOperators << name;
        if (what == u"operator" || what == u"own operators") m_operators = true;
        if (what == u"column") m_asColumns << name;
        if (what == u"unknown") m_found.unknown << name;
    }

    Question beginnings() const {
        Question all;
        all.add(catalogue::kNamedCalls, columnsOf(m_names.functions));
        if (!m_asColumns.isEmpty()) all.add(catalogue::kColumnCalls, {arrayLiteral(m_asColumns)});
        if (!m_casts.isEmpty()) all.add(catalogue::kKnownCalls, {arrayLiteral(m_casts)});
        if (m_opens) all.add(catalogue::kOpenedRelations, columnsOf(m_names.relations));
        if (m_operators || m_types)
            all.add(catalogue::kOperatorCalls, columnsOf(m_names.operators));
        if (!m_types) return all;
        // A type's name before parentheses, or in column notation, is a cast.
        all.add(catalogue::kNamedTypes,
                {arrayLiteral(namesOf(m_names.types) + namesOf(m_names.functions) + m_asColumns)});
        all.add(catalogue::kRows, columnsOf(m_names.relations) << (fillsRows() ? "type" : "meets"));
        if (makesText()) all.add(catalogue::kText, {});
        if (fillsRows()) all.add(catalogue::kDomains, {});
        return all;
    }

    bool makesText() const {
        static const QStringList names{QStringLiteral("||"), QStringLiteral("quote_literal"),
                                       QStringLiteral("quote_nullable"),
                                       QStringLiteral("textanycat"), QStringLiteral("anytextcat")};
        const QStringList named = namesOf(m_names.functions) + namesOf(m_names.operators);
        return std::any_of(named.begin(), named.end(),
                           [](const QString& each) { return names.contains(each); });
    }

    /// json_populate_record(), hstore's #= and their like make values of a row's types.
    bool fillsRows() const {
        for (const OperatorName& each : m_names.operators)
            if (each.name == u"#=") return true;
        const auto functions = m_names.functions;
        return std::any_of(functions.begin(), functions.end(), [](const FunctionName& each) {
            return each.name.contains(u"populate_record");
        });
    }

    /// Everything that the names lead to. What casts call, and what stands in the bodies of SQL
    /// functions, which the planner reads, leads on: asked again until nothing new turns up.
    Result<void> listFunctions() {
        for (bool isMore = true; isMore;) {
            const Question named = beginnings();
            const auto said = ask(
                ofThisVersion(catalogue::listing(named.sql, {m_opens, m_types, m_mentions.writes})),
                named.values);
            if (!said) return tl::unexpected(said.error());
            m_found.functions.clear();
            isMore = false;
            for (int row = 0; row < PQntuples(said->get()); ++row)
                if (takeListed(*said, row)) isMore = true;
        }
        return {};
    }

    /// Whether it leads on.
    bool takeListed(const PgResult& said, int row) {
        const QString name = textAt(said, row, 0);
        const QString how = textAt(said, row, 4);
        if (how == u"foreign") {
            if (!m_found.foreignTables.contains(name)) m_found.foreignTables << name;
            return false;
        }
        const QString body = textAt(said, row, 7);
        m_found.functions << CataloguedFunction{name,
                                                textAt(said, row, 1),
                                                textAt(said, row, 2) == u"v",
                                                textAt(said, row, 6) == u"t",
                                                !body.isEmpty(),
                                                textAt(said, row, 3),
                                                howOf(how)};
        const QString oid = textAt(said, row, 5);
        const bool isNewBody = !body.isEmpty() && read(oid, body);
        const bool isNewCast = how == u"cast" && !m_casts.contains(oid);
        if (isNewCast) m_casts << oid;
        return isNewBody || isNewCast;
    }

    bool read(const QString& oid, const QString& body) {
        if (m_read.contains(oid)) return false;
        m_read.insert(oid);
        const Mentions inside = mentionedInBody(body);
        m_names.functions += inside.functions;
        m_names.operators += inside.operators;
        m_names.relations += inside.relations;
        m_names.types += inside.types;
        if (!inside.relations.isEmpty()) m_opens = true;
        if (!inside.operators.isEmpty()) m_operators = true;
        return !inside.namesNothing();
    }

    /// What the server does not know under a name as the grammar here read it was not looked at.
    Result<void> checkNames() {
        for (const FunctionName& function : m_mentions.functions) {
            if (function.schema == u"pg_catalog" || isListed(function)) continue;
            const auto type = ask(catalogue::kIsType, {function.name.toUtf8()});
            if (!type) return tl::unexpected(type.error());
            if (PQntuples(type->get()) == 0)
                m_found.unknown << function.name + QStringLiteral("()");
        }
        return {};
    }

    /// The grammar cuts names and makes them small as in UTF-8; what the server then finds is
    /// another's, or nobody's.
    void checkForeignLetters() {
        constexpr qsizetype kLong = 60;  // NAMEDATALEN is 64
        for (const QString& name : m_mentions.foreignLetters)
            if (name.toUtf8().size() >= kLong || name != name.toLower()) m_found.misread << name;
    }

    bool isListed(const FunctionName& function) const {
        return std::any_of(m_found.functions.begin(), m_found.functions.end(),
                           [&](const CataloguedFunction& each) {
                               return each.how == CataloguedFunction::How::Named &&
                                      each.name == function.name &&
                                      (function.schema.isEmpty() || function.schema == each.schema);
                           });
    }

    Wire& m_wire;
    const Target& m_target;
    const Mentions& m_mentions;
    Mentions m_names;      ///< and those in the bodies that were read
    QSet<QString> m_read;  ///< whose bodies
    QStringList m_casts;   ///< the functions that casts call
    Catalogued m_found;
    bool m_opens = false;      ///< views, or tables with policies or with trees of somebody's own
    bool m_operators = false;  ///< some that are somebody's own, or lead to such
    bool m_types = false;      ///< there are domains, casts or ranges of somebody's own
    QStringList m_asColumns;
};

}  // namespace

Result<Catalogued> lookUp(Wire& wire, const Target& target, const Mentions& mentions, NamedBy by) {
    return Inquiry(wire, target, mentions).run(by);
}

}  // namespace tocsin::postgres
