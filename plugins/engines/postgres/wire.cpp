#include "plugins/engines/postgres/wire.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <tuple>

#include "plugins/engines/postgres/servererror.h"
#include "plugins/engines/postgres/ways.h"

namespace tocsin::postgres {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

constexpr auto kTick = 33ms;
constexpr auto kCancelGrace = 2s;
constexpr auto kCancelAgain = 100ms;
constexpr auto kSpareAfter = 250ms;
constexpr int kMostNotices = 100;
constexpr int kHearFor = 10'000;  // ms
constexpr int kMostDoublings = 4;
constexpr int kWorthReading = 8192;
constexpr qint64 kMostOfOwn = 64LL * 1024 * 1024;
// libpq doubles its buffer; from 64 MB on that is surely a mapping of its own.
constexpr qint64 kLargeRow = 48LL * 1024 * 1024;
#ifdef LIBPQ_HAS_CHUNK_MODE
// Most of what a result costs is shared by then; more would keep back the first rows of a
// statement that finds few.
constexpr int kRowsInChunk = 16;
#endif

}  // namespace

/// A cancel on its way. PQcancel opens a connection of its own and blocks, so a thread carries it
/// that owns all it needs and may outlive the session.
struct Wire::Cancel {
    explicit Cancel(PGcancel* k) : key(k) {}
    ~Cancel() { PQfreeCancel(key); }
    Cancel(const Cancel&) = delete;
    Cancel& operator=(const Cancel&) = delete;

    PGcancel* key;
    std::mutex mutex;
    std::condition_variable ended;
    bool underWay = false;

    static void send(const std::shared_ptr<Cancel>& self) {
        {
            const std::lock_guard lock(self->mutex);
            if (self->underWay) return;
            self->underWay = true;
        }
        std::thread([self] {
            std::array<char, 256> why{};
            PQcancel(self->key, why.data(), static_cast<int>(why.size()));
            const std::lock_guard lock(self->mutex);
            self->underWay = false;
            self->ended.notify_all();
        }).detach();
    }
};

Result<void> Wire::connect(const QVector<Target>& ways, Moment until) {
    std::optional<Error> first;
    for (qsizetype i = 0; i < ways.size(); ++i) {
        const Moment now = steady_clock::now();
        auto result = connectTo(ways[i], now + (until - now) / (ways.size() - i));
        if (result) return result;
        Error& error = result.error();
        if (error.code == ErrorCode::Auth || error.code == ErrorCode::Cancelled) return result;
        if (first && !first->detail.contains(error.detail)) first->detail += u'\n' + error.detail;
        if (!first) first = error;
    }
    return tl::unexpected(*first);
}

Result<void> Wire::connectTo(const Target& target, Moment until) {
    m_optionsRefused = false;
    auto result = connectOnce(target, true, until);
    if (result || !result.error().detail.contains(QStringLiteral("unsupported startup parameter")))
        return result;
    m_optionsRefused = true;
    return connectOnce(target, false, until);
}

Result<void> Wire::connectOnce(const Target& target, bool withOptions, Moment until) {
    close();
    m_target = target;
    auto parameters = target.parameters;
    parameters.remove("options");
    if (withOptions) parameters["options"] = target.startOptions();
    m_connection = beginConnecting(parameters);
    if (!m_connection) return fail(ErrorCode::Internal, QStringLiteral("Out of memory."));
    auto result = finishConnecting(target, until);
    if (!result) close();
    return result;
}

Result<void> Wire::finishConnecting(const Target& target, Moment until) {
    // Verbose, so that a refusal carries its SQLSTATE and not only a translated sentence.
    PQsetErrorVerbosity(m_connection, PQERRORS_VERBOSE);
    PostgresPollingStatusType state =
        PQstatus(m_connection) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK) {
        if (state == PGRES_POLLING_FAILED)
            return tl::unexpected(
                connectError(QString::fromUtf8(PQerrorMessage(m_connection)), target));
        const Wait waited = wait(state == PGRES_POLLING_READING ? POLLIN : POLLOUT, until);
        if (m_interrupt.isCancelled(m_run))
            return fail(ErrorCode::Cancelled,
                        QStringLiteral("Cancelled while connecting to %1.").arg(target.connection));
        if (steady_clock::now() >= until)
            return tl::unexpected(connectError(QStringLiteral("timeout expired"), target));
        if (waited == Wait::Ready || waited == Wait::Broken) state = PQconnectPoll(m_connection);
    }
    takeKey();
    return {};
}

