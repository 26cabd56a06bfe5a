#include "drill/pooltrouble.h"

namespace tocsin::drill {

PoolTrouble::PoolTrouble(Vitals& vitals, const Scenario& scenario, const QString& url)
    : Trouble(vitals) {
    PoolOptions options;
    options.url = url;
    options.size = scenario.poolSize;
    options.idle = scenario.idleSessions;
    options.blocker = scenario.blocker;
    options.waiter = scenario.waiter;
    vitals.poolSize = scenario.poolSize;
    m_pool = new ConnectionPool(options);
    m_pool->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_pool, &QObject::deleteLater);
    connect(m_pool, &ConnectionPool::measured, this, &PoolTrouble::take);
    connect(m_pool, &ConnectionPool::failed, this, &Trouble::progressed);
    connect(m_pool, &ConnectionPool::blocked, this, [this](int pid) {
        emit progressed(
            QStringLiteral("Session %1 changed a row and did not commit; requests begin "
                           "to wait for it.")
                .arg(pid));
    });
    connect(m_pool, &ConnectionPool::healed, this, [this] {
        emit progressed(
            QStringLiteral("The blocking session has ended; the waiting requests finish."));
    });
    m_thread.start();
}

PoolTrouble::~PoolTrouble() {
    m_thread.quit();
    m_thread.wait();
}

void PoolTrouble::start() {
    QMetaObject::invokeMethod(m_pool, [pool = m_pool] {
        pool->open();
        pool->block();
    });
}

void PoolTrouble::cure() {
    QMetaObject::invokeMethod(m_pool, &ConnectionPool::rollback);
}

void PoolTrouble::take(int inUse, double longestWait) {
    vitals().poolInUse = inUse;
    // A request that waits for its connection answers late; the slowest of twenty shows in p95.
    vitals().responseTimeP95 = longestWait > 1 ? 1.84 : 0.18;
}

}  // namespace tocsin::drill
