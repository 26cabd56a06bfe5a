#pragma once
#include "plugins/engines/postgres/statement.h"
#include "plugins/engines/postgres/wire.h"
#include "sdk/resultset.h"

namespace tocsin::postgres {

/// What the server says about a statement before it runs.
struct Proof {
    Verdict verdict;
    QStringList guards;       ///< what was proved, for the receipt
    QVector<Column> columns;  ///< of the result; empty where a cursor could not tell
};

/// Compiling the guard's own questions to machine code takes a second and more where their cost is
/// estimated too high: off from the transaction's beginning, back when the statement's turn comes.
/// Empty for servers before 11, which have none of it.
QByteArray jitOff(const Wire& wire);
QByteArray jitAsItWas(const Wire& wire);

/// Asks the server, inside the read-only transaction that is open on `wire`, without running the
/// statement: a cursor over it (which only a query that changes nothing can be), the plan with
/// all views opened, and pg_proc about every function that the text or the plan calls.
/// Errors: the server's own about the statement, with position; Network.
Result<Proof> prove(Wire& wire, const Target& target, const Statement& statement,
                    const QString& text);

}  // namespace tocsin::postgres
