#pragma once
#include <QObject>
#include <QQueue>
#include <QSocketNotifier>
#include <memory>

#include "sdk/error.h"

struct pg_conn;

namespace tocsin::drill {

/// One session of the stand-in application with PostgreSQL. Connecting blocks; statements do not.
/// Lives on a worker thread with an event loop.
class PgSession : public QObject {
    Q_OBJECT
public:
    /// `name` is what pg_stat_activity shows as application_name.
    PgSession(const QString& url, const QString& name, QObject* parent);
    ~PgSession() override;

    bool isOpen() const;
    bool isBusy() const { return m_busy; }
    /// One or more statements; not while busy.
    void send(const QString& sql);

signals:
    /// The first row of the last result, and whether the server took it without an error.
    void finished(const QStringList& row, bool good);
    /// The server ended the session; nothing more comes from it.
    void broken();

private:
    void read();

    struct Closer {
        void operator()(pg_conn* connection) const;
    };
    std::unique_ptr<pg_conn, Closer> m_connection;
    std::unique_ptr<QSocketNotifier> m_notifier;
    bool m_busy = false;
};

}  // namespace tocsin::drill
