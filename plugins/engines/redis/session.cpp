#include "plugins/engines/redis/session.h"

#include "plugins/engines/redis/job.h"
#include "plugins/engines/redis/node.h"
#include "plugins/engines/redis/sentences.h"
#include "plugins/engines/redis/sentinelwatch.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

// What the conversation asks for itself is small; COMMAND is about 200 kB.
constexpr qint64 kOwnReplyCap = 64LL * 1024 * 1024;

}  // namespace

Session::Session(const Address& address, Clock& clock)
    : m_address(address),
      m_home{address.host, address.port},
      m_clock(clock),
      m_wire(new Wire(address, this)),
      m_deadline(new QTimer(this)),
      m_knownSizes(clock) {
    m_deadline->setSingleShot(true);
    connect(m_deadline, &QTimer::timeout, this, [this] {
        // A plain server waits for the end of what TLS begins with, and says nothing.
        const QString advice =
            m_address.tls && !m_wire->isOpen()
                ? u"If it speaks no TLS on this port, write redis:// in the url."_s
                : u"Look at SLOWLOG GET and INFO from another client, or allow more time."_s;
        const Error late{
            ErrorCode::Timeout,
            u"%1 did not answer within %2 s; the connection was closed. %3"_s.arg(m_address.place())
                .arg(static_cast<double>(m_deadline->interval()) / 1000.0)
                .arg(advice),
            {}};
        if (!endSample(late)) breakOff(late);
    });
    if (!m_address.sentinels.isEmpty()) {
        m_sentinel = new Sentinel(m_address, this);
        m_watch = new SentinelWatch(m_address, this);
        connect(m_watch, &SentinelWatch::primarySwitched, this, &Session::takePrimary);
        connect(m_watch, &SentinelWatch::primaryNamed, this, &Session::checkPrimary);
    }
    connect(m_wire, &Wire::lost, this, [this] { setState(EngineState::Closed); });
}

void Session::breakOff(const Error& why) {
    if (m_sentinel) m_sentinel->abort(why);
    m_wire->abort(why);
    forgetNodes();
    // Between two questions the wire has nobody to tell.
    if (m_job) failWith(why);
}

/// A sample has a connection of its own, which ends with its job; the session's stays open.
bool Session::endSample(const Error& why) {
    if (!m_job || !m_job->tap) return false;
    failWith(why);
    return true;
}

void Session::end() {
    m_ended = true;
    dropCheck();
    if (m_watch) m_watch->stop();
    const Error gone{
        ErrorCode::Cancelled, u"The connection “%1” was closed."_s.arg(m_address.name), {}};
    endSample(gone);
    breakOff(gone);
    if (m_job) m_job->settle(tl::unexpected<Error>(gone), m_identity);
    for (const auto& job : m_waiting)
        job->settle(tl::unexpected<Error>(gone), m_identity);
    m_job.reset();
    m_waiting.clear();
    m_tunnel.close();
}

void Session::open(std::shared_ptr<QPromise<Result<ServerIdentity>>> promise) {
    auto job = std::make_shared<Job>();
    job->opened = std::move(promise);
    job->query.timeout = m_address.connectTimeout;
    enqueue(std::move(job));
}

void Session::run(const Query& query, std::shared_ptr<QPromise<Result<QueryResult>>> promise) {
    auto job = std::make_shared<Job>();
    job->query = query;
    job->ran = std::move(promise);
    enqueue(std::move(job));
}

void Session::judgeText(const QString& text, const std::shared_ptr<QPromise<Verdict>>& promise) {
    const auto script = parseScript(text);
    Verdict verdict{
        Effect::Unproven, u"parse"_s, {}, u"Write a command, for example LLEN bull:mail:wait."_s};
    if (!script) verdict.reason = script.error().message;
    // Of a script the first command that would not run is the answer.
    for (const CommandLine& line : script.value_or(QVector<CommandLine>())) {
        verdict = judgeLine(line, m_table).verdict;
        if (verdict.effect != Effect::ReadOnly) break;
    }
    promise->addResult(verdict);
    promise->finish();
}

