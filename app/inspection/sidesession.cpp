#include "inspection/sidesession.h"

#include "sdk/async.h"

namespace tocsin::inspection {

using namespace std::chrono_literals;

namespace {

constexpr auto kUnusedFor = 1min;

}  // namespace

SideSession::SideSession(Make make, Clock& clock, QObject* parent)
    : QObject(parent), m_make(std::move(make)), m_clock(clock) {
}

QueryEngine* SideSession::engine() {
    if (!m_engine && m_make) m_engine = std::exchange(m_make, nullptr)();
    return m_engine.get();
}

QFuture<Result<QueryResult>> SideSession::run(const Query& query) {
    ++m_asked;
    return chained(engine()->run(query), this, [this](const Result<QueryResult>& result) {
        ++m_answered;
        closeWhenUnused();
        return result;
    });
}

void SideSession::closeWhenUnused() {
    m_clock.callAfter(kUnusedFor, this, [this, answered = m_answered] {
        if (answered == m_answered && answered == m_asked) m_engine->close();
    });
}

}  // namespace tocsin::inspection
