#include "plugins/engines/postgres/mentions.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>

namespace tocsin::postgres {
namespace {

QStringList texts(const QJsonValue& names) {
    QStringList out;
    for (const QJsonValue& name : names.toArray()) {
        const QString text = name[u"String"][u"sval"].toString();
        if (!text.isEmpty()) out << text;
    }
    return out;
}

/// "schema", "name"; longer ones begin with the database.
FunctionName named(const QStringList& path) {
    return {path.size() > 1 ? path[path.size() - 2] : QString(), path.value(path.size() - 1)};
}

/// What the query's columns are called, as far as the text says so; a `*` says nothing.
QSet<QString> outputsOf(const QJsonValue& select) {
    const QJsonValue first = select[u"larg"];
    if (first.isObject()) return outputsOf(first);
    QSet<QString> names;
    for (const QJsonValue& each : select[u"targetList"].toArray()) {
        const QJsonValue target = each[u"ResTarget"];
        const QJsonArray fields = target[u"val"][u"ColumnRef"][u"fields"].toArray();
        if (!fields.isEmpty() && fields.last().toObject().contains(u"A_Star")) continue;
        const QStringList column = texts(fields);
        names.insert(target[u"name"].toString(column.value(column.size() - 1)));
    }
    return names;
}

/// What the part before a dot stands for in one place.
struct Origin {
    RelationName table = {};
    QSet<QString> columns = {};  ///< of a sub-query or CTE
};

/// Goes through the tree; what a prefix stands for is known only at the end, because the FROM
/// clause comes after the list of columns.
class TreeReader {
public:
    Mentions read(const QJsonValue& tree) {
        walk(tree);
        for (const auto& [prefix, name] : std::as_const(m_prefixed))
            resolve(prefix, name);
        return std::move(m_found);
    }

private:
    void walk(const QJsonValue& value) {
        if (value.isString()) {
            addForeignLetters(value.toString());
        } else if (value.isArray()) {
            for (const QJsonValue& item : value.toArray())
                walk(item);
        } else if (value.isObject()) {
            const QJsonObject object = value.toObject();
            const auto outside = m_ctes;
            if (object.contains(u"withClause")) enter(object[u"withClause"]);
            for (auto it = object.begin(); it != object.end(); ++it) {
                if (it.key() == u"withClause" || it.key() == u"A_Const") continue;
                if (it.key() == u"RangeVar") {
                    addRelation(it.value());
                    continue;
                }
                takeKind(it.key(), it.value());
                takeName(it.key(), it.value());
                walk(it.key() == u"RangeSubselect" ? it.value()[u"subquery"] : it.value());
            }
            m_ctes = outside;
        }
    }

    void addForeignLetters(const QString& name) {
        const auto isForeign = [](QChar c) { return c.unicode() > 0x7f; };
        if (std::any_of(name.begin(), name.end(), isForeign)) m_found.foreignLetters.insert(name);
    }

    /// Each CTE sees the ones before it; a recursive one all of them and itself.
    void enter(const QJsonValue& with) {
        const QJsonArray ctes = with[u"ctes"].toArray();
        if (with[u"recursive"].toBool())
            for (const QJsonValue& each : ctes)
                addCte(each[u"CommonTableExpr"]);
        for (const QJsonValue& each : ctes) {
            walk(each[u"CommonTableExpr"].toObject());
            addCte(each[u"CommonTableExpr"]);
        }
    }

    void takeKind(const QString& key, const QJsonValue& value) {
        static const QSet<QString> writes{
            QStringLiteral("InsertStmt"), QStringLiteral("UpdateStmt"),
            QStringLiteral("DeleteStmt"), QStringLiteral("MergeStmt")};
        if (writes.contains(key)) {
            m_found.writes = true;
            addTarget(value[u"relation"]);
        }
        if (key == u"intoClause") m_found.selectsInto = true;
        if (key == u"lockingClause" || key == u"LockingClause") m_found.locksRows = true;
    }

    void takeName(const QString& key, const QJsonValue& value) {
        if (key == u"FuncCall") addFunction(texts(value[u"funcname"]));
        if (key == u"RangeTableSample") addFunction(texts(value[u"method"]));
        if (key == u"A_Expr") addOperator(texts(value[u"name"]));
        if (key == u"SubLink") addOperator(texts(value[u"operName"]));
        if (key == u"SortBy") addOperator(texts(value[u"useOp"]));
        addImplied(key, value);
        if (key == u"typeName" || key == u"TypeName") addType(texts(value[u"names"]));
        if (key == u"RangeSubselect") addSubquery(value);
        if (key == u"RangeFunction") addCalls(value);
        if (key == u"RangeTableFunc") m_anyPrefix = true;
        if (key == u"alias" || key == u"join_using_alias")
            m_origins.insert(value[u"aliasname"].toString(), {});
        if (key == u"A_Indirection")
            for (const QString& name : texts(value[u"indirection"]))
                m_found.fields.insert({{}, name});
        if (key == u"ColumnRef") {
            const QStringList path = texts(value[u"fields"]);
            if (path.size() > 1) m_prefixed.insert({path[path.size() - 2], path.last()});
        }
    }

