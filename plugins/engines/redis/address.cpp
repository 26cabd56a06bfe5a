#include "plugins/engines/redis/address.h"

#include <QUrlQuery>

#include "sdk/sshtunnel.h"

namespace tocsin::redis {
namespace {

using namespace Qt::StringLiterals;

constexpr int kRedisPort = 6379;
constexpr int kSentinelPort = 26379;

Result<int> databaseOf(const QString& path, const QString& name) {
    QString text = path;
    while (text.startsWith(u'/'))
        text.remove(0, 1);
    if (text.isEmpty()) return 0;
    bool ok = false;
    const int database = text.toInt(&ok);
    if (!ok || database < 0)
        return fail(
            ErrorCode::Config,
            u"Connection “%1”: “%2” in the url is not the number of a Redis database; write for example /0."_s
                .arg(name, text));
    return database;
}

/// "a:26379, b" as places; the port may be left out.
Result<QVector<Place>> sentinelsOf(const QString& text, const QString& name) {
    QVector<Place> out;
    for (const QString& each : text.split(u',', Qt::SkipEmptyParts)) {
        const QUrl url(u"redis://"_s + each.trimmed());
        if (!url.isValid() || url.host().isEmpty())
            return fail(
                ErrorCode::Config,
                u"Connection “%1”: “%2” in sentinels is not an address; write host:26379, several with commas between."_s
                    .arg(name, each.trimmed()));
        out << Place{url.host(), static_cast<quint16>(url.port(kSentinelPort))};
    }
    return out;
}

/// redis.conf's unixsocket: unix:///run/redis/redis.sock, and ?db=2 for a database.
Result<Address> socketAddress(const QUrl& url, const Settings& settings) {
    Address address;
    address.socket = url.path(QUrl::FullyDecoded);
    const auto database = databaseOf(QUrlQuery(url).queryItemValue(u"db"_s), settings.name);
    if (!database) return tl::unexpected<Error>(database.error());
    address.database = *database;
    if (address.socket.size() > 1 && url.host().isEmpty()) return address;
    return fail(ErrorCode::Config,
                u"Connection “%1”: write the whole path of the socket, with three slashes before "
                "it: unix:///run/redis/redis.sock."_s.arg(settings.name));
}

Result<Address> hostAddress(const QUrl& url, const QString& written, const Settings& settings) {
    const QString scheme = url.scheme();
    if (!url.isValid() || url.host().isEmpty() || (scheme != u"redis" && scheme != u"rediss"))
        return fail(
            ErrorCode::Config,
            u"Connection “%1”: “%2” is not the address of a Redis server; write redis://host:6379/0, rediss:// for TLS, or unix:///path of its socket."_s
                .arg(settings.name, redact(written)));
    const auto database = databaseOf(url.path(), settings.name);
    if (!database) return tl::unexpected<Error>(database.error());
    Address address;
    address.host = url.host();
    address.sentinel = settings.text(u"sentinel"_s);
    address.port =
        static_cast<quint16>(url.port(address.sentinel.isEmpty() ? kRedisPort : kSentinelPort));
    address.database = *database;
    address.tls = scheme == u"rediss";
    return address;
}

/// A tunnel leads to one server that has a host and a port.
Result<void> setTunnel(Address& address, const Settings& settings) {
    address.ssh = settings.text(u"ssh"_s).trimmed();
    address.sshConfig = settings.text(u"ssh_config"_s);
    if (address.ssh.isEmpty()) return {};
    if (auto checked = checkRoute(settings.name, address.ssh); !checked) return checked;
    if (address.socket.isEmpty() && address.sentinel.isEmpty()) return {};
    return fail(ErrorCode::Config,
                u"Connection “%1”: a tunnel leads to one host and port, not to a socket or through "
                "Sentinels; write the server's own address in the url."_s.arg(settings.name));
}

/// More than this a reply's eight bytes a value cannot reach.
Result<void> checkLimit(const Settings& settings) {
    constexpr double kMost = 4096;
    const double megabytes = settings.number(u"result_limit"_s);
    const bool isSet = settings.values.contains(u"result_limit"_s);
    if (!isSet || (megabytes > 0 && megabytes <= kMost)) return {};
    return fail(
        ErrorCode::Config,
        u"Connection “%1”: result_limit is in MB, above 0 and at most %2."_s.arg(settings.name)
            .arg(kMost));
}

void setLogin(Address& address, const QUrl& url, const Settings& settings) {
    address.user = settings.text(u"user"_s).isEmpty() ? url.userName(QUrl::FullyDecoded)
                                                      : settings.text(u"user"_s);
    address.password = settings.secret(u"password"_s);
    if (address.password.isEmpty()) address.password = Secret(url.password(QUrl::FullyDecoded));
    address.caFile = settings.text(u"ca"_s);
    address.certificateFile = settings.text(u"certificate"_s);
    address.keyFile = settings.text(u"key"_s);
    address.serverName = settings.text(u"server_name"_s);
    if (const auto timeout = settings.duration(u"connect_timeout"_s); timeout.count() > 0)
        address.connectTimeout = timeout;
}

}  // namespace

QString Address::place() const {
    const QString at = user.isEmpty() ? QString() : user + u'@';
    if (!socket.isEmpty()) return u"%1%2/%3"_s.arg(at, socket).arg(database);
    const QString shownHost = host.contains(u':') ? u'[' + host + u']' : host;
    return u"%1%2:%3/%4"_s.arg(at, shownHost).arg(port).arg(database);
}

Result<Address> addressOf(const Settings& settings) {
    const QString written = settings.text(u"url"_s);
    const QUrl url(written.contains(u"://"_s) ? written : u"redis://"_s + written);
    auto read = url.scheme() == u"unix" ? socketAddress(url, settings)
                                        : hostAddress(url, written, settings);
    if (!read) return read;
    Address& address = *read;
    address.name = settings.name;
    setLogin(address, url, settings);
    if (const auto limit = checkLimit(settings); !limit)
        return tl::unexpected<Error>(limit.error());
    if (const auto tunnel = setTunnel(address, settings); !tunnel)
        return tl::unexpected<Error>(tunnel.error());
    if (address.sentinel.isEmpty()) return address;
    const auto others = sentinelsOf(settings.text(u"sentinels"_s), settings.name);
    if (!others) return tl::unexpected<Error>(others.error());
    address.sentinels << Place{address.host, address.port};
    address.sentinels += *others;
    address.sentinelPassword = settings.secret(u"sentinel_password"_s);
    return address;
}

}  // namespace tocsin::redis
