#include "drill/connectionpool.h"

#include <QTimer>

namespace tocsin::drill {
namespace {

const QString kName = QStringLiteral("studio-api");
constexpr int kMeasureEveryMs = 400;

// backend_start excludes nothing here; the meter has a name of its own and is not counted.
const QString kMeasure = QStringLiteral(
    "SELECT count(*), coalesce(extract(epoch FROM max(clock_timestamp() - query_start) "
    "FILTER (WHERE wait_event_type = 'Lock')), 0) "
    "FROM pg_stat_activity WHERE application_name = 'studio-api'");

}  // namespace

ConnectionPool::ConnectionPool(const PoolOptions& options) : m_options(options) {
}

void ConnectionPool::open() {
    m_meter = new PgSession(m_options.url, QStringLiteral("studio-meter"), this);
    if (!m_meter->isOpen()) {
        emit failed(
            QStringLiteral("The stand-in application cannot connect to the local PostgreSQL."));
        return;
    }
    connect(m_meter, &PgSession::finished, this, [this](const QStringList& row, bool good) {
        if (good && row.size() == 2) emit measured(row[0].toInt(), row[1].toDouble());
    });
    for (int i = 0; i < m_options.idle; ++i)
        if (PgSession* session = newSession())
            session->send(QStringLiteral("SELECT count(*) FROM content"));
    auto* meter = new QTimer(this);
    connect(meter, &QTimer::timeout, this, &ConnectionPool::measure);
    meter->start(kMeasureEveryMs);
    auto* requests = new QTimer(this);
    connect(requests, &QTimer::timeout, this, &ConnectionPool::request);
    requests->start(m_options.requestEveryMs);
}

PgSession* ConnectionPool::newSession() {
    auto* session = new PgSession(m_options.url, kName, this);
    if (!session->isOpen()) {
        delete session;  // too many connections: the request fails, as it would
        return nullptr;
    }
    m_sessions.push_back(session);
    connect(session, &PgSession::broken, this, [this, session] { forget(session); });
    return session;
}

void ConnectionPool::forget(PgSession* session) {
    m_sessions.removeOne(session);
    session->deleteLater();
    if (session == m_blocker) heal();
}

void ConnectionPool::block() {
    if (m_options.blocker.isEmpty()) return;
    m_blocker = newSession();
    if (!m_blocker) return;
    connect(m_blocker, &PgSession::finished, this, [this](const QStringList& row, bool good) {
        if (!good || row.isEmpty()) return;
        m_healing = false;
        emit blocked(row[0].toInt());
    });
    m_blocker->send(QStringLiteral("BEGIN; SELECT pg_backend_pid()"));
    connect(
        this, &ConnectionPool::blocked, m_blocker, [this] { m_blocker->send(m_options.blocker); },
        Qt::SingleShotConnection);
}

void ConnectionPool::rollback() {
    if (m_blocker) forget(m_blocker);
}

void ConnectionPool::heal() {
    m_blocker = nullptr;
    if (m_healing) return;
    m_healing = true;
    emit healed();
}

void ConnectionPool::request() {
    if (m_healing || m_sessions.size() >= m_options.size) return;
    PgSession* session = newSession();
    if (!session) return;
    connect(session, &PgSession::finished, this, [this, session] {
        if (m_sessions.size() > m_options.idle) forget(session);
    });
    session->send(m_options.waiter);
}

void ConnectionPool::measure() {
    if (m_meter->isOpen() && !m_meter->isBusy()) m_meter->send(kMeasure);
}

}  // namespace tocsin::drill
