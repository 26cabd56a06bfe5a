#pragma once
#include <QObject>
#include <QVector>

#include "drill/pgsession.h"

namespace tocsin::drill {

struct PoolOptions {
    QString url;  ///< as the application's role
    int size = 32;
    int idle = 6;     ///< sessions without load
    QString blocker;  ///< statement after BEGIN that takes the lock and is never committed; may be
                      ///< empty
    QString waiter;   ///< statement of every request, which needs that lock
    int requestEveryMs = 150;
};

/// The stand-in application's pool of sessions with PostgreSQL, on a worker thread. One session
/// takes a lock and forgets to commit; each request after it waits in a session of its own until
/// the pool is full. When that session ends, the requests finish and the pool shrinks again.
class ConnectionPool : public QObject {
    Q_OBJECT
public:
    explicit ConnectionPool(const PoolOptions& options);

    void open();      ///< the idle sessions, and the one that measures
    void block();     ///< takes the lock; requests begin to pile up
    void rollback();  ///< what ends it without a hand from outside

signals:
    /// How many sessions the server counts, and how long the oldest request has waited, in seconds.
    void measured(int inUse, double longestWait);
    void blocked(int pid);
    void healed();
    void failed(const QString& sentence);

private:
    PgSession* newSession();
    void forget(PgSession* session);
    void request();
    void measure();
    void heal();

    PoolOptions m_options;
    QVector<PgSession*> m_sessions;
    PgSession* m_meter = nullptr;
    PgSession* m_blocker = nullptr;
    bool m_healing = true;
};

}  // namespace tocsin::drill
