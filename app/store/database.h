#pragma once
#include <QFuture>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QThread>
#include <functional>
#include <memory>

#include "sdk/error.h"

namespace tocsin::store {

/// One open transaction, on the store's thread. Domain modules (delivery, incidents, escalation)
/// write their SQL against it, so that several of them can change together or not at all.
class Transaction {
public:
    explicit Transaction(QSqlDatabase db) : m_db(std::move(db)) {}
    /// A query prepared with `sql`; statements are cached by the driver.
    Result<QSqlQuery> run(const QString& sql, const QVariantList& values = {});
    qint64 lastInsertId() const { return m_lastId; }

private:
    QSqlDatabase m_db;
    qint64 m_lastId = 0;
};

/// The durable store: SQLite (WAL, synchronous=FULL) on a thread of its own.
/// - A newer schema than this program knows is refused (Config). A corrupt file is set aside under
///   a dated name, never overwritten, and openNote() says so.
/// - write() runs its body in one IMMEDIATE transaction: an Error from the body, or a failed commit,
///   rolls everything back. When the future holds a value it is on the disk.
class Database {
public:
    /// Opens (and migrates) `file`. May block on the disk: call it before the window is shown or
    /// from a worker thread.
    static Result<std::unique_ptr<Database>> open(const QString& file);
    ~Database();  ///< finishes what was queued

    template <typename T>
    QFuture<Result<T>> write(std::function<Result<T>(Transaction&)> body);
    template <typename T>
    QFuture<Result<T>> read(std::function<Result<T>(Transaction&)> body);

    /// What happened on opening that a person should know; empty normally.
    QString openNote() const { return m_openNote; }

private:
    QString m_openNote;
};

}  // namespace tocsin::store
