#pragma once
#include <QObject>

#include "incidents/journal.h"
#include "incidents/pins.h"
#include "inspection/connection.h"

namespace tocsin::incidents {

/// Asks what is pinned at the turning points of open incidents: when one is declared, before and
/// after each change that is made through a connection of this process, and when it is resolved.
/// Each answer, also a failed one, becomes a "captured" event. GUI thread.
class Capturer : public QObject {
    Q_OBJECT
public:
    /// All outlive this. `person` is the actor of pinning; the captures are Tocsin's.
    Capturer(store::Database& db, Journal& journal, Clock& clock,
             const QVector<inspection::Connection*>& connections, QObject* parent = nullptr);
    ~Capturer() override;

    const QVector<Pin>& pins() const { return m_pins; }
    QFuture<Result<Pin>> pin(const Pin& wanted);
    QFuture<Result<void>> unpin(qint64 id);
    /// Asks everything pinned now, for one incident. `moment` is "by hand".
    void capture(const QString& incident, const QString& moment);

signals:
    void pinsChanged();

private:
    void reload();
    void watch(inspection::Connection* connection);
    void changing(const QString& statement);
    void changed();
    void captureOpen(const QString& moment);
    void ask(const Pin& pin, const QString& incident, const QString& moment);
    void record(const Pin& pin, const QString& incident, const QString& moment,
                const Result<QueryResult>& result);
    inspection::Connection* find(const QString& name) const;

    store::Database& m_db;
    Journal& m_journal;
    Clock& m_clock;
    QVector<inspection::Connection*> m_connections;
    QVector<Pin> m_pins;
};

/// A result as an event keeps it: {columns, rows, row_count, receipt} or {reply, receipt}, up to
/// 200 rows and 64 kB; a row that does not fit is left out whole. Any thread.
QJsonObject keptResult(const QueryResult& result);

}  // namespace tocsin::incidents
