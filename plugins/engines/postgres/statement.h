#pragma once
#include <QString>
#include <optional>

#include "plugins/engines/postgres/mentions.h"
#include "sdk/queryengine.h"

namespace tocsin::postgres {

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
    /// What the query names that is executed, or that a plain EXPLAIN has planned.
    Mentions mentions;
    /// Of a syntax error: zero-based offset into the text.
    std::optional<int> position;
};

/// Of a Statement that measures, while there is no unlock.
Verdict measuringVerdict();

/// Thread-safe; needs no server.
Statement examine(const QString& text);

/// What the body of an SQL function names; nothing where the grammar does not understand it.
/// Thread-safe.
Mentions mentionedInBody(const QString& body);

}  // namespace tocsin::postgres
