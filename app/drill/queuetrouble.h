#pragma once
#include "drill/redistalk.h"
#include "drill/scenario.h"
#include "drill/trouble.h"

namespace tocsin::drill {

/// A queue in BullMQ's keys that somebody paused. New jobs arrive; its worker looks at `meta` and
/// takes jobs as soon as `paused` is gone. Source: BullMQ 6, where jobs stay in `wait` while
/// paused.
class QueueTrouble : public Trouble {
    Q_OBJECT
public:
    QueueTrouble(Vitals& vitals, const Scenario& scenario, quint16 redisPort,
                 const QString& redisPassword);

    void start() override;
    void cure() override;

private:
    QByteArray key(const QByteArray& suffix) const;
    void fill();
    void addJob(qint64 timestamp);
    void work();
    void takeJob();
    void measure();
    void measureOldest(const QByteArray& job);

    Scenario m_scenario;
    RedisTalk m_redis;
    int m_lastJob = 9000;
    bool m_resumed = false;
};

}  // namespace tocsin::drill