void Wire::takeKey() {
    PQsetErrorVerbosity(m_connection, PQERRORS_DEFAULT);
    PQsetnonblocking(m_connection, 1);
    PQsetNoticeReceiver(m_connection, &Wire::takeNotice, this);
    m_doublings = 0;
    m_cancel = std::make_shared<Cancel>(PQgetCancel(m_connection));
    m_backend = PQbackendPID(m_connection);
}

void Wire::adopt(PGconn* connection) {
    close();
    m_optionsRefused = false;
    m_connection = connection;
    takeKey();
}

bool Wire::isPooled() const {
    return m_connection && (m_optionsRefused || PQbackendPID(m_connection) != m_backend);
}

int Wire::serverVersion() const {
    return m_connection ? PQserverVersion(m_connection) : 0;
}

void Wire::close() {
    dropSluice();
    m_cancel.reset();
    if (m_connection) PQfinish(m_connection);
    m_connection = nullptr;
}

bool Wire::isLost() {
    if (!m_connection) return true;
    // The server's last words come first, the end of the connection only behind them.
    for (int i = 0; i < 16; ++i) {
        pollfd socket{PQsocket(m_connection), POLLIN, 0};
        if (::poll(&socket, 1, 0) == 0) break;
        if (!PQconsumeInput(m_connection)) return true;
        std::ignore = PQisBusy(m_connection);
    }
    return PQstatus(m_connection) == CONNECTION_BAD;
}

int Wire::socket() const {
    return m_connection ? PQsocket(m_connection) : -1;
}

bool Wire::isEncrypted() const {
    return m_connection && PQsslInUse(m_connection);
}

bool Wire::keepsRawBytes() const {
    return m_connection &&
           QByteArray(PQparameterStatus(m_connection, "server_encoding")) == "SQL_ASCII";
}

bool Wire::hasUtf8() const {
    return m_connection && QByteArray(PQparameterStatus(m_connection, "server_encoding")) == "UTF8";
}

PGTransactionStatusType Wire::transaction() const {
    return PQtransactionStatus(m_connection);
}

void Wire::begin(std::uint64_t run, Moment deadline) {
    m_run = run;
    m_deadline = deadline;
    m_giveUp = Moment::max();
    m_began = steady_clock::now();
    m_cancels = 0;
    m_askedSpare = false;
    m_stop = Stop::None;
    m_mappedBefore = m_mapped.bytes();
    // A cancel that is still on its way could hit the next statement: a new connection has
    // another key, so the old one cannot.
    if (m_connection && !waitForCancel()) close();
}

bool Wire::waitForCancel() {
    std::unique_lock lock(m_cancel->mutex);
    return m_cancel->ended.wait_for(lock, 1s, [this] { return !m_cancel->underWay; });
}

Wire::Wait Wire::wait(short events, Moment until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
    const auto span = std::clamp<std::chrono::milliseconds>(left, 0ms, kTick);
    const int socket = m_sluice ? m_sluice->descriptor() : PQsocket(m_connection);
    std::array<pollfd, 2> fds{{{socket, events, 0}, {m_interrupt.descriptor(), POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), static_cast<int>(span.count())) <= 0) return Wait::Tick;
    if (fds[1].revents) m_interrupt.drain();
    if (fds[0].revents & (POLLERR | POLLNVAL)) return Wait::Broken;
    return fds[0].revents ? Wait::Ready : Wait::Tick;
}

