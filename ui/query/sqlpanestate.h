#pragma once
#include <QHash>
#include <QPointer>
#include <QSet>

#include "inspection/connection.h"
#include "inspection/fileexport.h"
#include "ui/query/rehearsal.h"
#include "ui/query/sqlcatalog.h"
#include "ui/query/sqlpane.h"
#include "ui/query/sqlparts.h"

namespace tocsin::ui {

struct SqlPane::Asked {
    enum class Purpose {
        Statement,  ///< what a person asked for
        Plan,       ///< EXPLAIN, shown as a tree
        Look,       ///< who the session is that shall be ended; not shown
        Estimate,   ///< what a change would touch; not shown
        Signal,     ///< ends a session: nothing to roll back
        Aftermath,  ///< whether the ended session left and those it held up moved on
        Export,     ///< what was shown, once more and all of it, into a file
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
    /// Of an EXPLAIN ANALYZE: refused once, and sent again with the unlock.
    bool measured = false;

    static constexpr int kNoOffset = -(1 << 30);  ///< the text is not the editor's

    /// Goes beside the statement that runs, which may be what it is about.
    bool isBeside() const {
        return purpose == Purpose::Look || purpose == Purpose::Signal ||
               purpose == Purpose::Aftermath;
    }
};

struct SqlPane::Parts : SqlParts {
    QPointer<inspection::Connection> followed;
    std::function<QMap<QString, QString>()> bindings;  ///< values for holes, by name
    std::unique_ptr<Asked> asksFor;                    ///< the statement whose holes are asked for
    quint64 turn = 0;  ///< of the newest run; an older answer is not shown
    bool running = false;
    QString sent;            ///< the statement under way
    bool streams = false;    ///< it is the connection's turn: its rows are ours
    bool showsRows = false;  ///< a rehearsal's look is not what was asked to be shown
    std::chrono::milliseconds since{0};
    qsizetype rows = 0;
    QPointer<inspection::Connection> holder;       ///< on which a change waits for its decision
    std::optional<Outcome> heldOutcome;            ///< told once it is decided
    QHash<QString, CatalogNames> names;            ///< connection → what it completes
    QSet<QString> learning;                        ///< connections that were asked for them
    QPointer<inspection::Connection> runningOn;    ///< which Cancel means, whatever is shown now
    QPointer<inspection::Connection> rehearsedOn;  ///< the one the confirmation is about
    QString rehearsed;                             ///< and the statement
    RunTicket rehearsedTicket = 0;                 ///< and whose it is
    std::optional<SessionFacts> facts;             ///< of the session that it would end
    Outcome signalOutcome;                         ///< told once the aftermath is known
    int aftermathTries = 0;
    std::shared_ptr<inspection::FileExport> exporting;
    QPointer<inspection::Connection> shownFrom;  ///< where the rows in the grid are from
    QString shownName;                           ///< the same, when it is gone
    QString summary, footing;                    ///< what was said of them
    QString shownSql;
    bool signalling = false;  ///< a signal was sent and what came of it is still looked at
};

}  // namespace tocsin::ui
