#pragma once
#include <QThread>

#include "drill/connectionpool.h"
#include "drill/scenario.h"
#include "drill/trouble.h"

namespace tocsin::drill {

/// The application's pool with PostgreSQL. Where the scenario names a blocker, a forgotten
/// transaction in it holds a lock that every request needs.
class PoolTrouble : public Trouble {
    Q_OBJECT
public:
    /// `url` logs in as the application's role.
    PoolTrouble(Vitals& vitals, const Scenario& scenario, const QString& url);
    ~PoolTrouble() override;

    void start() override;
    void cure() override;

private:
    void take(int inUse, double longestWait);

    QThread m_thread;
    ConnectionPool* m_pool;  ///< lives on m_thread, which deletes it
};

}  // namespace tocsin::drill
