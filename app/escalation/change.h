#pragma once
#include "escalation/moves.h"
#include "escalation/turn.h"

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
    /// With a ladder that was read in this transaction already.
    static Result<Change> with(store::Transaction& tx, const Ladder& ladder, const QDateTime& now);

    const Ladder& ladder() const { return m_outcome.ladder; }
    const incidents::Incident& incident() const { return m_incident; }
    void setLadder(Ladder ladder) { m_outcome.ladder = std::move(ladder); }

    Result<void> append(const QString& kind, const QString& actor, const QString& text,
                        const QJsonObject& detail = {});
    Result<void> intend(const QString& channel, const Message& message);
    /// The level's advance, its event and its intent.
    Result<void> page(const Page& page, const QString& actor, bool withCard);
    /// Something the ladder does by itself: its event, and its page where there is one.
    Result<void> take(const Turn& turn, bool withCard);
    /// Pages that have not left and are not needed any more, of all levels or of those that an
    /// acknowledgement takes care of, do not leave; ladder and timeline say so.
    Result<void> callOffPages(bool all, const QString& by, const QString& why);
    Result<void> recordDelivery(const delivery::Entry& entry);
    Result<Outcome> save();

    /// For what happens to many ladders by itself: nothing is written before saveAll(), which
    /// writes them all with few statements. Such a change only takes turns and appends what changes
    /// nothing about its incident.
    static Change gathering(store::Transaction& tx, const Ladder& ladder,
                            const incidents::Incident& incident, const QDateTime& now);
    static Result<QVector<Outcome>> saveAll(store::Transaction& tx, const QVector<Change>& changes,
                                            const QDateTime& now);

private:
    QString whyAgain(const Page& page) const;
    Result<void> appendPage(const Rung& rung, const Page& page, const QString& actor);

    Change(store::Transaction& tx, const QDateTime& now) : m_tx(&tx), m_now(now) {}

    store::Transaction* m_tx;
    QDateTime m_now;
    incidents::Incident m_incident;
    Ladder m_before;  // what the store has
    bool m_gathers = false;
    Outcome m_outcome;
};

}  // namespace tocsin::escalation
