#pragma once
#include <QFuture>
#include <QPromise>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QThread>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "sdk/error.h"
#include "store/fence.h"

namespace tocsin::store {

/// What a connection has parsed, by its text. Must go before the connection.
using Parsed = std::map<QString, QSqlQuery>;

/// One open transaction, on the store's thread. Domain modules (delivery, incidents, escalation)
/// write their SQL against it, so that several of them can change together or not at all.
class Transaction {
public:
    Transaction(const QSqlDatabase& db, Parsed& parsed) : m_db(db), m_parsed(parsed) {}
    /// Runs `sql` with its `?` filled from `values`. Failures are sentences for a person: disk
    /// full, read-only, locked by another process, damaged.
    Result<QSqlQuery> run(const QString& sql, const QVariantList& values = {});
    /// The same for what is run often and returns no rows: it is parsed once.
    Result<void> repeat(const QString& sql, const QVariantList& values);
    qint64 lastInsertId() const { return m_lastId; }

private:
    QSqlDatabase m_db;
    Parsed& m_parsed;
    qint64 m_lastId = 0;
};

/// The durable store: SQLite (WAL, synchronous=FULL) on a thread of its own. Several processes may
/// have the same file open; see Ownership for who runs the engine and ChangeWatch for noticing
/// them.
/// - A newer schema than this program knows is refused (Config) and left untouched. A corrupt file
///   is set aside under a dated name, never overwritten, and openNote() says so.
/// - write() runs its body in one IMMEDIATE transaction: an Error from the body, or a failed
/// commit,
///   rolls everything back. When the future holds a value it is on the disk.
/// - When the file was removed or replaced while it is open, write() refuses (Disk): what goes into
/// a
///   file without a name is not saved. All that was confirmed is copied beside it first, once.
/// - Bodies run one after the other in the order of the calls, on the store's thread; they must not
///   touch anything that lives elsewhere. The futures are fulfilled there: consume them with
///   whenDone() or chained() of sdk/async.h. write() and read() may be called from any thread.
class Database {
public:
    /// Opens (and migrates) `file`; its folder is made when missing. May block on the disk: call it
    /// before the window is shown or from a worker thread.
    static Result<std::unique_ptr<Database>> open(const QString& file);
    /// Where the store lies in a data folder.
    static QString fileIn(const QString& dataFolder);
    ~Database();  ///< finishes what was queued

    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    template <typename T>
    QFuture<Result<T>> write(std::function<Result<T>(Transaction&)> body) {
        return submit<T>(Access::Write, std::move(body));
    }
    /// For what only the owner of the engine may do: the body runs only while `fence` holds.
    template <typename T>
    QFuture<Result<T>> write(const Fence& fence, std::function<Result<T>(Transaction&)> body) {
        return write<T>([fence, body = std::move(body)](Transaction& tx) -> Result<T> {
            if (auto held = fence.check(tx); !held) return tl::unexpected<Error>(held.error());
            return body(tx);
        });
    }
    template <typename T>
    QFuture<Result<T>> read(std::function<Result<T>(Transaction&)> body) {
        return submit<T>(Access::Read, std::move(body));
    }

    /// Blocks until all that was queued so far is done. For destructors of objects that are the
    /// context of a continuation: Qt 6.4 does not allow one to die before its future is fulfilled.
    void drain() const;

    /// What happened on opening that a person should know; empty normally.
    QString openNote() const { return m_openNote; }
    QString file() const { return m_file; }

private:
    enum class Access { Read, Write };
    /// A body without its type, and what is done with the outcome of body and commit together.
    struct Job {
        Access access;
        std::function<Result<void>(Transaction&)> body;
        std::function<void(const Result<void>&)> finish;
    };
    class Worker;

    Database() = default;
    void enqueue(Job job);

    template <typename T>
    QFuture<Result<T>> submit(Access access, std::function<Result<T>(Transaction&)> body) {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        auto value = std::make_shared<std::optional<Result<T>>>();
        promise->start();
        enqueue({access,
                 [value, body = std::move(body)](Transaction& tx) -> Result<void> {
                     value->emplace(body(tx));
                     if (value->value()) return {};
                     return tl::unexpected<Error>(value->value().error());
                 },
                 [value, promise](const Result<void>& outcome) {
                     if (outcome)
                         promise->addResult(std::move(value->value()));
                     else
                         promise->addResult(Result<T>(tl::unexpected<Error>(outcome.error())));
                     promise->finish();
                 }});
        return promise->future();
    }

    QThread m_thread;
    Worker* m_worker = nullptr;  // lives on m_thread
    QString m_file;
    QString m_openNote;
};

}  // namespace tocsin::store
