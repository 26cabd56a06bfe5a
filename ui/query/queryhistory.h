#pragma once
#include <QDateTime>
#include <QObject>
#include <QThreadPool>
#include <QVector>

namespace tocsin::ui {

/// What was asked before, per connection, kept across restarts: one JSON line a statement in
/// `FOLDER/sql-history.jsonl`. Statements that set or hold a password are not kept; registered
/// secrets are blotted out. A statement with a name is a saved query and stays. GUI thread; the
/// file is read and written on a thread of its own, in order.
class QueryHistory : public QObject {
    Q_OBJECT
public:
    struct Entry {
        QString connection, sql;
        QDateTime at;  ///< UTC; of the last time
        QString name;  ///< of a saved query; else empty
    };

    /// Commands of Redis have a file of their own, `redis-history.jsonl`, and say passwords in
    /// other words.
    enum class Kind { Sql, Commands };

    explicit QueryHistory(QObject* parent = nullptr) : QObject(parent) {}
    QueryHistory(Kind kind, QObject* parent) : QObject(parent), m_kind(kind) {}
    ~QueryHistory() override;

    /// Reads what earlier runs left; changed() follows. Without a folder nothing is kept.
    void open(const QString& folder);
    /// The same statement again only moves to the front.
    void add(const QString& connection, const QString& sql, const QDateTime& at);
    /// False where there is nothing to save, or it holds what must not be written down.
    bool save(const QString& connection, const QString& sql, const QString& name,
              const QDateTime& at);
    /// Takes one away, saved or not.
    void forget(const QString& connection, const QString& sql);
    /// Newest first, saved queries before the others; of one connection, with every word of
    /// `search` in statement or name.
    QVector<Entry> found(const QString& connection, const QString& search) const;

signals:
    void changed();

private:
    void put(const Entry& entry);
    void append(const Entry& entry);
    void rewrite();

    bool keeps(const QString& text) const;

    Kind m_kind = Kind::Sql;
    QVector<Entry> m_entries;  ///< oldest first
    QString m_file;
    QThreadPool m_writer;
};

/// False for what must not be written down: it sets or holds a password.
bool mayBeKept(const QString& sql);
/// The same of Redis commands, which log in (AUTH, HELLO, -a) and set passwords (ACL SETUSER).
bool mayCommandBeKept(const QString& command);

}  // namespace tocsin::ui
