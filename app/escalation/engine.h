#pragma once
#include <QHash>
#include <QMap>
#include <QObject>
#include <QUrl>
#include <functional>

#include "delivery/dispatcher.h"
#include "escalation/ladder.h"
#include "escalation/moves.h"
#include "escalation/policy.h"
#include "escalation/timekeeper.h"
#include "incidents/journal.h"
#include "sdk/clock.h"
#include "store/database.h"

namespace tocsin::escalation {

/// What is to be told besides, in the transaction of a move: gets what the move did. Runs on the
/// store's thread and must hold values only. An error of it is dropped: it never stops a page.
using Companion = std::function<Result<QVector<delivery::Entry>>(
    store::Transaction& tx, const Outcome& outcome, const QDateTime& now)>;

/// The escalation clock. A level's advance, its timeline event and the ledger's intent are one
/// transaction. Deadlines are absolute UTC in the store: what is overdue after a restart or a sleep
/// fires at once, saying how late. When the wall clock is set, deadlines move with it: the time
/// that really passed decides. GUI thread.
///
/// Any process may declare, acknowledge and so on; only one that holds store::Ownership calls
/// start(), and only there do deadlines fire. Others call follow(), to know the ladders. Must die
/// before the Database and the Dispatcher it was given.
class Engine : public QObject {
    Q_OBJECT
public:
    Engine(store::Database& db, incidents::Journal& journal, Policy policy, Clock& clock,
           QObject* parent = nullptr);

    ~Engine() override;

    /// Connects both ways: what the engine writes wakes the dispatcher, and what the dispatcher
    /// delivers comes back to rungs and timeline. Also cuts long posts as their channel needs.
    void attach(delivery::Dispatcher& dispatcher);
    /// Goes along with every move that writes an event, from the next one on; may be empty.
    void setCompanion(Companion companion) { m_companion = std::move(companion); }

    /// Reads open ladders from the store and arms them. Call it when this process owns the engine;
    /// all that fires by itself is covered by `fence`. → how many ladders are open.
    QFuture<Result<int>> start(const store::Fence& fence = {});
    /// Fires nothing any more, but goes on following. By itself when the fence is lost.
    void standDown();
    /// Reads open ladders and keeps reading what others change, without firing anything.
    QFuture<Result<int>> follow();
    bool isOwner() const { return m_owner; }

    /// Declares: events, ladder and the first page's intent in one transaction. → the new id.
    QFuture<Result<QString>> declare(const incidents::Declaration& wanted);
    /// When nobody does anything for `silence` (without one: the policy's), the ladder goes on.
    QFuture<Result<void>> acknowledge(const QString& incident, const QString& by,
                                      std::optional<std::chrono::milliseconds> silence = {});
    QFuture<Result<void>> hold(const QString& incident, const QString& by, const QString& reason,
                               const QDateTime& until);
    QFuture<Result<void>> release(const QString& incident, const QString& by);
    /// Pages that level now, passing over who waits below; 0: the next that was not paged yet.
    QFuture<Result<void>> escalateNow(const QString& incident, const QString& by, int level = 0);
    /// Changes the severity and plans the ladder anew, in one transaction.
    QFuture<Result<void>> changePriority(const QString& incident, const QString& by,
                                         incidents::Priority priority);
    /// With `verify` its alerts must stay clear for that long; that begins in the same transaction.
    QFuture<Result<void>> resolve(const QString& incident, const QString& by,
                                  const QString& whatFixedIt, std::chrono::seconds verify = {});
    /// A resolved incident is open again; its ladder starts anew.
    QFuture<Result<void>> reopen(const QString& incident, const QString& by, const QString& reason);
    /// `incident` ends with a pointer to `into`; its ladder stops.
    QFuture<Result<void>> merge(const QString& incident, const QString& into, const QString& by);
    /// Records the new commander and tells the channel. `state` of things may be empty.
    QFuture<Result<void>> handOver(const QString& incident, const QString& by, const QString& to,
                                   const QString& state);
    /// An update for the channel (empty: the incident's): timeline event and intents in one
    /// transaction. The text is the author's own and is sent as written; text from outside in it
    /// must have gone through delivery::escapeForPost(). A message without an event gets one.
    /// Without an incident it is only an intent. → the ledger's entry (the first part's, when it
    /// was cut).
    QFuture<Result<delivery::Entry>> post(const QString& incident, const QString& channel,
                                          Message message, const QString& by);
    /// All messages of an incident, oldest first.
    QFuture<Result<QVector<delivery::Entry>>> messages(const QString& incident);

    /// A person sends a message of the ledger again, or calls it back; see handmoves.h.
    QFuture<Result<void>> sendAgain(qint64 entry, const QString& by);
    QFuture<Result<void>> callBack(qint64 entry, const QString& by);
    /// A confirmed message was found deleted or changed over there.
    QFuture<Result<void>> noteSighting(qint64 entry, Sighting sighting);

    const Policy& policy() const { return m_policy; }
    /// Where the others read each runbook, by its name; pages of what is declared from now on link
    /// to it. May be set again, when runbooks were reloaded.
    void setRunbooks(const QMap<QString, QUrl>& addresses) { m_runbooks = addresses; }
    /// Of an open incident, or one resolved since start; else empty.
    Ladder ladder(const QString& incident) const { return m_ladders.value(incident); }

signals:
    void ladderChanged(const tocsin::escalation::Ladder& ladder);
    void failed(const tocsin::Error& error);
    /// The ledger has something new to send.
    void intentsWritten();

private:
    using Move = std::function<Result<Outcome>(store::Transaction&)>;

    QFuture<Result<Outcome>> perform(const Move& move);
    QFuture<Result<void>> performQuietly(const Move& move);
    void recordDeliveries();
    void took(const QVector<Outcome>& outcomes);
    void keep(const Ladder& ladder);
    void refresh();
    /// The wall clock, after what it did by itself was taken into account.
    QDateTime now();
    void noticeClock();
    /// What the clock did while no process looked.
    void compareClock();
    void writeClockMove(const ClockMove& move);
    void fireDue();
    void fireChunk();
    void arm();
    void entryChanged(const delivery::Entry& entry);
    QFuture<Result<int>> readLadders();

    store::Database& m_db;
    incidents::Journal& m_journal;
    Policy m_policy;
    QMap<QString, QUrl> m_runbooks;
    Clock& m_clock;
    delivery::Dispatcher* m_dispatcher = nullptr;
    Companion m_companion;
    QHash<QString, Ladder> m_ladders;
    Timekeeper m_timekeeper;
    bool m_owner = false;
    store::Fence m_fence;
    bool m_firing = false;  // chunks of due ladders are on their way through the store
    int m_armed = 0;        // which alarm is the present one; older ones are ignored
};

}  // namespace tocsin::escalation
