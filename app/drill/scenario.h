#pragma once
#include <QString>
#include <QStringList>

#include "sdk/error.h"

namespace tocsin::drill {

/// One rehearsal, as resources/drills/NAME.yaml describes it.
struct Scenario {
    enum class Kind { BlockedLock, PausedQueue, FailingRequests };

    QString name;   ///< "database-connections"
    QString title;  ///< "Database connections exhausted"
    QString alert;  ///< the key that will fire
    QString story;  ///< what happened, for the person who rehearses
    QString cure;   ///< how it ends
    Kind kind = Kind::BlockedLock;

    // BlockedLock
    int poolSize = 32;
    int idleSessions = 6;
    QString blocker, waiter;
    // PausedQueue
    QString queue;
    int jobs = 0;
    int oldestSeconds = 0;
    // FailingRequests
    double errorRate = 0;
    int recoversAfterSeconds = 0;

    static QStringList names();
    /// Errors: NotFound, naming the scenarios there are.
    static Result<Scenario> load(const QString& name);
};

}  // namespace tocsin::drill
