#include "plugins/engines/postgres/mentions.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <algorithm>

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

/// Goes through the tree; what a prefix stands for is known only at the end, because the FROM
/// clause comes after the list of columns.
class TreeReader {
public:
    Mentions read(const QJsonValue& tree) {
        // What the grammar compares with, wherever it does so without naming an operator.
        for (const QString& implied :
             {QStringLiteral("="), QStringLiteral("<="), QStringLiteral(">=")})
            m_found.operators.insert({{}, implied});
        walk(tree);
        for (const auto& [prefix, name] : std::as_const(m_prefixed))
            resolve(prefix, name);
        return std::move(m_found);
    }

private:
    void walk(const QJsonValue& value) {
        if (value.isArray()) {
            for (const QJsonValue& item : value.toArray())
                walk(item);
        } else if (value.isObject()) {
            const QJsonObject object = value.toObject();
            for (auto it = object.begin(); it != object.end(); ++it) {
                if (it.key() == u"RangeVar") {
                    addRelation(it.value());
                    continue;
                }
                takeKind(it.key());
                takeName(it.key(), it.value());
                walk(it.value());
            }
        }
    }

    void takeKind(const QString& key) {
        static const QSet<QString> writes{
            QStringLiteral("InsertStmt"), QStringLiteral("UpdateStmt"),
            QStringLiteral("DeleteStmt"), QStringLiteral("MergeStmt")};
        if (writes.contains(key)) m_found.writes = true;
        if (key == u"intoClause") m_found.selectsInto = true;
        if (key == u"lockingClause" || key == u"LockingClause") m_found.locksRows = true;
    }

    void takeName(const QString& key, const QJsonValue& value) {
        if (key == u"FuncCall") addFunction(texts(value[u"funcname"]));
        if (key == u"RangeTableSample") addFunction(texts(value[u"method"]));
        if (key == u"A_Expr") addOperator(texts(value[u"name"]));
        if (key == u"SubLink") addOperator(texts(value[u"operName"]));
        if (key == u"SortBy") addOperator(texts(value[u"useOp"]));
        if (key == u"typeName" || key == u"TypeName") addType(texts(value[u"names"]));
        if (key == u"CommonTableExpr") m_found.ctes.insert(value[u"ctename"].toString());
        if (key == u"alias") m_others.insert(value[u"aliasname"].toString());
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
        const TypeName type = named(path);
        if (!path.isEmpty() && type.schema != u"pg_catalog") m_found.types.insert(type);
    }

    void addRelation(const QJsonValue& value) {
        const RelationName relation{value[u"schemaname"].toString(), value[u"relname"].toString()};
        const QJsonValue alias = value[u"alias"];
        const QString prefix = alias[u"aliasname"].toString(relation.name);
        m_found.relations.insert(relation);
        m_tables.insert(prefix, relation);
        if (alias[u"colnames"].isArray()) m_others.insert(prefix);  // its columns have new names
    }

    /// A prefix may mean several things in several places: then any of them counts.
    void resolve(const QString& prefix, const QString& name) {
        const QList<RelationName> tables = m_tables.values(prefix);
        const bool isTable =
            !tables.isEmpty() && !m_others.contains(prefix) &&
            std::none_of(tables.begin(), tables.end(), [this](const RelationName& table) {
                return table.schema.isEmpty() && m_found.ctes.contains(table.name);
            });
        if (!isTable) m_found.fields.insert({{}, name});
        for (const RelationName& table : tables)
            if (isTable) m_found.fields.insert({table, name});
    }

    Mentions m_found;
    QSet<QPair<QString, QString>> m_prefixed;    ///< the last two parts of each longer name
    QMultiHash<QString, RelationName> m_tables;  ///< by the prefix of their columns
    QSet<QString> m_others;                      ///< prefixes of what is no table
};

}  // namespace

Mentions mentionedIn(const QJsonValue& tree) {
    return TreeReader().read(tree);
}

}  // namespace tocsin::postgres
