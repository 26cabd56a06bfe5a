#pragma once
#include <QThread>

#include "plugins/engines/redis/address.h"
#include "sdk/clock.h"
#include "sdk/queryengine.h"

namespace tocsin::redis {

class Session;

/// The Redis engine: hands everything to a session on a thread of its own.
class Engine : public QueryEngine {
    Q_OBJECT
public:
    /// `clock` must outlive the engine and be readable from any thread.
    Engine(const Address& address, Clock& clock, QObject* parent = nullptr);
    ~Engine() override;

    QFuture<Result<ServerIdentity>> open() override;
    void close() override;
    QFuture<Verdict> judge(const QString& text) override;
    QFuture<Result<QueryResult>> run(const Query& query) override;
    void cancel() override;
    EngineState state() const override { return m_state; }

private:
    QThread m_thread;
    Session* m_session;
    EngineState m_state = EngineState::Closed;
};

}  // namespace tocsin::redis