Error Wire::broken(const QString& doing) {
    const Error error =
        brokenError(QString::fromUtf8(PQerrorMessage(m_connection)), m_target, doing);
    close();
    return error;
}

/// A cancel that arrives between two statements is forgotten by the server, so it is repeated.
void Wire::insist(Moment now) {
    if (now < m_nextCancel || m_interrupt.isFinished()) return;
    m_nextCancel = now + kCancelAgain;
    ++m_cancels;
    Cancel::send(m_cancel);
    if (m_spare && !m_askedSpare && now > m_stoppedAt + kSpareAfter)
        m_askedSpare = m_spare->cancel(m_backend);
}

Error Wire::gaveUp() {
    const int pid = m_backend;
    close();
    return {m_stop == Stop::User ? ErrorCode::Cancelled : ErrorCode::Timeout,
            QStringLiteral("%1 did not confirm the cancel, so the connection was closed. The "
                           "statement may still run there as pid %2: look at Activity.")
                .arg(m_target.connection)
                .arg(pid),
            QStringLiteral("cancel requests: %1, over the spare connection: %2, socket closed")
                .arg(m_cancels)
                .arg(m_askedSpare ? QStringLiteral("asked") : QStringLiteral("no"))};
}

qint64 Wire::mostAtOnce() const {
    return m_mostAtOnce.value_or(kMostOfOwn);
}

/// A cancel would not help: the server hears none while it sends a row.
Error Wire::tooLarge() {
    close();
    const QString text =
        m_mostAtOnce ? QStringLiteral(
                           "One row of %1 is larger than the limit of %2 MB. It was not read to "
                           "its end and the connection was closed; nothing was changed. Ask for "
                           "less of it (length(), left(), substring()), write it to a file, or "
                           "raise result_limit of the connection.")
                     : QStringLiteral(
                           "What %1 says about the statement is larger than %2 MB, so it was not "
                           "run and the connection was closed. A constant in its plan must be "
                           "that large: ask for less of it.");
    return {
        ErrorCode::TooLarge, text.arg(m_target.connection).arg(mostAtOnce() / (1024 * 1024)), {}};
}

std::chrono::milliseconds Wire::lasted() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - m_began);
}

/// Between two statements there is nothing on the server to stop: the next is not sent.
Result<void> Wire::proceed() {
    if (!m_connection)
        return fail(ErrorCode::Network,
                    QStringLiteral("The connection to %1 is closed; run it again to connect anew.")
                        .arg(m_target.connection));
    if (m_stop == Stop::None && m_interrupt.isCancelled(m_run)) m_stop = Stop::User;
    if (m_stop != Stop::User) return {};
    return fail(ErrorCode::Cancelled,
                QStringLiteral("Cancelled after %1 s, before %2 ran it.")
                    .arg(static_cast<double>(lasted().count()) / 1000, 0, 'f', 1)
                    .arg(m_target.connection));
}

Result<void> Wire::pump(const std::function<void()>& tick) {
    while (PQisBusy(m_connection)) {
        const int unsent = PQflush(m_connection);
        if (unsent < 0) return tl::unexpected(broken(QStringLiteral("the statement was sent")));
        // Behind a sluice nothing can be sent.
        if (mostAtOnce() > 0 && unsent == 0) watchForLargeRow();
        const Moment now = steady_clock::now();
        if (m_stop == Stop::None && m_interrupt.isCancelled(m_run)) stop(Stop::User);
        if (m_stop == Stop::None && now > m_deadline) stop(Stop::Late);
        if (m_stop != Stop::None) insist(now);
        if (now > m_giveUp) return tl::unexpected(gaveUp());
        if (tick) tick();
        const auto events = static_cast<short>(unsent ? POLLIN | POLLOUT : POLLIN);
        // What lies in the sluice has come already, and wakes nobody.
        const bool isHere = m_sluice && !m_sluice->isDrained();
        if (!isHere && wait(events, m_stop == Stop::None ? m_deadline : m_giveUp) == Wait::Tick)
            continue;
        if (!readAhead()) return tl::unexpected(broken(QStringLiteral("the statement ran")));
        if (m_sluice && m_sluice->passed() > mostAtOnce() && PQisBusy(m_connection))
            return tl::unexpected(tooLarge());
    }
    return {};
}

