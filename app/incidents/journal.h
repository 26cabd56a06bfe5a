#pragma once
#include <QObject>

#include "incidents/incident.h"
#include "sdk/clock.h"
#include "store/database.h"

namespace tocsin::incidents {

/// The only writer of incident events. Every call is durable before its future holds a value and
/// before the signal is emitted; the signals carry what the store now says. GUI thread.
class Journal : public QObject {
    Q_OBJECT
public:
    Journal(store::Database& db, Clock& clock, QObject* parent = nullptr);

    /// Reads the open incidents and the last `recent` resolved ones.
    QFuture<Result<QVector<Incident>>> load(int recent = 50);
    QFuture<Result<QVector<Event>>> timeline(const QString& incident);

    QFuture<Result<Event>> append(const QString& incident, const QString& actor, const QString& kind,
                                  const QString& text, const QJsonObject& detail = {});
    QFuture<Result<Event>> setPhase(const QString& incident, const QString& actor, Phase phase);

    /// For the escalation engine and the ledger, which append inside their own transactions.
    static Result<Event> appendIn(store::Transaction& tx, const Event& event);
    /// Tells the journal that events were written elsewhere, so that it emits its signals.
    void announce(const QVector<Event>& events);

    const QVector<Incident>& open() const { return m_open; }
    const Incident* find(const QString& id) const;

signals:
    void incidentChanged(const tocsin::incidents::Incident& incident);
    void eventAppended(const tocsin::incidents::Event& event);
    /// The store refused: shown loudly; nothing was recorded.
    void failed(const tocsin::Error& error);

private:
    QVector<Incident> m_open;
};

}  // namespace tocsin::incidents
