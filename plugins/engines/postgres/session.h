#pragma once
#include <QSocketNotifier>
#include <functional>
#include <memory>

#include "plugins/engines/postgres/interrupt.h"
#include "plugins/engines/postgres/proof.h"
#include "plugins/engines/postgres/stream.h"
#include "plugins/engines/postgres/tunnel.h"
#include "plugins/engines/postgres/wire.h"
#include "sdk/clock.h"
#include "sdk/queryengine.h"

namespace tocsin::postgres {

/// The conversation with one server, on a thread of its own: connects, proves, runs, one statement
/// at a time, each in a transaction that is rolled back unless an unlock let it change something.
/// All functions on that one thread; they block it, and only an Interrupt ends them early.
class Session {
public:
    struct Listeners {
        std::function<void(EngineState)> state;
        RowsArrived rows;
    };

    /// `interrupt` and `clock` outlive the session.
    Session(Target target, Interrupt& interrupt, Clock& clock, Listeners listeners);

    Result<ServerIdentity> open(std::uint64_t run);
    void close();
    /// By the text alone once the judgement was dropped.
    Verdict judge(std::uint64_t judgement, const QString& text);
    Result<QueryResult> run(std::uint64_t run, const Query& query);
    /// COMMIT or ROLLBACK of a held change.
    Result<QString> decide(std::uint64_t run, bool commit);

private:
    Result<void> connect(std::uint64_t run);
    Result<void> reach(const QVector<Target>& ways, Moment until);
    void keepSpare();
    Result<QueryResult> judged(const Query& query, const Statement& statement);
    Result<QueryResult> explained(Result<QueryResult> result) const;
    Result<QueryResult> lookOnly(const Query& query, const Statement& statement);
    Result<QueryResult> change(const Query& query, const Verdict& verdict);
    Result<void> begin(bool readOnly, std::chrono::milliseconds timeout,
                       std::chrono::milliseconds idleTimeout);
    Result<void> verify(const PgResult& row, bool readOnly, std::chrono::milliseconds timeout,
                        std::chrono::milliseconds idleTimeout);
    Result<void> end(const char* command);
    QueryResult resultOf(const Query& query, const Verdict& verdict, Streamed streamed,
                         QStringList guards);
    Result<QString> commit();
    Result<QueryResult> takenBack(const Error& why);
    void cleanUp();
    Error surprise(const QString& what);
    void setDeadline(std::uint64_t run, std::chrono::milliseconds timeout);
    void keepVigil();

    Target m_target;
    Clock& m_clock;
    Interrupt& m_interrupt;
    Listeners m_listeners;
    Tunnel m_tunnel;
    Spare m_spare;
    Wire m_wire;
    bool m_held = false;
    std::unique_ptr<QSocketNotifier> m_vigil;  ///< while a change is held; of the session's thread
    bool m_standsIn = false;                   ///< the wire is what was the spare
    std::chrono::milliseconds m_nextSpare{0};  ///< of the clock: no new one is opened before
    QStringList m_inForce;  ///< what the server confirmed for the transaction under way
    std::optional<ServerIdentity> m_identity;
    QDateTime m_startedAt;
};

}  // namespace tocsin::postgres
