#pragma once
#include <QFuture>
#include <QObject>
#include <memory>
#include <vector>

#include "alerts/board.h"
#include "announcements/cards.h"
#include "announcements/feed.h"
#include "console/stoppedchannels.h"
#include "delivery/dispatcher.h"
#include "delivery/lookout.h"
#include "escalation/engine.h"
#include "incidents/gatherer.h"
#include "incidents/journal.h"
#include "incidents/reminders.h"
#include "incidents/silencer.h"
#include "incidents/verifier.h"
#include "inspection/connection.h"
#include "runbooks/library.h"
#include "sdk/alertsource.h"
#include "sdk/clock.h"
#include "sdk/probe.h"
#include "store/ownership.h"
#include "workspace/registry.h"
#include "workspace/secrets.h"
#include "workspace/workspace.h"

namespace tocsin::console {

/// Who is logged in here: $USER, or else what the system calls the process's user.
QString loginName();

/// A part of the workspace that could not be made: a missing secret, a plugin that would not load.
/// Everything else works without it.
struct Problem {
    QString category;  ///< "source", "connection", "probe", "channel"
    QString name;
    Error error;
};

/// A probe and the name the workspace gave it.
struct NamedProbe {
    QString name;
    Probe* probe = nullptr;
};

/// A source and the name the workspace gave it.
struct NamedSource {
    QString name;
    AlertSource* source = nullptr;
};

/// The services of one open workspace, assembled: what the window, the command line and the drill
/// all stand on. Owns everything it hands out. Holds wiring and nothing else. GUI thread.
class Console : public QObject {
    Q_OBJECT
public:
    struct Options {
        QString workspaceFolder;
        QString dataFolder;
        /// False leaves the store closed, for commands that only look: then journal(), engine() and
        /// dispatcher() must not be called.
        bool withStore = true;
        store::OwnerKind kind = store::OwnerKind::Console;
    };

    /// Reads the workspace, loads the plugins it names, resolves secrets, opens the store. Nothing
    /// looks or sends before start(). What is wrong in the workspace does not fail this: it is in
    /// workspace().mistakes and problems(). Errors: only the store's (a newer schema, no room).
    static QFuture<Result<std::shared_ptr<Console>>> open(const Options& options, Clock& clock);
    ~Console() override;

    /// Begins to look at every source, and to escalate and deliver as soon as no other process on
    /// the same data does.
    void start();
    /// Only escalates and delivers, for a command that made something due. → whether this process
    /// owns the engine now.
    QFuture<Result<bool>> startDelivery();
    /// Ends cleanly: the sources stop, what is being sent is finished (for at most five seconds),
    /// the engine is given up for the next.
    QFuture<void> stop();
    /// True while this process runs escalation and delivery for its data folder.
    bool ownsEngine() const { return m_ownership && m_ownership->isHeld(); }
    /// Who escalates and delivers; with the store only.
    store::Ownership& ownership() { return *m_ownership; }

    const workspace::Workspace& workspace() const { return m_workspace; }
    const workspace::Registry& registry() const { return *m_registry; }
    workspace::Secrets& secrets() { return m_secrets; }
    const QVector<Problem>& problems() const { return m_problems; }
    const Options& options() const { return m_options; }

