#pragma once
#include <QString>
#include <QVector>
#include <chrono>

#include "sdk/error.h"
#include "sdk/secret.h"
#include "sdk/settings.h"

namespace tocsin::redis {

struct Place {
    QString host;
    quint16 port = 0;

    bool operator==(const Place& other) const { return host == other.host && port == other.port; }
};

/// Where a Redis server is and how to log in.
struct Address {
    QString name;  ///< of the connection, for messages
    QString host;
    quint16 port = 6379;
    int database = 0;
    QString user;  ///< empty: the server's default user
    Secret password;
    bool tls = false;
    QString caFile, certificateFile,
        keyFile;         ///< PEM; empty: the system's authorities, no client certificate
    QString serverName;  ///< expected in the certificate; empty: `host`
    std::chrono::milliseconds connectTimeout{5000};
    /// The name of the primary that Sentinels watch; empty: `host` is the server itself.
    QString sentinel;
    QVector<Place> sentinels;  ///< the url's first
    Secret sentinelPassword;
    QString socket;          ///< path of a unix socket; empty: host and port
    QString ssh, sshConfig;  ///< through whom, and by which configuration; empty: straight

    /// "user@host:port/database" or "user@/path/database", for people; no secret.
    QString place() const;
};

/// Errors: Config, naming the connection and what to change.
Result<Address> addressOf(const Settings& settings);

}  // namespace tocsin::redis