/// The moment libpq makes room for a large row is the last one at which its reading can be
/// measured: between two reads. What looked like it and was not, because another thread took room
/// in that moment, costs one more copy of that row.
void Wire::watchForLargeRow() {
    if (m_sluice || m_mapped.bytes() - m_mappedBefore < kLargeRow) return;
    m_sluice = std::make_unique<Sluice>(PQsocket(m_connection));
    if (!m_sluice->stands()) m_sluice.reset();
}

/// Behind each row, once libpq has all that was passed; behind the last one in any case, because
/// what is sent next must reach the server.
void Wire::takeSluiceAway(bool isWhole) {
    if (!m_sluice) return;
    if (PQsocket(m_connection) < 0) return dropSluice();
    m_sluice->forget();
    while (isWhole && !m_sluice->isDrained()) {
        m_sluice->pass();
        if (!PQconsumeInput(m_connection)) break;
    }
    if (isWhole || m_sluice->isDrained()) m_sluice.reset();
}

/// libpq lets go of its socket by itself when the connection breaks; the number is another's then.
void Wire::dropSluice() {
    if (m_sluice && (!m_connection || PQsocket(m_connection) < 0)) m_sluice->abandon();
    m_sluice.reset();
}

/// libpq reads into what room its buffer has, at first 16 kB: two system calls for each. Reading
/// again before anything is taken out doubles the buffer, so a stream is soon read in pieces of a
/// quarter of a megabyte.
bool Wire::readAhead() {
    if (m_sluice) m_sluice->pass();
    const bool isRead = PQconsumeInput(m_connection) && (m_sluice || readMore());
    m_mappedBefore = m_mapped.bytes();
    return isRead;
}

bool Wire::readMore() {
    int waiting = 0;
    while (m_doublings < kMostDoublings &&
           ::ioctl(PQsocket(m_connection), FIONREAD, &waiting) == 0 && waiting >= kWorthReading) {
        ++m_doublings;
        if (!PQconsumeInput(m_connection)) return false;
    }
    return true;
}

Result<PgResult> Wire::next(const std::function<void()>& tick) {
    if (const auto pumped = pump(tick); !pumped) return tl::unexpected(pumped.error());
    PgResult result(PQgetResult(m_connection), PQclear);
    takeSluiceAway(!result);
    // A FATAL that ends the session arrives as a result with an SQLSTATE; a mere loss has none.
    if (result && PQresultStatus(result.get()) == PGRES_FATAL_ERROR &&
        PQstatus(m_connection) == CONNECTION_BAD && sqlState(result.get()).isEmpty())
        return tl::unexpected(broken(QStringLiteral("the statement ran")));
    return result;
}

Result<PgResult> Wire::tell(const QByteArray& sql) {
    if (const auto may = proceed(); !may) return tl::unexpected(may.error());
    return tellAnyway(sql);
}

Result<PgResult> Wire::tellAnyway(const QByteArray& sql) {
    // What ends the transaction must not be hit by the cancel of what ran in it.
    if (m_stop != Stop::None && !waitForCancel()) {
        close();
        return fail(ErrorCode::Network,
                    QStringLiteral("The cancel on %1 did not end; the connection was closed.")
                        .arg(m_target.connection));
    }
    if (m_stop != Stop::None) {
        m_giveUp = steady_clock::now() + (m_interrupt.isFinished() ? 200ms : kCancelGrace);
        m_nextCancel = Moment::max();
    }
    if (!PQsendQuery(m_connection, sql.constData()))
        return tl::unexpected(broken(QStringLiteral("the transaction was prepared")));
    PgResult last = emptyResult();
    for (;;) {
        auto result = next();
        if (!result) return result;
        if (!*result) return last;
        const bool failed = last && PQresultStatus(last.get()) == PGRES_FATAL_ERROR;
        if (!failed) last = std::move(*result);
    }
}

