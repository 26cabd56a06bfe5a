#pragma once
#include <QHash>
#include <QObject>
#include <QPointer>
#include <QSet>
#include <functional>

#include "inspection/keywalk.h"
#include "inspection/queues.h"

namespace tocsin::inspection {

/// Finds the queues of one Redis connection: walks the keys, and asks of each that is named like a
/// queue's whether it is one, a few hundred at once. Ordinary keys may be named so by the hundred
/// thousand. GUI thread.
class QueueSearch : public QObject {
    Q_OBJECT
public:
    /// `clock` outlives the search. A connection that dies ends it.
    QueueSearch(Connection& connection, Clock& clock, QObject* parent = nullptr);

    /// Starts from the beginning; a search under way is forgotten.
    void start();
    /// Ends the walk; ended() follows when what it found until then is told apart.
    void stop();
    bool isSearching() const { return m_isSearching; }
    const KeyWalk& walk() const { return m_walk; }
    /// Names that were asked about, of queues or not.
    qint64 askedCount() const { return m_asked; }
    qint64 foundCount() const { return m_found.size(); }
    /// Those with jobs first, then by name.
    QVector<QueueId> found() const;

signals:
    void progressed();
    /// Nothing when the whole key space was walked; Cancelled, or what went wrong.
    void ended(const std::optional<tocsin::Error>& problem);

private:
    void collect(const QByteArrayList& keys);
    void askNext();
    void weigh(const QVector<QueueId>& ids, ReplyView reply);
    void askSiblings(const QVector<QueueId>& ids);
    void ask(const QString& script, const std::function<void(ReplyView)>& next);
    void keep(const QueueId& id, QueueEvidence evidence);
    void endWalk(const std::optional<Error>& problem);
    void end(const std::optional<Error>& problem);

    QPointer<Connection> m_connection;
    KeyWalk m_walk;
    QSet<QueueId> m_unasked;
    QHash<QueueId, QueueEvidence> m_found;
    std::optional<Error> m_problem;  ///< of the walk
    qint64 m_asked = 0;
    quint64 m_round = 0;
    bool m_isSearching = false;
    bool m_isAsking = false;
};

}  // namespace tocsin::inspection
