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

    /// Walks the keys for queues, then looks; watch() goes on looking.
    void find();
    /// Ends the walk; what was found is looked at.
    void stopFinding() { m_walk.cancel(); }
    /// Looks at the known queues; changed() or failed() follows.
    void look();
    /// Looks again and again, `every` after the answer; 0 ms stops.
    void watch(std::chrono::milliseconds every);

    const QVector<Queue>& queues() const { return m_queues; }
    const KeyWalk& walk() const { return m_walk; }
    /// Backlogs of the last looks, oldest first.
    QVector<qint64> trend(const QueueId& id) const;
    std::chrono::microseconds lookTook() const { return m_took; }
    int roundTrips() const { return 2; }

signals:
    void changed();
    void failed(const tocsin::Error& error);

private:
    void readSecond(QVector<Queue> queues, std::chrono::microseconds took);
    void remember();
    void planNext();

    QPointer<Connection> m_connection;
    Clock& m_clock;
    KeyWalk m_walk;
    QVector<QueueId> m_ids;
    QVector<Queue> m_queues;
    QHash<QByteArray, QVector<qint64>> m_trends;
    std::chrono::milliseconds m_every{0};
    std::chrono::microseconds m_took{0};
    quint64 m_round = 0;
    bool m_isLooking = false;
};

}  // namespace tocsin::inspection
