#pragma once
#include <QHash>
#include <QObject>

#include "incidents/journal.h"
#include "incidents/pins.h"
#include "inspection/connection.h"

namespace tocsin::incidents {

/// Asks what is pinned at the turning points of open incidents: when one is declared, before and
/// after each change that is made through a connection of this process, and when it is resolved.
/// Each answer, also a failed one, becomes a "captured" event; of several consoles that hear of the
/// same declaration or resolution, one's. What was asked before a change through another connection
/// and answered only after it says so. GUI thread.
class Capturer : public QObject {
    Q_OBJECT
public:
    /// All outlive this. `person` is the actor of pinning; the captures are Tocsin's.
    Capturer(store::Database& db, Journal& journal, Clock& clock,
             const QVector<inspection::Connection*>& connections, QObject* parent = nullptr);
    ~Capturer() override;

    /// The connections there are now.
    void setConnections(const QVector<inspection::Connection*>& connections);
    const QVector<Pin>& pins() const { return m_pins; }
    QFuture<Result<Pin>> pin(const Pin& wanted);
    QFuture<Result<void>> unpin(qint64 id);
    /// Asks everything pinned now, for one incident. `moment` is "by hand".
    void capture(const QString& incident, const QString& moment);
    /// Something was asked and is not written yet.
    bool isBusy() const { return m_underWay > 0; }

signals:
    void pinsChanged();
    /// All that was asked is written, or said to have failed.
    void idle();

private:
    /// Why something is asked.
    struct Occasion {
        QString incident = {}, moment = {};
        qint64 cause = 0;  ///< seq of the event that every console hears of; 0: ours alone
        QString changing =
            {};          ///< a change is about to be made through the connection of that name
        int change = 0;  ///< which of that connection's
    };
    void reload();
    void watch(inspection::Connection* connection);
    void changeAsked(const QString& connection, const QString& statement);
    void changeEnded(const QString& connection);
    void captureOpen(Occasion occasion);
    void captureFor(const Occasion& occasion);
    void ask(const Pin& pin, const Occasion& occasion);
    void record(const Pin& pin, const Occasion& occasion, const Result<QueryResult>& result);
    bool cameLate(const Pin& pin, const Occasion& occasion) const;
    void write(const Event& capture);
    inspection::Connection* find(const QString& name) const;

    store::Database& m_db;
    Journal& m_journal;
    Clock& m_clock;
    QVector<inspection::Connection*> m_connections;
    QVector<Pin> m_pins;
    QHash<QString, int> m_asked, m_ended;  // changes, counted
    int m_underWay = 0;                    // pins asked and not written
};

/// A result as an event keeps it: {columns, rows, row_count, receipt} or {reply, receipt}, up to
/// 200 rows and 64 kB; a row that does not fit is left out whole. Any thread.
QJsonObject keptResult(const QueryResult& result);

}  // namespace tocsin::incidents
