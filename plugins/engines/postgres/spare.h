#pragma once
#include <memory>

#include "plugins/engines/postgres/target.h"

struct pg_conn;

namespace tocsin::postgres {

/// A second connection, opened while there still are slots and kept: to stop a statement that does
/// not hear the cancel request, and to stand in when the server has no slot left for a new session.
/// libpq's blocking calls run on threads that own what they touch, so nothing here waits. Session
/// thread.
class Spare {
public:
    /// Opens it beside the session's own; a failure only means that there is none.
    void open(const Target& target);
    void close() { m_state.reset(); }
    bool isReady() const;
    /// Asks the server to stop the statement of that backend; false when there is no spare.
    bool cancel(int backend);
    /// Hands over the connection, which the caller closes; null when there is none.
    pg_conn* take();

private:
    struct State;
    std::shared_ptr<State> m_state;
};

}  // namespace tocsin::postgres
