#pragma once
#include <QJsonValue>
#include <QSet>
#include <QString>

namespace tocsin::postgres {

/// A function as it is written: `schema` is empty when the search path decides.
struct FunctionName {
    QString schema;
    QString name;

    bool operator==(const FunctionName&) const = default;
};
inline size_t qHash(const FunctionName& f, size_t seed = 0) {
    return qHashMulti(seed, f.schema, f.name);
}

/// Tables and views, operators, and types are written alike.
using RelationName = FunctionName;
using OperatorName = FunctionName;
using TypeName = FunctionName;

/// The last part of `x.name` or `(x).name`: a column, or where there is none a call of name(x).
struct FieldName {
    RelationName of;  ///< what x stands for, when the text says that it is a table or view
    QString name;

    bool operator==(const FieldName&) const = default;
};
inline size_t qHash(const FieldName& f, size_t seed = 0) {
    return qHashMulti(seed, f.of, f.name);
}

/// Everything that a statement's tree names, and what it does by its grammar alone.
struct Mentions {
    QSet<FunctionName> functions;
    /// Also the ones that the grammar puts in by itself (IN, BETWEEN, CASE x WHEN, USING).
    QSet<OperatorName> operators;
    QSet<RelationName> relations;  ///< no CTEs
    QSet<FieldName> fields;
    QSet<TypeName> types;          ///< of casts and column lists
    QSet<QString> foreignLetters;  ///< names of any kind that are not all ASCII

    bool namesNothing() const {
        return functions.isEmpty() && operators.isEmpty() && relations.isEmpty() &&
               fields.isEmpty() && types.isEmpty();
    }

    bool writes = false;
    bool selectsInto = false;
    bool locksRows = false;
};

/// Of a tree, or part of one, as libpg_query writes it. Thread-safe.
Mentions mentionedIn(const QJsonValue& tree);

}  // namespace tocsin::postgres
