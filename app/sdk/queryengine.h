#pragma once
#include <QDateTime>
#include <QFuture>
#include <QJsonObject>
#include <QObject>
#include <QStringList>
#include <QVector>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "sdk/error.h"
#include "sdk/reply.h"
#include "sdk/resultset.h"

namespace tocsin {

/// What a server said about itself on connect.
struct ServerIdentity {
    QString product;  ///< "PostgreSQL", "Redis"
    QString version;  ///< "15.18"
    QString user;     ///< role or ACL user
    QString address;  ///< "db:5432/app"
    bool replica = false;
    QStringList warnings;  ///< "role app is a superuser: a read-only transaction does not stop …"
};

/// What a statement would do, as far as it could be proved.
enum class Effect { ReadOnly, Changes, Unproven };

/// The guard's answer about one statement. Anything but ReadOnly is not run without an Unlock.
struct Verdict {
    Effect effect = Effect::Unproven;
    QString rule;    ///< short stable name: "parse", "single-statement", "cte-write",
                     ///< "volatile-function", "not-in-allow-list" …
    QString reason;  ///< sentence: what it would do
    QString remedy;  ///< sentence: what would allow it
};

/// What a query was allowed to do, and did. Kept in the timeline as evidence.
struct TOCSIN_SDK_EXPORT Receipt {
    QString connection;
    QString statement;
    ServerIdentity server;
    QStringList guards;  ///< in force while it ran: "BEGIN READ ONLY", "extended protocol",
                         ///< "statement_timeout 5 s" …
    Verdict verdict;
    QDateTime startedAt;  ///< UTC
    std::chrono::microseconds firstRow{0};
    std::chrono::microseconds total{0};
    qsizetype rows = 0;
    qint64 bytes = 0;
    int roundTrips = 0;  ///< to the server, with the guard's own questions; 0: not counted (SQL)
    QByteArray sha256;   ///< hex, over every cell in order; NULL and column borders are part of it
    QString unlockReason;

    QJsonObject toJson() const;
};

/// Leave to change something: given by a person, with a reason, until a moment.
struct Unlock {
    QString reason;
    QDateTime until;  ///< UTC; at most five minutes after it was given
};

/// Takes rows that are not kept: sets of a few megabytes, in order, each of them whole. Called on
/// threads of the engine's, one call after the other and the last one before the answer; what
/// arrives meanwhile waits. False stops the statement.
using RowSink = std::function<bool(const std::shared_ptr<const ResultSet>& rows)>;

struct Query {
    QString text;
    std::chrono::milliseconds timeout{5000};
    qint64 byteCap = 256LL * 1024 * 1024;
    std::optional<Unlock> unlock = {};
    /// The connection's name as a person typed it for this one statement. The most destructive
    /// commands run only with it, however unlocked the connection is.
    QString typedName = {};
    /// Of an unlocked change: leaves its transaction open, so that a person sees what it did before
    /// QueryEngine::decide(). Engines without transactions ignore it.
    bool hold = false;
    /// Where the rows go instead of into the result, which then has only its columns and is not cut
    /// at byteCap. A Redis reply is not given to it.
    RowSink sink = {};
};

struct QueryResult {
    std::shared_ptr<const ResultSet> rows;  ///< SQL engines; never null there
    std::shared_ptr<const Reply> reply;     ///< Redis
    /// Of a script, which is sent in one go: how soon after that each command's reply was there.
    QVector<std::chrono::microseconds> replyTimes;
    Receipt receipt;
    QStringList notices;     ///< what the server said beside the result
    bool truncated = false;  ///< stopped at byteCap; notices says so
    QString nextPage;        ///< the statement that reads on; empty when there is no more
    bool held = false;       ///< the change waits in an open transaction for decide()
};

enum class EngineState { Closed, Opening, Ready, Busy };

/// A guarded conversation with one server. The object lives on the thread that made it and never
/// blocks it; the wire work happens on a thread of its own. Statements run one after the other.
/// A statement is never sent a second time by itself: after a broken connection run() reports the
/// error, and the next run() connects again.
class TOCSIN_SDK_EXPORT QueryEngine : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Connects if needed. Errors: Auth (says which secret), Network, Timeout, Unavailable.
    virtual QFuture<Result<ServerIdentity>> open() = 0;
    virtual void close() = 0;
    /// What the guard says, without running it. Needs no connection; with one, the server's own
    /// proof is added.
    virtual QFuture<Verdict> judge(const QString& text) = 0;
    /// Judges, and runs what is proved read-only or unlocked. Errors: Refused (the verdict's
    /// reason and remedy are the message, its rule the detail), Cancelled, Timeout, Parse with
    /// position, Network …
    virtual QFuture<Result<QueryResult>> run(const Query& query) = 0;
    /// Stops the running statement on the server; safe at any time. The run's future ends with
    /// Cancelled, or with its result when that was faster.
    virtual void cancel() = 0;
    /// Ends the transaction of a held change, for good or without a trace; what was done, as words
    /// for the timeline. Errors: Refused when nothing waits, or the server gave up waiting (then
    /// nothing was changed); Network when the connection broke during COMMIT: then it is not known.
    virtual QFuture<Result<QString>> decide(bool commit);
    virtual EngineState state() const = 0;

signals:
    void stateChanged(tocsin::EngineState state);
    /// While a query runs: emitted when the first rows are there and then at most 30 times a
    /// second.
    void rowsArrived(std::shared_ptr<const tocsin::ResultSet> rows);
};

}  // namespace tocsin
