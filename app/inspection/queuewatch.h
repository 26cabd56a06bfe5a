#pragma once
#include <QHash>
#include <QObject>

#include "inspection/queuelook.h"
#include "inspection/queuesearch.h"

namespace tocsin::inspection {

/// Keeps looking at the queues of one Redis connection: finds them with one walk, then looks at
/// them, at most kMostQueues. Remembers a little of each backlog's past. GUI thread.
class QueueWatch : public QObject {
    Q_OBJECT
public:
    /// A look at more would be felt by the server every few seconds.
    static constexpr qsizetype kMostQueues = 1000;

    /// `clock` outlives the watch.
    QueueWatch(Connection& connection, Clock& clock, QObject* parent = nullptr);

    /// Walks the keys for queues, then looks; watch() goes on looking, and walks again after a walk
    /// that failed.
    void find();
    /// Ends the walk; what was found is looked at.
    void stopFinding();
    /// Looks at the known queues; changed() or failed() follows, and perhaps counted() before.
    void look();
    /// Looks again and again, `every` after the answer; 0 ms stops.
    void watch(std::chrono::milliseconds every);

    const QVector<Queue>& queues() const { return m_queues; }
    /// Queues that were found and are not looked at, because others are enough: those with jobs go
    /// before those without, then by name.
    qsizetype leftOut() const { return m_leftOut; }
    const QueueSearch& search() const { return m_search; }
    /// When queues() was so; invalid before the first look.
    QDateTime lookedAt() const { return m_lookedAt; }
    /// Backlogs of the last looks, oldest first.
    QVector<qint64> trend(const QueueId& id) const;
    /// Of the last look: what the server took, and how often it was asked.
    std::chrono::microseconds lookTook() const { return m_look.took(); }
    int roundTrips() const { return m_look.roundTrips(); }

signals:
    /// queues() are new but for the ages of the oldest jobs, which are asked next.
    void counted();
    void changed();
    void failed(const tocsin::Error& error);

private:
    void endSearch(const std::optional<Error>& problem);
    void showCounts();
    void endLook(const std::optional<Error>& problem);
    void follow(const QVector<QueueId>& found);
    void remember();
    void giveUp(const Error& why);
    void planNext();

    Clock& m_clock;
    QueueSearch m_search;
    QueueLook m_look;
    QVector<QueueId> m_ids;  // of the last whole walk, and what later ones found; by name
    QDateTime m_lookedAt;
    QVector<Queue> m_queues;
    QVector<Queue> m_before;  // of the last whole look
    QHash<QueueId, QVector<qint64>> m_trends;
    std::chrono::milliseconds m_every{0};
    quint64 m_round = 0;
    qsizetype m_leftOut = 0;
    int m_failures = 0;        // one after the other
    bool m_hasWalked = false;  // to the end, once at least
    bool m_mustWalk = false;   // the last walk failed
    bool m_isStopped = false;  // by a person
};

}  // namespace tocsin::inspection
