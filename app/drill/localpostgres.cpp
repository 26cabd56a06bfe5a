#include "drill/localpostgres.h"

#include <libpq-fe.h>

#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <QVersionNumber>
#include <algorithm>
#include <csignal>

#include "sdk/async.h"
#include "sdk/secret.h"

namespace tocsin::drill {
namespace {

QString randomPassword() {
    return QString::number(QRandomGenerator::system()->generate64(), 36) +
           QString::number(QRandomGenerator::system()->generate64(), 36);
}

QString quotedName(const QString& name) {
    return u'"' + QString(name).replace(u'"', QStringLiteral("\"\"")) + u'"';
}

Error sqlError(const char* words) {
    const QString text = redact(QString::fromUtf8(words).trimmed());
    return {ErrorCode::Refused, QStringLiteral("PostgreSQL refused: %1").arg(text), text};
}

/// Creates the database and fills it; on a worker thread.
Result<QString> fill(const QString& maintenanceUrl, const QString& url,
                     const PostgresOptions& options) {
    if (options.database != QStringLiteral("postgres")) {
        auto made = runSql(maintenanceUrl,
                           QStringLiteral("CREATE DATABASE %1").arg(quotedName(options.database)));
        if (!made) return made;
    }
    if (options.initialSql.isEmpty()) return QString();
    return runSql(url, options.initialSql);
}

}  // namespace

Result<QString> runSql(const QString& url, const QString& sql) {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(
        PQconnectdb(url.toUtf8().constData()), &PQfinish);
    if (PQstatus(connection.get()) != CONNECTION_OK)
        return tl::unexpected<Error>(sqlError(PQerrorMessage(connection.get())));
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(connection.get(), sql.toUtf8().constData()), &PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
        return tl::unexpected<Error>(sqlError(PQerrorMessage(connection.get())));
    if (PQntuples(result.get()) == 0 || PQgetisnull(result.get(), 0, 0)) return QString();
    return QString::fromUtf8(PQgetvalue(result.get(), 0, 0));
}

LocalPostgres::LocalPostgres(const PostgresOptions& options, QObject* parent)
    : LocalServer(QStringLiteral("PostgreSQL"), SIGQUIT, parent),
      m_options(options),
      m_password(randomPassword()) {
}

QString LocalPostgres::url(const QString& role, const QString& password,
                           const QString& database) const {
    QUrl url;
    url.setScheme(QStringLiteral("postgresql"));
    url.setUserName(role);
    if (!password.isEmpty()) url.setPassword(password);
    url.setHost(host());
    url.setPort(port());
    url.setPath(u'/' + (database.isEmpty() ? m_options.database : database));
    return url.toString(QUrl::FullyEncoded);
}

QString LocalPostgres::superuserUrl(const QString& database) const {
    return url(m_options.superuser, m_password, database);
}

QString LocalPostgres::binaryFolder() {
    const QDir root(QStringLiteral("/usr/lib/postgresql"));
    QStringList versions = root.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    std::sort(versions.begin(), versions.end(), [](const QString& a, const QString& b) {
        return QVersionNumber::fromString(a) > QVersionNumber::fromString(b);
    });
    for (const QString& version : std::as_const(versions)) {
        const QString folder = root.filePath(version + QStringLiteral("/bin"));
        if (QFile::exists(folder + QStringLiteral("/initdb")) &&
            QFile::exists(folder + QStringLiteral("/postgres")))
            return folder;
    }
    return {};
}

Result<void> LocalPostgres::locate() {
    m_binaries = binaryFolder();
    if (m_binaries.isEmpty())
        return fail(ErrorCode::NotFound,
                    QStringLiteral("No PostgreSQL server is installed; install the package "
                                   "“postgresql” and try again."));
    if (!isRoot()) return {};
    const auto user = userNamed("postgres");
    if (!user)
        return fail(ErrorCode::NotFound,
                    QStringLiteral("PostgreSQL refuses to run as root and there is no user "
                                   "“postgres”; install the package “postgresql”."));
    setRunAs(*user);
    return {};
}

void LocalPostgres::prepare() {
    const auto passwordFile = writeFile(QStringLiteral("password"), m_password.toUtf8() + '\n');
    if (!passwordFile) return giveUp(passwordFile.error());
    const Command initdb{m_binaries + QStringLiteral("/initdb"),
                         {QStringLiteral("--pgdata=") + folder() + QStringLiteral("/data"),
                          QStringLiteral("--username=") + m_options.superuser,
                          QStringLiteral("--pwfile=") + folder() + QStringLiteral("/password"),
                          QStringLiteral("--auth=scram-sha-256"), QStringLiteral("--encoding=UTF8"),
                          QStringLiteral("--locale=C.UTF-8"), QStringLiteral("--no-sync")}};
    runOnce(initdb, QStringLiteral("Cannot make a PostgreSQL cluster in %1.").arg(folder()),
            [this] {
                QFile::remove(folder() + QStringLiteral("/password"));
                prepared();
            });
}

QByteArray LocalPostgres::configuration() const {
    // fsync off: the cluster lives as long as this program, never longer.
    QStringList lines{QStringLiteral("listen_addresses = '127.0.0.1'"),
                      QStringLiteral("unix_socket_directories = ''"),
                      QStringLiteral("max_connections = %1").arg(m_options.maxConnections),
                      QStringLiteral("shared_buffers = 16MB"),
                      QStringLiteral("fsync = off"),
                      QStringLiteral("logging_collector = off"),
                      QStringLiteral("log_destination = stderr"),
                      QStringLiteral("lc_messages = 'C'")};
    lines += m_options.settings;
    return lines.join(u'\n').toUtf8() + '\n';
}

QByteArray LocalPostgres::hostRules() const {
    if (!m_options.hba.isEmpty()) return m_options.hba.join(u'\n').toUtf8() + '\n';
    return "host all all 127.0.0.1/32 scram-sha-256\n";
}

Result<LocalServer::Command> LocalPostgres::command() {
    if (auto done = writeFile(QStringLiteral("data/postgresql.conf"), configuration()); !done)
        return tl::unexpected<Error>(done.error());
    if (auto done = writeFile(QStringLiteral("data/pg_hba.conf"), hostRules()); !done)
        return tl::unexpected<Error>(done.error());
    return Command{m_binaries + QStringLiteral("/postgres"),
                   {QStringLiteral("-D"), folder() + QStringLiteral("/data"), QStringLiteral("-p"),
                    QString::number(port())}};
}

void LocalPostgres::settle() {
    runOnPool(
        this,
        [maintenance = superuserUrl(QStringLiteral("postgres")), target = superuserUrl(),
         options = m_options] { return fill(maintenance, target, options); },
        [this](const Result<QString>& done) {
            if (done) return settled();
            giveUp(done.error());
        });
}

}  // namespace tocsin::drill
