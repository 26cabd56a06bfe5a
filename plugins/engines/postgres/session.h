#pragma once
#include <functional>

#include "plugins/engines/postgres/interrupt.h"
#include "plugins/engines/postgres/proof.h"
#include "plugins/engines/postgres/stream.h"
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
    Verdict judge(const QString& text);
    Result<QueryResult> run(std::uint64_t run, const Query& query);

private:
    Result<void> connect(std::uint64_t run);
    Result<QueryResult> lookOnly(const Query& query, const Statement& statement);
    Result<QueryResult> change(const Query& query, const Verdict& verdict);
    Result<void> begin(bool readOnly, std::chrono::milliseconds timeout);
    Result<void> end(const char* command);
    QueryResult resultOf(const Query& query, const Verdict& verdict, Streamed streamed,
                         QStringList guards);
    Result<QString> commit();
    Error surprise(const QString& what);
    void setDeadline(std::uint64_t run, std::chrono::milliseconds timeout);

    Target m_target;
    Clock& m_clock;
    Interrupt& m_interrupt;
    Listeners m_listeners;
    Wire m_wire;
    std::optional<ServerIdentity> m_identity;
    QDateTime m_startedAt;
};

}  // namespace tocsin::postgres
