#include "alerts/board.h"

#include <QtConcurrent>
#include <algorithm>

#include "alerts/compare.h"
#include "sdk/async.h"

namespace tocsin::alerts {
namespace {

using std::chrono::milliseconds;

// Up to this many alerts are compared at once on the calling thread: well under a millisecond.
constexpr qsizetype kSmall = 200;

/// Frees what is large on a pool thread: destroying 50 000 alerts takes longer than a frame.
template <typename T>
void discard(T&& value) {
    (void)QtConcurrent::run([kept = std::forward<T>(value)] { Q_UNUSED(kept); });
}

bool worseThan(const Alert& a, const Alert& b) {
    if (a.severity != b.severity) return a.severity < b.severity;
    return a.startsAt < b.startsAt;
}

}  // namespace

struct Board::Source {
    SourceHealth health;
    milliseconds staleAfter{0};
    milliseconds seenAt{0};  // monotonic time of the last good snapshot, or of addSource
    bool failing = false;    // the newest thing heard is a failure
    quint64 watch = 0;       // number of the freshness timer that counts
};

struct Board::Work {
    QString source;
    std::optional<AlertSnapshot> snapshot;  // none: the source turned unknown
};

AlertId alertId(const Alert& alert) {
    return alert.source + QLatin1Char('/') + alert.fingerprint;
}

Board::Board(Clock& clock, QObject* parent) : QObject(parent), m_clock(clock) {
    // After a suspend the monotonic timers have not moved, but what we know has aged.
    connect(&clock, &Clock::jumped, this, &Board::checkFreshness);
}

Board::~Board() = default;

void Board::addSource(const QString& name, milliseconds staleAfter) {
    Source& entry = source(name);
    entry.staleAfter = staleAfter;
    entry.seenAt = m_clock.elapsed();
    watch(entry);
    emit sourceChanged(entry.health);
}

Board::Source& Board::source(const QString& name) {
    for (const auto& entry : m_sources)
        if (entry->health.name == name) return *entry;
    auto entry = std::make_unique<Source>();
    entry->health.name = name;
    entry->health.unknownSince = m_clock.now();
    m_sources.push_back(std::move(entry));
    return *m_sources.back();
}

void Board::accept(const AlertSnapshot& snapshot) {
    Source& entry = source(snapshot.source);
    entry.failing = false;
    entry.seenAt = m_clock.elapsed();
    watch(entry);
    enqueue({snapshot.source, snapshot});
}

void Board::sourceFailed(const QString& name, const Error& error, const QDateTime& nextTry) {
    turnUnknown(source(name), error, nextTry);
}

void Board::turnUnknown(Source& entry, const Error& error, const QDateTime& nextTry) {
    SourceHealth& health = entry.health;
    if (health.known || !health.unknownSince.isValid()) health.unknownSince = m_clock.now();
    health.known = false;
    health.error = error;
    health.nextTry = nextTry;
    entry.failing = true;
    ++entry.watch;
    enqueue({health.name, std::nullopt});
    emit sourceChanged(health);
}

void Board::enqueue(Work work) {
    const auto overtaken = [&](const Work& other) {
        return other.source == work.source && (work.snapshot || !other.snapshot);
    };
    // A snapshot replaces all that waits for its source. A failure does not replace a snapshot:
    // that is still the last that is known, and is taken in before it is marked.
    const auto keep =
        std::stable_partition(m_waiting.begin(), m_waiting.end(), std::not_fn(overtaken));
    for (auto it = keep; it != m_waiting.end(); ++it)
        discard(std::move(it->snapshot));
    m_waiting.erase(keep, m_waiting.end());
    m_waiting.push_back(std::move(work));
    pump();
}

void Board::pump() {
    while (!m_busy && !m_waiting.empty()) {
        Work work = std::move(m_waiting.front());
        m_waiting.erase(m_waiting.begin());
        const qsizetype size = m_alerts.size() + (work.snapshot ? work.snapshot->alerts.size() : 0);
        auto compute = [work, before = m_alerts]() mutable {
            return work.snapshot ? replaced(std::move(before), *work.snapshot)
                                 : markedUnknown(std::move(before), work.source);
        };
        m_busy = true;
        if (size <= kSmall) {
            apply(std::move(work), compute());
            continue;
        }
        runOnPool(this, std::move(compute),
                  [this, work = std::move(work)](Comparison outcome) mutable {
                      apply(std::move(work), std::move(outcome));
                      pump();
                  });
    }
}

void Board::apply(Work work, Comparison outcome) {
    std::swap(m_alerts, outcome.alerts);
    if (!outcome.diff.isEmpty()) emit changed(outcome.diff);
    if (work.snapshot) settle(work);
    if (m_alerts.size() + outcome.alerts.size() > kSmall)
        discard(std::make_pair(std::move(work), std::move(outcome)));
    m_busy = false;  // last, so that a slot that calls accept() waits its turn
}

void Board::settle(const Work& work) {
    Source& entry = source(work.source);
    SourceHealth& health = entry.health;
    health.alertCount = work.snapshot->alerts.size();
    health.lastSeen = work.snapshot->takenAt;
    if (!entry.failing) {
        health.known = true;
        health.unknownSince = {};
        health.nextTry = {};
        health.error = {};
    }
    emit sourceChanged(health);
}

void Board::watch(Source& entry) {
    if (entry.staleAfter <= milliseconds(0)) return;
    const quint64 number = ++entry.watch;
    m_clock.callAfter(entry.staleAfter, this, [this, name = entry.health.name, number] {
        if (source(name).watch == number) checkFreshness();
    });
}

void Board::checkFreshness() {
    // NOLINTNEXTLINE(modernize-loop-convert): a slot may add a source
    for (size_t i = 0; i < m_sources.size(); ++i) {
        Source* entry = m_sources[i].get();
        if (entry->staleAfter <= milliseconds(0) || entry->failing) continue;
        const SourceHealth& health = entry->health;
        const milliseconds quiet = m_clock.elapsed() - entry->seenAt;
        const milliseconds wall(health.lastSeen.isValid() ? health.lastSeen.msecsTo(m_clock.now())
                                                          : 0);
        if (std::max(quiet, wall) < entry->staleAfter) continue;
        turnUnknown(
            *entry,
            {ErrorCode::Timeout,
             QStringLiteral("%1 has not answered for %2 s; check the source and the network.")
                 .arg(health.name)
                 .arg(std::max(quiet, wall).count() / 1000),
             {}},
            {});
    }
}

QVector<SourceHealth> Board::sources() const {
    QVector<SourceHealth> all;
    for (const auto& entry : m_sources)
        all.append(entry->health);
    return all;
}

QVector<Alert> Board::firing(const QString& key) const {
    QVector<Alert> found;
    for (const Alert& alert : m_alerts)
        if (alert.key == key && alert.state == AlertState::Firing) found.append(alert);
    std::sort(found.begin(), found.end(), worseThan);
    return found;
}

}  // namespace tocsin::alerts
