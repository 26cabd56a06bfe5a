#pragma once
#include <QDateTime>
#include <QString>
#include <QVector>

#include "sdk/message.h"
#include "store/database.h"

namespace tocsin::delivery {

/// intent → sending → in doubt → confirmed / failed. Each state is durable before the next action.
enum class EntryState { Intent, Sending, InDoubt, Confirmed, Failed, Cancelled };
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
};

/// The durable record of every message that must leave. Static functions work inside a caller's
/// transaction; nothing here sends.
class Ledger {
public:
    /// Records the intent; a known `message.event` is left as it is (returns its entry).
    static Result<Entry> intend(store::Transaction& tx, const QString& incident, const QString& channel,
                                const Message& message, const QDateTime& now);
    static Result<QVector<Entry>> ofIncident(store::Transaction& tx, const QString& incident);
    static Result<QVector<Entry>> unfinished(store::Transaction& tx);
};

}  // namespace tocsin::delivery
