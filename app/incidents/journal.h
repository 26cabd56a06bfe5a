#pragma once
#include <QObject>
#include <QSet>

#include "incidents/deeds.h"
#include "incidents/evidencefiles.h"
#include "incidents/incident.h"
#include "incidents/record.h"
#include "incidents/shelf.h"
#include "incidents/timeline.h"
#include "sdk/clock.h"
#include "store/changewatch.h"
#include "store/database.h"

namespace tocsin::incidents {

/// The only writer of incident events. Every call is durable before its future holds a value and
/// before the signal is emitted; the signals carry what the store now says. GUI thread. After
/// load() it also notices what other processes write. Must die before the Database it was given.
class Journal : public QObject {
    Q_OBJECT
public:
    Journal(store::Database& db, Clock& clock, QObject* parent = nullptr);

    ~Journal() override;

    /// Reads the open incidents and the last `recent` resolved ones.
    QFuture<Result<QVector<Incident>>> load(int recent = 50);
    QFuture<Result<QVector<Event>>> timeline(const QString& incident);

    QFuture<Result<Event>> append(const QString& incident, const QString& actor,
                                  const QString& kind, const QString& text,
                                  const QJsonObject& detail = {});
    /// Does a deed on the incident as it stands in the store. → the event. A deed that is refused
    /// (nothing to attach, a task that is over) is the caller's to show: failed() is not emitted.
    QFuture<Result<Event>> record(const QString& incident, const QString& actor, const Deed& deed);
    /// Sets an event right with a new one that points at it; both stay.
    QFuture<Result<Event>> correct(const QString& incident, const QString& actor, qint64 seq,
                                   const QString& text);
    QFuture<Result<Event>> setPhase(const QString& incident, const QString& actor, Phase phase);
    QFuture<Result<Event>> attach(const QString& incident, const QString& actor,
                                  const QStringList& alerts, const QStringList& keys);

    QFuture<Result<TimelineIndex>> timelineIndex(const QString& incident,
                                                 const TimelineFilter& filter = {});
    QFuture<Result<QVector<TimelineLine>>> timelineLines(const QVector<qint64>& seqs);
    QFuture<Result<Event>> eventAt(qint64 seq);
    /// The answer to the same pinned statement before this "captured" event.
    QFuture<Result<std::optional<Event>>> captureBefore(const Event& capture);
    /// Where files that are kept as evidence lie.
    EvidenceFiles files() const { return EvidenceFiles(m_db.file()); }

    /// Imports an exported incident as a copy to read; see archive.h.
    QFuture<Result<Record>> import(const QString& path, const QString& by);

    /// For the escalation engine and the ledger, which append inside their own transactions.
    static Result<Event> appendIn(store::Transaction& tx, const Event& event);
    /// Does a deed on the incident as it stands in that transaction.
    static Result<Event> recordIn(store::Transaction& tx, const QString& incident,
                                  const QString& actor, const Deed& deed, const QDateTime& now);
    /// Tells the journal that events were written elsewhere, so that it emits its signals. Events
    /// that it knows already are passed over.
    void announce(const QVector<Event>& events);

    const QVector<Incident>& open() const { return m_open.all(); }
    const QVector<Incident>& recent() const { return m_recent.all(); }  ///< resolved, oldest first
    /// Open or recent; null when neither. Valid until the next signal.
    const Incident* find(const QString& id) const;

signals:
    void incidentChanged(const tocsin::incidents::Incident& incident);
    void eventAppended(const tocsin::incidents::Event& event);
    /// Another process wrote to the store, be it events or anything else.
    void changedElsewhere();
    /// The store refused: shown loudly; nothing was recorded.
    void failed(const tocsin::Error& error);

private:
    struct News {
        QVector<Event> events;
        QVector<Incident> incidents;
    };
    static Result<News> readNews(store::Transaction& tx, qint64 after);

    void loaded(const QVector<Incident>& incidents, qint64 lastSeq);
    void refresh();
    void keep(const Incident& incident);
    QFuture<Result<Event>> announced(const QFuture<Result<Event>>& future);
    bool take(const Event& event);  // false: known already

    store::Database& m_db;
    Clock& m_clock;
    store::ChangeWatch m_watch;
    Shelf m_open, m_recent;
    qint64 m_readUpTo = 0;  // every event up to here was announced
    QSet<qint64> m_beyond;  // and these after it
};

}  // namespace tocsin::incidents
