#pragma once
#include <QObject>
#include <memory>

#include "sdk/clock.h"
#include "sdk/queryengine.h"

namespace tocsin::inspection {

/// What a connection is, before anything is opened.
struct ConnectionInfo {
    QString name;                                        ///< "primary"
    QString kind;                                        ///< "postgres", "redis"
    QString place;                                       ///< "oncall@db:5432/app", no secret
    QString environment = QStringLiteral("production");  ///< production unless the workspace says else
    bool isProduction() const { return environment == QStringLiteral("production"); }
};

/// A named server and the guarded engine that talks to it. Made at start; opened on first use.
/// GUI thread.
class Connection : public QObject {
    Q_OBJECT
public:
    /// `engine` may be null: then `problem` says why (a missing secret, a plugin that would not load)
    /// and run() answers with it.
    Connection(ConnectionInfo info, std::unique_ptr<QueryEngine> engine, Error problem, Clock& clock,
               QObject* parent = nullptr);

    const ConnectionInfo& info() const { return m_info; }
    QueryEngine* engine() const { return m_engine.get(); }
    const std::optional<ServerIdentity>& identity() const { return m_identity; }

    QFuture<Result<QueryResult>> run(const QString& text);
    void cancel();

    /// Leave to change something, for at most five minutes; `reason` goes into the timeline.
    Result<Unlock> unlock(const QString& reason, std::chrono::milliseconds span);
    void lock();
    std::optional<Unlock> unlocked() const;

signals:
    void started(const QString& text);
    void rowsArrived(std::shared_ptr<const tocsin::ResultSet> rows);
    void finished(const tocsin::QueryResult& result);
    void failed(const QString& text, const tocsin::Error& error);
    void identityChanged();
    void unlockChanged();

private:
    ConnectionInfo m_info;
    std::unique_ptr<QueryEngine> m_engine;
    std::optional<ServerIdentity> m_identity;
};

}  // namespace tocsin::inspection
