#include "plugins/engines/postgres/spare.h"

#include <libpq-fe.h>
#include <poll.h>

#include <chrono>
#include <tuple>
#include <utility>

#include "plugins/engines/postgres/ways.h"

namespace tocsin::postgres {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;
using Moment = steady_clock::time_point;

constexpr int kTickMs = 33;
constexpr auto kPatience = 2s;

/// Whether the socket got ready in time, and before a stop.
bool waits(const PGconn* connection, short events, const std::stop_token& stop, Moment until) {
    while (!stop.stop_requested() && steady_clock::now() < until) {
        pollfd socket{PQsocket(connection), events, 0};
        if (::poll(&socket, 1, kTickMs) != 0) return true;
    }
    return false;
}

PGconn* begun(const Target& target) {
    auto parameters = target.parameters;
    parameters["options"] = target.startOptions();
    return beginConnecting(parameters);
}

bool finishes(PGconn* connection, const std::stop_token& stop, Moment until) {
    auto state =
        PQstatus(connection) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK) {
        const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        if (state == PGRES_POLLING_FAILED || !waits(connection, events, stop, until)) return false;
        state = PQconnectPoll(connection);
    }
    return true;
}

/// libpq learns of an end only by reading: looks, without waiting, what the server has sent.
bool isAlive(PGconn* connection) {
    for (int i = 0; i < 16 && PQstatus(connection) == CONNECTION_OK; ++i) {
        pollfd socket{PQsocket(connection), POLLIN, 0};
        if (::poll(&socket, 1, 0) == 0) return true;
        if (!PQconsumeInput(connection)) return false;
        std::ignore = PQisBusy(connection);
    }
    return PQstatus(connection) == CONNECTION_OK;
}

/// False when the connection is of no more use.
bool cancelsOver(PGconn* connection, int backend, const std::stop_token& stop) {
    const QByteArray pid = QByteArray::number(backend);
    const char* const values[] = {pid.constData()};
    if (!PQsendQueryParams(connection, "SELECT pg_catalog.pg_cancel_backend($1)", 1, nullptr,
                           values, nullptr, nullptr, 0))
        return false;
    const Moment until = steady_clock::now() + kPatience;
    for (;;) {
        while (PQisBusy(connection))
            if (!waits(connection, POLLIN, stop, until) || !PQconsumeInput(connection))
                return false;
        PGresult* result = PQgetResult(connection);
        if (!result) return true;
        PQclear(result);
    }
}

}  // namespace

void Spare::open(const Target& target) {
    close();
    m_isOpening = true;
    m_work = std::jthread([this, target](const std::stop_token& stop) {
        PGconn* connection = begun(target);
        if (finishes(connection, stop, steady_clock::now() + target.connectTimeout)) {
            const std::lock_guard lock(m_mutex);
            m_connection = connection;
        } else {
            PQfinish(connection);
        }
        m_isOpening = false;
    });
}

void Spare::close() {
    m_work = {};
    PQfinish(std::exchange(m_connection, nullptr));
}

bool Spare::isReady() const {
    const std::unique_lock lock(m_mutex, std::try_to_lock);
    return lock && m_connection && isAlive(m_connection);
}

bool Spare::cancel(int backend) {
    if (backend <= 0 || !isReady()) return false;
    m_work = std::jthread([this, backend](const std::stop_token& stop) {
        const std::lock_guard lock(m_mutex);
        if (!cancelsOver(m_connection, backend, stop))
            PQfinish(std::exchange(m_connection, nullptr));
    });
    return true;
}

pg_conn* Spare::take() {
    if (!isReady()) return nullptr;
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_connection, nullptr);
}

}  // namespace tocsin::postgres
