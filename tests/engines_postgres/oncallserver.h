#pragma once
#include <QFile>
#include <QTemporaryDir>

#include "tests/engines_postgres/postgresfixture.h"

namespace tocsin::postgres {

/// A server of production, over TCP and over a socket, with the role that looks at it.
class OncallServer {
public:
    /// Empty when it runs, or why it does not.
    QString start() {
        // The server is another user where the test is root.
        QFile(m_sockets.path()).setPermissions(QFile::Permissions(0x7777));
        if (const QString why = server.start(); !why.isEmpty()) return why;
        return server.sql(QStringLiteral(R"(
            CREATE ROLE oncall LOGIN PASSWORD 'oncall-secret' IN ROLE pg_monitor;
            CREATE FUNCTION deaf() RETURNS int LANGUAGE plpgsql STABLE AS $$
            BEGIN
              LOOP
                BEGIN PERFORM pg_sleep(20); EXIT; EXCEPTION WHEN query_canceled THEN NULL; END;
              END LOOP;
              RETURN 1;
            END$$;
            CREATE TABLE t(id int); INSERT INTO t VALUES (1); GRANT ALL ON t TO oncall;)"));
    }

    /// Of the role, through whatever listens on `port`.
    Settings production(quint16 port) const {
        Settings settings = settingsFor(
            QStringLiteral(
                "postgresql://oncall@127.0.0.1:%1/app?sslmode=disable&gssencmode=disable")
                .arg(port),
            QStringLiteral("oncall-secret"));
        settings.values[QStringLiteral("environment")] = QStringLiteral("production");
        settings.values[QStringLiteral("spare_connection")] = true;
        return settings;
    }

    QString socketUrl() const {
        const QUrl url(server.superuserUrl());
        return QStringLiteral("postgresql://%1@%2:%3/app")
            .arg(url.userName(), QString::fromLatin1(QUrl::toPercentEncoding(m_sockets.path())),
                 QString::number(url.port()));
    }

    /// How many of the role's statements like `pattern` run now.
    QString active(const char* pattern) const {
        return server.sql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE state = "
                                         "'active' AND usename = 'oncall' AND query LIKE '%1'")
                              .arg(QString::fromLatin1(pattern)));
    }

private:
    QTemporaryDir m_sockets;

public:
    support::PostgresServer server{
        {.settings = {QStringLiteral("unix_socket_directories = '%1'").arg(m_sockets.path())},
         .hba = {QStringLiteral("local all all trust"),
                 QStringLiteral("host all all 127.0.0.1/32 scram-sha-256")}}};
};

}  // namespace tocsin::postgres
