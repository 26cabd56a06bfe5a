#pragma once
#include "escalation/moves.h"
#include "escalation/planner.h"

namespace tocsin::escalation {

/// One incident being changed inside one transaction: its ladder, events and intents, gathered into
/// an Outcome. Lives no longer than the transaction.
class Change {
public:
    static Result<Change> declared(store::Transaction& tx, const QString& id,
                                   const incidents::Declaration& declaration, Ladder ladder,
                                   const QDateTime& now);
    /// Refused when it is resolved already.
    static Result<Change> begin(store::Transaction& tx, const QString& incident,
                                const QDateTime& now);
    static Result<Change> beginAny(store::Transaction& tx, const QString& incident,
                                   const QDateTime& now);

    const Ladder& ladder() const { return m_outcome.ladder; }
    const incidents::Incident& incident() const { return m_incident; }
    void setLadder(Ladder ladder) { m_outcome.ladder = std::move(ladder); }

    Result<void> append(const QString& kind, const QString& actor, const QString& text,
                        const QJsonObject& detail = {});
    Result<void> intend(const QString& channel, const Message& message);
    /// The level's advance, its event and its intent.
    Result<void> page(const Page& page, const QString& actor, bool withCard);
    Result<void> recordDelivery(const delivery::Entry& entry);
    Result<Outcome> save();

private:
    Change(store::Transaction& tx, const QDateTime& now) : m_tx(&tx), m_now(now) {}

    store::Transaction* m_tx;
    QDateTime m_now;
    incidents::Incident m_incident;
    Outcome m_outcome;
};

}  // namespace tocsin::escalation
