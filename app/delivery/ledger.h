#pragma once
#include <QDateTime>
#include <QString>
#include <QVector>

#include "sdk/message.h"
#include "sdk/notifier.h"
#include "store/database.h"

namespace tocsin::delivery {

/// intent → sending → in doubt → confirmed / failed. Each state is durable before the next action.
/// Folded: an edit that a newer edit of the same message made needless before it left.
enum class EntryState { Intent, Sending, InDoubt, Confirmed, Failed, Cancelled, Folded };
/// "intent", "sending", "in_doubt", "confirmed", "failed", "cancelled", "folded"
QString nameOf(EntryState state);

/// One message that must leave through one channel.
struct Entry {
    qint64 id = 0;
    QString event;     ///< unique; the same event is never queued twice
    QString incident;  ///< may be empty (test posts)
    QString channel;
    EntryState state = EntryState::Intent;
    int tries = 0;
    QDateTime createdAt, changedAt, notBefore;  ///< UTC
    QString remoteId;
    QString answer;  ///< the last failure's sentence
    Message message;
    QString replaces;  ///< event of the message this was meant to be edited into; it stays when the
                       ///< entry had to be posted anew, while message.replaces is emptied then
    QString seen;      ///< what a look over there found: "changed", "gone"; empty: as it was sent
    QDateTime doubtedAt;  ///< UTC; when the first try whose outcome is unknown began; invalid: none

    bool isFinished() const {
        return state == EntryState::Confirmed || state == EntryState::Failed ||
               state == EntryState::Cancelled || state == EntryState::Folded;
    }
    /// Nothing of it is missing over there.
    bool isSettled() const { return state == EntryState::Confirmed || state == EntryState::Folded; }
    bool isEdit() const { return !message.replaces.isEmpty(); }
};

/// The durable record of every message that must leave. Static functions work inside a caller's
/// transaction; nothing here sends. A transition that the entry's present state does not allow is
/// refused, so that two writers cannot both move it.
class Ledger {
public:
    /// Records the intent; a known `message.event` is left as it is (returns its entry).
    static Result<Entry> intend(store::Transaction& tx, const QString& incident,
                                const QString& channel, const Message& message,
                                const QDateTime& now);
    static Result<Entry> entry(store::Transaction& tx, qint64 id);
    static Result<QVector<Entry>> ofIncident(store::Transaction& tx, const QString& incident);
    static Result<QVector<Entry>> unfinished(store::Transaction& tx);
    /// The channels of unfinished entries; reads no message.
    static Result<QStringList> waitingChannels(store::Transaction& tx);
    /// The oldest unfinished entry of a channel, if any: the only one that may be sent.
    static Result<std::optional<Entry>> head(store::Transaction& tx, const QString& channel);

    /// intent or in doubt → sending; counts the try. A changed message (marked as a possible
    /// repeat) is stored with it.
    static Result<Entry> sending(store::Transaction& tx, const Entry& entry, const QDateTime& now);
    static Result<Entry> confirmed(store::Transaction& tx, qint64 id, const QString& remoteId,
                                   const QDateTime& at);
    /// The message that this edits is gone over there: sending → intent, to be posted anew.
    static Result<Entry> postedAnew(store::Transaction& tx, const Entry& edit,
                                    const QString& answer, const QDateTime& now);
    /// It did not leave and may be tried again: sending → intent.
    static Result<Entry> postponed(store::Transaction& tx, qint64 id, const QString& answer,
                                   const QDateTime& notBefore, const QDateTime& now);
    /// It may have left: sending → in doubt.
    static Result<Entry> inDoubt(store::Transaction& tx, qint64 id, const QString& answer,
                                 const QDateTime& notBefore, const QDateTime& now);
    static Result<Entry> failed(store::Transaction& tx, qint64 id, const QString& answer,
                                const QDateTime& now);
    /// What waits of a page, its parts and repeats, and certainly did not leave: intent →
    /// cancelled. Returns what was called off.
    static Result<QVector<Entry>> calledOff(store::Transaction& tx, const QString& incident,
                                            const QString& page, const QString& why,
                                            const QDateTime& now);
    /// What stands over there under this event, or was last put in its place; if anything was
    /// confirmed.
    static Result<std::optional<Entry>> confirmedAs(store::Transaction& tx, const QString& channel,
                                                    const QString& event);
    /// The newest edit of the same message that is queued behind this one, if any.
    static Result<std::optional<Entry>> newerEdit(store::Transaction& tx, const Entry& edit);
    /// An edit that did not leave and need not any more: intent or in doubt → folded.
    static Result<Entry> folded(store::Transaction& tx, const Entry& edit, const Entry& into,
                                const QDateTime& now);
    /// A person sends it again. What was confirmed becomes a new entry (`…/resent-1`), marked as a
    /// repeat; anything else that is not on its way is an intent again, without a pause. Refused
    /// while it is being sent, and for a folded edit.
    static Result<Entry> again(store::Transaction& tx, qint64 id, const QString& by,
                               const QDateTime& now);
    /// A person calls back an intent, or one in doubt, which then may have arrived all the same.
    static Result<Entry> calledBack(store::Transaction& tx, qint64 id, const QString& by,
                                    const QDateTime& now);
    /// Everything, newest first, at most `most`.
    static Result<QVector<Entry>> newest(store::Transaction& tx, int most);
    /// Says on every intent of a channel why it waits. Returns those that did not say it yet.
    static Result<QVector<Entry>> waiting(store::Transaction& tx, const QString& channel,
                                          const QString& why, const QDateTime& now);

    /// Moves what waits for a channel to another one, in order, and says so in each message; what
    /// may have left already is marked as a possible repeat. Returns what was moved.
    static Result<QVector<Entry>> diverted(store::Transaction& tx, const QString& from,
                                           const QString& to, const QString& why,
                                           const QDateTime& now);

    /// Of the messages that were confirmed since then and still stand over there as sent, for all
    /// we know: the one longest not looked at.
    static Result<std::optional<Entry>> longestNotLookedAt(store::Transaction& tx,
                                                           const QString& channel,
                                                           const QDateTime& since);
    static Result<Entry> looked(store::Transaction& tx, qint64 id, Sighting sighting,
                                const QDateTime& now);

    /// Finished entries whose outcome is not on the incident's timeline yet, oldest first; and the
    /// mark that it is. In one transaction with the event, so that it is written once.
    static Result<QVector<Entry>> unrecorded(store::Transaction& tx);
    static Result<void> markRecorded(store::Transaction& tx, qint64 id);

    /// Messages of an incident that came from another machine: to be read, never to be sent. What
    /// was on its way there is cancelled here; ids over there become part of the answer.
    static Result<QVector<Entry>> imported(store::Transaction& tx, const QString& incident,
                                           const QVector<Entry>& entries);
};

}  // namespace tocsin::delivery
