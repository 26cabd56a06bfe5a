#pragma once
#include <libpq-fe.h>

#include <QString>

#include "plugins/engines/postgres/target.h"
#include "sdk/error.h"

namespace tocsin::postgres {

/// The SQLSTATE of a failed result; empty when there is none (the connection broke).
QByteArray sqlState(const PGresult* result);
/// The server closes the connection behind this error.
bool endsSession(const PGresult* result);

/// The sentence for a failed statement. `text` is what was sent, `prefix` the number of characters
/// put before the user's own text, which the position must not count.
Error statementError(const PGresult* result, const QString& text, int prefix, const Target& target);

/// The sentence for a connection that could not be made; `text` is libpq's message, verbose, so
/// that it holds the SQLSTATE.
Error connectError(const QString& text, const Target& target);

/// The sentence for a connection that broke while `doing` ("the statement ran").
Error brokenError(const QString& text, const Target& target, const QString& doing);

}  // namespace tocsin::postgres
