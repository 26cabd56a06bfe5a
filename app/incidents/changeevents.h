#pragma once
#include "incidents/incident.h"
#include "inspection/connection.h"

namespace tocsin::incidents {

/// A statement in one line of at most 60 characters. Redact it first: half a secret is not known.
QString shortStatement(const QString& statement);

/// What a change that no pane shows leaves in a timeline, in the words of one that was made in the
/// window: for Journal::append(), without incident, time and actor. Any thread.
/// That it was let through, whatever is done with that. `span`: "for one statement".
Event unlockEvent(const inspection::ConnectionInfo& connection, const QString& reason,
                  const QString& span);
/// What was run and what came of it: receipt with the reason, first rows or reply, notices, and
/// `decision` where there is one.
Event changeEvent(const inspection::ConnectionInfo& connection, const QueryResult& result);
/// That it failed, or was not run.
Event changeEvent(const inspection::ConnectionInfo& connection, const QString& statement,
                  const Error& error);

}  // namespace tocsin::incidents
