#pragma once
#include <QDateTime>
#include <QString>
#include <QVector>

#include "sdk/message.h"
#include "store/database.h"

namespace tocsin::delivery {

/// intent → sending → in doubt → confirmed / failed. Each state is durable before the next action.
enum class EntryState { Intent, Sending, InDoubt, Confirmed, Failed, Cancelled };
QString nameOf(
    EntryState state);  ///< "intent", "sending", "in_doubt", "confirmed", "failed", "cancelled"

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
    QDateTime doubtedAt;  ///< UTC; when the first try whose outcome is unknown began; invalid: none

    bool isFinished() const {
        return state == EntryState::Confirmed || state == EntryState::Failed ||
               state == EntryState::Cancelled;
    }
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
    /// The oldest unfinished entry of a channel, if any: the only one that may be sent.
    static Result<std::optional<Entry>> head(store::Transaction& tx, const QString& channel);

    /// intent or in doubt → sending; counts the try. A changed message (marked as a possible
    /// repeat) is stored with it.
    static Result<Entry> sending(store::Transaction& tx, const Entry& entry, const QDateTime& now);
    static Result<Entry> confirmed(store::Transaction& tx, qint64 id, const QString& remoteId,
                                   const QDateTime& at);
    /// It did not leave and may be tried again: sending → intent.
    static Result<Entry> postponed(store::Transaction& tx, qint64 id, const QString& answer,
                                   const QDateTime& notBefore, const QDateTime& now);
    /// It may have left: sending → in doubt.
    static Result<Entry> inDoubt(store::Transaction& tx, qint64 id, const QString& answer,
                                 const QDateTime& notBefore, const QDateTime& now);
    static Result<Entry> failed(store::Transaction& tx, qint64 id, const QString& answer,
                                const QDateTime& now);
    /// Only an intent that was never tried can be called back.
    static Result<Entry> cancelled(store::Transaction& tx, qint64 id, const QString& why,
                                   const QDateTime& now);
    /// Says on every intent of a channel why it waits. Returns those that did not say it yet.
    static Result<QVector<Entry>> waiting(store::Transaction& tx, const QString& channel,
                                          const QString& why, const QDateTime& now);

    /// Finished entries whose outcome is not on the incident's timeline yet, oldest first; and the
    /// mark that it is. In one transaction with the event, so that it is written once.
    static Result<QVector<Entry>> unrecorded(store::Transaction& tx);
    static Result<void> markRecorded(store::Transaction& tx, qint64 id);
};

}  // namespace tocsin::delivery
