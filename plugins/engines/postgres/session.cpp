#include "plugins/engines/postgres/session.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "plugins/engines/postgres/identity.h"
#include "plugins/engines/postgres/servererror.h"
#include "plugins/engines/postgres/ways.h"
#include "sdk/secret.h"

namespace tocsin::postgres {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

// The server's own timeout comes first; ours is for a server that no longer answers.
constexpr auto kServerGrace = 2s;
constexpr auto kSpareEvery = 30s;

QString seconds(milliseconds span) {
    return QString::number(static_cast<double>(span.count()) / 1000) + QStringLiteral(" s");
}

// One statement beside BEGIN: what is in force, and the server's own number of this session (libpq
// knows only the pooler's).
const QByteArray kInForce =
    "SELECT pg_catalog.current_setting('transaction_read_only'), "
    "pg_catalog.current_setting('statement_timeout'), pg_catalog.current_setting('lock_timeout'), "
    "pg_catalog.current_setting('idle_in_transaction_session_timeout'), "
    "pg_catalog.current_setting('standard_conforming_strings'), pg_catalog.pg_backend_pid()";

const QString kStoppedAtLimit = QStringLiteral(
    "stopped at the limit of %1 MB: more rows exist; add LIMIT, write all of them to a file, or "
    "raise result_limit of the connection");
/// A change is not stopped for what it returns, and must not be made again for the rest.
const QString kNotAllKept = QStringLiteral(
    "the statement ran to its end, but of the rows it returned only the first %1 are kept (limit "
    "of %2 MB): do not run it again for the rest, read them with a SELECT");

/// "1500ms", "5s", "2min", "1h", "1d": how PostgreSQL writes a time setting.
milliseconds spanOf(const QByteArray& text) {
    qsizetype digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9')
        ++digits;
    const qint64 number = text.left(digits).toLongLong();
    const QByteArray unit = text.mid(digits);
    if (unit.isEmpty() || unit == "ms") return milliseconds(number);
    if (unit == "s") return milliseconds(number * 1000);
    if (unit == "min") return milliseconds(number * 60'000);
    if (unit == "h") return milliseconds(number * 3'600'000);
    return milliseconds(number * 86'400'000);
}

tl::unexpected<Error> refused(const Statement& statement, const Verdict& verdict) {
    Error error{ErrorCode::Refused, (verdict.reason + u' ' + verdict.remedy).trimmed(),
                verdict.rule};
    if (statement.position) {
        error.code = ErrorCode::Parse;
        error.position = statement.position;
    }
    return tl::unexpected(error);
}

}  // namespace

Session::Session(Target target, Interrupt& interrupt, Clock& clock, Listeners listeners)
    : m_target(std::move(target)),
      m_clock(clock),
      m_interrupt(interrupt),
      m_listeners(std::move(listeners)),
      m_wire(interrupt) {
    m_wire.setEscalation(&m_spare);
}

Result<ServerIdentity> Session::open(std::uint64_t run) {
    if (const auto connected = connect(run); !connected) return tl::unexpected(connected.error());
    return *m_identity;
}

void Session::close() {
    m_vigil.reset();
    m_held = false;
    m_wire.close();
    m_listeners.state(EngineState::Closed);
}

void Session::setDeadline(std::uint64_t run, milliseconds timeout) {
    m_wire.begin(run, steady_clock::now() + timeout + kServerGrace);
}

Result<void> Session::connect(std::uint64_t run) {
    setDeadline(run, m_target.connectTimeout);
    if (m_wire.isOpen() && !m_wire.isLost()) {
        keepSpare();
        return {};
    }
    m_listeners.state(EngineState::Opening);
    const auto give = [this](const Error& error) {
        close();
        return tl::unexpected(error);
    };
    const auto near = m_tunnel.through(m_target, m_interrupt, run);
    if (!near) return give(near.error());
    const Moment until = steady_clock::now() + m_target.connectTimeout;
    const auto ways = waysTo(*near, m_interrupt, run, until);
    if (!ways) return give(ways.error());
    if (const auto reached = reach(*ways, until); !reached) return give(reached.error());
    const auto identity = identify(m_wire, m_target);
    if (!identity) return give(identity.error());
    m_identity = *identity;
    if (m_standsIn)
        m_identity->warnings.prepend(
            QStringLiteral("no slot was free on %1: this is the spare connection, the last one")
                .arg(m_target.connection));
    m_nextSpare = m_standsIn ? m_clock.elapsed() + kSpareEvery : 0ms;
    keepSpare();
    m_listeners.state(EngineState::Ready);
    return {};
}

/// Where the session itself got to: a cancel over the spare means a backend of that server. One
/// that ended, or went into use, is replaced; on a server without slots not with every statement.
void Session::keepSpare() {
    if (!m_target.keepsSpare || m_spare.isOpening() || m_spare.isReady()) return;
    if (m_clock.elapsed() < m_nextSpare) return;
    m_nextSpare = m_clock.elapsed() + kSpareEvery;
    m_spare.open(m_wire.target());
}

/// Connects; where no slot is left, the connection kept for that stands in.
Result<void> Session::reach(const QVector<Target>& ways, Moment until) {
    m_standsIn = false;
    const auto connected = m_wire.connect(ways, until);
    if (connected || connected.error().code != ErrorCode::Unavailable) return connected;
    PGconn* spare = m_spare.take();
    if (!spare) return connected;
    m_wire.adopt(spare);
    m_standsIn = true;
    return {};
}

Verdict Session::judge(std::uint64_t judgement, const QString& text) {
    const Statement statement = examine(text);
    if (statement.measures && statement.verdict.effect == Effect::ReadOnly)
        return measuringVerdict();
    if (statement.verdict.effect != Effect::ReadOnly || m_held || !m_wire.isOpen() ||
        m_interrupt.isCancelled(judgement) || m_wire.isLost())
        return statement.verdict;
    setDeadline(judgement, m_target.statementTimeout);
    if (!begin(true, m_target.statementTimeout, m_target.idleTimeout)) return statement.verdict;
    const auto proof = prove(m_wire, m_target, statement, text);
    if (m_wire.isOpen()) std::ignore = end("ROLLBACK");
    if (proof) return proof->verdict;
    if (m_interrupt.isCancelled(judgement)) return statement.verdict;
    return {Effect::Unproven, QStringLiteral("server"), proof.error().message, {}};
}

Result<QueryResult> Session::run(std::uint64_t run, const Query& query) {
    if (m_interrupt.isCancelled(run))
        return fail(ErrorCode::Cancelled,
                    QStringLiteral("Cancelled before it was sent to %1.").arg(m_target.connection));
    if (m_held)
        return fail(ErrorCode::Refused,
                    QStringLiteral("A change waits for COMMIT or ROLLBACK on %1; decide it first.")
                        .arg(m_target.connection),
                    QStringLiteral("held-change"));
    const Statement statement = examine(query.text);
    const bool unlocked = query.unlock && query.unlock->until > m_clock.now();
    const bool looks = statement.verdict.effect == Effect::ReadOnly;
    if (!looks && (!unlocked || statement.neverRun)) return refused(statement, statement.verdict);
    if (statement.measures && !unlocked) return refused(statement, measuringVerdict());
    if (const auto connected = connect(run); !connected) return tl::unexpected(connected.error());
    m_listeners.state(EngineState::Busy);
    setDeadline(run, query.timeout);
    m_startedAt = m_clock.now();
    m_wire.takeNotices();
    auto result = explained(judged(query, statement));
    m_listeners.state(m_wire.isOpen() ? EngineState::Ready : EngineState::Closed);
    return result;
}

Result<QueryResult> Session::judged(const Query& query, const Statement& statement) {
    const bool looks = statement.verdict.effect == Effect::ReadOnly;
    return looks ? lookOnly(query, statement) : change(query, statement.verdict);
}

/// A cancel that stopped one of the guard's own statements is the user's cancel all the same.
Result<QueryResult> Session::explained(Result<QueryResult> result) const {
    if (result || m_wire.stopped() != Stop::User || result.error().code == ErrorCode::Cancelled ||
        result.error().code == ErrorCode::Network)
        return result;
    return fail(ErrorCode::Cancelled,
                QStringLiteral("Cancelled after %1; %2 confirmed that it stopped.")
                    .arg(seconds(m_wire.lasted()), m_target.connection),
                result.error().detail);
}

Result<QueryResult> Session::lookOnly(const Query& query, const Statement& statement) {
    if (const auto begun = begin(true, query.timeout, m_target.idleTimeout); !begun)
        return tl::unexpected(begun.error());
    const auto leave = [this](const Error& error) -> Result<QueryResult> {
        if (m_wire.isOpen()) std::ignore = end("ROLLBACK");
        return tl::unexpected(error);
    };
    const auto proof = prove(m_wire, m_target, statement, query.text);
    if (!proof) return leave(proof.error());
    if (proof->verdict.effect != Effect::ReadOnly) {
        if (const auto left = end("ROLLBACK"); !left) return tl::unexpected(left.error());
        const bool unlocked = query.unlock && query.unlock->until > m_clock.now();
        return unlocked ? change(query, proof->verdict) : refused(statement, proof->verdict);
    }
    Stream stream(m_wire, m_target, {query.byteCap, true, proof->columns, query.sink},
                  m_listeners.rows);
    auto streamed = stream.run(query.text);
    if (!streamed) return leave(streamed.error());
    QStringList guards{QStringLiteral("BEGIN READ ONLY, then ROLLBACK"),
                       QStringLiteral("extended protocol: one statement")};
    guards += proof->guards;
    if (const auto ended = end("ROLLBACK"); !ended) return tl::unexpected(ended.error());
    guards << QStringLiteral("transaction: idle before, idle after");
    QueryResult result = resultOf(query, proof->verdict, std::move(*streamed), guards);
    if (statement.measures && query.unlock) result.receipt.unlockReason = query.unlock->reason;
    return result;
}

Result<QueryResult> Session::change(const Query& query, const Verdict& verdict) {
    // A held change must not hold its locks longer than the unlock lasts.
    const auto patience =
        query.hold
            ? milliseconds(std::max<qint64>(1000, m_clock.now().msecsTo(query.unlock->until)))
            : m_target.idleTimeout;
    if (const auto begun = begin(false, query.timeout, patience); !begun)
        return tl::unexpected(begun.error());
    // A cancel at the cap would undo the change, so what does not fit is read and dropped.
    Stream stream(m_wire, m_target, {query.byteCap, false, {}, query.sink}, m_listeners.rows);
    auto streamed = stream.run(query.text);
    if (!streamed) {
        if (m_wire.isOpen()) std::ignore = end("ROLLBACK");
        return tl::unexpected(streamed.error());
    }
    const QString ending =
        query.hold ? QStringLiteral("unlocked: BEGIN READ WRITE, held open for COMMIT or ROLLBACK")
                   : QStringLiteral("unlocked: BEGIN READ WRITE, then COMMIT");
    const QStringList guards{ending, QStringLiteral("extended protocol: one statement")};
    if (query.hold) {
        if (m_wire.transaction() != PQTRANS_INTRANS)
            return tl::unexpected(surprise(QStringLiteral("the transaction ended by itself")));
        m_held = true;
        keepVigil();
        QueryResult held = resultOf(query, verdict, std::move(*streamed), guards);
        held.receipt.unlockReason = query.unlock->reason;
        held.held = true;
        return held;
    }
    // A cancel that came too late for the statement still comes before its COMMIT.
    if (const auto wanted = m_wire.proceed(); !wanted) return takenBack(wanted.error());
    const auto committed = commit();
    if (!committed) return tl::unexpected(committed.error());
    QueryResult result = resultOf(query, verdict, std::move(*streamed), guards);
    result.notices.prepend(*committed);
    result.receipt.unlockReason = query.unlock->reason;
    cleanUp();
    return result;
}

Result<QueryResult> Session::takenBack(const Error& why) {
    if (m_wire.isOpen()) std::ignore = end("ROLLBACK");
    return fail(
        why.code,
        QStringLiteral("Cancelled after %1, before COMMIT: %2 rolled the change back, nothing "
                       "was changed.")
            .arg(seconds(m_wire.lasted()), m_target.connection),
        why.detail);
}

/// What a change may have set in the session must not outlive it. Behind a pooler the session is
/// others' as well, with their locks and settings: then only our way to it is closed.
void Session::cleanUp() {
    if (!m_wire.isOpen()) return;
    if (m_wire.isPooled()) return m_wire.close();
    if (const auto clean = m_wire.tellAnyway("DISCARD ALL"); !clean || isError(*clean))
        m_wire.close();
}

/// Nobody asks the server anything meanwhile: what comes is a notice, or the end.
void Session::keepVigil() {
    m_vigil = std::make_unique<QSocketNotifier>(m_wire.socket(), QSocketNotifier::Read);
    QObject::connect(m_vigil.get(), &QSocketNotifier::activated, m_vigil.get(), [this] {
        if (!m_wire.isLost()) return;
        m_vigil->setEnabled(false);
        m_listeners.state(EngineState::Closed);
    });
}

Result<QString> Session::decide(std::uint64_t run, bool commitIt) {
    m_vigil.reset();
    if (!std::exchange(m_held, false))
        return fail(
            ErrorCode::Refused,
            QStringLiteral("No change waits for a decision on %1.").arg(m_target.connection));
    if (m_wire.isLost()) {
        close();
        return fail(ErrorCode::Refused,
                    QStringLiteral("%1 did not wait for the decision: it ended the session and "
                                   "rolled the change back. Nothing was changed.")
                        .arg(m_target.connection));
    }
    setDeadline(run, m_target.statementTimeout);
    Result<QString> done = QStringLiteral("rolled back, nothing was changed");
    if (commitIt)
        done = commit();
    else if (const auto ended = end("ROLLBACK"); !ended)
        done = tl::unexpected(ended.error());
    cleanUp();
    m_listeners.state(m_wire.isOpen() ? EngineState::Ready : EngineState::Closed);
    return done;
}

Result<void> Session::begin(bool readOnly, milliseconds timeout, milliseconds idleTimeout) {
    if (m_wire.transaction() != PQTRANS_IDLE)
        return tl::unexpected(surprise(QStringLiteral("a transaction was open before it began")));
    const auto set = [](const char* name, milliseconds value) {
        return QByteArray("; SET LOCAL ") + name + '=' + QByteArray::number(qint64(value.count()));
    };
    // The grammar was read with standard strings: the server must read them the same way.
    const QByteArray opening =
        QByteArray(readOnly ? "BEGIN READ ONLY" : "BEGIN READ WRITE") +
        set("statement_timeout", timeout) + set("lock_timeout", m_target.lockTimeout) +
        set("idle_in_transaction_session_timeout", idleTimeout) +
        "; SET LOCAL standard_conforming_strings=on; SET LOCAL backslash_quote=off; " +
        (readOnly ? jitOff(m_wire) : QByteArray()) +
        (m_wire.keepsRawBytes() ? "SET LOCAL client_encoding=SQL_ASCII; " : "") + kInForce;
    auto begun = m_wire.tell(opening);
    if (!begun) return tl::unexpected(begun.error());
    if (isError(*begun)) {
        const Error error = statementError(begun->get(), QString::fromUtf8(opening), 0, m_target);
        if (m_wire.isOpen()) std::ignore = end("ROLLBACK");
        return tl::unexpected(error);
    }
    return verify(*begun, readOnly, timeout, idleTimeout);
}

/// What was asked for is not what is in force until the server says so: a pooler, or a role's own
/// settings, may stand between.
Result<void> Session::verify(const PgResult& row, bool readOnly, milliseconds timeout,
                             milliseconds idleTimeout) {
    const auto said = [&row](int column) { return QByteArray(PQgetvalue(row.get(), 0, column)); };
    const bool asAsked = PQntuples(row.get()) == 1 && PQnfields(row.get()) == 6 &&
                         said(0) == (readOnly ? "on" : "off") && spanOf(said(1)) == timeout &&
                         spanOf(said(2)) == m_target.lockTimeout &&
                         spanOf(said(3)) == idleTimeout && said(4) == "on" &&
                         m_wire.transaction() == PQTRANS_INTRANS;
    if (!asAsked)
        return tl::unexpected(
            surprise(QStringLiteral("it did not begin the transaction asked for")));
    m_wire.setBackend(said(5).toInt());
    m_inForce = {
        QStringLiteral("verified: transaction_read_only ") + QString::fromLatin1(said(0)),
        QStringLiteral("verified: statement_timeout ") + seconds(timeout),
        QStringLiteral("verified: lock_timeout ") + seconds(m_target.lockTimeout),
        QStringLiteral("verified: idle_in_transaction_session_timeout ") + seconds(idleTimeout),
        QStringLiteral("verified: standard_conforming_strings on")};
    return {};
}

Result<void> Session::end(const char* command) {
    const auto before = m_wire.transaction();
    if (before != PQTRANS_INTRANS && before != PQTRANS_INERROR) {
        if (m_wire.isLost()) {
            close();
            return {};
        }
        return tl::unexpected(surprise(QStringLiteral("the transaction ended by itself")));
    }
    auto ended = m_wire.tellAnyway(command);
    // The cancel of what ran before may still arrive.
    if (ended && isError(*ended) && sqlState(ended->get()) == "57014")
        ended = m_wire.tellAnyway(command);
    if (!ended) return tl::unexpected(ended.error());
    if (isError(*ended) || m_wire.transaction() != PQTRANS_IDLE)
        return tl::unexpected(surprise(QStringLiteral("the transaction did not end")));
    return {};
}

Result<QString> Session::commit() {
    if (m_wire.transaction() != PQTRANS_INTRANS)
        return tl::unexpected(surprise(QStringLiteral("the transaction ended by itself")));
    const auto committed = m_wire.tellAnyway("COMMIT");
    const auto unknown = [this](const QString& detail) {
        return fail(ErrorCode::Network,
                    QStringLiteral("The connection to %1 broke during COMMIT: whether the change "
                                   "was made is not known. Look before you repeat it.")
                        .arg(m_target.connection),
                    detail);
    };
    if (!committed) return unknown(committed.error().detail);
    // A session that was ended has an SQLSTATE as well; COMMIT may have done its work before.
    if (isError(*committed) && (endsSession(committed->get()) || m_wire.isLost())) {
        const Error said = statementError(committed->get(), QString(), 0, m_target);
        m_wire.close();
        return unknown(said.detail);
    }
    if (isError(*committed))
        return tl::unexpected(statementError(committed->get(), QString(), 0, m_target));
    if (QByteArray(PQcmdStatus(committed->get())) != "COMMIT")
        return fail(ErrorCode::Refused,
                    QStringLiteral("%1 rolled the change back instead of committing it; nothing "
                                   "was changed.")
                        .arg(m_target.connection));
    return QStringLiteral("committed");
}

Error Session::surprise(const QString& what) {
    m_wire.close();
    return {ErrorCode::Protocol,
            QStringLiteral("%1 surprised the guard: %2. The connection was closed; run it again to "
                           "connect anew.")
                .arg(m_target.connection, what),
            {}};
}

QueryResult Session::resultOf(const Query& query, const Verdict& verdict, Streamed streamed,
                              QStringList guards) {
    guards += m_inForce;
    QueryResult result;
    result.notices = m_wire.takeNotices();
    const bool changes = verdict.effect != Effect::ReadOnly;
    if (streamed.truncated)
        result.notices << (changes ? kNotAllKept.arg(streamed.count) : kStoppedAtLimit)
                              .arg(query.byteCap / (1024 * 1024));
    if (changes) result.notices.prepend(streamed.tag);
    result.truncated = streamed.truncated;
    Receipt& receipt = result.receipt;
    receipt.connection = m_target.connection;
    receipt.statement = redact(query.text);
    receipt.server = *m_identity;
    receipt.guards = guards;
    receipt.verdict = verdict;
    receipt.startedAt = m_startedAt;
    receipt.firstRow = streamed.firstRow;
    receipt.total = streamed.total;
    receipt.rows = streamed.count;
    receipt.bytes = streamed.bytes;
    receipt.sha256 = streamed.sha256;
    result.rows = std::move(streamed.rows);
    return result;
}

}  // namespace tocsin::postgres
