#pragma once
#include <QVector>

#include "plugins/engines/postgres/mentions.h"
#include "plugins/engines/postgres/wire.h"

namespace tocsin::postgres {

/// A function that a statement may run, as pg_proc has it.
struct CataloguedFunction {
    enum class How {
        Named,     ///< in the text or the plan
        AsColumn,  ///< in column notation, where no such column is known
        InCheck,   ///< of a domain, or in what such a check calls
        Inside,    ///< of a view, policy, aggregate, default argument, operator or cast
    };

    QString name;
    QString schema;
    bool isVolatile = false;
    bool isBuiltin = false;  ///< came with the server, not only by its schema
    bool isInlined = false;  ///< somebody's own in SQL, whose body the planner reads
    QString extension;
    How how = How::Named;
};

/// What the server's catalogue knows of the names in a statement.
struct Catalogued {
    QVector<CataloguedFunction> functions;
    QStringList volatileOperators;  ///< "@+@(integer,integer) by boom"
    QStringList foreignTables;
    /// Relations, types and functions that it does not have under the name as the grammar read it.
    QStringList unknown;
    QStringList misread;  ///< names that a server not in UTF-8 reads otherwise than the grammar
};

/// A plan names things (COALESCE, ARRAY) that are no functions.
enum class NamedBy { Text, Plan };

/// Asks in the transaction that is open on `wire`; runs nothing of what is named, and plans it as
/// little. Errors: the server's own, Network.
Result<Catalogued> lookUp(Wire& wire, const Target& target, const Mentions& mentions, NamedBy by);

}  // namespace tocsin::postgres