    alerts::Board& board() { return m_board; }
    runbooks::Library& library() { return m_library; }
    QVector<inspection::Connection*> connections() const;
    /// Null when there is none of that name.
    inspection::Connection* connection(const QString& name) const;
    /// An engine for these settings that nothing here knows of. Errors as Registry::createEngine().
    Result<std::unique_ptr<QueryEngine>> makeEngine(const Settings& settings);
    /// Takes `entry` up in the place of the connection that was called `was`, or as one more; the
    /// others go on undisturbed. `mistakes` are the workspace's from now on. connectionsChanged()
    /// follows; the old connection ends after it, as soon as nothing runs or is held there.
    void takeUpConnection(const QString& was, const workspace::Entry& entry,
                          const Result<Settings>& settings,
                          const QVector<workspace::Mistake>& mistakes);
    const QVector<NamedProbe>& probes() const { return m_probes; }
    const QVector<NamedSource>& sources() const { return m_sources; }
    store::Database& database() { return *m_database; }
    incidents::Journal& journal() { return *m_journal; }
    escalation::Engine& engine() { return *m_engine; }
    delivery::Dispatcher& dispatcher() { return *m_dispatcher; }
    /// Which channels take no messages, here or where they are delivered from.
    StoppedChannels& stoppedChannels() { return *m_stopped; }
    /// How this team handles incidents.
    const incidents::Practice& practice() const { return m_practice; }
    incidents::Reminders& reminders() { return *m_reminders; }
    incidents::Verifier& verifier() { return *m_verifier; }
    incidents::Silencer& silencer() { return *m_silencer; }
    /// How cards and the alert feed are written.
    announcements::CardStyle cardStyle() const;
    announcements::FeedStyle feedStyle() const;
    /// Adds the runbook that answers the first of these alerts, and where others read it.
    void addRunbook(incidents::Declaration& declaration, const QVector<Alert>& alerts) const;
    Clock& clock() { return m_clock; }
    /// Who sits here: the login name, for the actor of events.
    const QString& person() const { return m_person; }

signals:
    /// This process became, or ceased to be, the one that escalates and delivers.
    void ownershipChanged(bool owns);
    /// Messages were queued, called off or moved on, by this process or by another one.
    void ledgerChanged();
    /// There is another connection, or one leads elsewhere now.
    void connectionsChanged();

private:
    struct Ground;
    using Opened = QPromise<Result<std::shared_ptr<Console>>>;

    Console(const Options& options, Clock& clock);
    static Ground readGround(const Options& options);
    Result<void> stand(Ground ground);
    void loadJournal();
    void resolveSecrets(const std::shared_ptr<Console>& self,
                        const std::shared_ptr<Opened>& opened);
    void makeParts(const QList<QFuture<Result<Settings>>>& settings);
    void makeSource(const QString& name, const Result<Settings>& settings);
    std::unique_ptr<inspection::Connection> makeConnection(const workspace::Entry& entry,
                                                           const Result<Settings>& settings);
    void makeProbe(const QString& name, const Result<Settings>& settings);
    void makeChannel(const QString& name, const Result<Settings>& settings);
    void retire(std::shared_ptr<inspection::Connection> old);
    void note(const QString& category, const QString& name, const Error& error);
    void wireOwnership();
    void wireLedger();
    void noteDeliverer();
    void takeUp();
    void standDown();
    void stopSources();
    void standAnnouncements();
    void startAnnouncements();
    void stopAnnouncements();
    void refreshStyles();
    announcements::RunbookLinks runbookLinks() const;
    void standIncidents();
    void doIncidents(bool here);

    Options m_options;
    Clock& m_clock;
    QString m_person;
    workspace::Secrets m_secrets;
    alerts::Board m_board;
    runbooks::Library m_library;
    workspace::Workspace m_workspace;
    incidents::Practice m_practice;
    QVector<Problem> m_problems;
    bool m_isWatching = false;  // the sources were started

    // Plugins outlive what is made from them; the store outlives who writes to it.
    std::unique_ptr<workspace::Registry> m_registry;
    std::unique_ptr<store::Database> m_database;
    std::unique_ptr<store::Ownership> m_ownership;
    std::unique_ptr<incidents::Journal> m_journal;
    std::unique_ptr<delivery::Dispatcher> m_dispatcher;
    std::unique_ptr<StoppedChannels> m_stopped;
    std::unique_ptr<delivery::Lookout> m_lookout;
    std::unique_ptr<escalation::Engine> m_engine;
    std::unique_ptr<announcements::Cards> m_cards;
    std::unique_ptr<announcements::Feed> m_feed;  // null without `feed` in the workspace
    std::unique_ptr<incidents::Reminders> m_reminders;
    std::unique_ptr<incidents::Gatherer> m_gatherer;
    std::unique_ptr<incidents::Verifier> m_verifier;
    std::vector<std::unique_ptr<QObject>> m_made;
    std::unique_ptr<incidents::Silencer> m_silencer;  // after the sources it asks
    std::vector<std::unique_ptr<inspection::Connection>> m_connections;
    QVector<NamedProbe> m_probes;
    QVector<NamedSource> m_sources;
};

}  // namespace tocsin::console
