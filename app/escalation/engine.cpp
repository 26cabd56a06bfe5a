#include "escalation/engine.h"

#include <QUuid>
#include <algorithm>

#include "escalation/handmoves.h"
#include "escalation/ladderstore.h"
#include "escalation/planner.h"

using namespace Qt::StringLiterals;

namespace tocsin::escalation {
namespace {

using std::chrono::milliseconds;

// An alarm is never set further away: a wall clock that crept is noticed within a minute.
constexpr milliseconds kLongestAlarm{60 * 1000};
constexpr qsizetype kMostAccompanied = 20;
constexpr milliseconds kStoreRetry{5 * 1000};
// Ladders per transaction: others get a turn at the store, and the window one at its events.
constexpr int kChunk = 200;

Result<void> withoutValue(const Result<Outcome>& outcome) {
    if (!outcome) return tl::unexpected<Error>(outcome.error());
    return {};
}

/// Lets the companion add its intents to what a move did.
void accompany(store::Transaction& tx, const Companion& companion, Outcome& outcome,
               const QDateTime& now) {
    if (!companion || outcome.events.isEmpty()) return;
    if (auto more = companion(tx, outcome, now)) outcome.intents += *more;
}

}  // namespace

Engine::Engine(store::Database& db, incidents::Journal& journal, Policy policy, Clock& clock,
               QObject* parent)
    : QObject(parent),
      m_db(db),
      m_journal(journal),
      m_policy(std::move(policy)),
      m_clock(clock),
      m_timekeeper(clock) {
    connect(&journal, &incidents::Journal::changedElsewhere, this, &Engine::refresh);
    connect(&m_clock, &Clock::jumped, this, &Engine::fireDue);
}

Engine::~Engine() {
    m_db.drain();
}

void Engine::attach(delivery::Dispatcher& dispatcher) {
    m_dispatcher = &dispatcher;
    connect(this, &Engine::intentsWritten, &dispatcher, &delivery::Dispatcher::wake);
    connect(&dispatcher, &delivery::Dispatcher::entryChanged, this, &Engine::entryChanged);
}

QFuture<Result<int>> Engine::start(const store::Fence& fence) {
    m_owner = true;
    m_fence = fence;
    return readLadders();
}

void Engine::standDown() {
    m_owner = false;
    ++m_armed;
}

QFuture<Result<int>> Engine::follow() {
    return readLadders();
}

QFuture<Result<int>> Engine::readLadders() {
    (void)m_timekeeper.look();  // what the clock did before is compared with the store's reading
    if (m_owner) compareClock();
    return m_db.read<QVector<Ladder>>([](store::Transaction& tx) { return loadOpenLadders(tx); })
        .then(this, [this](const Result<QVector<Ladder>>& ladders) -> Result<int> {
            if (!ladders) {
                emit failed(ladders.error());
                m_clock.callAfter(kStoreRetry, this, [this] { readLadders(); });
                return tl::unexpected<Error>(ladders.error());
            }
            for (const Ladder& ladder : *ladders)
                keep(ladder);
            recordDeliveries();
            fireDue();
            return static_cast<int>(ladders->size());
        });
}

QFuture<Result<QString>> Engine::declare(const incidents::Declaration& wanted) {
    incidents::Declaration declaration = wanted;
    if (!declaration.runbookUrl.isValid())
        declaration.runbookUrl = m_runbooks.value(declaration.runbook);
    return perform([policy = m_policy, declaration, now = now()](store::Transaction& tx) {
               return declareIn(tx, policy, declaration, now);
           })
        .then([](const Result<Outcome>& outcome) -> Result<QString> {
            if (!outcome) return tl::unexpected<Error>(outcome.error());
            return outcome->ladder.incident;
        });
}

QFuture<Result<void>> Engine::acknowledge(const QString& incident, const QString& by,
                                          std::optional<milliseconds> silence) {
    return performQuietly([incident, by, silence, now = now()](store::Transaction& tx) {
        return acknowledgeIn(tx, incident, by, silence, now);
    });
}

QFuture<Result<void>> Engine::hold(const QString& incident, const QString& by,
                                   const QString& reason, const QDateTime& until) {
    return performQuietly([incident, by, reason, until, now = now()](store::Transaction& tx) {
        return holdIn(tx, incident, by, reason, until, now);
    });
}

QFuture<Result<void>> Engine::release(const QString& incident, const QString& by) {
    return performQuietly([incident, by, now = now()](store::Transaction& tx) {
        return releaseIn(tx, incident, by, now);
    });
}

QFuture<Result<void>> Engine::escalateNow(const QString& incident, const QString& by, int level) {
    return performQuietly([incident, by, level, now = now()](store::Transaction& tx) {
        return escalateIn(tx, incident, by, level, now);
    });
}

QFuture<Result<void>> Engine::changePriority(const QString& incident, const QString& by,
                                             incidents::Priority priority) {
    return performQuietly(
        [policy = m_policy, incident, by, priority, now = now()](store::Transaction& tx) {
            return changePriorityIn(tx, policy, incident, by, priority, now);
        });
}

QFuture<Result<void>> Engine::resolve(const QString& incident, const QString& by,
                                      const QString& whatFixedIt, std::chrono::seconds verify) {
    return performQuietly([incident, by, whatFixedIt, verify, now = now()](store::Transaction& tx) {
        auto outcome = resolveIn(tx, incident, by, whatFixedIt, now);
        if (!outcome || verify.count() == 0) return outcome;
        auto begun =
            incidents::Journal::recordIn(tx, incident, by, incidents::startVerifying(verify), now);
        if (!begun) return Result<Outcome>(tl::unexpected<Error>(begun.error()));
        outcome->events.append(*begun);
        return outcome;
    });
}

QFuture<Result<void>> Engine::reopen(const QString& incident, const QString& by,
                                     const QString& reason) {
    return performQuietly(
        [policy = m_policy, incident, by, reason, now = now()](store::Transaction& tx) {
            return reopenIn(tx, policy, incident, by, reason, now);
        });
}

QFuture<Result<void>> Engine::merge(const QString& incident, const QString& into,
                                    const QString& by) {
    return m_db
        .write<QVector<Outcome>>([incident, into, by, now = now()](store::Transaction& tx) {
            return mergeIn(tx, incident, into, by, now);
        })
        .then(this, [this](const Result<QVector<Outcome>>& outcomes) -> Result<void> {
            if (!outcomes) return tl::unexpected<Error>(outcomes.error());
            took(*outcomes);
            return {};
        });
}

QFuture<Result<void>> Engine::handOver(const QString& incident, const QString& by,
                                       const QString& to, const QString& state) {
    return performQuietly([incident, by, to, state, now = now()](store::Transaction& tx) {
        return handOverIn(tx, incident, by, to, state, now);
    });
}

QFuture<Result<delivery::Entry>> Engine::post(const QString& incident, const QString& channel,
                                              Message message, const QString& by) {
    if (message.event.isEmpty())
        message.event =
            u"%1/post-%2"_s.arg(incident, QUuid::createUuid().toString(QUuid::Id128).left(12));
    const incidents::Incident* known = m_journal.find(incident);
    const QString target = !channel.isEmpty() ? channel : known ? known->channel : m_policy.channel;
    const QVector<Message> parts =
        m_dispatcher ? m_dispatcher->split(target, message) : QVector<Message>{message};
    return perform([incident, target, parts, by, now = now()](store::Transaction& tx) {
               return postIn(tx, incident, target, parts, by, now);
           })
        .then([](const Result<Outcome>& outcome) -> Result<delivery::Entry> {
            if (!outcome) return tl::unexpected<Error>(outcome.error());
            return outcome->intents.value(0);
        });
}

QFuture<Result<QVector<delivery::Entry>>> Engine::messages(const QString& incident) {
    return m_db.read<QVector<delivery::Entry>>(
        [incident](store::Transaction& tx) { return delivery::Ledger::ofIncident(tx, incident); });
}

QFuture<Result<void>> Engine::sendAgain(qint64 entry, const QString& by) {
    return performQuietly([entry, by, now = now()](store::Transaction& tx) {
        return sendAgainIn(tx, entry, by, now);
    });
}

QFuture<Result<void>> Engine::callBack(qint64 entry, const QString& by) {
    return performQuietly([entry, by, now = now()](store::Transaction& tx) {
        return callBackIn(tx, entry, by, now);
    });
}

QFuture<Result<void>> Engine::noteSighting(qint64 entry, Sighting sighting) {
    return performQuietly([entry, sighting, now = now()](store::Transaction& tx) {
        return noteSightingIn(tx, entry, sighting, now);
    });
}

QFuture<Result<Outcome>> Engine::perform(const Move& move) {
    const auto shifted = std::make_shared<QVector<Outcome>>();
    const auto body = [move, shifted, isOwner = m_owner, companion = m_companion,
                       now = ClockReading::of(m_clock)](store::Transaction& tx) -> Result<Outcome> {
        // What is planned now is planned by the clock as it is: where it was set and the owner has
        // not noticed yet, what was planned before moves first.
        if (!isOwner) {
            auto compared = clockComparedIn(tx, now);
            if (!compared) return tl::unexpected<Error>(compared.error());
            *shifted = *compared;
        }
        auto outcome = move(tx);
        if (outcome) accompany(tx, companion, *outcome, now.wall);
        return outcome;
    };
    return m_db.write<Outcome>(body).then(this, [this, shifted](const Result<Outcome>& outcome) {
        if (outcome)
            took(*shifted + QVector<Outcome>{*outcome});
        else
            emit failed(outcome.error());
        return outcome;
    });
}

QFuture<Result<void>> Engine::performQuietly(const Move& move) {
    return perform(move).then([](const Result<Outcome>& outcome) { return withoutValue(outcome); });
}

void Engine::took(const QVector<Outcome>& outcomes) {
    bool intents = false;
    for (const Outcome& outcome : outcomes) {
        m_journal.announce(outcome.events);
        if (!outcome.ladder.incident.isEmpty()) keep(outcome.ladder);
        intents = intents || !outcome.intents.isEmpty();
    }
    if (intents) emit intentsWritten();
    arm();
}

void Engine::keep(const Ladder& ladder) {
    const bool known = m_ladders.contains(ladder.incident);
    if (known && m_ladders.value(ladder.incident) == ladder) return;
    m_ladders.insert(ladder.incident, ladder);
    emit ladderChanged(ladder);
}

void Engine::refresh() {
    m_db.read<QVector<Ladder>>([ids = m_ladders.keys()](store::Transaction& tx) {
            auto ladders = loadOpenLadders(tx);
            // Those that were resolved elsewhere are no longer among the open ones.
            for (const QString& id : ids)
                if (auto one = loadLadder(tx, id); ladders && one && one->closed)
                    ladders->append(*one);
            return ladders;
        })
        .then(this, [this](const Result<QVector<Ladder>>& ladders) {
            if (!ladders) return emit failed(ladders.error());
            for (const Ladder& ladder : *ladders)
                keep(ladder);
            fireDue();
        });
}

QDateTime Engine::now() {
    noticeClock();
    return m_clock.now();
}

void Engine::noticeClock() {
    const ClockMove move = m_timekeeper.look();
    if (move.any() && m_owner) writeClockMove(move);
}

void Engine::compareClock() {
    const auto body = [now = ClockReading::of(m_clock)](store::Transaction& tx) {
        return clockComparedIn(tx, now);
    };
    m_db.write<QVector<Outcome>>(m_fence, body)
        .then(this, [this](const Result<QVector<Outcome>>& outcomes) {
            if (outcomes) return took(*outcomes);
            if (store::fencedOut(outcomes.error())) return standDown();
            emit failed(outcomes.error());
        });
}

void Engine::writeClockMove(const ClockMove& move) {
    const auto body = [move, now = ClockReading::of(m_clock)](store::Transaction& tx) {
        return clockNoticedIn(tx, move, now);
    };
    m_db.write<QVector<Outcome>>(m_fence, body)
        .then(this, [this, move](const Result<QVector<Outcome>>& outcomes) {
            if (outcomes) return took(*outcomes);
            if (store::fencedOut(outcomes.error())) return standDown();
            emit failed(outcomes.error());
            m_clock.callAfter(kStoreRetry, this, [this, move] { writeClockMove(move); });
        });
}

void Engine::fireDue() {
    if (!m_owner) return;
    noticeClock();
    if (m_firing) return;
    m_firing = true;
    fireChunk();
}

void Engine::fireChunk() {
    const auto body = [now = now()](store::Transaction& tx) { return fireDueIn(tx, now, kChunk); };
    m_db.write<QVector<Outcome>>(m_fence, body)
        .then(this, [this](const Result<QVector<Outcome>>& outcomes) {
            m_firing = m_owner && outcomes && outcomes->size() == kChunk;
            if (m_firing) fireChunk();  // the store works on while this thread tells what was done
            if (outcomes) return took(*outcomes);
            if (store::fencedOut(outcomes.error())) return standDown();
            emit failed(outcomes.error());
            m_clock.callAfter(kStoreRetry, this, [this] { fireDue(); });
        });
}

void Engine::recordDeliveries() {
    if (!m_owner) return;
    const auto body = [companion = m_companion,
                       now = now()](store::Transaction& tx) -> Result<QVector<Outcome>> {
        auto outcomes = recordDeliveriesIn(tx, now);
        // After an outage thousands may be due at once: pages first, the rest follows by itself.
        if (!outcomes || outcomes->size() > kMostAccompanied) return outcomes;
        for (Outcome& outcome : *outcomes)
            accompany(tx, companion, outcome, now);
        return outcomes;
    };
    m_db.write<QVector<Outcome>>(m_fence, body)
        .then(this, [this](const Result<QVector<Outcome>>& outcomes) {
            if (outcomes) return took(*outcomes);
            if (store::fencedOut(outcomes.error())) return standDown();
            emit failed(outcomes.error());
            m_clock.callAfter(kStoreRetry, this, [this] { recordDeliveries(); });
        });
}

void Engine::arm() {
    if (!m_owner || m_firing) return;  // the last chunk arms
    QDateTime next;
    for (const Ladder& ladder : std::as_const(m_ladders)) {
        const QDateTime deadline = nextDeadline(ladder);
        if (deadline.isValid() && (!next.isValid() || deadline < next)) next = deadline;
    }
    if (!next.isValid()) return;
    const milliseconds left(std::max<qint64>(0, m_clock.now().msecsTo(next)));
    m_clock.callAfter(std::min(left, kLongestAlarm), this, [this, alarm = ++m_armed] {
        if (alarm == m_armed) fireDue();
    });
}

void Engine::entryChanged(const delivery::Entry& entry) {
    if (entry.isFinished()) return recordDeliveries();
    if (entry.state == delivery::EntryState::Sending || entry.incident.isEmpty()) return;
    m_db.write<std::optional<Ladder>>(
            m_fence, [entry](store::Transaction& tx) { return noteWaitingIn(tx, entry); })
        .then(this, [this](const Result<std::optional<Ladder>>& ladder) {
            if (ladder && *ladder) keep(**ladder);
        });
}

}  // namespace tocsin::escalation
