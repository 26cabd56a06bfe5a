#pragma once
#include <atomic>
#include <mutex>
#include <thread>

#include "plugins/engines/postgres/target.h"

struct pg_conn;

namespace tocsin::postgres {

/// A second connection, opened while there still are slots and kept: to stop a statement that does
/// not hear the cancel request, and to stand in when the server has no slot left for a new session.
/// A thread of its own does the waiting, in steps, and ends with this. Session thread.
class Spare {
public:
    Spare() = default;
    Spare(const Spare&) = delete;
    Spare& operator=(const Spare&) = delete;
    ~Spare() { close(); }

    /// Opens it beside the session's own, where that was reached; a failure only means that there
    /// is none.
    void open(const Target& target);
    void close();
    bool isReady() const;
    bool isOpening() const { return m_isOpening; }
    /// Asks the server to stop the statement of that backend; false when there is no spare.
    bool cancel(int backend);
    /// Hands over the connection, which the caller closes; null when there is none.
    pg_conn* take();

private:
    mutable std::mutex m_mutex;
    pg_conn* m_connection = nullptr;
    std::atomic<bool> m_isOpening = false;
    std::jthread m_work;
};

}  // namespace tocsin::postgres
