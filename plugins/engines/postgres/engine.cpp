#include "plugins/engines/postgres/engine.h"

#include <QPromise>

#include "plugins/engines/postgres/listener.h"
#include "plugins/engines/postgres/session.h"

namespace tocsin::postgres {

PostgresEngine::PostgresEngine(Target target, Clock& clock)
    : m_target(target), m_context(std::make_unique<QObject>()) {
    Session::Listeners listeners;
    listeners.state = [this](EngineState state) {
        QMetaObject::invokeMethod(
            this, [this, state] { setState(state); }, Qt::QueuedConnection);
    };
    listeners.rows = [this](const std::shared_ptr<const ResultSet>& rows) {
        QMetaObject::invokeMethod(
            this, [this, rows] { emit rowsArrived(rows); }, Qt::QueuedConnection);
    };
    m_session =
        std::make_unique<Session>(std::move(target), m_interrupt, clock, std::move(listeners));
    m_context->moveToThread(&m_thread);
    m_thread.setObjectName(QStringLiteral("postgres"));
    m_thread.start();
}

PostgresEngine::~PostgresEngine() {
    m_interrupt.finish();
    // Behind all that is queued, so that every promise is kept (as cancelled) before the end.
    QMetaObject::invokeMethod(
        m_context.get(),
        [this] {
            m_session->close();
            m_thread.quit();
        },
        Qt::QueuedConnection);
    m_thread.wait();
}

template <typename T, typename Job>
QFuture<T> PostgresEngine::post(Job job) {
    auto promise = std::make_shared<QPromise<T>>();
    promise->start();
    QMetaObject::invokeMethod(
        m_context.get(),
        [promise, job = std::move(job)] {
            promise->addResult(job());
            promise->finish();
        },
        Qt::QueuedConnection);
    return promise->future();
}

QFuture<Result<ServerIdentity>> PostgresEngine::open() {
    return post<Result<ServerIdentity>>(
        [session = m_session.get(), run = nextRun()] { return session->open(run); });
}

void PostgresEngine::close() {
    cancel();
    QMetaObject::invokeMethod(
        m_context.get(), [session = m_session.get()] { session->close(); }, Qt::QueuedConnection);
}

QFuture<Verdict> PostgresEngine::judge(const QString& text) {
    // While somebody types only the newest text is of interest.
    m_interrupt.dropUpTo(m_lastJudgement);
    return post<Verdict>([session = m_session.get(), judgement = ++m_lastJudgement, text] {
        return session->judge(judgement, text);
    });
}

QFuture<Result<QueryResult>> PostgresEngine::run(const Query& query) {
    return post<Result<QueryResult>>(
        [session = m_session.get(), run = nextRun(), query] { return session->run(run, query); });
}

void PostgresEngine::cancel() {
    m_interrupt.cancelUpTo(m_lastRun);
}

QFuture<Result<QString>> PostgresEngine::decide(bool commit) {
    return post<Result<QString>>([session = m_session.get(), run = nextRun(), commit] {
        return session->decide(run, commit);
    });
}

std::shared_ptr<void> PostgresEngine::listen(const QString& channel, Ear ear) {
    return {new Listener(m_target, channel, std::move(ear)),
            [](Listener* listener) { listener->leave(); }};
}

std::uint64_t PostgresEngine::nextRun() {
    m_interrupt.dropUpTo(m_lastJudgement);
    return ++m_lastRun;
}

void PostgresEngine::setState(EngineState state) {
    if (m_state == state) return;
    m_state = state;
    emit stateChanged(state);
}

}  // namespace tocsin::postgres
