#pragma once
#include <QHash>
#include <QString>
#include <QVector>

#include "sdk/resultset.h"

namespace tocsin::ui {

/// One session on the server, as sessionsSql() tells it.
struct ServerSession {
    qint64 pid = 0;
    QString state, age, role, application, client, waitsFor, inState, connectedAt, query;
    double ageSeconds = -1;      ///< of its transaction; < 0: in none
    double inStateSeconds = -1;  ///< since it became active, or idle
    double waitSeconds = -1;     ///< for a lock, by the server's own account
    QVector<qint64> blockedBy;

    bool operator==(const ServerSession&) const = default;
    /// For how long it has waited, as well as is known.
    double waited() const { return waitSeconds >= 0 ? waitSeconds : inStateSeconds; }
    bool isIdleInTransaction() const { return state.startsWith(QStringLiteral("idle in")); }
};

/// Who waits for whom: a forest whose roots wait for nobody. Who waits for several stands, with all
/// that wait for it, under one of them, and once more by itself under each other root that it waits
/// for.
struct BlockingTree {
    struct Node {
        int session = -1;  ///< index into the sessions; -1: one that is not among them
        qint64 pid = 0;
        int parent = -1;
        QVector<int> children = {};
        int holds = 0;            ///< how many wait for it, directly or not; of a root all
        double longestWait = -1;  ///< seconds, of those
    };
    QVector<Node> nodes;
    QVector<int> roots;  ///< those that hold most first

    int waiting = 0;  ///< sessions that wait, each once
};

/// All of one look, computed off the GUI thread.
struct ServerActivity {
    QVector<ServerSession> sessions;
    BlockingTree blocking;
    int idleInTransaction = 0;
    int active = 0;
    int hidden = 0;    ///< sessions of which the role may see no more than that they are there
    int longest = -1;  ///< the session with the oldest transaction
};

/// Thread-safe. A set with other columns gives nothing. A cycle (a deadlock not yet broken) is cut
/// where it closes.
ServerActivity activityIn(const ResultSet& set);

}  // namespace tocsin::ui
