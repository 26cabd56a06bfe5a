#include "plugins/engines/postgres/target.h"

#include <libpq-fe.h>

#include <memory>

namespace tocsin::postgres {
namespace {

using Options = std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)>;

QByteArray milliseconds(const char* name, std::chrono::milliseconds value) {
    return QByteArray(" -c ") + name + '=' + QByteArray::number(qint64(value.count()));
}

void setDuration(std::chrono::milliseconds& target, const Settings& settings, const char* field) {
    const auto value = settings.duration(QString::fromLatin1(field));
    if (value.count() > 0) target = value;
}

tl::unexpected<Error> badUrl(const Settings& settings, const QString& why) {
    return fail(ErrorCode::Config,
                QStringLiteral("The url of connection %1 is not one that PostgreSQL understands; "
                               "write postgresql://role@host:5432/database.")
                    .arg(settings.name),
                redact(why.trimmed()));
}

}  // namespace

QString Target::address() const {
    return QStringLiteral("%1:%2/%3").arg(host, port, database);
}

QByteArray Target::startOptions() const {
    return parameters.value("options") + " -c default_transaction_read_only=on" +
           milliseconds("statement_timeout", statementTimeout) +
           milliseconds("lock_timeout", lockTimeout) +
           milliseconds("idle_in_transaction_session_timeout", idleTimeout);
}

Result<Target> targetFrom(const Settings& settings) {
    const QString url = settings.text(QStringLiteral("url"));
    if (!url.startsWith(QStringLiteral("postgresql://")) &&
        !url.startsWith(QStringLiteral("postgres://")))
        return badUrl(settings, QString());
    char* why = nullptr;
    const Options options(PQconninfoParse(url.toUtf8().constData(), &why), PQconninfoFree);
    if (!options) {
        const QString said = QString::fromUtf8(why ? why : "");
        PQfreemem(why);
        return badUrl(settings, said);
    }
    Target target;
    target.connection = settings.name;
    for (const PQconninfoOption* option = options.get(); option->keyword; ++option)
        if (option->val) target.parameters[option->keyword] = option->val;
    auto& p = target.parameters;
    if (const Secret password = settings.secret(QStringLiteral("password")); !password.isEmpty())
        p["password"] = password.reveal().toUtf8();
    else if (p.contains("password"))
        Secret(QString::fromUtf8(p["password"]));  // so that redact() knows it
    target.hasPassword = p.contains("password");
    p["application_name"] = "tocsin";
    p["client_encoding"] = "UTF8";
    target.host = QString::fromUtf8(p.value("host", p.value("hostaddr", "localhost")));
    target.port = QString::fromUtf8(p.value("port", "5432"));
    target.user = QString::fromUtf8(p.value("user"));
    target.database = QString::fromUtf8(p.value("dbname", p.value("user")));
    setDuration(target.connectTimeout, settings, "connect_timeout");
    setDuration(target.statementTimeout, settings, "statement_timeout");
    setDuration(target.lockTimeout, settings, "lock_timeout");
    setDuration(target.idleTimeout, settings, "idle_timeout");
    target.keepsSpare = settings.text(QStringLiteral("environment")) == u"production" &&
                        settings.flag(QStringLiteral("spare_connection"));
    return target;
}

}  // namespace tocsin::postgres
