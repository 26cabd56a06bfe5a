#pragma once
#include <QStringList>
#include <QUrl>

#include "drill/localserver.h"

namespace tocsin::drill {

struct PostgresOptions {
    int maxConnections = 50;
    QStringList settings = {};  ///< further "name = value" lines for postgresql.conf
    QString superuser = QStringLiteral("postgres");
    QString database = QStringLiteral("app");  ///< created, owned by the superuser
    /// Run in `database` as superuser before ready(), several statements at once. Roles and their
    /// passwords are made here; over TCP every role logs in with its password (scram-sha-256).
    QString initialSql = {};
    QStringList hba =
        {};  ///< lines that replace the pg_hba.conf rules, for tests of authentication
};

/// A throw-away PostgreSQL cluster. As root it runs as the user `postgres`, which the server
/// demands.
class LocalPostgres : public LocalServer {
    Q_OBJECT
public:
    explicit LocalPostgres(const PostgresOptions& options = {}, QObject* parent = nullptr);

    QString superuser() const { return m_options.superuser; }
    QString superuserPassword() const { return m_password; }
    QString database() const { return m_options.database; }
    /// "postgresql://role:password@127.0.0.1:port/database"; no password part when it is empty.
    QString url(const QString& role, const QString& password = {},
                const QString& database = {}) const;
    QString superuserUrl(const QString& database = {}) const;

    /// The newest installed server's folder of binaries; empty when there is none.
    static QString binaryFolder();

protected:
    Result<void> locate() override;
    void prepare() override;
    Result<Command> command() override;
    QByteArray readyText() const override {
        return "database system is ready to accept connections";
    }
    void settle() override;

private:
    QByteArray configuration() const;
    QByteArray hostRules() const;

    PostgresOptions m_options;
    QString m_password;
    QString m_binaries;
};

/// Runs statements over libpq, blocking: for worker threads and tests. Errors hold the server's
/// words. Returns the first cell of the last result as text; null QString for none or NULL.
Result<QString> runSql(const QString& url, const QString& sql);

}  // namespace tocsin::drill