void Session::cancel() {
    if (!m_job) return;
    const Error cancelled{
        ErrorCode::Cancelled,
        u"Cancelled. A command that %1 had already begun runs to its end there."_s.arg(
            m_address.place()),
        {}};
    if (endSample({ErrorCode::Cancelled,
                   u"Cancelled. The sample of %1 ended."_s.arg(m_address.place()),
                   {}}))
        return;
    breakOff(cancelled);
}

void Session::close() {
    // Else what ends with it would follow a failover, and open it again.
    m_newPrimary.reset();
    dropCheck();
    const Error closed{
        ErrorCode::Cancelled, u"The connection “%1” was closed."_s.arg(m_address.name), {}};
    if (m_watch) m_watch->stop();
    endSample(closed);
    breakOff(closed);
    m_tunnel.close();
    setState(EngineState::Closed);
}

void Session::enqueue(std::shared_ptr<Job> job) {
    m_waiting.push_back(std::move(job));
    if (!m_job) startNext();
}

void Session::startNext() {
    if (m_job || m_waiting.empty() || m_ended) return;
    m_job = m_waiting.front();
    m_waiting.pop_front();
    if (m_job->ran) {
        auto script = parseScript(m_job->query.text);
        if (!script) return failWith(script.error());
        m_job->script = std::move(*script);
        m_job->line = m_job->script.first();
        if (m_job->line.monitor) m_job->query.timeout += std::chrono::seconds(*m_job->line.monitor);
    }
    m_deadline->start(m_job->query.timeout);
    ensureOpen();
}

void Session::finish(Result<QueryResult> result) {
    m_deadline->stop();
    const std::shared_ptr<Job> job = std::exchange(m_job, nullptr);
    if (!job) return;
    setState(m_wire->isOpen() && m_greeted ? EngineState::Ready : EngineState::Closed);
    job->settle(std::move(result), m_identity);
    // Not from within a reply of the job that just ended.
    QMetaObject::invokeMethod(this, &Session::startNext, Qt::QueuedConnection);
    if (m_newPrimary)
        QMetaObject::invokeMethod(this, &Session::followFailover, Qt::QueuedConnection);
}

void Session::setState(EngineState state) {
    if (m_state == state) return;
    m_state = state;
    emit stateChanged(state);
}

void Session::ask(const QByteArrayList& arguments, Next next) {
    m_wire->ask(arguments, kOwnReplyCap, ofThisJob(std::move(next)));
}

Wire::Answered Session::ofThisJob(Next next) {
    if (m_job) ++m_job->result.receipt.roundTrips;
    return
        [this, asked = std::weak_ptr<Job>(m_job), next = std::move(next)](Result<Answer> answer) {
            if (!m_job || m_job != asked.lock()) return;
            answer ? next(std::move(*answer)) : failWith(answer.error());
        };
}

Wire::Answered Session::ofThisJob(std::size_t count, NextAll next) {
    auto answers = std::make_shared<std::vector<Answer>>();
    return ofThisJob([answers, count, next = std::move(next)](Answer answer) {
        answers->push_back(std::move(answer));
        if (answers->size() == count) next(std::move(*answers));
    });
}

void Session::askAt(qsizetype node, const QByteArrayList& arguments, Next next) {
    if (node == 0) return ask(arguments, std::move(next));
    if (node > m_primaries.size())
        return failWith({ErrorCode::NotFound,
                         u"The cluster has fewer nodes than when this began; begin again."_s,
                         {}});
    nodeAt(m_primaries[node - 1])->askAll({arguments}, kOwnReplyCap, ofThisJob(std::move(next)));
}

void Session::askAll(const QVector<QByteArrayList>& commands,
                     std::function<void(std::vector<Answer>)> next) {
    if (commands.isEmpty()) return next({});
    m_wire->askAll(commands, kOwnReplyCap,
                   ofThisJob(static_cast<std::size_t>(commands.size()), std::move(next)));
}

Error Session::serverError(ReplyView reply, const QString& place) const {
    const QString user = m_identity.user.isEmpty() ? m_address.user : m_identity.user;
    return errorFromServer(reply.text(), place.isEmpty() ? m_address.place() : place, user);
}

}  // namespace tocsin::redis
