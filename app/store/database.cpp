#include "store/database.h"

#include <QCoreApplication>
#include <QDir>
#include <QSqlError>
#include <QUuid>

#include "store/opening.h"
#include "store/rescue.h"
#include "store/trouble.h"

namespace tocsin::store {
namespace {

// Of the few statements that are repeated; each holds memory while it is kept.
constexpr size_t kMostParsed = 32;

}  // namespace

Result<QSqlQuery> Transaction::run(const QString& sql, const QVariantList& values) {
    QSqlQuery query(m_db);
    query.setForwardOnly(true);
    bool ok = query.prepare(sql);
    for (const QVariant& value : values)
        query.addBindValue(value);
    ok = ok && query.exec();
    if (!ok) return tl::unexpected<Error>(trouble(query.lastError(), m_db.databaseName()));
    m_lastId = query.lastInsertId().toLongLong();
    return query;
}

Result<void> Transaction::repeat(const QString& sql, const QVariantList& values) {
    auto known = m_parsed.find(sql);
    if (known == m_parsed.end()) {
        QSqlQuery query(m_db);
        if (!query.prepare(sql))
            return tl::unexpected<Error>(trouble(query.lastError(), m_db.databaseName()));
        if (m_parsed.size() >= kMostParsed) m_parsed.clear();
        known = m_parsed.emplace(sql, std::move(query)).first;
    }
    QSqlQuery& query = known->second;
    for (int i = 0; i < values.size(); ++i)
        query.bindValue(i, values.at(i));
    const bool ok = query.exec();
    const QSqlError error = query.lastError();
    query.finish();
    if (!ok) return tl::unexpected<Error>(trouble(error, m_db.databaseName()));
    return {};
}

/// The store's end on its own thread. Holds the only connection.
class Database::Worker : public QObject {
public:
    Result<QString> open(const QString& file) {
        m_name = QStringLiteral("store-") + QUuid::createUuid().toString(QUuid::WithoutBraces);
        QString note;
        auto db = openFile(file, m_name, note);
        if (!db) return tl::unexpected<Error>(db.error());
        m_db = *db;
        m_rescue = Rescue(file);
        return note;
    }

    ~Worker() override {
        if (!m_db.isValid()) return;
        m_parsed.clear();
        m_db.close();
        m_db = QSqlDatabase();
        QSqlDatabase::removeDatabase(m_name);
    }

    void perform(const Job& job) { job.finish(transact(job)); }

private:
    Result<void> transact(const Job& job) {
        const bool writes = job.access == Access::Write;
        if (writes)
            if (auto there = m_rescue.check(m_db); !there) return there;
        if (auto begun = exec(writes ? QStringLiteral("BEGIN IMMEDIATE") : QStringLiteral("BEGIN"));
            !begun)
            return begun;
        Transaction tx(m_db, m_parsed);
        Result<void> outcome = job.body(tx);
        if (outcome) outcome = exec(QStringLiteral("COMMIT"));
        // After some failures (disk full) SQLite has rolled back already; then this does nothing.
        if (!outcome) (void)exec(QStringLiteral("ROLLBACK"));
        return outcome;
    }

    Result<void> exec(const QString& sql) {
        QSqlQuery query(m_db);
        if (!query.exec(sql))
            return tl::unexpected<Error>(trouble(query.lastError(), m_db.databaseName()));
        return {};
    }

    QString m_name;
    QSqlDatabase m_db;
    Parsed m_parsed;
    Rescue m_rescue;
};

Result<std::unique_ptr<Database>> Database::open(const QString& file) {
    std::unique_ptr<Database> database(new Database);
    database->m_file = file;
    database->m_worker = new Worker;
    database->m_worker->moveToThread(&database->m_thread);
    database->m_thread.setObjectName(QStringLiteral("store"));
    QObject::connect(&database->m_thread, &QThread::finished, database->m_worker,
                     &QObject::deleteLater);
    database->m_thread.start();
    Result<QString> note;
    QMetaObject::invokeMethod(
        database->m_worker, [&] { note = database->m_worker->open(file); },
        Qt::BlockingQueuedConnection);
    if (!note) return tl::unexpected<Error>(note.error());
    database->m_openNote = *note;
    return database;
}

QString Database::fileIn(const QString& dataFolder) {
    return QDir(dataFolder).filePath(QStringLiteral("tocsin.sqlite"));
}

Database::~Database() {
    if (!m_worker) return;
    // Queued behind every job, so that all of them are done first.
    QMetaObject::invokeMethod(
        m_worker, [thread = &m_thread] { thread->quit(); }, Qt::QueuedConnection);
    m_thread.wait();
}

void Database::drain() const {
    QMetaObject::invokeMethod(
        m_worker, [] {}, Qt::BlockingQueuedConnection);
}

void Database::enqueue(Job job) {
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, job = std::move(job)] { worker->perform(job); },
        Qt::QueuedConnection);
}

}  // namespace tocsin::store
