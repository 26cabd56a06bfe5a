#pragma once
#include <QSet>
#include <QString>
#include <optional>

#include "sdk/queryengine.h"

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

/// A table or view, written alike.
using RelationName = FunctionName;

/// What PostgreSQL's own grammar (version 15) says about a text. ReadOnly here means: nothing in
/// the text itself changes anything; what its functions do only the server knows.
struct Statement {
    enum class Kind { Select, Explain, Show, Other };

    Kind kind = Kind::Other;
    Verdict verdict;
    bool parsed = false;
    /// Not even with an unlock: more than one statement, or one that would end or outlive the
    /// transaction it is put into.
    bool neverRun = false;
    /// The query that will be executed: the text itself, or what EXPLAIN ANALYZE runs. Empty for
    /// a plain EXPLAIN and for SHOW.
    QString executed;
    /// EXPLAIN ANALYZE of a query: the verdict is the query's, and whatever it says an unlock is
    /// needed, because a person who asks for a plan may not expect the query to run.
    bool measures = false;
    QSet<FunctionName> functions;
    QSet<QString> operators;
    QSet<RelationName> relations;
    /// Of a syntax error: zero-based offset into the text.
    std::optional<int> position;
};

/// Of a Statement that measures, while there is no unlock.
Verdict measuringVerdict();

/// Thread-safe; needs no server.
Statement examine(const QString& text);

}  // namespace tocsin::postgres
