#include "plugins/engines/postgres/target.h"

#include <libpq-fe.h>

#include <QRegularExpression>
#include <algorithm>
#include <array>
#include <memory>

#include "sdk/sshtunnel.h"

namespace tocsin::postgres {
namespace {

using Options = std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)>;

QByteArray inMilliseconds(const char* name, std::chrono::milliseconds value) {
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
           inMilliseconds("statement_timeout", statementTimeout) +
           inMilliseconds("lock_timeout", lockTimeout) +
           inMilliseconds("idle_in_transaction_session_timeout", idleTimeout);
}

namespace {

/// What libpq takes where nothing is said: PGHOST, PGUSER, the login name …
QMap<QByteArray, QByteArray> libpqDefaults() {
    QMap<QByteArray, QByteArray> defaults;
    const Options options(PQconndefaults(), PQconninfoFree);
    for (const PQconninfoOption* option = options.get(); option && option->keyword; ++option)
        if (option->val && *option->val) defaults[option->keyword] = option->val;
    return defaults;
}

/// Fields of the workspace that are parameters of libpq.
constexpr std::pair<const char*, const char*> kParts[] = {
    {"host", "host"},       {"port", "port"},       {"database", "dbname"},
    {"user", "user"},       {"sslmode", "sslmode"}, {"sslrootcert", "sslrootcert"},
    {"sslcert", "sslcert"}, {"sslkey", "sslkey"}};

/// Whether any of them says where to go.
bool hasPlace(const Settings& settings) {
    constexpr std::array places{"host", "port", "database", "user"};
    return std::any_of(places.begin(), places.end(), [&](const char* field) {
        return !settings.text(QString::fromLatin1(field)).isEmpty();
    });
}

/// The parts beside the address; where both name a thing, nobody knows which was meant.
Result<void> addParts(Target& target, const Settings& settings) {
    for (const auto& [field, keyword] : kParts) {
        const QByteArray value = settings.text(QString::fromLatin1(field)).trimmed().toUtf8();
        if (value.isEmpty()) continue;
        const QByteArray other = target.parameters.value(keyword, value);
        if (other != value)
            return fail(
                ErrorCode::Config,
                QStringLiteral("Connection %1 names two of %2: %3 in its address and %4 "
                               "beside it. Keep one.")
                    .arg(settings.name, QString::fromLatin1(field),
                         redact(QString::fromUtf8(other)), redact(QString::fromUtf8(value))));
        target.parameters[keyword] = value;
    }
    return {};
}

/// `url`, or else `keywords`; empty where only parts are given. A literal password in the keywords
/// is refused: secrets are referred to, never written down.
Result<QString> addressIn(const Settings& settings) {
    const QString url = settings.text(QStringLiteral("url"));
    const QString keywords = settings.text(QStringLiteral("keywords"));
    if (!url.isEmpty()) {
        if (url.startsWith(QStringLiteral("postgresql://")) ||
            url.startsWith(QStringLiteral("postgres://")))
            return url;
        return badUrl(settings, QString());
    }
    static const QRegularExpression secret(QStringLiteral("\\b(ssl)?password\\s*="));
    if (secret.match(keywords).hasMatch())
        return fail(ErrorCode::Config,
                    QStringLiteral("The keywords of connection %1 hold a password; write it as "
                                   "password: keychain:%1 beside them.")
                        .arg(settings.name));
    if (keywords.trimmed().isEmpty() && !hasPlace(settings))
        return fail(ErrorCode::Config,
                    QStringLiteral("Connection %1 has no address: give it url: "
                                   "postgresql://role@host:5432/database, or a host, or "
                                   "keywords: service=NAME.")
                        .arg(settings.name));
    return keywords;
}

void setPlace(Target& target, const QMap<QByteArray, QByteArray>& defaults) {
    const auto& p = target.parameters;
    const auto text = [&p, &defaults](const char* key, const QByteArray& otherwise) {
        return QString::fromUtf8(p.value(key, defaults.value(key, otherwise)));
    };
    const QString service = text("service", {});
    const QByteArray fallback =
        service.isEmpty() ? QByteArray("localhost") : "service " + service.toUtf8();
    target.host = text("host", p.value("hostaddr", fallback));
    target.port = text("port", "5432");
    target.user = text("user", {});
    target.database = text("dbname", target.user.toUtf8());
}

Result<void> setTunnel(Target& target, const Settings& settings) {
    target.ssh = settings.text(QStringLiteral("ssh")).trimmed();
    target.sshConfig = settings.text(QStringLiteral("ssh_config"));
    if (target.ssh.isEmpty()) return {};
    if (auto checked = checkRoute(settings.name, target.ssh); !checked) return checked;
    if (target.host.startsWith(u'/') || target.host.contains(u','))
        return fail(ErrorCode::Config,
                    QStringLiteral("A tunnel leads to one host and port; %1 names a socket or "
                                   "several hosts.")
                        .arg(settings.name));
    return {};
}

}  // namespace

Result<Target> targetFrom(const Settings& settings) {
    const auto address = addressIn(settings);
    if (!address) return tl::unexpected(address.error());
    char* why = nullptr;
    const Options options(PQconninfoParse(address->toUtf8().constData(), &why), PQconninfoFree);
    if (!options) {
        const QString said = QString::fromUtf8(why ? why : "");
        PQfreemem(why);
        return badUrl(settings, said);
    }
    Target target;
    target.connection = settings.name;
    for (const PQconninfoOption* option = options.get(); option->keyword; ++option)
        if (option->val) target.parameters[option->keyword] = option->val;
    if (const auto added = addParts(target, settings); !added) return tl::unexpected(added.error());
    auto& p = target.parameters;
    if (const Secret password = settings.secret(QStringLiteral("password")); !password.isEmpty())
        p["password"] = password.reveal().toUtf8();
    else if (p.contains("password"))
        Secret(QString::fromUtf8(p["password"]));  // so that redact() knows it
    target.hasPassword = p.contains("password");
    p["application_name"] = "tocsin";
    p["client_encoding"] = "UTF8";
    setPlace(target, libpqDefaults());
    if (const auto tunnel = setTunnel(target, settings); !tunnel)
        return tl::unexpected(tunnel.error());
    setDuration(target.connectTimeout, settings, "connect_timeout");
    setDuration(target.statementTimeout, settings, "statement_timeout");
    setDuration(target.lockTimeout, settings, "lock_timeout");
    setDuration(target.idleTimeout, settings, "idle_timeout");
    target.keepsSpare = settings.text(QStringLiteral("environment")) == u"production" &&
                        settings.flag(QStringLiteral("spare_connection"));
    return target;
}

}  // namespace tocsin::postgres
