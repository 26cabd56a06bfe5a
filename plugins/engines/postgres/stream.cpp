#include "plugins/engines/postgres/stream.h"

#include <QScopeGuard>
#include <thread>

#include "plugins/engines/postgres/aside.h"
#include "plugins/engines/postgres/servererror.h"
#include "plugins/engines/postgres/types.h"

namespace tocsin::postgres {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

constexpr auto kTellEvery = 34ms;  // at most 30 times a second
constexpr qint64 kHandOver = 4 * 1024 * 1024;

bool carriesRows(ExecStatusType status) {
#ifdef LIBPQ_HAS_CHUNK_MODE
    if (status == PGRES_TUPLES_CHUNK) return true;
#endif
    return status == PGRES_SINGLE_TUPLE;
}

}  // namespace

Stream::Stream(Wire& wire, const Target& target, Options options, RowsArrived rowsArrived)
    : m_wire(wire),
      m_target(target),
      m_options(std::move(options)),
      m_rowsArrived(std::move(rowsArrived)) {
}

Result<Streamed> Stream::run(const QString& text) {
    m_started = steady_clock::now();
    if (const auto sent = m_wire.send(text.toUtf8()); !sent) return tl::unexpected(sent.error());
    m_wire.setMostAtOnce(m_options.sink ? 0 : m_options.byteCap);
    const auto after = qScopeGuard([this] { m_wire.setMostAtOnce(std::nullopt); });
    std::unique_ptr<Error> error;  // the first one; later results only repeat it
    for (;;) {
        auto result = m_wire.next([this] { tellRows(false); });
        if (!result) return tl::unexpected(result.error());
        if (!*result) break;
        const ExecStatusType status = PQresultStatus(result->get());
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
            m_wire.close();
            return fail(ErrorCode::Refused,
                        QStringLiteral("COPY through the console is not supported; nothing was "
                                       "changed. Use psql's \\copy."));
        }
        const bool failed = status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE;
        if (failed && !error)
            error = std::make_unique<Error>(errorFor(result->get(), text));
        else if (!failed)
            take(result->get());
    }
    m_isReading = false;
    m_streamed.total = duration_cast<microseconds>(steady_clock::now() - m_started);
    if (error && m_wire.stopped() == Stop::Enough && error->code == ErrorCode::TooLarge)
        error.reset();  // the end that we asked for
    if (error) {
        handOver(true);  // what came before it
        waitForSink();
        return tl::unexpected(*error);
    }
    if (!m_set) startSet(nullptr);
    tellRows(true);
    handOver(true);
    waitForSink();
    if (m_isFull && m_options.stopAtCap)
        return fail(ErrorCode::Cancelled,
                    QStringLiteral("Stopped: what took the rows of %1 could take no more.")
                        .arg(m_target.connection));
    m_streamed.rows = m_set;
    m_streamed.sha256 = m_digest.hex();
    return std::move(m_streamed);
}

void Stream::take(const PGresult* result) {
    const ExecStatusType status = PQresultStatus(result);
    const bool rows = carriesRows(status);
    if (!m_set && (rows || status == PGRES_TUPLES_OK)) startSet(result);
    for (int row = 0; rows && row < PQntuples(result); ++row)
        takeRow(result, row);
    if (rows) return;
    const QByteArray tag = PQcmdStatus(const_cast<PGresult*>(result));
    if (!tag.isEmpty()) m_streamed.tag = QString::fromUtf8(tag);
}

void Stream::startSet(const PGresult* result) {
    const int width = result ? PQnfields(result) : 0;
    QVector<Column> columns;
    if (m_options.columns.size() == width) columns = m_options.columns;
    for (auto i = static_cast<int>(columns.size()); i < width; ++i) {
        Column column = columnFor(QString::fromUtf8(PQfname(result, i)), PQftype(result, i));
        if (column.type.isEmpty()) column.type = QStringLiteral("type %1").arg(PQftype(result, i));
        columns << column;
    }
    m_set = std::make_shared<ResultSet>(columns);
    m_digest.begin(width);
    m_values.resize(static_cast<std::size_t>(width));
    m_lengths.resize(static_cast<std::size_t>(width));
}

