#pragma once
#include <QObject>
#include <QQueue>
#include <chrono>
#include <memory>

#include "inspection/sidesession.h"
#include "sdk/clock.h"
#include "sdk/queryengine.h"
#include "sdk/settings.h"

namespace tocsin::inspection {

/// What a connection is, before anything is opened.
struct ConnectionInfo {
    QString name;   ///< "primary"
    QString kind;   ///< "postgres", "redis"
    QString place;  ///< "oncall@db:5432/app", no secret
    QString environment =
        QStringLiteral("production");          ///< production unless the workspace says else
    std::chrono::milliseconds timeout{5000};   ///< of one statement
    qint64 resultLimit = 256LL * 1024 * 1024;  ///< bytes of one result in memory
    /// Another connection, whose role may end sessions; empty: this one.
    QString signalThrough = {};
    bool isProduction() const { return environment == QStringLiteral("production"); }
};

/// Reads name, kind, place, environment, timeout and limit from a checked workspace entry. Fields
/// the plugin does not have keep their defaults; a password in the URL is left out of `place`.
ConnectionInfo connectionInfo(const Settings& settings);

/// A named server and the guarded engine that talks to it. Made at start; opened on first use.
/// Runs are taken one after the other, in the order they were asked for. GUI thread.
class Connection : public QObject {
    Q_OBJECT
public:
    /// `engine` may be null: then `problem` says why (a missing secret, a plugin that would not
    /// load) and run() answers with it.
    Connection(ConnectionInfo info, std::unique_ptr<QueryEngine> engine, Error problem,
               Clock& clock, QObject* parent = nullptr);
    ~Connection() override;

    /// How a second engine to the same server is made, for watch(). Without it, what is watched
    /// waits its turn.
    void setSide(SideSession::Make make);

    const ConnectionInfo& info() const { return m_info; }
    QueryEngine* engine() const { return m_engine.get(); }
    const std::optional<ServerIdentity>& identity() const { return m_identity; }
    bool isBusy() const { return m_running; }
    /// Nothing runs, waits, is held or is being decided: ending it now loses nothing.
    bool isIdle() const { return !m_running && !m_holding && !m_deciding && m_waiting.isEmpty(); }

    /// Connects if needed and asks the server who it is; identityChanged() follows.
    QFuture<Result<ServerIdentity>> open();
    /// Judges and runs; the unlock in force when it is asked for, or when it starts, goes with it.
    /// `typedName` is what a person typed to confirm this one statement (Query::typedName).
    /// `sink` takes the rows in the result's place (Query::sink).
    QFuture<Result<QueryResult>> run(const QString& text, const QString& typedName = {},
                                     const RowSink& sink = {});
    /// The same, never with an unlock: what a person only looks with, even while the connection is
    /// unlocked. Refused as if it were locked.
    QFuture<Result<QueryResult>> look(const QString& text, const RowSink& sink = {});
    /// As look(), beside whatever runs, waits or is held here: on a session of its own, so that it
    /// can say what the running one waits for. Where the server has no slot left for that session,
    /// it takes its turn after all, if there is nothing to wait for. started(), finished() and
    /// failed() are not for it.
    QFuture<Result<QueryResult>> watch(const QString& text);
    /// What the guard says of `text`, without running it; while a statement runs or a change is
    /// held, as far as that can be said beside it. Cancelled without an engine.
    QFuture<Verdict> judge(const QString& text);
    /// Runs under the unlock in force and leaves the transaction open (QueryResult::held) until
    /// decide(); an unlock that ends meanwhile rolls it back. Refused without an unlock.
    QFuture<Result<QueryResult>> change(const QString& text);
    /// Runs this one statement under `unlock`, which was given for it alone: it goes with the
    /// statement even when the connection is locked again meanwhile. It does not wait for what
    /// runs or is held here, which may be what it is to free: then it goes beside it, and
    /// changeAsked() and changeEnded() are not emitted.
    QFuture<Result<QueryResult>> runWith(const QString& text, const Unlock& unlock);
    /// COMMIT or ROLLBACK of the held change; see QueryEngine::decide().
    QFuture<Result<QString>> decide(bool commit);
    /// A change waits for decide().
    bool isHolding() const { return m_holding; }
    /// Stops the running statement and forgets the ones that wait: they end with Cancelled.
    void cancel();

    /// Leave to change something, for at most five minutes; `reason` goes into the timeline.
    /// Errors: Refused without a reason or with a span outside (0, 5 min].
    Result<Unlock> unlock(const QString& reason, std::chrono::milliseconds span);
    void lock();
    /// The unlock in force now; nothing once its moment has passed.
    std::optional<Unlock> unlocked() const;

signals:
    void started(const QString& text);
    void rowsArrived(std::shared_ptr<const tocsin::ResultSet> rows);
    void finished(const tocsin::QueryResult& result);
    void failed(const QString& text, const tocsin::Error& error);
    void identityChanged();
    void unlockChanged();
    /// A change began to wait, or ceased to; `outcome` says how it ended, empty when it began.
    void heldChanged(bool holding, const QString& outcome);
    /// A statement is asked for while an unlock is in force. Emitted before it is queued: what is
    /// looked at in a direct slot is answered before it runs.
    void changeAsked(const QString& text);
    /// It ended, either way; a held one when it was decided, without its text.
    void changeEnded(const QString& text);

private:
    struct Turn;
    enum class Leave { AsUnlocked, Never, Held };
    QFuture<Result<QueryResult>> enqueue(const QString& text, Leave leave,
                                         const QString& typedName = {},
                                         const std::optional<Unlock>& own = {},
                                         const RowSink& sink = {});
    void startNext();
    Query queryFor(const QString& text) const;
    QFuture<Result<QueryResult>> beside(const Query& query);
    std::optional<Unlock> unlockFor(const Turn& turn) const;
    void settle(const std::shared_ptr<Turn>& turn, const Result<QueryResult>& result);
    void learn(const ServerIdentity& identity);

    ConnectionInfo m_info;
    std::unique_ptr<QueryEngine> m_engine;
    std::unique_ptr<SideSession> m_side;
    Error m_problem;
    Clock& m_clock;
    std::optional<ServerIdentity> m_identity;
    std::optional<Unlock> m_unlock;
    QQueue<std::shared_ptr<Turn>> m_waiting;
    std::shared_ptr<Turn> m_current;
    bool m_running = false;
    int m_openings = 0;  ///< that were asked for here
    bool m_holding = false;
    bool m_deciding = false;
};

}  // namespace tocsin::inspection
