#pragma once
#include <QString>
#include <optional>

#include "inspection/connection.h"
#include "sdk/resultset.h"
#include "ui/query/sqlconfirm.h"

namespace tocsin::ui {

/// A statement that ends or stops one session by its number.
struct SignalTarget {
    QString function;  ///< "pg_terminate_backend", "pg_cancel_backend"
    qint64 pid = 0;
    QString condition = {};  ///< the WHERE it was written with; empty for a plain call
};

/// What a session is, as it was when the rehearsal looked.
struct SessionFacts {
    QString pid, user, application, client, state, startedAt, transactionAge, query, blocks;
    QString transactionAt;  ///< when its transaction began; empty: in none
    QString waiters;        ///< "{24902,24911}": whom it holds up directly
    QString writes;         ///< tables it holds write locks on: what would be rolled back
    QString waiterNames;    ///< "24902 app worker-1, 24911 app": those who have waited longest
    QString transactionId;  ///< transaction ids given out since its own; empty: it has none
};

/// Reads `SELECT pg_terminate_backend(24817)`, the same over pg_stat_activity with `pid = 24817` in
/// its WHERE, and their cancel twins; nothing for anything else.
std::optional<SignalTarget> signalTarget(const QString& sql);

/// Who the session is, how old its transaction, whom it blocks. Read-only.
QString rehearsalQuery(const SignalTarget& target);
/// Nothing when the session is gone.
std::optional<SessionFacts> sessionFacts(const ResultSet& answer);

/// The statement that is run: the number alone could by now be another session's, so the start of
/// the session is compared in the same statement. No row: it was not the same any more.
QString guardedStatement(const SignalTarget& target, const SessionFacts& facts);

/// Whether the session is still there and how many of those it held up still wait for it.
QString aftermathQuery(const SessionFacts& facts);

/// What the confirmation shows: for a signal the session's facts and the guarded statement, for
/// anything else the statement as it is.
ConfirmRequest confirmRequest(const inspection::ConnectionInfo& connection, const QString& sql,
                              const std::optional<SessionFacts>& facts);

}  // namespace tocsin::ui