void Stream::takeRow(const PGresult* result, int row) {
    if (m_streamed.truncated) return;
    const int width = static_cast<int>(m_values.size());
    for (int i = 0; i < width; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const int length = PQgetlength(result, row, i);  // 0 for NULL too
        m_lengths[at] = length == 0 && PQgetisnull(result, row, i) ? -1 : length;
        if (length > 0) m_values[at] = PQgetvalue(result, row, i);
    }
    m_set->appendRow(m_values.data(), m_lengths.data());
    m_digest.addRow(m_values.data(), m_lengths.data(), width);
    if (++m_streamed.count == 1) {
        m_streamed.firstRow = duration_cast<microseconds>(steady_clock::now() - m_started);
        tellRows(true);
    } else if (m_streamed.count % 64 == 0) {
        tellRows(false);
    }
    m_options.sink ? handOver(false) : weighLimit();
}

void Stream::weighLimit() {
    m_streamed.bytes = m_set->byteSize();
    if (m_options.byteCap <= 0 || m_streamed.bytes < m_options.byteCap) return;
    m_streamed.truncated = true;
    if (m_options.stopAtCap) m_wire.stop(Stop::Enough);
}

/// What was given away is followed by an empty set, so that memory stays flat.
void Stream::handOver(bool evenIfRecent) {
    if (!m_options.sink || !m_set || m_set->rowCount() == 0) return;
    if (!evenIfRecent && m_set->byteSize() < kHandOver) return;
    m_streamed.bytes += m_set->byteSize();
    const auto full = std::exchange(m_set, std::make_shared<ResultSet>(m_set->columns()));
    waitForSink();
    if (!m_isFull) m_handed = aside([take = m_options.sink, full] { return take(full); });
}

/// It takes one set while the next arrives, and never two.
void Stream::waitForSink() {
    if (!m_handed.valid() || m_handed.get()) return;
    m_isFull = true;
    if (m_options.stopAtCap && m_isReading) m_wire.stop(Stop::Enough);
}

void Stream::tellRows(bool evenIfRecent) {
    const bool isNews = m_set && (m_toldRows != m_set->rowCount() || m_toldRows == 0);
    const Moment now = steady_clock::now();
    if (!isNews || (!evenIfRecent && now < m_told + kTellEvery)) return;
    m_told = now;
    if (m_options.sink) return handOver(true);
    m_toldRows = m_set->rowCount();
    if (!m_rowsArrived) return;
    m_rowsArrived(m_set);
    std::this_thread::yield();  // with few processors, who shows them waits for this one
}

Error Stream::errorFor(const PGresult* result, const QString& text) const {
    Error error = statementError(result, text, 0, m_target);
    if (sqlState(result) != "57014") return error;
    const auto after = duration_cast<std::chrono::milliseconds>(steady_clock::now() - m_started);
    const QString seconds = QString::number(static_cast<double>(after.count()) / 1000, 'f', 1);
    switch (m_wire.stopped()) {
        case Stop::Enough:
            error.code = ErrorCode::TooLarge;
            break;
        case Stop::User:
            error.code = ErrorCode::Cancelled;
            error.message = QStringLiteral("Cancelled after %1 s; %2 confirmed that it stopped.")
                                .arg(seconds, m_target.connection);
            break;
        case Stop::Late:
        case Stop::None:
            error.code = ErrorCode::Timeout;
            error.message = QStringLiteral(
                                "%1 stopped it after %2 s: the statement timeout, or somebody's "
                                "cancel. Ask for less, or raise statement_timeout of the "
                                "connection.")
                                .arg(m_target.connection, seconds);
    }
    return error;
}

}  // namespace tocsin::postgres
