#include "inspection/connection.h"

#include <QPromise>
#include <QUrl>

#include "sdk/async.h"

namespace tocsin::inspection {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

namespace {

constexpr milliseconds kLongestUnlock = 5min;

template <typename T>
QFuture<Result<T>> answered(Result<T> result) {
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(std::move(result));
    promise.finish();
    return promise.future();
}

}  // namespace

namespace {

/// Where it leads, as a person says it, from the address or else its parts or keywords.
QString placeOf(const Settings& settings) {
    const QUrl url = settings.url(QStringLiteral("url"));
    QString place = url.adjusted(QUrl::RemoveScheme | QUrl::RemovePassword | QUrl::RemoveQuery)
                        .toString()
                        .remove(QStringLiteral("//"));
    if (!place.isEmpty()) return place;
    const auto part = [&settings](const QString& before, const char* field, const char* after) {
        const QString text = settings.text(QString::fromLatin1(field));
        return text.isEmpty() ? text : before + text + QLatin1String(after);
    };
    place = part({}, "user", "@") + part({}, "host", "") + part(QStringLiteral(":"), "port", "") +
            part(QStringLiteral("/"), "database", "");
    return (place + u' ' + settings.text(QStringLiteral("keywords"))).trimmed();
}

}  // namespace

ConnectionInfo connectionInfo(const Settings& settings) {
    ConnectionInfo info;
    info.name = settings.name;
    info.kind = settings.kind;
    info.place = placeOf(settings);
    if (const QString ssh = settings.text(QStringLiteral("ssh")); !ssh.isEmpty())
        info.place += QStringLiteral(" through ") + ssh;
    if (const QString where = settings.text(QStringLiteral("environment")); !where.isEmpty())
        info.environment = where;
    info.signalThrough = settings.text(QStringLiteral("signal_through"));
    const milliseconds timeout = settings.duration(QStringLiteral("statement_timeout"));
    if (timeout > 0ms) info.timeout = timeout;
    const double megabytes = settings.number(QStringLiteral("result_limit"));
    if (megabytes > 0) info.resultLimit = static_cast<qint64>(megabytes * 1024 * 1024);
    return info;
}

/// One run that waits or runs.
struct Connection::Turn {
    QString text;
    QString typedName;
    Leave leave = Leave::AsUnlocked;
    std::optional<Unlock> own = {};     // given for it alone
    std::optional<Unlock> unlock = {};  // that was in force when it was asked for
    RowSink sink = {};
    QPromise<Result<QueryResult>> promise;
};

Connection::Connection(ConnectionInfo info, std::unique_ptr<QueryEngine> engine, Error problem,
                       Clock& clock, QObject* parent)
    : QObject(parent),
      m_info(std::move(info)),
      m_engine(std::move(engine)),
      m_problem(std::move(problem)),
      m_clock(clock) {
    if (m_engine)
        connect(m_engine.get(), &QueryEngine::rowsArrived, this, &Connection::rowsArrived);
    // It connects by itself where a failover took the server away: who is there now?
    if (m_engine)
        connect(m_engine.get(), &QueryEngine::stateChanged, this, [this](EngineState state) {
            if (state == EngineState::Opening && !m_running && m_openings == 0) open();
            // What held the change has gone, and the change with it: decide() says so.
            if (state == EngineState::Closed && m_holding) decide(false);
        });
}

Connection::~Connection() {
    const Error gone{ErrorCode::Cancelled, QStringLiteral("The connection was closed."), {}};
    if (m_current) m_waiting.enqueue(m_current);
    for (const auto& turn : std::as_const(m_waiting)) {
        turn->promise.addResult(Result<QueryResult>(tl::unexpected(gone)));
        turn->promise.finish();
    }
}

void Connection::setSide(SideSession::Make make) {
    m_side = std::make_unique<SideSession>(std::move(make), m_clock);
}

QFuture<Result<ServerIdentity>> Connection::open() {
    if (!m_engine) return answered<ServerIdentity>(tl::unexpected(m_problem));
    ++m_openings;
    return chained(m_engine->open(), this, [this](const Result<ServerIdentity>& identity) {
        --m_openings;
        if (identity) learn(*identity);
        return identity;
    });
}

QFuture<Result<QueryResult>> Connection::run(const QString& text, const QString& typedName,
                                             const RowSink& sink) {
    return enqueue(text, Leave::AsUnlocked, typedName, {}, sink);
}

QFuture<Result<QueryResult>> Connection::look(const QString& text, const RowSink& sink) {
    return enqueue(text, Leave::Never, {}, {}, sink);
}

QFuture<Result<QueryResult>> Connection::change(const QString& text) {
    return enqueue(text, Leave::Held);
}

QFuture<Result<QueryResult>> Connection::runWith(const QString& text, const Unlock& unlock) {
    if ((m_running || m_holding) && m_side && m_side->engine()) {
        Query query = queryFor(text);
        query.unlock = unlock;
        return beside(query);
    }
    return enqueue(text, Leave::AsUnlocked, {}, unlock);
}

QFuture<Result<QueryResult>> Connection::watch(const QString& text) {
    if (!m_engine || !m_side || !m_side->engine()) return look(text);
    auto promise = std::make_shared<QPromise<Result<QueryResult>>>();
    promise->start();
    const auto give = [promise](const Result<QueryResult>& result) {
        promise->addResult(result);
        promise->finish();
    };
    whenDone(beside(queryFor(text)), this, [this, text, give](const Result<QueryResult>& result) {
        const bool full = !result && result.error().code == ErrorCode::Unavailable;
        if (!full || m_running || m_holding) return give(result);
        whenDone(look(text), this, give);
    });
    return promise->future();
}

Query Connection::queryFor(const QString& text) const {
    Query query;
    query.text = text;
    query.timeout = m_info.timeout;
    query.byteCap = m_info.resultLimit;
    return query;
}

QFuture<Result<QueryResult>> Connection::beside(const Query& query) {
    return chained(m_side->run(query), this, [this](Result<QueryResult> result) {
        if (!result) return result;
        result->receipt.connection = m_info.name;
        if (!m_identity) learn(result->receipt.server);
        return result;
    });
}

QFuture<Verdict> Connection::judge(const QString& text) {
    if (!m_engine) return {};
    QueryEngine* side = (m_running || m_holding) && m_side ? m_side->engine() : nullptr;
    return side ? side->judge(text) : m_engine->judge(text);
}

QFuture<Result<QueryResult>> Connection::enqueue(const QString& text, Leave leave,
                                                 const QString& typedName,
                                                 const std::optional<Unlock>& own,
                                                 const RowSink& sink) {
    if (!m_engine) {
        emit failed(text, m_problem);
        return answered<QueryResult>(tl::unexpected(m_problem));
    }
    auto turn = std::make_shared<Turn>();
    turn->text = text;
    turn->typedName = typedName;
    turn->leave = leave;
    turn->own = own;
    turn->sink = sink;
    if (leave != Leave::Never) turn->unlock = own ? own : unlocked();
    if (turn->unlock) emit changeAsked(text);
    turn->promise.start();
    m_waiting.enqueue(turn);
    const auto future = turn->promise.future();
    startNext();
    return future;
}

void Connection::startNext() {
    if (m_running || m_waiting.isEmpty()) return;
    m_running = true;
    m_current = m_waiting.dequeue();
    emit started(m_current->text);
    Query query = queryFor(m_current->text);
    query.sink = m_current->sink;
    if (m_current->leave != Leave::Never) query.unlock = unlockFor(*m_current);
    query.hold = m_current->leave == Leave::Held;
    query.typedName = m_current->typedName;
    whenDone(m_engine->run(query), this,
             [this, turn = m_current](const Result<QueryResult>& result) { settle(turn, result); });
}

std::optional<Unlock> Connection::unlockFor(const Turn& turn) const {
    if (turn.own) return turn.own;
    // Something else may have been answered first, and the unlock taken back after it was asked.
    if (turn.unlock && turn.unlock->until > m_clock.now()) return turn.unlock;
    return unlocked();
}

void Connection::settle(const std::shared_ptr<Turn>& turn, const Result<QueryResult>& result) {
    m_running = false;
    m_current.reset();
    Result<QueryResult> own = result;
    if (own) {
        own->receipt.connection = m_info.name;
        learn(own->receipt.server);
        if (own->held) {
            m_holding = true;
            emit heldChanged(true, {});
        }
        emit finished(*own);
    } else {
        emit failed(turn->text, own.error());
    }
    turn->promise.addResult(std::move(own));
    turn->promise.finish();
    if (turn->unlock && !m_holding) emit changeEnded(turn->text);
    // The unlock may have ended while the statement ran.
    if (m_holding && !unlocked()) decide(false);
    startNext();
}

QFuture<Result<QString>> Connection::decide(bool commit) {
    if (!m_engine) return answered<QString>(tl::unexpected(m_problem));
    m_holding = false;
    m_deciding = true;
    return chained(m_engine->decide(commit), this, [this](const Result<QString>& done) {
        m_deciding = false;
        emit heldChanged(false, done ? *done : done.error().message);
        emit changeEnded({});
        return done;
    });
}

void Connection::learn(const ServerIdentity& identity) {
    const bool same =
        m_identity && m_identity->version == identity.version &&
        m_identity->user == identity.user && m_identity->address == identity.address &&
        m_identity->replica == identity.replica && m_identity->warnings == identity.warnings;
    if (same) return;
    m_identity = identity;
    emit identityChanged();
}

void Connection::cancel() {
    const auto forgotten = std::exchange(m_waiting, {});
    if (m_engine) m_engine->cancel();
    const Error error{ErrorCode::Cancelled,
                      QStringLiteral("Cancelled before it was sent to %1.").arg(m_info.name),
                      {}};
    for (const auto& turn : forgotten) {
        emit failed(turn->text, error);
        turn->promise.addResult(Result<QueryResult>(tl::unexpected(error)));
        turn->promise.finish();
    }
}

Result<Unlock> Connection::unlock(const QString& reason, milliseconds span) {
    if (reason.trimmed().isEmpty())
        return fail(
            ErrorCode::Refused,
            QStringLiteral("Say why %1 must be changed; the reason is kept in the timeline.")
                .arg(m_info.name));
    if (span <= 0ms || span > kLongestUnlock)
        return fail(ErrorCode::Refused,
                    QStringLiteral("An unlock lasts at most five minutes; ask for a shorter one."));
    m_unlock = Unlock{reason.trimmed(), m_clock.now().addMSecs(span.count())};
    m_clock.callAfter(span, this, [this, until = m_unlock->until] {
        if (m_unlock && m_unlock->until == until) lock();
    });
    emit unlockChanged();
    return *m_unlock;
}

void Connection::lock() {
    if (!m_unlock) return;
    m_unlock.reset();
    if (m_holding) decide(false);
    emit unlockChanged();
}

std::optional<Unlock> Connection::unlocked() const {
    if (!m_unlock || m_unlock->until <= m_clock.now()) return std::nullopt;
    return m_unlock;
}

}  // namespace tocsin::inspection
