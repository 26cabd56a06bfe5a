#pragma once
#include <QHash>
#include <QObject>
#include <QVector>
#include <optional>

#include "sdk/alert.h"
#include "sdk/clock.h"
#include "sdk/error.h"

namespace tocsin::alerts {

struct Comparison;

/// How fresh one source is. `lastSeen` invalid: never answered.
struct SourceHealth {
    QString name;
    bool known = false;      ///< its last look succeeded, and lately enough
    QDateTime lastSeen;      ///< UTC of the last good snapshot
    QDateTime unknownSince;  ///< UTC; valid while unknown
    QDateTime nextTry;       ///< UTC; may be invalid
    Error error;             ///< meaningful while unknown and it has failed (message not empty)
    qsizetype alertCount = 0;
};

/// Alerts are identified on the board by source and fingerprint.
using AlertId = QString;  ///< "<source>/<fingerprint>"
AlertId alertId(const Alert& alert);

/// What changed between two states of the board. Order inside each list is meaningless.
struct BoardDiff {
    QVector<Alert> added;
    QVector<Alert> changed;
    QVector<AlertId> removed;
    bool isEmpty() const { return added.isEmpty() && changed.isEmpty() && removed.isEmpty(); }
};

/// All alerts of all sources, merged. Lives on the GUI thread; comparing a large snapshot against
/// the present state happens on a pool thread, so no call here takes longer than a millisecond, and
/// small ones are applied before the call returns.
/// A source that fails or grows stale becomes unknown: its alerts stay, with AlertState::Unknown.
class Board : public QObject {
    Q_OBJECT
public:
    /// `clock` must outlive the board.
    explicit Board(Clock& clock, QObject* parent = nullptr);
    ~Board() override;

    /// Makes a source known to the board (as "never seen"); `staleAfter` without a snapshot turns
    /// it unknown.
    void addSource(const QString& name, std::chrono::milliseconds staleAfter);
    /// Replaces all alerts of its source. The order of the calls counts, not the wall clock in
    /// `takenAt`, which may jump. Of several that wait for the same source only the newest is used.
    /// changed() comes before the sourceChanged() that says the source is known.
    void accept(const AlertSnapshot& snapshot);
    void sourceFailed(const QString& name, const Error& error, const QDateTime& nextTry);

    const QHash<AlertId, Alert>& alerts() const { return m_alerts; }
    /// In the order they were added.
    QVector<SourceHealth> sources() const;
    /// Alerts of that key that fire now, worst first, then oldest first.
    QVector<Alert> firing(const QString& key) const;

signals:
    void changed(const tocsin::alerts::BoardDiff& diff);
    void sourceChanged(const tocsin::alerts::SourceHealth& health);

private:
    struct Source;
    struct Work;

    Source& source(const QString& name);
    void enqueue(Work work);
    void pump();
    void apply(Work work, Comparison outcome);
    void settle(const Work& work);
    void watch(Source& entry);
    void checkFreshness();
    void turnUnknown(Source& entry, const Error& error, const QDateTime& nextTry);

    Clock& m_clock;
    QHash<AlertId, Alert> m_alerts;
    std::vector<std::unique_ptr<Source>> m_sources;
    std::vector<Work> m_waiting;
    bool m_busy = false;
};

}  // namespace tocsin::alerts
