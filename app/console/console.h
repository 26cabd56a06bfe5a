#pragma once
#include <QObject>
#include <memory>

#include "alerts/board.h"
#include "delivery/dispatcher.h"
#include "escalation/engine.h"
#include "incidents/journal.h"
#include "inspection/connection.h"
#include "runbooks/library.h"
#include "sdk/alertsource.h"
#include "sdk/clock.h"
#include "sdk/probe.h"
#include "workspace/workspace.h"

namespace tocsin::console {

/// The services of one open workspace, assembled: what the window, the command line and the drill
/// all stand on. Owns everything it hands out. GUI thread.
class Console : public QObject {
    Q_OBJECT
public:
    struct Options {
        QString workspaceFolder;
        QString dataFolder;
    };

    /// Reads the workspace, loads plugins, resolves secrets. Always yields a console: what is wrong
    /// is in workspace().mistakes and in the problems of each part.
    static QFuture<Result<std::shared_ptr<Console>>> open(const Options& options, Clock& clock);

    const workspace::Workspace& workspace() const;
    alerts::Board& board();
    runbooks::Library& library();
    QVector<inspection::Connection*> connections() const;
    inspection::Connection* connection(const QString& name) const;  ///< null when unknown
    QVector<Probe*> probes() const;
    QVector<AlertSource*> sources() const;
    incidents::Journal& journal();
    escalation::Engine& engine();
    delivery::Dispatcher& dispatcher();
    Clock& clock();
    QString person() const;  ///< who sits here: the login name, for actor fields
};

}  // namespace tocsin::console
