#pragma once
#include <QObject>

#include "console/console.h"
#include "runbooks/run.h"
#include "ui/incident/currentincident.h"
#include "ui/query/outcome.h"

namespace tocsin::ui {

class HttpPane;
class PaneTabs;
class RedisPane;
class RunbookPane;
class ShellPane;
class SqlPane;
class StatusPane;

/// The widgets that a step's run passes through; none is owned.
struct StepPanes {
    RunbookPane* runbook;
    PaneTabs* tabs;
    SqlPane* sql;
    RedisPane* redis;
    StatusPane* status;
    HttpPane* http;
    ShellPane* shell;
};

/// The way of one step: from the runbook's button to the pane and server that answer it, and back
/// as a line on the step, an event on the timeline and evidence to attach. GUI thread.
class StepFlow : public QObject {
    Q_OBJECT
public:
    StepFlow(console::Console& console, CurrentIncident& current, const StepPanes& panes,
             QObject* parent = nullptr);

    /// The connection a block means (inspection::indexOfTarget()); null when there is none.
    inspection::Connection* connectionFor(const runbooks::Block& block) const;

    /// The newest run that answered, as an event of no incident; its detail is empty before any.
    const incidents::Event& lastRun() const { return m_lastRun; }

signals:
    /// A run ended; for the composer to offer.
    void evidenceArrived(const tocsin::ui::Outcome& outcome);

private:
    struct Asked {
        QString runbook;
        int section = -1, step = -1;
        bool wasDone = false;
        QString text;
    };

    /// Something that was run while no incident was open. It often is the reason for declaring one.
    struct Earlier {
        QDateTime at;
        QString kind, text;
        QJsonObject evidence;
    };

    void connectRunbook();
    void record(const QString& kind, const QString& text, const QJsonObject& evidence = {});
    void recordEarlier();
    void run(const runbooks::Block& block, const QString& text, int section, int step);
    void edit(const runbooks::Block& block, const QString& text, int section, int step);
    void judge(const runbooks::Block& block, const QString& text, int section, int step, int index);
    bool hasPlace(const runbooks::Block& block, const Asked& asked);
    RunTicket ticketFor(const Asked& asked);
    Asked askedFor(const QString& text, int section, int step) const;
    void ran(QWidget* pane, const Outcome& outcome);
    void ticked(int section, int step, bool done, const QString& title);
    void recordWalk(const QString& incident);
    QJsonObject stepDetail(const Asked& asked, const Outcome& outcome);
    void openPage(const QUrl& url, RunTicket ticket);
    QWidget* paneFor(runbooks::BlockKind kind) const;
    QString nameFor(const runbooks::Block& block) const;
    void mark(const Asked& asked, runbooks::StepState state, const QString& line);

    console::Console& m_console;
    CurrentIncident& m_current;
    StepPanes m_panes;
    incidents::Event m_lastRun;
    QVector<Earlier> m_earlier;       // oldest first
    QHash<RunTicket, Asked> m_asked;  // which steps wait for an outcome
    RunTicket m_lastTicket = 0;
    QHash<QWidget*, Asked> m_edited;   // which step's text was put there to be edited
    QHash<QString, Effect> m_effects;  // what the guard said about a text
};

}  // namespace tocsin::ui
