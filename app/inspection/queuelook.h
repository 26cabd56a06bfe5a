#pragma once
#include <QObject>
#include <QPointer>
#include <QSet>
#include <functional>

#include "inspection/queues.h"
#include "sdk/clock.h"

namespace tocsin {
struct QueryResult;
}

namespace tocsin::inspection {

class Connection;

/// One look at many queues: their counts, then what those make one ask. Two scripts for a few
/// hundred queues, and more for more, so that no answer holds the window; a third for the ages of
/// jobs that were not there a moment ago. The guard asks sizes before the first, now and then, and
/// has no need to before the others. GUI thread.
class QueueLook : public QObject {
    Q_OBJECT
public:
    /// `clock` outlives the look. A connection that dies ends it.
    QueueLook(Connection& connection, Clock& clock, QObject* parent = nullptr);

    /// One under way is forgotten.
    void start(const QVector<QueueId>& ids);
    bool isLooking() const { return m_isLooking; }
    /// In the order of `ids`, those that are gone left out. Whole when ended() came without a
    /// problem.
    const QVector<Queue>& queues() const { return m_queues; }
    /// To the server, with the guard's own questions.
    int roundTrips() const { return m_trips; }
    std::chrono::microseconds took() const { return m_took; }

signals:
    /// All but the ages of new jobs is known, which are asked next.
    void counted();
    void ended(const std::optional<tocsin::Error>& problem);

private:
    void count();
    void inspect();
    void take(QVector<Queue> part, const QueryResult& result, bool hasClients);
    void askAges();
    void rememberEnds();
    bool isNew(const Queue& queue, const QByteArray& end) const;
    QVector<Queue> nextPart(const std::function<qsizetype(const Queue&)>& questions) const;
    void put(const QVector<Queue>& part);
    void ask(const QString& script, const std::function<void(const QueryResult&)>& next);
    void end(const std::optional<Error>& problem);

    QPointer<Connection> m_connection;
    Clock& m_clock;
    QVector<QueueId> m_ids;
    QVector<Queue> m_queues;
    qsizetype m_done = 0;  ///< queues of the trips that were answered
    std::chrono::microseconds m_took{0};
    quint64 m_round = 0;
    QSet<QByteArray> m_knownEnds;  ///< keys of the jobs whose age was asked in the look before
    std::chrono::milliseconds m_endsAt{0};
    int m_trips = 0;
    bool m_isLooking = false;
};

}  // namespace tocsin::inspection
