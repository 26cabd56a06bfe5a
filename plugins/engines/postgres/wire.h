#pragma once
#include <libpq-fe.h>

#include <QByteArray>
#include <QStringList>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "plugins/engines/postgres/interrupt.h"
#include "plugins/engines/postgres/mapped.h"
#include "plugins/engines/postgres/sluice.h"
#include "plugins/engines/postgres/spare.h"
#include "plugins/engines/postgres/target.h"
#include "sdk/listening.h"

namespace tocsin::postgres {

using PgResult = std::unique_ptr<PGresult, void (*)(PGresult*)>;
inline bool isError(const PgResult& result) {
    return !result || PQresultStatus(result.get()) == PGRES_FATAL_ERROR;
}
inline PgResult emptyResult() {
    return {nullptr, PQclear};
}

/// Waiting on a socket is real time, whatever a drill's clock does.
using Moment = std::chrono::steady_clock::time_point;

/// Why the running statement is being cancelled.
enum class Stop { None, User, Late, Enough };

/// One libpq connection, never blocking: every wait is a poll with a deadline that an Interrupt
/// ends. Session thread only.
class Wire {
public:
    explicit Wire(Interrupt& interrupt) : m_interrupt(interrupt) {}
    ~Wire() { close(); }
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    /// By the first of the ways that works; each gets its share of the time that is left until
    /// then, so that one that does not answer leaves some for the next. The error is the first
    /// one's: Auth and Cancelled at once, else Network, Timeout or Unavailable. A pooler that
    /// refuses the start options gets none.
    Result<void> connect(const QVector<Target>& ways, Moment until);
    /// Where connect() got to.
    const Target& target() const { return m_target; }
    /// Takes over a connection that is already made (the spare one), with its limits.
    void adopt(PGconn* connection);
    void close();
    bool isOpen() const { return m_connection != nullptr; }
    /// Looks, without waiting, whether the server closed the connection meanwhile.
    bool isLost();
    /// To be told by, between two questions; -1 without a connection.
    int socket() const;
    /// The server calls this session otherwise than whoever answered the login: a pooler stands
    /// between, and may give the next transaction another session.
    bool isPooled() const;
    int serverVersion() const;  ///< 150002 is 15.2
    bool isEncrypted() const;
    /// A database without an encoding (SQL_ASCII): its bytes are taken as they are.
    bool keepsRawBytes() const;
    bool hasUtf8() const;
    PGTransactionStatusType transaction() const;

    /// The run that the next statements belong to, for cancelling, and when they are too late.
    void begin(std::uint64_t run, Moment deadline);

    /// Where a cancel goes that the server does not hear: `spare` outlives the wire; `backend` is
    /// the server's own number of this session, which a pooler hides from libpq.
    void setEscalation(Spare* spare) { m_spare = spare; }
    void setBackend(int backend) { m_backend = backend; }

    /// Whether the next statement may be sent. Errors: Cancelled once the run was, Network when the
    /// connection is closed.
    Result<void> proceed();
    /// Our own fixed texts: simple protocol, several statements allowed; the last result. Once the
    /// run was cancelled nothing more is sent: Cancelled.
    Result<PgResult> tell(const QByteArray& sql);
    /// The same after a cancel too, for what ends the transaction.
    Result<PgResult> tellAnyway(const QByteArray& sql);
    /// Extended protocol, one statement, text values; `nullopt`-free. The last result, which may
    /// be an error result: look at its status.
    Result<PgResult> ask(const QByteArray& sql, const QVector<QByteArray>& values = {});
    Result<PgResult> describePortal(const QByteArray& name);

    /// Sends one statement by the extended protocol, in single-row mode, or with libpq 17 in small
    /// chunks of rows.
    Result<void> send(const QByteArray& sql);
    /// The next result of what was sent; null when there is no more. `tick` is called at least
    /// every 33 ms while waiting.
    Result<PgResult> next(const std::function<void()>& tick = {});
    /// How much may arrive of a large row (64 MB or more) before it is complete, because libpq
    /// keeps all of a row until then. Past it next() closes the connection: TooLarge. 0: any
    /// amount; nothing: what the guard's own questions get.
    void setMostAtOnce(std::optional<qint64> bytes) { m_mostAtOnce = bytes; }
    /// Asks the server to stop, from another thread because PQcancel blocks, again every 100 ms
    /// because a cancel that falls between two statements is lost, and after 250 ms over the spare
    /// connection. What was sent ends with an error result, or the socket is closed two seconds
    /// later.
    void stop(Stop why);
    Stop stopped() const { return m_stop; }
    /// Since begin().
    std::chrono::milliseconds lasted() const;

    QStringList takeNotices();
    /// Waits for what a LISTEN brings, or an Interrupt, or a while. Errors: Network.
    Result<QVector<Notification>> hear();

private:
    struct Cancel;
    enum class Wait { Ready, Tick, Broken };

    Result<void> connectTo(const Target& target, Moment until);
    Result<void> connectOnce(const Target& target, bool withOptions, Moment until);
    Result<void> finishConnecting(const Target& target, Moment until);
    void takeKey();
    void insist(Moment now);
    Error gaveUp();
    Error tooLarge();
    Wait wait(short events, Moment until);
    Result<void> pump(const std::function<void()>& tick);
    Result<PgResult> lastResult();
    void watchForLargeRow();
    void takeSluiceAway(bool isWhole);
    void dropSluice();
    qint64 mostAtOnce() const;
    bool readAhead();
    bool readMore();
    bool waitForCancel();
    Error broken(const QString& doing);
    static void takeNotice(void* self, const PGresult* result);

    Interrupt& m_interrupt;
    Target m_target;
    PGconn* m_connection = nullptr;
    std::shared_ptr<Cancel> m_cancel;
    std::uint64_t m_run = 0;
    Moment m_deadline = Moment::max();
    Moment m_giveUp = Moment::max();
    Moment m_began;
    Moment m_stoppedAt;
    Moment m_nextCancel;
    int m_cancels = 0;
    bool m_askedSpare = false;
    Spare* m_spare = nullptr;
    int m_backend = 0;
    Stop m_stop = Stop::None;
    bool m_optionsRefused = false;
    int m_doublings = 0;  ///< of libpq's buffer
    std::optional<qint64> m_mostAtOnce;
    MappedMemory m_mapped;
    qint64 m_mappedBefore = 0;  ///< after the last read
    std::unique_ptr<Sluice> m_sluice;
    QStringList m_notices;
};

/// Exactly: also a byte order mark at the beginning.
QString textAt(const PgResult& result, int row, int column);

}  // namespace tocsin::postgres
