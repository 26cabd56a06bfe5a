#pragma once
#include <QPointer>

#include "inspection/connection.h"
#include "ui/query/rehearsal.h"
#include "ui/query/sqlpane.h"
#include "ui/query/sqlparts.h"

namespace tocsin::ui {

struct SqlPane::Parts : SqlParts {
    QPointer<inspection::Connection> followed;
    quint64 turn = 0;  ///< of the newest run; an older answer is not shown
    bool running = false;
    QString sent;            ///< the statement under way
    bool streams = false;    ///< it is the connection's turn: its rows are ours
    bool showsRows = false;  ///< a rehearsal's look is not what was asked to be shown
    std::chrono::milliseconds since{0};
    qsizetype rows = 0;
    QPointer<inspection::Connection> holder;       ///< on which a change waits for its decision
    std::optional<Outcome> heldOutcome;            ///< told once it is decided
    QSet<QString> catalogued;                      ///< connections whose names the editor knows
    QPointer<inspection::Connection> runningOn;    ///< which Cancel means, whatever is shown now
    QPointer<inspection::Connection> rehearsedOn;  ///< the one the confirmation is about
    QString rehearsed;                             ///< and the statement
    RunTicket rehearsedTicket = 0;                 ///< and whose it is
    std::optional<SessionFacts> facts;             ///< of the session that it would end
    Outcome signalOutcome;                         ///< told once the aftermath is known
    int aftermathTries = 0;
};

struct SqlPane::Asked {
    enum class Purpose {
        Statement,  ///< what a person asked for
        Plan,       ///< EXPLAIN, shown as a tree
        Look,       ///< who the session is that shall be ended; not shown
        Estimate,   ///< what a change would touch; not shown
        Signal,     ///< ends a session: nothing to roll back
        Aftermath,  ///< whether the ended session left and those it held up moved on
        Change,     ///< held in its transaction until somebody decides
    };
    QPointer<inspection::Connection> connection;
    QString name;
    QString sql;
    Purpose purpose = Purpose::Statement;
    QString original;                   ///< of a rehearsal: what the runbook said
    int offset = 0;                     ///< of the statement in the editor
    std::optional<Unlock> unlock = {};  ///< of a signal: given for it alone
    quint64 turn = 0;
    RunTicket ticket = 0;
};

}  // namespace tocsin::ui
