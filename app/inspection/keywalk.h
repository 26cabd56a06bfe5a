#pragma once
#include <QByteArrayList>
#include <QObject>
#include <QPointer>
#include <optional>

#include "inspection/keysieve.h"
#include "sdk/clock.h"
#include "sdk/error.h"

namespace tocsin {
struct QueryResult;
}

namespace tocsin::inspection {

class Connection;

/// How far a walk has come. Figures of the server's own: DBSIZE at the start, cursors since.
struct WalkProgress {
    qint64 keysFound = 0;    ///< a key may be found twice while the server rehashes
    qint64 keysMatched = 0;  ///< of the pattern and the type; the filter lets fewer through
    qint64 keysPassed = 0;   ///< about: the COUNTs added up
    qint64 keysInAll = 0;    ///< -1: the server does not tell
    qint64 steps = 0;
    int count = 0;  ///< COUNT of the last step
    std::chrono::microseconds longestStep{0};
    std::chrono::microseconds idlePing{0};  ///< the fastest so far
    std::chrono::microseconds ping{0};      ///< the last
};

/// Walks the key space with SCAN, never KEYS, and watches what that does to others: a step that
/// held the server longer than two milliseconds makes the next one smaller, and so does a PING,
/// asked again every few turns, that came four later than the fastest: then others are busy, and
/// where the steps are the smallest already, the walk waits for them. GUI thread; a few steps, for
/// as many milliseconds, are one turn of the connection, so that a command typed meanwhile runs in
/// between.
class KeyWalk : public QObject {
    Q_OBJECT
public:
    /// `clock` outlives the walk. A connection that dies ends it.
    KeyWalk(Connection& connection, Clock& clock, QObject* parent = nullptr);

    /// Starts from the beginning; a walk under way is forgotten. `type` may be empty. What `filter`
    /// asks is asked of each part before the next is looked for.
    void start(const QByteArray& pattern, const QByteArray& type = {},
               const KeyFilter& filter = {});
    /// Ends after the step under way, whose keys are dropped.
    void cancel();
    bool isWalking() const { return m_walking; }
    const WalkProgress& progress() const { return m_progress; }
    const KeyFilter& filter() const { return m_sieve.filter(); }
    const SieveCost& cost() const { return m_sieve.cost(); }

signals:
    void keysArrived(const QByteArrayList& keys);
    void progressed();
    /// Nothing when the whole key space was walked; Cancelled, or what went wrong.
    void ended(const std::optional<tocsin::Error>& problem);

private:
    void ping(const QByteArray& cursor);
    void takePing(const QueryResult& result);
    void step(const QByteArray& cursor);
    void take(const QueryResult& result);
    void goOn(const QByteArray& cursor);
    void partDone(const QByteArray& cursor);
    void pass(qint64 keys);
    void deliver(const QByteArrayList& keys);
    bool isPingLate() const;
    void adapt(std::chrono::microseconds held);
    void end(const std::optional<Error>& problem);

    QPointer<Connection> m_connection;
    Clock& m_clock;
    KeySieve m_sieve;
    QByteArray m_pattern, m_type;
    QByteArray m_sent;  ///< the cursor of the step under way
    KeyFilter m_filter;
    QByteArray m_afterSieve;  ///< the cursor of the part that is being sifted
    WalkProgress m_progress;
    int m_count = 0;
    int m_turns = 0;  ///< since the last PING
    std::chrono::milliseconds m_pause{0};
    quint64 m_generation = 0;
    bool m_walking = false;
};

}  // namespace tocsin::inspection
