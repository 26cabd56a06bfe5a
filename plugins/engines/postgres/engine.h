#pragma once
#include <QThread>
#include <memory>

#include "plugins/engines/postgres/interrupt.h"
#include "plugins/engines/postgres/target.h"
#include "sdk/clock.h"
#include "sdk/listening.h"
#include "sdk/queryengine.h"

namespace tocsin::postgres {

class Session;

/// The SDK's engine over a Session on its own thread. Destroying it cancels what runs and waits
/// for that thread, which then closes without waiting for the server.
class PostgresEngine : public QueryEngine, public Listening {
    Q_OBJECT
    Q_INTERFACES(tocsin::Listening)
public:
    PostgresEngine(Target target, Clock& clock);
    ~PostgresEngine() override;

    QFuture<Result<ServerIdentity>> open() override;
    void close() override;
    QFuture<Verdict> judge(const QString& text) override;
    QFuture<Result<QueryResult>> run(const Query& query) override;
    void cancel() override;
    QFuture<Result<QString>> decide(bool commit) override;
    std::shared_ptr<void> listen(const QString& channel, Ear ear) override;
    EngineState state() const override { return m_state; }

private:
    /// Queues `job` on the session's thread and answers with its result.
    template <typename T, typename Job>
    QFuture<T> post(Job job);
    void setState(EngineState state);
    /// The number of a run that is asked for now; judgements that wait or run make way for it.
    std::uint64_t nextRun();

    Target m_target;
    Interrupt m_interrupt;
    QThread m_thread;
    std::unique_ptr<QObject> m_context;  ///< lives on m_thread; carries the queued jobs
    std::unique_ptr<Session> m_session;  ///< used on m_thread only
    std::uint64_t m_lastRun = 0;
    std::uint64_t m_lastJudgement = Interrupt::kJudgements;
    EngineState m_state = EngineState::Closed;
};

}  // namespace tocsin::postgres
