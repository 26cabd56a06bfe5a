#include "plugins/engines/postgres/spare.h"

#include <libpq-fe.h>

#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace tocsin::postgres {

struct Spare::State {
    std::mutex mutex;
    PGconn* connection = nullptr;

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (connection) PQfinish(connection);
    }
};

namespace {

PGconn* connected(const Target& target) {
    auto parameters = target.parameters;
    parameters["options"] = target.startOptions();
    parameters["application_name"] = "tocsin";
    // libpq counts whole seconds here, and takes one for two.
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(target.connectTimeout).count();
    parameters["connect_timeout"] = QByteArray::number(qint64(std::max<long>(2, seconds)));
    std::vector<const char*> keywords;
    std::vector<const char*> values;
    for (auto it = parameters.constBegin(); it != parameters.constEnd(); ++it) {
        keywords.push_back(it.key().constData());
        values.push_back(it.value().constData());
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    PGconn* connection = PQconnectdbParams(keywords.data(), values.data(), 0);
    if (PQstatus(connection) == CONNECTION_OK) return connection;
    PQfinish(connection);
    return nullptr;
}

void cancelOver(PGconn* connection, int backend) {
    const QByteArray pid = QByteArray::number(backend);
    const char* const values[] = {pid.constData()};
    PQclear(PQexecParams(connection, "SELECT pg_catalog.pg_cancel_backend($1)", 1, nullptr, values,
                         nullptr, nullptr, 0));
}

}  // namespace

void Spare::open(const Target& target) {
    m_state = std::make_shared<State>();
    std::thread([state = m_state, target] {
        PGconn* connection = connected(target);
        const std::lock_guard lock(state->mutex);
        state->connection = connection;
    }).detach();
}

bool Spare::isReady() const {
    if (!m_state) return false;
    const std::unique_lock lock(m_state->mutex, std::try_to_lock);
    return lock && m_state->connection && PQstatus(m_state->connection) == CONNECTION_OK;
}

bool Spare::cancel(int backend) {
    if (backend <= 0 || !isReady()) return false;
    std::thread([state = m_state, backend] {
        const std::lock_guard lock(state->mutex);
        if (state->connection) cancelOver(state->connection, backend);
    }).detach();
    return true;
}

pg_conn* Spare::take() {
    if (!isReady()) return nullptr;
    const std::lock_guard lock(m_state->mutex);
    return std::exchange(m_state->connection, nullptr);
}

}  // namespace tocsin::postgres
