#pragma once
#include <QHash>
#include <QObject>
#include <QPointer>

#include "inspection/keywalk.h"
#include "inspection/queues.h"

namespace tocsin::inspection {

/// Keeps looking at all queues of one Redis connection: finds them with one walk, then two round
/// trips a look, whatever their number. Remembers a little of each backlog's past. GUI thread.
class QueueWatch : public QObject {
    Q_OBJECT
public:
    /// `clock` outlives the watch.
    QueueWatch(Connection& connection, Clock& clock, QObject* parent = nullptr);

    /// Walks the keys for queues, then looks; watch() goes on looking, and walks again after a walk
    /// that failed.
    void find();
    /// Ends the walk; what was found is looked at.
    void stopFinding();
    /// Looks at the known queues; changed() or failed() follows.
    void look();
    /// Looks again and again, `every` after the answer; 0 ms stops.
    void watch(std::chrono::milliseconds every);

    const QVector<Queue>& queues() const { return m_queues; }
    const KeyWalk& walk() const { return m_walk; }
    /// When queues() was so; invalid before the first look.
    QDateTime lookedAt() const { return m_lookedAt; }
    /// Backlogs of the last looks, oldest first.
    QVector<qint64> trend(const QueueId& id) const;
    std::chrono::microseconds lookTook() const { return m_took; }
    int roundTrips() const { return 2; }

signals:
    void changed();
    void failed(const tocsin::Error& error);

private:
    void readSecond(QVector<Queue> queues, std::chrono::microseconds took);
    void endWalk(const std::optional<Error>& problem);
    void remember();
    void giveUp(const Error& why);
    void planNext();

    QPointer<Connection> m_connection;
    Clock& m_clock;
    KeyWalk m_walk;
    QVector<QueueId> m_ids;    // of the last whole walk, and what later ones found
    QVector<QueueId> m_found;  // by the walk under way
    QDateTime m_lookedAt;
    QVector<Queue> m_queues;
    QHash<QByteArray, QVector<qint64>> m_trends;
    std::chrono::milliseconds m_every{0};
    std::chrono::microseconds m_took{0};
    quint64 m_round = 0;
    int m_failures = 0;  // one after the other
    bool m_isLooking = false;
    bool m_hasWalked = false;  // to the end, once at least
    bool m_mustWalk = false;   // the last walk failed
    bool m_isStopped = false;  // by a person
};

}  // namespace tocsin::inspection
