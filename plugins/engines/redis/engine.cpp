#include "plugins/engines/redis/engine.h"

#include <QPromise>

#include "plugins/engines/redis/session.h"

namespace tocsin::redis {
namespace {

template <typename T>
std::shared_ptr<QPromise<T>> startedPromise() {
    auto promise = std::make_shared<QPromise<T>>();
    promise->start();
    return promise;
}

}  // namespace

Engine::Engine(const Address& address, Clock& clock, QObject* parent)
    : QueryEngine(parent), m_session(new Session(address, clock)) {
    m_thread.setObjectName(QStringLiteral("redis ") + address.name);
    m_session->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_session, &QObject::deleteLater);
    connect(m_session, &Session::stateChanged, this, [this](EngineState state) {
        m_state = state;
        emit stateChanged(state);
    });
    connect(m_session, &Session::rowsArrived, this, &Engine::rowsArrived);
    m_thread.start();
}

Engine::~Engine() {
    // Whatever was posted before is taken first, so that every promise is kept with an error.
    QMetaObject::invokeMethod(
        m_session, [session = m_session] { session->end(); }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();  // the session never blocks, so this is the time of one turn of its loop
}

QFuture<Result<ServerIdentity>> Engine::open() {
    auto promise = startedPromise<Result<ServerIdentity>>();
    QMetaObject::invokeMethod(m_session,
                              [session = m_session, promise] { session->open(promise); });
    return promise->future();
}

void Engine::close() {
    QMetaObject::invokeMethod(m_session, [session = m_session] { session->close(); });
}

QFuture<Verdict> Engine::judge(const QString& text) {
    auto promise = startedPromise<Verdict>();
    QMetaObject::invokeMethod(
        m_session, [session = m_session, promise, text] { session->judgeText(text, promise); });
    return promise->future();
}

QFuture<Result<QueryResult>> Engine::run(const Query& query) {
    auto promise = startedPromise<Result<QueryResult>>();
    QMetaObject::invokeMethod(
        m_session, [session = m_session, promise, query] { session->run(query, promise); });
    return promise->future();
}

void Engine::cancel() {
    QMetaObject::invokeMethod(m_session, [session = m_session] { session->cancel(); });
}

}  // namespace tocsin::redis