Result<PgResult> Wire::ask(const QByteArray& sql, const QVector<QByteArray>& values) {
    if (const auto may = proceed(); !may) return tl::unexpected(may.error());
    std::vector<const char*> texts;
    for (const QByteArray& value : values)
        texts.push_back(value.constData());
    if (!PQsendQueryParams(m_connection, sql.constData(), static_cast<int>(values.size()), nullptr,
                           texts.data(), nullptr, nullptr, 0))
        return tl::unexpected(broken(QStringLiteral("the statement was checked")));
    return lastResult();
}

Result<PgResult> Wire::lastResult() {
    PgResult last = emptyResult();
    for (;;) {
        auto result = next();
        if (!result) return result;
        if (!*result) return last;
        last = std::move(*result);
    }
}

Result<PgResult> Wire::describePortal(const QByteArray& name) {
    if (const auto may = proceed(); !may) return tl::unexpected(may.error());
    if (!PQsendDescribePortal(m_connection, name.constData()))
        return tl::unexpected(broken(QStringLiteral("the statement was checked")));
    return lastResult();
}

Result<void> Wire::send(const QByteArray& sql) {
    if (const auto may = proceed(); !may) return may;
    if (!PQsendQueryParams(m_connection, sql.constData(), 0, nullptr, nullptr, nullptr, nullptr, 0))
        return tl::unexpected(broken(QStringLiteral("the statement was sent")));
#ifdef LIBPQ_HAS_CHUNK_MODE
    PQsetChunkedRowsMode(m_connection, kRowsInChunk);
#else
    PQsetSingleRowMode(m_connection);
#endif
    return {};
}

void Wire::stop(Stop why) {
    if (m_stop != Stop::None) return;
    m_stop = why;
    m_stoppedAt = steady_clock::now();
    m_nextCancel = m_stoppedAt + kCancelAgain;
    m_cancels = 1;
    m_giveUp = m_stoppedAt + kCancelGrace;
    // On the way out nobody waits for an answer.
    if (m_interrupt.isFinished()) m_giveUp = steady_clock::now() + 200ms;
    Cancel::send(m_cancel);
}

QStringList Wire::takeNotices() {
    return std::exchange(m_notices, {});
}

Result<QVector<Notification>> Wire::hear() {
    std::array<pollfd, 2> fds{
        {{PQsocket(m_connection), POLLIN, 0}, {m_interrupt.descriptor(), POLLIN, 0}}};
    ::poll(fds.data(), fds.size(), kHearFor);
    if (fds[1].revents) m_interrupt.drain();
    if (fds[0].revents && !PQconsumeInput(m_connection))
        return tl::unexpected(broken(QStringLiteral("it was listened to")));
    std::ignore = PQisBusy(m_connection);
    QVector<Notification> heard;
    while (PGnotify* each = PQnotifies(m_connection)) {
        heard << Notification{QString::fromUtf8(each->relname), QString::fromUtf8(each->extra),
                              each->be_pid};
        PQfreemem(each);
    }
    if (heard.isEmpty() && PQstatus(m_connection) == CONNECTION_BAD)
        return tl::unexpected(broken(QStringLiteral("it was listened to")));
    return heard;
}

void Wire::takeNotice(void* self, const PGresult* result) {
    QStringList& notices = static_cast<Wire*>(self)->m_notices;
    if (notices.size() >= kMostNotices) return;
    notices << redact(QStringLiteral("%1: %2").arg(
        QString::fromUtf8(PQresultErrorField(result, PG_DIAG_SEVERITY)),
        QString::fromUtf8(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY))));
}

QString textAt(const PgResult& result, int row, int column) {
    const QByteArray value = PQgetvalue(result.get(), row, column);
    const QString mark(value.startsWith("\xef\xbb\xbf") ? 1 : 0, QChar::ByteOrderMark);
    return mark + QString::fromUtf8(value);
}

}  // namespace tocsin::postgres
