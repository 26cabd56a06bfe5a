#include "plugins/engines/postgres/identity.h"

#include "plugins/engines/postgres/servererror.h"

namespace tocsin::postgres {
namespace {

// Roles that let a session do harm in spite of a read-only transaction; a name that this server's
// version does not know is simply not there. pg_monitor is asked for because without it the
// statements of others are hidden.
const QByteArray kWho = R"(
SELECT pg_catalog.current_setting('server_version'), current_user,
       pg_catalog.pg_is_in_recovery(), r.rolsuper, r.rolbypassrls, r.rolreplication,
       pg_catalog.current_setting('default_transaction_read_only'),
       pg_catalog.current_setting('statement_timeout'),
       pg_catalog.array_to_string(ARRAY(
           SELECT g.rolname FROM pg_catalog.pg_roles g
           WHERE g.rolname OPERATOR(pg_catalog.=) ANY ('{pg_signal_backend,pg_execute_server_program,pg_write_server_files,pg_read_server_files,pg_write_all_data,pg_checkpoint,pg_monitor,pg_read_all_stats,pg_maintain,pg_create_subscription}')
             AND pg_catalog.pg_has_role(r.oid, g.oid, 'USAGE') ORDER BY 1), ','),
       pg_catalog.current_database()
FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) current_user
)";

struct Power {
    const char* role;
    const char* harm;
};
constexpr Power kPowers[] = {
    {"pg_signal_backend", "can end other sessions"},
    {"pg_execute_server_program", "can start programs on the server"},
    {"pg_write_server_files", "can write the server's files"},
    {"pg_read_server_files", "can read the server's files"},
    {"pg_write_all_data", "can write every table"},
    {"pg_checkpoint", "can force checkpoints"},
    {"pg_maintain", "can lock and rewrite every table"},
    {"pg_create_subscription", "can create subscriptions"},
};

QString text(const PgResult& row, int column) {
    return QString::fromUtf8(PQgetvalue(row.get(), 0, column));
}

QStringList rolesWarnings(const QString& user, const QStringList& roles) {
    QStringList warnings;
    for (const Power& power : kPowers)
        if (roles.contains(QString::fromLatin1(power.role)))
            warnings << QStringLiteral("role %1 is in %2 and %3; use a role that cannot")
                            .arg(user, QString::fromLatin1(power.role),
                                 QString::fromLatin1(power.harm));
    if (!roles.contains(QStringLiteral("pg_monitor")) &&
        !roles.contains(QStringLiteral("pg_read_all_stats")))
        warnings << QStringLiteral(
                        "role %1 is not in pg_monitor: what other sessions do is hidden, "
                        "and counts of active ones are too low")
                        .arg(user);
    return warnings;
}

bool isLocal(const QString& host) {
    return host.startsWith(u'/') || host == u"localhost" ||
           host.startsWith(QStringLiteral("127.")) || host == u"::1";
}

QStringList warningsFor(const PgResult& row, const ServerIdentity& identity, const Wire& wire,
                        const Target& target) {
    QStringList warnings;
    const auto flag = [&row](int column) { return text(row, column) == u"t"; };
    if (flag(3)) {
        warnings << QStringLiteral(
                        "role %1 is a superuser: a read-only transaction does not stop "
                        "it from writing files, ending sessions or reloading settings")
                        .arg(identity.user);
    } else {
        warnings += rolesWarnings(identity.user, text(row, 8).split(u','));
        if (flag(5))
            warnings << QStringLiteral(
                            "role %1 may replicate: it can read everything and drop "
                            "replication slots")
                            .arg(identity.user);
    }
    if (text(row, 6) != u"on" || text(row, 7) == u"0")
        warnings << QStringLiteral(
            "something between here and the server (a pooler?) dropped the "
            "session's limits; each statement still sets its own");
    if (!wire.isEncrypted() && !isLocal(target.host))
        warnings << QStringLiteral(
                        "the conversation with %1 is not encrypted; add "
                        "?sslmode=verify-full to its url")
                        .arg(target.host);
    return warnings;
}

}  // namespace

Result<ServerIdentity> identify(Wire& wire, const Target& target) {
    auto row = wire.ask(kWho);
    if (!row) return tl::unexpected(row.error());
    if (!*row || PQresultStatus(row->get()) != PGRES_TUPLES_OK || PQntuples(row->get()) != 1)
        return tl::unexpected(statementError(row->get(), QString::fromUtf8(kWho), 0, target));
    ServerIdentity identity;
    identity.product = QStringLiteral("PostgreSQL");
    identity.version = text(*row, 0).section(u' ', 0, 0);
    identity.user = text(*row, 1);
    identity.address = QStringLiteral("%1:%2/%3").arg(target.host, target.port, text(*row, 9));
    identity.replica = text(*row, 2) == u"t";
    identity.warnings = warningsFor(*row, identity, wire, target);
    return identity;
}

}  // namespace tocsin::postgres