    void addFunction(const QStringList& path) {
        if (!path.isEmpty()) m_found.functions.insert(named(path));
    }
    void addOperator(const QStringList& path) {
        if (!path.isEmpty()) m_found.operators.insert(named(path));
    }
    void addType(const QStringList& path) {
        if (!path.isEmpty()) m_found.types.insert(named(path));
    }

    void addRelation(const QJsonValue& value) {
        const RelationName relation{value[u"schemaname"].toString(), value[u"relname"].toString()};
        const bool isCte = relation.schema.isEmpty() && m_ctes.contains(relation.name);
        for (const QString& name :
             {relation.schema, relation.name, value[u"alias"][u"aliasname"].toString()})
            addForeignLetters(name);
        walk(value[u"alias"][u"colnames"]);
        if (!isCte) m_found.relations.insert(relation);
        const QJsonValue alias = value[u"alias"];
        Origin origin =
            isCte ? Origin{.columns = m_ctes[relation.name]} : Origin{.table = relation};
        // With a list of columns its own names are gone.
        if (alias[u"colnames"].isArray()) origin = {};
        m_origins.insert(alias[u"aliasname"].toString(relation.name), origin);
    }

    /// No CTE can be written to.
    void addTarget(const QJsonValue& value) {
        addRelation(value);
        m_found.relations.insert({value[u"schemaname"].toString(), value[u"relname"].toString()});
    }

    /// What is compared with where no operator is written.
    void addImplied(const QString& key, const QJsonValue& value) {
        const bool equals = (key == u"SubLink" && !value[u"operName"].isArray()) ||
                            (key == u"CaseExpr" && value[u"arg"].isObject()) ||
                            (key == u"JoinExpr" &&
                             (value[u"isNatural"].toBool() || value[u"usingClause"].isArray()));
        if (equals) addOperator({QStringLiteral("=")});
        if (key != u"A_Expr" || !value[u"kind"].toString().contains(u"BETWEEN")) return;
        for (const char* bound : {"<", "<=", ">", ">="})
            addOperator({QString::fromLatin1(bound)});
    }

    void addCte(const QJsonValue& cte) {
        const QStringList renamed = texts(cte[u"aliascolnames"]);
        m_ctes[cte[u"ctename"].toString()] = renamed.isEmpty()
                                                 ? outputsOf(cte[u"ctequery"][u"SelectStmt"])
                                                 : QSet<QString>(renamed.begin(), renamed.end());
    }

    void addSubquery(const QJsonValue& value) {
        const QJsonValue alias = value[u"alias"];
        const QStringList renamed = texts(alias[u"colnames"]);
        Origin origin;
        origin.columns = renamed.isEmpty() ? outputsOf(value[u"subquery"][u"SelectStmt"])
                                           : QSet<QString>(renamed.begin(), renamed.end());
        m_origins.insert(alias[u"aliasname"].toString(), origin);
    }

    /// Without an alias it is called as the function is; COALESCE and its like have names that
    /// only the server knows.
    void addCalls(const QJsonValue& value) {
        for (const QJsonValue& each : value[u"functions"].toArray()) {
            const QJsonObject call = each[u"List"][u"items"][0].toObject();
            const QStringList path = texts(call[u"FuncCall"][u"funcname"]);
            if (path.isEmpty())
                m_anyPrefix = true;
            else
                m_origins.insert(path.last(), {});
        }
    }

    /// A prefix may mean several things in several places: then each of them counts.
    void resolve(const QString& prefix, const QString& name) {
        const QList<Origin> origins = m_origins.values(prefix);
        if (origins.isEmpty() || m_anyPrefix) m_found.fields.insert({{}, name});
        for (const Origin& origin : origins)
            if (!origin.columns.contains(name)) m_found.fields.insert({origin.table, name});
    }

    Mentions m_found;
    QSet<QPair<QString, QString>> m_prefixed;  ///< the last two parts of each longer name
    QMultiHash<QString, Origin> m_origins;     ///< by prefix; an empty one: columns not known
    bool m_anyPrefix = false;                  ///< something in FROM has a name that is not known
    QHash<QString, QSet<QString>> m_ctes;      ///< columns of those in sight, by name
};

}  // namespace

Mentions mentionedIn(const QJsonValue& tree) {
    return TreeReader().read(tree);
}

}  // namespace tocsin::postgres
